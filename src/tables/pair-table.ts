/** A bounded, exact map from two non-negative integers to a third, without allocation on look-up. Forgets everything when full. */
export class PairTable {
  readonly #slots: Int32Array
  readonly #mask: number
  readonly #limit: number
  #size = 0

  /** @param bits - Capacity is `2 ** bits` slots, half of which may be used. */
  constructor(bits: number) {
    this.#slots = new Int32Array(3 * 2 ** bits).fill(-1)
    this.#mask = 2 ** bits - 1
    this.#limit = 2 ** (bits - 1)
  }

  /** The stored value, or -1. */
  get(a: number, b: number): number {
    const slots = this.#slots
    for (let i = hash(a, b) & this.#mask; ; i = (i + 1) & this.#mask) {
      const key = slots[3 * i] as number
      if (key === -1) return -1
      if (key === a && slots[3 * i + 1] === b) return slots[3 * i + 2] as number
    }
  }

  set(a: number, b: number, value: number): void {
    if (this.#size >= this.#limit) this.clear()
    const slots = this.#slots
    let i = hash(a, b) & this.#mask
    while (slots[3 * i] !== -1 && !(slots[3 * i] === a && slots[3 * i + 1] === b)) i = (i + 1) & this.#mask
    if (slots[3 * i] === -1) this.#size++
    slots[3 * i] = a
    slots[3 * i + 1] = b
    slots[3 * i + 2] = value
  }

  clear(): void {
    this.#slots.fill(-1)
    this.#size = 0
  }
}

function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return h ^ (h >>> 13)
}
