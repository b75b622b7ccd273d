import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Address,
  addressRange,
  contains,
  ipv4,
  ipv6,
  lastAddress,
  maskedPrefix,
  mergePrefixes,
  type Prefix,
  parseAddress,
  parsePrefix,
  rangeOf,
  rangeToPrefixes,
  subtractPrefixes,
} from '../../src/net/index.ts'
import { halvesOf } from '../../src/net/network.ts'
import { address, addressNear, crowdedPrefixes } from './arbitraries.ts'

/** Small spaces that can be enumerated: 32 addresses each, at both ends and in the middle of a family. */
const SPACES: readonly { readonly name: string; readonly bits: 32 | 128; at(offset: number): Address }[] = [
  { name: 'the start of IPv4', bits: 32, at: (offset) => ipv4(offset) },
  { name: 'the end of IPv4', bits: 32, at: (offset) => ipv4(-32 + offset) },
  { name: 'the sign bit of IPv4', bits: 32, at: (offset) => ipv4(-0x80000000 + offset) },
  { name: 'the start of IPv6', bits: 128, at: (offset) => ipv6(0, 0, 0, offset) },
  { name: 'the end of IPv6', bits: 128, at: (offset) => ipv6(-1, -1, -1, -32 + offset) },
]

const member = fc.tuple(fc.nat(31), fc.nat(5))

function addressesOf(space: (typeof SPACES)[number], networks: readonly Prefix[]): boolean[] {
  return Array.from({ length: 32 }, (_, offset) => networks.some((network) => contains(network, space.at(offset))))
}

/** The fewest aligned blocks that make up a set, counted the obvious way. */
function fewest(set: readonly boolean[]): number {
  if (set.every(Boolean)) return 1
  if (set.length === 1 || !set.some(Boolean)) return 0
  return fewest(set.slice(0, set.length / 2)) + fewest(set.slice(set.length / 2))
}

function expectCanonical(networks: readonly Prefix[]): void {
  const sorted = [...networks].sort((one, other) => one.compare(other))
  expect(networks.map(String)).toEqual(sorted.map(String))
}

describe.each(SPACES)('against brute force at $name', (space) => {
  const network = member.map(([offset, hostBits]) => maskedPrefix(space.at(offset), space.bits - hostBits))
  const networks = fc.array(network, { maxLength: 12 })

  it('merges', () => {
    fc.assert(
      fc.property(networks, (given) => {
        const set = addressesOf(space, given)
        const merged = mergePrefixes(given)
        expect(addressesOf(space, merged)).toEqual(set)
        expect(merged).toHaveLength(fewest(set))
        expectCanonical(merged)
      }),
      { numRuns: 500 },
    )
  })

  it('subtracts', () => {
    fc.assert(
      fc.property(networks, networks, (given, removed) => {
        const without = addressesOf(space, removed)
        const set = addressesOf(space, given).map((present, offset) => present && !without[offset])
        const left = subtractPrefixes(given, removed)
        expect(addressesOf(space, left)).toEqual(set)
        expect(left).toHaveLength(fewest(set))
        expectCanonical(left)
      }),
      { numRuns: 500 },
    )
  })

  it('turns every range into networks', () => {
    for (let from = 0; from < 32; from++) {
      for (let to = from; to < 32; to++) {
        const parts = rangeToPrefixes(addressRange(space.at(from), space.at(to)))
        const set = Array.from({ length: 32 }, (_, offset) => offset >= from && offset <= to)
        expect(addressesOf(space, parts)).toEqual(set)
        expect(parts).toHaveLength(fewest(set))
        expectCanonical(parts)
      }
    }
  })
})

