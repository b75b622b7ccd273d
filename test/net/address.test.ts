import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import {
  Address,
  ipv4,
  ipv6,
  parseAddress,
  readAddress,
  readIpv4,
  readIpv6,
  tryParseAddress,
} from '../../src/net/index.ts'
import { address, address4, address6, addressLikeText, word } from './arbitraries.ts'

const runs = { numRuns: 2000 }

describe('readIpv4', () => {
  it('accepts 0 to 255 without leading zeros in every position, and no other number', () => {
    const octets = ['', '00', '000', '01', '001', '010', '0255', '0256', '1000', '-1', '+1', ' 1', '1 ', 'a', '\uff11']
    for (let octet = 0; octet <= 1000; octet++) octets.push(String(octet))
    for (let position = 0; position < 4; position++) {
      for (const octet of octets) {
        const parts = ['1', '22', '203', '4']
        parts[position] = octet
        const text = parts.join('.')
        const valid = /^\d+$/.test(octet) && String(Number(octet)) === octet && Number(octet) <= 255
        const value = parts.reduce((sum, part) => sum * 256 + Number(part), 0)
        expect(readIpv4(text, 0, text.length), text).toBe(valid ? value : -1)
      }
    }
  })

  it('reads only between start and end', () => {
    const text = '110.0.0.19'
    expect(readIpv4(text, 1, 9)).toBe(0x0a000001)
    expect(readIpv4(text, 0, 10)).toBe(0x6e000013)
    for (const [from, to] of [
      [0, 9],
      [1, 10],
      [1, 8],
      [3, 10],
      [4, 10],
      [0, 8],
    ] as const) {
      const part = text.slice(from, to)
      expect(readIpv4(text, from, to), part).toBe(readIpv4(part, 0, part.length))
    }
    expect(readIpv4('1.22.3.4', 0, 7)).toBe(-1)
    expect(readIpv4('11.22.3.4', 0, 7)).toBe(-1)
    // a character outside the text must not count as a digit
    expect(readIpv4('10.0.0.', 0, 8)).toBe(-1)
    expect(readIpv4('0.0.0.0', -1, 7)).toBe(-1)
    expect(readIpv4('0.0.0.0', Number.NaN, 7)).toBe(-1)
    expect(readIpv4('0.0.0.0', 0, Number.NaN)).toBe(-1)
  })

  it('gives an unsigned number', () => {
    expect(readIpv4('255.255.255.255', 0, 15)).toBe(0xffffffff)
    expect(readIpv4('128.0.0.0', 0, 9)).toBe(0x80000000)
    expect(readIpv4('0.0.0.0', 0, 7)).toBe(0)
  })
})

describe('readIpv6', () => {
  it('accepts 8 groups, or up to 7 and one ::, in every position', () => {
    let accepted = 0
    for (let groups = 0; groups <= 9; groups++) {
      const values = Array.from({ length: groups }, (_, index) => index + 1)
      for (let gap = -1; gap <= groups; gap++) {
        for (const quad of [false, true]) {
          // with a dotted quad the last two groups are written as one
          if (quad && (groups < 2 || gap === groups || gap === groups - 1)) continue
          const hex = values.map((value) => value.toString(16))
          const parts = quad ? [...hex.slice(0, -2), `0.${groups - 1}.0.${groups}`] : hex
          const text = gap < 0 ? parts.join(':') : `${parts.slice(0, gap).join(':')}::${parts.slice(gap).join(':')}`
          const valid = gap < 0 ? groups === 8 : groups <= 7
          const out = new Int32Array(4)
          expect(readIpv6(text, 0, text.length, out) !== 0, text).toBe(valid)
          expect(isIPv6(text), text).toBe(valid)
          if (!valid) continue
          accepted++
          const expected =
            gap < 0 ? values : [...values.slice(0, gap), ...Array(8 - groups).fill(0), ...values.slice(gap)]
          const read = [...out].flatMap((bits) => [bits >>> 16, bits & 0xffff])
          expect(read, text).toEqual(expected)
        }
      }
    }
    expect(accepted).toBeGreaterThan(50)
  })

  it('reads only between start and end, and tells mapped addresses by their bits', () => {
    const out = new Int32Array(4)
    expect(readIpv6('[fd00::1]:443', 1, 8, out)).toBe(6)
    expect([...out]).toEqual([0xfd000000 | 0, 0, 0, 1])
    expect(readIpv6('::ffff:a00:1', 0, 12, out)).toBe(4)
    expect([...out]).toEqual([0, 0, 0, 0x0a000001])
    expect(readIpv6('::1:ffff:a00:1', 0, 14, out)).toBe(6)
    expect(readIpv6('::', 0, 3, out)).toBe(0)
    expect(readIpv6('::', -1, 2, out)).toBe(0)
    expect(readIpv6('::', Number.NaN, 2, out)).toBe(0)
  })

  it('leaves nothing of an earlier address behind', () => {
    const out = new Int32Array(4).fill(-1)
    expect(readIpv6('::', 0, 2, out)).toBe(6)
    expect([...out]).toEqual([0, 0, 0, 0])
    out.fill(-1)
    expect(readAddress('1.2.3.4', 0, 7, out)).toBe(4)
    expect([...out]).toEqual([0, 0, 0, 0x01020304])
  })
})

