import { Buffer, isUtf8 } from 'node:buffer'

const NEWLINE = 0x0a

/** Why a line is not handed over as text. */
export type BadLine = 'too-long' | 'not-utf8'

/** Takes the lines of a stream, one call each. */
export interface LineSink {
  line(text: string): void
  bad(reason: BadLine): void
}

/**
 * Cuts a byte stream into lines. Works on whole chunks (one decode and no promise per line), and holds no more than one
 * line of at most `maxBytes` back. Bytes that are not UTF-8 are never replaced: two different ids must not become one text.
 */
export class LineSplitter {
  readonly #maxBytes: number
  readonly #sink: LineSink
  #held: Uint8Array[] = []
  #heldBytes = 0
  /** The line that is being read is too long already; its bytes are dropped as they come. */
  #overlong = false

  constructor(maxBytes: number, sink: LineSink) {
    this.#maxBytes = maxBytes
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    const last = chunk.lastIndexOf(NEWLINE)
    if (last === -1) {
      this.#hold(chunk)
      return
    }
    let from = 0
    if (this.#overlong || this.#heldBytes > 0) {
      from = chunk.indexOf(NEWLINE) + 1
      this.#hold(chunk.subarray(0, from - 1))
      this.#release()
    }
    if (from <= last) this.#block(chunk.subarray(from, last))
    this.#hold(chunk.subarray(last + 1))
  }

  /** The stream is over; what is left is a line without its newline. */
  end(): void {
    if (this.#overlong || this.#heldBytes > 0) this.#release()
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#overlong) return
    if (this.#heldBytes + bytes.length > this.#maxBytes) {
      this.#overlong = true
      this.#held = []
      this.#heldBytes = 0
      return
    }
    // A copy: a view would keep the whole chunk alive for the sake of its last bytes.
    this.#held.push(Uint8Array.prototype.slice.call(bytes))
    this.#heldBytes += bytes.length
  }

  #release(): void {
    if (this.#overlong) this.#sink.bad('too-long')
    else this.#single(Buffer.concat(this.#held, this.#heldBytes))
    this.#overlong = false
    this.#held = []
    this.#heldBytes = 0
  }

  /** Whole lines without the last newline. */
  #block(bytes: Uint8Array): void {
    if (!isUtf8(bytes)) {
      this.#lineByLine(bytes)
      return
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    let from = 0
    for (;;) {
      const end = text.indexOf('\n', from)
      this.#text(end === -1 ? text.slice(from) : text.slice(from, end))
      if (end === -1) return
      from = end + 1
    }
  }

  #lineByLine(bytes: Uint8Array): void {
    let from = 0
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from)
      this.#single(bytes.subarray(from, end === -1 ? bytes.length : end))
      if (end === -1) return
      from = end + 1
    }
  }

  #single(bytes: Uint8Array): void {
    if (bytes.length > this.#maxBytes) this.#sink.bad('too-long')
    else if (!isUtf8(bytes)) this.#sink.bad('not-utf8')
    else this.#text(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
  }

  #text(text: string): void {
    // A chunk longer than the limit can only come from a caller's own stream; units are at most bytes.
    if (text.length > this.#maxBytes) this.#sink.bad('too-long')
    else this.#sink.line(text)
  }
}
