/** A small seeded generator: the same seed gives the same workload on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, below). */
  below(below: number): number
  /** Uniform integer in [from, to]. */
  between(from: number, to: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One element; throws on an empty list. */
  pick<T>(list: readonly T[]): T
  /** Any unsigned 32-bit integer. */
  word(): number
}

/** mulberry32: 32 bits of state, good enough to draw workloads and nothing else. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = (): number => word() / 0x1_0000_0000
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    word,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (list) => {
      const item = list[below(list.length)]
      if (item === undefined) throw new Error('cannot pick from an empty list')
      return item
    },
  }
}

/** Draws indices in [0, count): uniform, or Zipf with exponent 1 over a seeded permutation, so that rank is not index. */
export function createSampler(random: Random, count: number, distribution: 'uniform' | 'zipf'): () => number {
  if (distribution === 'uniform') return () => random.below(count)
  const order = permutation(random, count)
  const cumulative = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    total += 1 / (rank + 1)
    cumulative[rank] = total
  }
  return () => {
    const target = random.next() * total
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((cumulative[middle] as number) < target) low = middle + 1
      else high = middle
    }
    return order[low] as number
  }
}

/** Fisher-Yates over 0..count-1. */
export function permutation(random: Random, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index--) {
    const other = random.below(index + 1)
    const held = order[index] as number
    order[index] = order[other] as number
    order[other] = held
  }
  return order
}
