import type { Output } from './output.ts'

/** Runs shorter than this say nothing. */
const QUIET_MS = 2000
const EVERY_MS = 500

/** Says on a terminal how far a long run is; silent everywhere else. */
export class Progress {
  readonly #err: Output
  readonly #shown: boolean
  readonly #begin = performance.now()
  #next = this.#begin + QUIET_MS
  #written = false

  /** @param wanted - False when the answers go to the terminal too and would be torn apart. */
  constructor(err: Output, wanted: boolean) {
    this.#err = err
    this.#shown = wanted && err.isTerminal
  }

  async report(count: number): Promise<void> {
    if (!this.#shown) return
    const now = performance.now()
    if (now < this.#next) return
    this.#next = now + EVERY_MS
    this.#written = true
    const rate = Math.round(count / ((now - this.#begin) / 1000))
    await this.#err.write(`\r${count} requests, ${rate} a second`)
  }

  async end(): Promise<void> {
    if (this.#written) await this.#err.write('\n')
  }
}