describe('text and bytes', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(address, (value) => {
        expect(parseAddress(value.toString()).equals(value)).toBe(true)
        expect(JSON.parse(JSON.stringify({ value }))).toEqual({ value: value.toString() })
      }),
      runs,
    )
  })

  it.each([
    // RFC 5952 section 4 and the errata examples
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::AAAA', '2001:db8::aaaa'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0:1:2:3:4:5:6:7', '0:1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s is written %s', (text, canonical) => {
    expect(parseAddress(text).toString()).toBe(canonical)
  })

  it('agree with node:net on what is an address, but for zones', () => {
    let accepted = 0
    fc.assert(
      fc.property(addressLikeText, (text) => {
        const parsed = tryParseAddress(text)
        expect(parsed !== null, JSON.stringify(text)).toBe(isIP(text) !== 0 && !text.includes('%'))
        if (parsed === null) return
        accepted++
        // ours is 4 for a mapped spelling, node's is 6
        if (isIPv4(text)) expect(parsed.family).toBe(4)
        if (parsed.family === 6) expect(isIPv6(text)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
    expect(accepted).toBeGreaterThan(1000)
  })

  // ipaddr.js 2.5.0 is exact on canonical text only. Not compared, because it is wrong there: octal, hex, short and
  // integer forms and zones (accepted), and `::a.b.c.d` (read as the mapped address; see the last expectation).
  it('agree with ipaddr.js on canonical text', () => {
    fc.assert(
      fc.property(address, (value) => {
        const theirs = ipaddr.parse(value.toString())
        const words = value.family === 4 ? [value.d] : [value.a, value.b, value.c, value.d]
        const bytes = words.flatMap((bits) => [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255])
        expect(theirs.toByteArray()).toEqual(bytes)
        if (theirs instanceof ipaddr.IPv6) expect(theirs.toRFC5952String()).toBe(value.toString())
      }),
      runs,
    )
    expect(ipaddr.parse('::127.0.0.1').toString()).toBe('::ffff:7f00:1')
    expect(parseAddress('::127.0.0.1').toString()).toBe('::7f00:1')
  })

  it('agree with the block list of node:net on equality', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(address, address),
          address.map((same) => [same, same] as const),
        ),
        ([one, other]) => {
          if (one.family !== other.family) return
          const list = new BlockList()
          list.addAddress(one.toString(), `ipv${one.family}`)
          expect(one.equals(other)).toBe(list.check(other.toString(), `ipv${other.family}`))
        },
      ),
    )
  })
})

describe('Address', () => {
  it('orders by family, then as unsigned numbers', () => {
    const big = (value: Address): bigint =>
      [value.a, value.b, value.c, value.d].reduce(
        (sum, bits) => (sum << 32n) | BigInt(bits >>> 0),
        BigInt(value.family),
      )
    fc.assert(
      fc.property(address, address, (one, other) => {
        const difference = big(one) - big(other)
        expect(Math.sign(one.compare(other))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0)
        expect(one.equals(other)).toBe(difference === 0n)
      }),
      runs,
    )
  })

  it('is made from words, signed or unsigned, and a mapped one is IPv4', () => {
    fc.assert(
      fc.property(word, word, word, word, (a, b, c, d) => {
        expect(ipv4(d >>> 0).equals(ipv4(d))).toBe(true)
        expect(ipv6(a >>> 0, b >>> 0, c >>> 0, d >>> 0).equals(ipv6(a, b, c, d))).toBe(true)
        expect(ipv6(0, 0, 0xffff, d).equals(ipv4(d))).toBe(true)
      }),
    )
    expect(ipv6(0, 0, 0xffff, 1).family).toBe(4)
    expect(ipv6(0, 1, 0xffff, 1).family).toBe(6)
    for (const wrong of [1.5, Number.NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, '1' as unknown as number]) {
      expect(() => ipv4(wrong)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
      for (let at = 0; at < 4; at++) {
        const words = [0, 0, 0, 0]
        words[at] = wrong
        const [a, b, c, d] = words as [number, number, number, number]
        expect(() => ipv6(a, b, c, d)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
      }
    }
  })

  it('holds IPv4 in the last word', () => {
    fc.assert(fc.property(address4, ({ a, b, c }) => a === 0 && b === 0 && c === 0))
    fc.assert(fc.property(address6, ({ a, b, c }) => !(a === 0 && b === 0 && c === 0xffff)))
  })

  it('cannot be forged or changed', () => {
    const value = parseAddress('10.0.0.1')
    expect(() => Object.assign(value, { d: 0 })).toThrow(TypeError)
    expect(() => Reflect.construct(Address, [Symbol('mint'), 4, 1, 2, 3, 4])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
    expect(Address.is(value)).toBe(true)
    for (const forged of [{ ...value }, Object.create(Address.prototype), structuredClone(value), '10.0.0.1', null]) {
      expect(Address.is(forged)).toBe(false)
    }
  })
})
