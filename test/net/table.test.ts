import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Address,
  contains,
  ipv4,
  maskedPrefix,
  type Prefix,
  type PrefixEntry,
  PrefixTable,
  parseAddress,
  parsePrefix,
} from '../../src/net/index.ts'
import { addressNear, crowdedPrefixes } from './arbitraries.ts'

/** The oracle: a list, searched from end to end. Simple, slow and obviously right. */
class LinearTable {
  readonly entries = new Map<string, PrefixEntry<number>>()

  insert(prefix: Prefix, value: number): void {
    this.entries.set(prefix.toString(), { prefix, value })
  }

  delete(prefix: Prefix): boolean {
    return this.entries.delete(prefix.toString())
  }

  matches(address: Address): PrefixEntry<number>[] {
    return [...this.entries.values()]
      .filter(({ prefix }) => contains(prefix, address))
      .sort((one, other) => one.prefix.length - other.prefix.length)
  }
}

function shown(entries: Iterable<PrefixEntry<number>>): string[] {
  return [...entries].map(({ prefix, value }) => `${prefix} ${value}`)
}

function expectSame(table: PrefixTable<number>, linear: LinearTable, prefixes: readonly Prefix[]): void {
  expect(table.size).toBe(linear.entries.size)
  expect(table.countNodes()).toBeLessThanOrEqual(2 * table.size + 2)
  const sorted = [...linear.entries.values()].sort((one, other) => one.prefix.compare(other.prefix))
  expect(shown(table)).toEqual(shown(sorted))
  for (const prefix of prefixes) {
    expect(table.get(prefix)).toBe(linear.entries.get(prefix.toString())?.value)
    expect(table.has(prefix)).toBe(linear.entries.has(prefix.toString()))
  }
}

describe('PrefixTable', () => {
  it('agrees with a linear scan through inserts, replacements and removals', () => {
    let hits = 0
    let removals = 0
    const scenario = crowdedPrefixes.chain((prefixes) =>
      fc.tuple(
        fc.constant(prefixes),
        fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 60 }),
        fc.array(addressNear(prefixes), { minLength: 30, maxLength: 30 }),
      ),
    )
    fc.assert(
      fc.property(scenario, ([prefixes, changes, probes]) => {
        const table = new PrefixTable<number>()
        const linear = new LinearTable()
        const check = (): void => {
          expectSame(table, linear, prefixes)
          for (const probe of probes) {
            const { family, a, b, c, d } = probe
            const expected = linear.matches(probe)
            hits += expected.length
            expect(shown(table.matches(probe)), `${probe}`).toEqual(shown(expected))
            const longest = expected.at(-1)
            expect(table.longestMatch(probe)).toEqual(longest)
            expect(table.lookup(probe)).toBe(longest?.value)
            if (family === 4) {
              expect(table.lookup4(d)).toBe(longest?.value)
              expect(table.lookup4(d >>> 0)).toBe(longest?.value)
              expect(table.lookup6(0, 0, 0xffff, d)).toBe(longest?.value)
            } else {
              expect(table.lookup6(a, b, c, d)).toBe(longest?.value)
              expect(table.lookup6(a >>> 0, b >>> 0, c >>> 0, d >>> 0)).toBe(longest?.value)
            }
          }
        }
        for (const [value, prefix] of prefixes.entries()) {
          table.insert(prefix, value)
          linear.insert(prefix, value)
        }
        check()
        for (const [at, removed] of changes) {
          const prefix = prefixes[at % Math.max(prefixes.length, 1)]
          if (prefix === undefined) continue
          if (removed) {
            const there = linear.delete(prefix)
            if (there) removals++
            expect(table.delete(prefix)).toBe(there)
          } else {
            table.insert(prefix, at + 1000)
            linear.insert(prefix, at + 1000)
          }
        }
        check()
      }),
      { numRuns: 150 },
    )
    expect(hits).toBeGreaterThan(1000)
    expect(removals).toBeGreaterThan(100)
  })

  it('agrees with a linear scan on a dense table', () => {
    const table = new PrefixTable<number>()
    const linear = new LinearTable()
    let seed = 7
    const next = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0
      return seed
    }
    for (let value = 0; value < 2000; value++) {
      const prefix = maskedPrefix(ipv4(0x0a000000 | (next() >>> 12)), 12 + ((next() >>> 16) % 21))
      table.insert(prefix, value)
      linear.insert(prefix, value)
    }
    for (let probe = 0; probe < 2000; probe++) {
      const address = ipv4(0x0a000000 | (next() >>> 12))
      expect(table.lookup(address)).toBe(linear.matches(address).at(-1)?.value)
    }
  })

  it('goes back to what it was when everything is removed', () => {
    fc.assert(
      fc.property(crowdedPrefixes, (prefixes) => {
        const table = new PrefixTable(prefixes.map((prefix, value) => ({ prefix, value })))
        for (const prefix of prefixes) table.delete(prefix)
        expect(table.size).toBe(0)
        expect(table.countNodes()).toBe(2)
        expect([...table]).toEqual([])
        for (const prefix of prefixes) expect(table.lookup(prefix.address)).toBeUndefined()
      }),
    )
  })

  it('does not take a skipped path for a match', () => {
    const table = new PrefixTable([{ prefix: parsePrefix('10.0.0.0/24'), value: 1 }])
    expect(table.lookup(parseAddress('10.1.0.1'))).toBeUndefined()
    expect(table.get(parsePrefix('11.0.0.0/24'))).toBeUndefined()
    expect(table.get(parsePrefix('10.0.0.0/23'))).toBeUndefined()
    expect(table.delete(parsePrefix('11.0.0.0/24'))).toBe(false)
    expect(table.delete(parsePrefix('10.0.0.0/25'))).toBe(false)
    expect(table.size).toBe(1)
  })

  it('keeps the families apart', () => {
    const table = new PrefixTable([
      { prefix: parsePrefix('::/0'), value: 'six' },
      { prefix: parsePrefix('127.0.0.0/8'), value: 'loopback' },
    ])
    expect(table.lookup(parseAddress('10.0.0.1'))).toBeUndefined()
    expect(table.lookup(parseAddress('::7f00:1'))).toBe('six')
    expect(table.lookup(parseAddress('::ffff:7f00:1'))).toBe('loopback')
    expect(table.lookup6(0, 0, 0xffff, 0x0a000001)).toBeUndefined()
    expect(table.lookup6(0, 0, 0, 0x7f000001)).toBe('six')
  })

  it('holds undefined and null like any value', () => {
    const prefix = parsePrefix('10.0.0.0/8')
    const table = new PrefixTable<null | undefined>().insert(prefix, undefined)
    expect(table.has(prefix)).toBe(true)
    expect(table.size).toBe(1)
    expect(table.longestMatch(parseAddress('10.0.0.1'))).toEqual({ prefix, value: undefined })
    table.insert(prefix, null)
    expect(table.lookup(parseAddress('10.0.0.1'))).toBeNull()
    expect(table.size).toBe(1)
  })
})
