/** Gives equal values equal small integers, in order of first appearance. */
export class Interner<T> {
  readonly values: T[] = []
  readonly #indexByKey = new Map<string, number>()

  /** @param key - Equal exactly for values that mean the same. */
  intern(key: string, value: T): number {
    let index = this.#indexByKey.get(key)
    if (index === undefined) {
      index = this.values.push(value) - 1
      this.#indexByKey.set(key, index)
    }
    return index
  }
}
