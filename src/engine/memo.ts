import type { DecisionRecord } from './decision.ts'

const STRIDE = 8
const START_BITS = 8
const MAX_BITS = 14

/**
 * A bounded, exact memory of decisions, keyed by the complete tuple of class numbers that a decision depends on and
 * limited to the stretch of time over which it holds. Direct mapped: a collision only forgets. Grows with use.
 */
export class Memo {
  #bits = START_BITS
  #keys = new Int32Array(STRIDE << START_BITS)
  #since = new Float64Array(1 << START_BITS)
  #until = new Float64Array(1 << START_BITS)
  #decisions: (DecisionRecord | undefined)[] = new Array(1 << START_BITS).fill(undefined)
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
    const slot = hash(identity, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits)
    const keys = this.#keys
    const at = slot * STRIDE
    if (
      keys[at] !== identity ||
      keys[at + 1] !== posture ||
      keys[at + 2] !== source ||
      keys[at + 3] !== destination ||
      keys[at + 4] !== ports ||
      keys[at + 5] !== protocol ||
      keys[at + 6] !== operation ||
      keys[at + 7] !== this.#epoch ||
      now < (this.#since[slot] as number) ||
      now >= (this.#until[slot] as number)
    ) {
      return undefined
    }
    return this.#decisions[slot]
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
    if (++this.#writes > 2 << this.#bits && this.#bits < MAX_BITS) this.#grow()
    const slot = hash(identity, posture, source, destination, ports, protocol, operation) >>> (32 - this.#bits)
    const keys = this.#keys
    const at = slot * STRIDE
    keys[at] = identity
    keys[at + 1] = posture
    keys[at + 2] = source
    keys[at + 3] = destination
    keys[at + 4] = ports
    keys[at + 5] = protocol
    keys[at + 6] = operation
    keys[at + 7] = this.#epoch
    this.#since[slot] = since
    this.#until[slot] = until
    this.#decisions[slot] = decision
  }

  /** Starts anew with more room: what was known is found again soon enough. */
  #grow(): void {
    this.#bits += 2
    this.#writes = 0
    this.#keys = new Int32Array(STRIDE << this.#bits)
    this.#since = new Float64Array(1 << this.#bits)
    this.#until = new Float64Array(1 << this.#bits)
    this.#decisions = new Array(1 << this.#bits).fill(undefined)
  }
}

function hash(
  identity: number,
  posture: number,
  source: number,
  destination: number,
  ports: number,
  protocol: number,
  operation: number,
): number {
  let h = Math.imul(source, 0x9e3779b1) ^ Math.imul(destination, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15) ^ ports, 0xc2b2ae35) ^ Math.imul(identity, 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 13) ^ Math.imul(posture, 0x165667b1), 0x9e3779b1)
  h ^= Math.imul(operation, 0x7feb352d) + protocol
  return Math.imul(h ^ (h >>> 16), 0x2c1b3c6d)
}
