import type { DecisionRecord } from './decision.ts'
import { hashQuestion } from './hash-question.ts'
import { Worth } from './worth.ts'

/** Slots are one cache line: eight keys, then since and until. */
const WORDS = 16
const DOUBLES = 8
const SINCE = 4
const UNTIL = 5
const START_BITS = 8
const MAX_BITS = 14

/**
 * A bounded, exact memory of decisions, keyed by the complete tuple of class numbers that a decision depends on and
 * limited to the stretch of time over which it holds. Two ways a key; a collision only forgets. Grows with use.
 */
export class Memo {
  #bits = START_BITS
  #keys = new Int32Array(WORDS << START_BITS)
  /** The same memory. */
  #times = new Float64Array(this.#keys.buffer)
  #decisions: (DecisionRecord | undefined)[] = new Array(1 << START_BITS).fill(undefined)
  readonly #worth = new Worth()
  #epoch = 1
  #writes = 0

  /** Forgets everything, in constant time. */
  clear(): void {
    this.#epoch = (this.#epoch + 1) | 0
  }

  get(
    identity: number,
    posture: number,
    source: number,
    destination: number,
    ports: number,
    protocol: number,
    operation: number,
    now: number,
  ): DecisionRecord | undefined {
    if (this.#bits === MAX_BITS && !this.#worth.isOn()) return undefined
    const keys = this.#keys
    let slot = hashQuestion(identity, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits)
    for (let way = 0; way < 2; way++) {
      const at = slot * WORDS
      if (
        keys[at] === source &&
        keys[at + 1] === destination &&
        keys[at + 2] === identity &&
        keys[at + 3] === posture &&
        keys[at + 4] === ports &&
        keys[at + 5] === protocol &&
        keys[at + 6] === operation &&
        keys[at + 7] === this.#epoch
      ) {
        const times = this.#times
        if (now < (times[slot * DOUBLES + SINCE] as number) || now >= (times[slot * DOUBLES + UNTIL] as number))
          return undefined
        this.#worth.hit()
        return this.#decisions[slot]
      }
      slot ^= 1
    }
    return undefined
  }

  set(
    identity: number,
    posture: number,
    source: number,
    destination: number,
    ports: number,
    protocol: number,
    operation: number,
    since: number,
    until: number,
    decision: DecisionRecord,
  ): void {
    if (this.#worth.isPaused) return
    if (++this.#writes > 1 << (this.#bits - 1) && this.#bits < MAX_BITS) this.#grow()
    const keys = this.#keys
    const slot = hashQuestion(identity, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits)
    this.#displace(slot)
    const at = slot * WORDS
    keys[at] = source
    keys[at + 1] = destination
    keys[at + 2] = identity
    keys[at + 3] = posture
    keys[at + 4] = ports
    keys[at + 5] = protocol
    keys[at + 6] = operation
    keys[at + 7] = this.#epoch
    this.#times[slot * DOUBLES + SINCE] = since
    this.#times[slot * DOUBLES + UNTIL] = until
    this.#decisions[slot] = decision
  }

  /** Moves what is in a slot to its other way, where it replaces what was pushed out before. */
  #displace(slot: number): void {
    const other = slot ^ 1
    this.#keys.copyWithin(other * WORDS, slot * WORDS, (slot + 1) * WORDS)
    this.#decisions[other] = this.#decisions[slot]
  }

  /** Starts anew with more room: what was known is found again soon enough. */
  #grow(): void {
    this.#bits += 2
    this.#writes = 0
    this.#keys = new Int32Array(WORDS << this.#bits)
    this.#times = new Float64Array(this.#keys.buffer)
    this.#decisions = new Array(1 << this.#bits).fill(undefined)
  }
}
