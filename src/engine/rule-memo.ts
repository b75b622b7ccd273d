import { hashQuestion } from './hash-question.ts'
import { Worth } from './worth.ts'

const KEYS = 8
const STRIDE = KEYS + 2
const START_BITS = 8
const MAX_BITS = 14

/**
 * A bounded, exact memory of searches: from the complete tuple of class numbers that a search reads to the entry it found
 * and the dimensions it rests on. It does not know about time, which the classes stand for. Direct mapped; a collision
 * only forgets. Grows with use.
 */
export class RuleMemo {
  /** Of the last hit. */
  entry = 0
  /** Of the last hit. */
  touched = 0
  #bits = START_BITS
  #cells = new Int32Array(STRIDE << START_BITS)
  readonly #worth = new Worth()
  #epoch = 1
  #writes = 0

  /** Forgets everything, in constant time. */
  clear(): void {
    this.#epoch = (this.#epoch + 1) | 0
  }

  /** Whether the search is known; then {@link entry} and {@link touched} are its result. */
  find(
    who: number,
    posture: number,
    source: number,
    destination: number,
    ports: number,
    protocol: number,
    operation: number,
  ): boolean {
    if (this.#bits === MAX_BITS && !this.#worth.isOn()) return false
    const cells = this.#cells
    const at =
      STRIDE * (hashQuestion(who, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits))
    if (
      cells[at] !== source ||
      cells[at + 1] !== destination ||
      cells[at + 2] !== who ||
      cells[at + 3] !== posture ||
      cells[at + 4] !== ports ||
      cells[at + 5] !== protocol ||
      cells[at + 6] !== operation ||
      cells[at + 7] !== this.#epoch
    ) {
      return false
    }
    this.#worth.hit()
    this.entry = cells[at + 8] as number
    this.touched = cells[at + 9] as number
    return true
  }

  set(
    who: number,
    posture: number,
    source: number,
    destination: number,
    ports: number,
    protocol: number,
    operation: number,
    entry: number,
    touched: number,
  ): void {
    if (this.#worth.isPaused) return
    if (++this.#writes > 1 << (this.#bits - 1) && this.#bits < MAX_BITS) this.#grow()
    const cells = this.#cells
    const at =
      STRIDE * (hashQuestion(who, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits))
    cells[at] = source
    cells[at + 1] = destination
    cells[at + 2] = who
    cells[at + 3] = posture
    cells[at + 4] = ports
    cells[at + 5] = protocol
    cells[at + 6] = operation
    cells[at + 7] = this.#epoch
    cells[at + 8] = entry
    cells[at + 9] = touched
  }

  /** Starts anew with more room: what was known is found again soon enough. */
  #grow(): void {
    this.#bits += 2
    this.#writes = 0
    this.#cells = new Int32Array(STRIDE << this.#bits)
  }
}
