import { readIpv4 } from '../../src/net/address.ts'
import type { Batch } from '../measure.ts'

/** What the floor reads: the texts of two IPv4 addresses per request. */
export interface FloorInput {
  readonly src: readonly string[]
  readonly dst: readonly string[]
}

/**
 * The least that any decision on two address strings has to do: parse both strictly and look one number up.
 * Measured in every process, so that every figure has the floor of its own minute beside it. It has its own loop: the
 * loop of the contestant must not see two functions.
 */
export function createFloor({ src, dst }: FloorInput): Batch {
  const known = new Map<number, number>()
  for (const text of dst) known.set(readIpv4(text, 0, text.length), known.size)
  const count = src.length
  return (start, size) => {
    let sum = 0
    let index = start
    for (let step = 0; step < size; step++) {
      const from = src[index] as string
      const to = dst[index] as string
      sum += (known.get(readIpv4(to, 0, to.length)) as number) + (readIpv4(from, 0, from.length) & 1)
      if (++index === count) index = 0
    }
    return sum
  }
}
