import fc from 'fast-check'
import { type Address, firstAddress, ipv4, ipv6, lastAddress, maskedPrefix, type Prefix } from '../../src/net/index.ts'

/** 32-bit words, edges often: the bugs of address code live at all zeros, all ones and the sign bit. */
export const word: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  fc.constantFrom(0, 1, -1, -2, 0xffff, 0xfffe, 0x10000, 0x7fffffff, -0x80000000),
)

export const address4: fc.Arbitrary<Address> = word.map((d) => ipv4(d))

/** IPv6 only: what turns out to be mapped is moved by one bit. */
export const address6: fc.Arbitrary<Address> = fc
  .tuple(word, word, word, word)
  .map(([a, b, c, d]) => (a === 0 && b === 0 && c === 0xffff ? ipv6(a, b, c - 1, d) : ipv6(a, b, c, d)))

export const address: fc.Arbitrary<Address> = fc.oneof(address4, address6)

export function prefixAround(host: fc.Arbitrary<Address>): fc.Arbitrary<Prefix> {
  return host.chain((value) =>
    fc.integer({ min: 0, max: value.family === 4 ? 32 : 128 }).map((length) => maskedPrefix(value, length)),
  )
}

export const prefix: fc.Arbitrary<Prefix> = prefixAround(address)

/** The address `offset` steps away, wrapping around at the ends; within its family. */
export function step(from: Address, offset: number): Address {
  if (from.family === 4) return ipv4((from.d + offset) | 0)
  let value = 0n
  for (const part of [from.a, from.b, from.c, from.d]) value = (value << 32n) | BigInt(part >>> 0)
  value = BigInt.asUintN(128, value + BigInt(offset))
  const part = (shift: bigint): number => Number((value >> shift) & 0xffffffffn)
  const moved = ipv6(part(96n), part(64n), part(32n), part(0n))
  return moved.family === 6 ? moved : from
}

/** Addresses in, at the edges of, and right outside the given networks. */
export function addressNear(prefixes: readonly Prefix[]): fc.Arbitrary<Address> {
  if (prefixes.length === 0) return address
  const near = fc
    .tuple(fc.constantFrom(...prefixes), fc.boolean(), fc.integer({ min: -1, max: 1 }))
    .map(([network, first, offset]) => step(first ? firstAddress(network) : lastAddress(network), offset))
  return fc.oneof({ arbitrary: near, weight: 4 }, { arbitrary: address, weight: 1 })
}

/** Networks that nest and touch: lengths from all over, around a few addresses. */
export const crowdedPrefixes: fc.Arbitrary<Prefix[]> = fc
  .array(address, { minLength: 1, maxLength: 4 })
  .chain((hosts) =>
    fc.array(
      fc.tuple(fc.constantFrom(...hosts), fc.nat(128), fc.integer({ min: 0, max: 127 })).map(([host, length, flip]) => {
        // One flipped bit makes siblings and cousins, which a path-compressed trie has to fork at.
        const bits = host.family === 4 ? 32 : 128
        const at = flip % bits
        const bit = 1 << (31 - (at & 31))
        const { a, b, c, d } = host
        const cousin =
          host.family === 4
            ? ipv4(d ^ bit)
            : ipv6(
                at < 32 ? a ^ bit : a,
                at >> 5 === 1 ? b ^ bit : b,
                at >> 5 === 2 ? c ^ bit : c,
                at >= 96 ? d ^ bit : d,
              )
        const chosen = length % 2 === 0 && cousin.family === host.family ? cousin : host
        return maskedPrefix(chosen, length % (bits + 1))
      }),
      { maxLength: 40 },
    ),
  )

/** Texts close to being addresses: valid spellings with a few characters inserted, removed or replaced, and soup. */
export const addressLikeText: fc.Arbitrary<string> = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF..::%x/[] '), maxLength: 46 }),
  fc
    .array(fc.integer({ min: 0, max: 300 }).map(String), { minLength: 3, maxLength: 5 })
    .map((octets) => octets.join('.')),
  fc
    .tuple(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.ipV4().map((text) => `::ffff:${text}`),
      ),
      fc.array(
        fc.tuple(fc.nat(45), fc.nat(1), fc.constantFrom('', '0', '1', '.', ':', '::', 'f', 'g', ' ', '%', '\0')),
      ),
    )
    .map(([text, edits]) =>
      edits.slice(0, 3).reduce((edited, [at, removed, inserted]) => {
        const index = at % (edited.length + 1)
        return edited.slice(0, index) + inserted + edited.slice(index + removed)
      }, text),
    ),
)