describe('on whole families', () => {
  it('agrees with membership, address by address', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(crowdedPrefixes, crowdedPrefixes)
          .chain(([given, removed]) =>
            fc.tuple(
              fc.constant(given),
              fc.constant(removed),
              fc.array(addressNear([...given, ...removed]), { minLength: 20, maxLength: 20 }),
            ),
          ),
        ([given, removed, probes]) => {
          const merged = mergePrefixes(given)
          const left = subtractPrefixes(given, removed)
          for (const probe of probes) {
            const present = given.some((network) => contains(network, probe))
            const gone = removed.some((network) => contains(network, probe))
            expect(
              merged.some((network) => contains(network, probe)),
              `${probe}`,
            ).toBe(present)
            expect(
              left.some((network) => contains(network, probe)),
              `${probe}`,
            ).toBe(present && !gone)
          }
          expectCanonical(merged)
          expectCanonical(left)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes a network apart and together again', () => {
    fc.assert(
      fc.property(address, (hole) => {
        const all = [parsePrefix('0.0.0.0/0'), parsePrefix('::/0')]
        const bits = hole.family === 4 ? 32 : 128
        const around = subtractPrefixes(all, [maskedPrefix(hole)])
        expect(around.some((network) => contains(network, hole))).toBe(false)
        // one sibling for each bit, less those that hold no IPv6 address, and the other family whole
        expect(around.length).toBeLessThanOrEqual(bits + 1)
        expect(around.length).toBeGreaterThanOrEqual(bits)
        expect(mergePrefixes([...around, maskedPrefix(hole)]).map(String)).toEqual(['0.0.0.0/0', '::/0'])
      }),
    )
  })

  it('has a range for every network', () => {
    fc.assert(
      fc.property(crowdedPrefixes, (networks) => {
        for (const network of networks) {
          // `::fffe:0:0/95` and its first half hold the same addresses, since the second half is the mapped block
          const [part, ...others] = rangeToPrefixes(rangeOf(network))
          expect(others).toEqual([])
          expect(part?.address.equals(network.address)).toBe(true)
          expect(part && lastAddress(part).equals(lastAddress(network))).toBe(true)
        }
      }),
    )
  })

  it('does not make IPv4 out of IPv6 around the mapped block', () => {
    const around = subtractPrefixes([parsePrefix('::/0')], [parsePrefix('::fffe:0:0/96')])
    expect(around.every((network) => network.address.family === 6)).toBe(true)
    expect(around.some((network) => contains(network, parseAddress('::fffd:ffff:ffff')))).toBe(true)
    expect(around.some((network) => contains(network, parseAddress('::1:0:0:0')))).toBe(true)
    const before = addressRange(parseAddress('::fffe:ffff:fff0'), parseAddress('::1:0:0:1'))
    expect(rangeToPrefixes(before).map(String)).toEqual(['::fffe:ffff:fff0/124', '::1:0:0:0/127'])
  })

  it('has no half for the mapped block', () => {
    expect(halvesOf(parsePrefix('::fffe:0:0/95')).map(String)).toEqual(['::fffe:0:0/96'])
    expect(halvesOf(parsePrefix('::/0')).map(String)).toEqual(['::/1', '8000::/1'])
    expect(halvesOf(parsePrefix('10.0.0.0/31')).map(String)).toEqual(['10.0.0.0/32', '10.0.0.1/32'])
    expect(halvesOf(parsePrefix('10.0.0.0/32'))).toEqual([])
  })

  it('leaves empty input empty', () => {
    expect(mergePrefixes([])).toEqual([])
    expect(subtractPrefixes([], [parsePrefix('::/0')])).toEqual([])
    expect(subtractPrefixes([parsePrefix('10.0.0.0/8')], []).join()).toBe('10.0.0.0/8')
    expect(subtractPrefixes([parsePrefix('10.0.0.0/8')], [parsePrefix('::/0')]).join()).toBe('10.0.0.0/8')
  })
})

describe('addressRange', () => {
  it('refuses ends that make no range', () => {
    const error = expect.objectContaining({ code: 'ERR_OPTION_INVALID' })
    expect(() => addressRange(parseAddress('10.0.0.2'), parseAddress('10.0.0.1'))).toThrow(error)
    expect(() => addressRange(parseAddress('10.0.0.1'), parseAddress('::1'))).toThrow(error)
    expect(() => rangeToPrefixes({ from: parseAddress('::2'), to: parseAddress('::1') })).toThrow(error)
  })
})
