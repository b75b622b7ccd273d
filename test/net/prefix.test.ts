import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contains,
  covers,
  firstAddress,
  lastAddress,
  maskedPrefix,
  overlaps,
  Prefix,
  PrefixError,
  parseAddress,
  parsePrefix,
  prefixOf,
} from '../../src/net/index.ts'
import { address, addressNear, crowdedPrefixes, prefix, step } from './arbitraries.ts'

const runs = { numRuns: 2000 }

describe('parsePrefix', () => {
  it('reads what toString writes', () => {
    fc.assert(
      fc.property(prefix, (value) => {
        expect(parsePrefix(value.toString()).equals(value)).toBe(true)
        expect(JSON.stringify([value])).toBe(`["${value}"]`)
      }),
      runs,
    )
  })

  it('reads a bare address as the prefix of that address', () => {
    fc.assert(
      fc.property(address, (value) => {
        const bare = parsePrefix(value.toString())
        expect(bare.length).toBe(value.family === 4 ? 32 : 128)
        expect(bare.address.equals(value)).toBe(true)
      }),
    )
    expect(parsePrefix('::ffff:10.0.0.1').toString()).toBe('10.0.0.1/32')
  })

  it('reads a mapped prefix of /96 or longer as IPv4', () => {
    expect(parsePrefix('::ffff:0:0/96').toString()).toBe('0.0.0.0/0')
    expect(parsePrefix('::ffff:10.0.0.0/104').toString()).toBe('10.0.0.0/8')
    expect(parsePrefix('::ffff:a00:1/128').toString()).toBe('10.0.0.1/32')
  })

  it('refuses every address with host bits, and the fix is the network', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 128 }), (value, length) => {
        fc.pre(length <= (value.family === 4 ? 32 : 128))
        const network = maskedPrefix(value, length)
        const text = `${value}/${length}`
        if (network.address.equals(value)) {
          expect(parsePrefix(text).equals(network)).toBe(true)
          return
        }
        expect(() => parsePrefix(text)).toThrow(
          expect.objectContaining({ reason: 'host-bits', fix: network.toString() }),
        )
      }),
      runs,
    )
  })

  it('offers only fixes that are canonical prefixes, for any text', () => {
    let fixes = 0
    const piece = fc.constantFrom(
      '10',
      '0',
      '010',
      '.',
      '1',
      '/',
      '8',
      '08',
      '255',
      ':',
      '::',
      'fd00',
      ' ',
      '%',
      '5',
      '33',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('')
        try {
          const parsed = parsePrefix(text)
          expect(parsePrefix(parsed.toString()).equals(parsed)).toBe(true)
        } catch (error) {
          if (!(error instanceof PrefixError)) throw error
          if (error.fix === null) return
          fixes++
          expect(parsePrefix(error.fix).toString()).toBe(error.fix)
        }
      }),
      { numRuns: 20_000 },
    )
    expect(fixes).toBeGreaterThan(100)
  })
})

describe('containment', () => {
  it('agrees with the block list of node:net, at the edges of networks and far from them', () => {
    let inside = 0
    fc.assert(
      fc.property(
        prefix.chain((network) => fc.tuple(fc.constant(network), addressNear([network]))),
        ([network, value]) => {
          const { address: base, length } = network
          if (base.family !== value.family) {
            expect(contains(network, value)).toBe(false)
            return
          }
          const list = new BlockList()
          list.addSubnet(base.toString(), length, `ipv${base.family}`)
          const expected = list.check(value.toString(), `ipv${value.family}`)
          if (expected) inside++
          expect(contains(network, value), `${network} ${value}`).toBe(expected)
        },
      ),
      { numRuns: 5000 },
    )
    expect(inside).toBeGreaterThan(1000)
  })

  it('of networks is containment of both ends', () => {
    fc.assert(
      fc.property(crowdedPrefixes, (networks) => {
        for (const one of networks) {
          for (const other of networks) {
            const inside = contains(one, firstAddress(other)) && contains(one, lastAddress(other))
            expect(covers(one, other), `${one} ${other}`).toBe(inside)
            expect(overlaps(one, other)).toBe(inside || covers(other, one))
            expect(one.compare(other)).toBe(-other.compare(one) || 0)
            expect(one.compare(other) === 0).toBe(one.equals(other))
          }
        }
      }),
    )
  })

  it('starts at the first and ends at the last address', () => {
    fc.assert(
      fc.property(prefix, (network) => {
        const [first, last] = [firstAddress(network), lastAddress(network)]
        expect(contains(network, first) && contains(network, last)).toBe(true)
        expect(first.compare(last)).toBeLessThanOrEqual(0)
        if (network.length === 0) return
        // Right beside the mapped block there is no IPv6 neighbour to try.
        const [before, next] = [step(first, -1), step(last, 1)]
        if (!before.equals(first)) expect(contains(network, before)).toBe(false)
        if (!next.equals(last)) expect(contains(network, next)).toBe(false)
      }),
      runs,
    )
    expect(lastAddress(parsePrefix('::/0')).toString()).toBe('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
    expect(lastAddress(parsePrefix('0.0.0.0/0')).toString()).toBe('255.255.255.255')
    expect(lastAddress(parsePrefix('10.0.0.0/31')).toString()).toBe('10.0.0.1')
  })

  it('keeps mapped addresses out of IPv6 networks', () => {
    for (const text of ['::/0', '::/80', '::fffe:0:0/95']) {
      expect(contains(parsePrefix(text), parseAddress('::ffff:10.0.0.1'))).toBe(false)
      expect(lastAddress(parsePrefix(text)).family).toBe(6)
    }
    expect(lastAddress(parsePrefix('::/80')).toString()).toBe('::fffe:ffff:ffff')
  })
})

describe('Prefix', () => {
  it('is made by a program from an address and a length', () => {
    expect(prefixOf(parseAddress('10.0.0.0'), 8).toString()).toBe('10.0.0.0/8')
    expect(maskedPrefix(parseAddress('10.1.2.3'), 8).toString()).toBe('10.0.0.0/8')
    expect(maskedPrefix(parseAddress('::1')).toString()).toBe('::1/128')
    expect(() => prefixOf(parseAddress('10.0.0.5'), 8)).toThrow('10.0.0.5/8 has host bits; the network is 10.0.0.0/8')
    for (const length of [-1, 33, 1.5, Number.NaN]) {
      expect(() => maskedPrefix(parseAddress('10.0.0.0'), length)).toThrow('an integer from 0 to 32')
    }
    expect(() => maskedPrefix(parseAddress('::'), 129)).toThrow('an integer from 0 to 128')
  })

  it('cannot be forged or changed', () => {
    const value = parsePrefix('10.0.0.0/8')
    expect(() => Object.assign(value, { length: 0 })).toThrow(TypeError)
    expect(() => Reflect.construct(Prefix, [Symbol('mint'), value.address, 0])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
    expect(Prefix.is(value)).toBe(true)
    for (const forged of [{ ...value }, Object.create(Prefix.prototype), '10.0.0.0/8', null]) {
      expect(Prefix.is(forged)).toBe(false)
    }
  })
})
