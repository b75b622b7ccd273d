/** An `Int32Array` that grows by doubling: what the compiler writes its tables into. */
export class GrowableInts {
  #data: Int32Array
  length = 0

  constructor(capacity = 1024) {
    this.#data = new Int32Array(capacity)
  }

  push(value: number): number {
    if (this.length === this.#data.length) this.#grow(this.length + 1)
    this.#data[this.length] = value
    return this.length++
  }

  /** Appends `count` zeroes and returns the index of the first. */
  reserve(count: number): number {
    const start = this.length
    if (start + count > this.#data.length) this.#grow(start + count)
    this.length = start + count
    return start
  }

  get(index: number): number {
    return this.#data[index] as number
  }

  set(index: number, value: number): void {
    this.#data[index] = value
  }

  /** A copy of exactly the used part. */
  toArray(): Int32Array {
    return this.#data.slice(0, this.length)
  }

  #grow(needed: number): void {
    const data = new Int32Array(Math.max(needed, this.#data.length * 2))
    data.set(this.#data)
    this.#data = data
  }
}
