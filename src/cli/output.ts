import type { Streams } from './streams.ts'

/**
 * Writes to one stream with backpressure. A reader that goes away (`| head`) is not an error of ours: the output is then
 * {@link closed} and takes no more.
 */
export class Output {
  readonly #stream: Streams['stdout']
  #failure: Error | null = null
  #closed = false

  constructor(stream: Streams['stdout']) {
    this.#stream = stream
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#closed = true
      if (error.code !== 'EPIPE') this.#failure = error
    })
    stream.on('close', () => {
      this.#closed = true
    })
  }

  /** Whether nothing more will be taken. */
  get closed(): boolean {
    return this.#closed
  }

  /** Why writing failed, unless the reader only went away. */
  get failure(): Error | null {
    return this.#failure
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true
  }

  /** Resolves when the stream takes more: memory stays bounded by what one call writes. */
  async write(text: string): Promise<void> {
    if (this.#closed || text === '') return
    if (this.#stream.write(text)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'error', 'close']) this.#stream.removeListener(event, done)
        resolve()
      }
      for (const event of ['drain', 'error', 'close']) this.#stream.on(event, done)
    })
  }

  /** Writes one line. */
  line(text: string): Promise<void> {
    return this.write(`${text}\n`)
  }

  /** Writes a value as one line of JSON. */
  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value))
  }
}

/** Both outputs of a run. */
export interface Outputs {
  readonly out: Output
  readonly err: Output
}

/** Nothing but printable ASCII reaches a terminal: file names and test names may hold anything. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
