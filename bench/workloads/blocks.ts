import type { Random } from '../random.ts'

/** Address family of a workload. */
export type Family = 4 | 6

/** An address as unsigned 32-bit words, high first: one word for IPv4, four for IPv6. */
export type Words = readonly number[]

/** A CIDR block in a form every contestant can read. */
export interface Block {
  readonly family: Family
  readonly words: Words
  readonly length: number
  readonly text: string
}

/** The mask of word `index` for a prefix of `length` bits. */
export function wordMask(length: number, index: number): number {
  const bits = Math.min(32, Math.max(0, length - index * 32))
  return bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0
}

/** Makes a block; host bits are cleared. */
export function block(family: Family, words: Words, length: number): Block {
  const masked = words.map((word, index) => (word & wordMask(length, index)) >>> 0)
  return { family, words: masked, length, text: `${formatAddress(family, masked)}/${length}` }
}

/** Whether the block holds the address. */
export function holds(candidate: Block, words: Words): boolean {
  for (let index = 0; index < words.length; index++) {
    const mask = wordMask(candidate.length, index)
    if (((words[index] as number) & mask) >>> 0 !== candidate.words[index]) return false
  }
  return true
}

/** A random address of the block. */
export function addressIn(random: Random, candidate: Block): Words {
  return candidate.words.map((word, index) => {
    const host = ~wordMask(candidate.length, index) >>> 0
    return host === 0 ? word : (word | (random.word() & host)) >>> 0
  })
}

/** Canonical text: dotted quad, or RFC 5952 for IPv6. */
export function formatAddress(family: Family, words: Words): string {
  if (family === 4) {
    const word = words[0] as number
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`
  }
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff])
  let bestStart = -1
  let bestLength = 1
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length++
    if (length > bestLength) {
      bestStart = start
      bestLength = length
    }
  }
  const hex = groups.map((group) => group.toString(16))
  if (bestStart < 0) return hex.join(':')
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`
}

/** An address and a port as `authorize` reads them: `10.4.5.6:443`, `[fd00::1]:443`. */
export function formatEndpoint(family: Family, words: Words, port: number): string {
  const address = formatAddress(family, words)
  return family === 4 ? `${address}:${port}` : `[${address}]:${port}`
}
