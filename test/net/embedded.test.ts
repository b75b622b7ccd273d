import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embeddedIpv4, ipv4, ipv6, parseAddress, parsePrefix, translatedIpv4 } from '../../src/net/index.ts'
import { address4, word } from './arbitraries.ts'

function found(text: string): string[] {
  return embeddedIpv4(parseAddress(text)).map(({ form, address }) => `${form} ${address}`)
}

describe('embeddedIpv4', () => {
  it.each([
    ['::192.0.2.1', ['compatible 192.0.2.1']],
    ['::7f00:1', ['compatible 127.0.0.1']],
    ['::ffff:0:192.0.2.1', ['translated 192.0.2.1']],
    ['64:ff9b::192.0.2.1', ['nat64 192.0.2.1']],
    ['2002:c000:201::', ['6to4 192.0.2.1']],
    ['2002:c000:201:1:2:3:4:5', ['6to4 192.0.2.1']],
    // RFC 4380 section 4: server 65.54.227.120, client 192.0.2.45 inverted
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', ['teredo-server 65.54.227.120', 'teredo-client 192.0.2.45']],
    ['fe80::5efe:192.0.2.143', ['isatap 192.0.2.143']],
    ['2001:db8::200:5efe:192.0.2.143', ['isatap 192.0.2.143']],
    ['2002:c000:201::5efe:10.0.0.1', ['6to4 192.0.2.1', 'isatap 10.0.0.1']],
    // no prefix length is known: every reading of RFC 6052 is reported
    [
      '64:ff9b:1:7f00:0:100::',
      ['nat64-local 127.0.0.1', 'nat64-local 0.0.1.0', 'nat64-local 0.1.0.0', 'nat64-local 0.0.0.0'],
    ],
    ['64:ff9b:1::127.0.0.1', ['nat64-local 0.0.0.0', 'nat64-local 0.0.0.127', 'nat64-local 127.0.0.1']],
    ['::', []],
    ['::1', []],
    ['10.0.0.1', []],
    ['::ffff:10.0.0.1', []],
    ['2001:db8::1', []],
    ['64:ff9b:0:0:0:1::', []],
    ['64:ff9b:2::1', []],
    ['2001:1::1', []],
    ['2003::1', []],
  ] as const)('finds in %s: %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('finds any address put into any form', () => {
    fc.assert(
      fc.property(address4, word, word, ({ d }, b, c) => {
        const six = d >>> 16
        const forms = [
          ['translated', ipv6(0, 0, 0xffff0000, d)],
          ['nat64', ipv6(0x0064ff9b, 0, 0, d)],
          ['nat64-local', ipv6(0x0064ff9b, 0x00010000 | (b & 0xffff), c, d)],
          ['6to4', ipv6(0x20020000 | six, (d << 16) | (b & 0xffff), c, b)],
          ['teredo-server', ipv6(0x20010000, d, b, c)],
          ['teredo-client', ipv6(0x20010000, b, c, ~d)],
          ['isatap', ipv6(0x20010db8, b, 0x5efe, d)],
          ['isatap', ipv6(0x20010db8, b, 0x02005efe, d)],
        ] as const
        for (const [form, address] of forms) {
          const hits = embeddedIpv4(address).filter((hit) => hit.form === form)
          expect(
            hits.some((hit) => hit.address.equals(ipv4(d))),
            `${form} ${address}`,
          ).toBe(true)
        }
        const compatible = embeddedIpv4(ipv6(0, 0, 0, d))
        expect(compatible.map(({ form }) => form)).toEqual(d === 0 || d === 1 ? [] : ['compatible'])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('translatedIpv4', () => {
  // RFC 6052 section 2.4
  it.each([
    ['2001:db8::/32', '2001:db8:c000:221::'],
    ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
    ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
    ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
    ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
    ['2001:db8:122:344::/96', '2001:db8:122:344::192.0.2.33'],
    ['64:ff9b::/96', '64:ff9b::192.0.2.33'],
  ])('under %s reads %s as 192.0.2.33', (prefix, text) => {
    expect(translatedIpv4(parseAddress(text), parsePrefix(prefix))?.toString()).toBe('192.0.2.33')
  })

  it('is null for what is not under the prefix, or no translation prefix', () => {
    expect(translatedIpv4(parseAddress('2001:db9::1'), parsePrefix('2001:db8::/32'))).toBeNull()
    expect(translatedIpv4(parseAddress('2001:db8::1'), parsePrefix('2001:db8::/33'))).toBeNull()
    expect(translatedIpv4(parseAddress('10.0.0.1'), parsePrefix('10.0.0.1/32'))).toBeNull()
  })
})
