import { describe, expect, it } from 'vitest'
import {
  type AddressReason,
  contains,
  covers,
  embeddedIpv4,
  INTERNET_PREFIXES,
  isGloballyReachable,
  overlaps,
  type PrefixReason,
  parseAddress,
  parsePrefix,
  readIpv4,
  readIpv6,
  tryParseAddress,
} from '../../src/net/index.ts'

function refusal(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('expected a refusal')
}

function expectRefused(text: string, reason: AddressReason): void {
  expect(tryParseAddress(text), JSON.stringify(text)).toBeNull()
  expect(
    refusal(() => parseAddress(text)),
    JSON.stringify(text),
  ).toMatchObject({
    name: 'AddressError',
    code: 'ERR_ADDRESS_INVALID',
    input: text,
    reason,
  })
}

function expectPrefixRefused(text: string, reason: PrefixReason, fix: string | null): void {
  expect(
    refusal(() => parsePrefix(text)),
    JSON.stringify(text),
  ).toMatchObject({
    name: 'PrefixError',
    code: 'ERR_PREFIX_INVALID',
    input: text,
    reason,
    fix,
  })
  if (fix !== null) expect(parsePrefix(fix).toString()).toBe(fix)
}

describe('texts that other parsers let through', () => {
  it.each([
    ['IP-01', '012.0.0.1', 'octal'],
    ['IP-01', '010.0.0.1', 'octal'],
    ['IP-01', '0177.0.0.1', 'octal'],
    ['IP-01', '10.0.0.01', 'octal'],
    ['IP-01', '10.00.0.1', 'octal'],
    ['IP-02', '0x7f.1', 'hex'],
    ['IP-02', '0x7F000001', 'hex'],
    ['IP-02', '127.0.0.0x1', 'hex'],
    ['IP-03', '127.1', 'short-form'],
    ['IP-03', '127.0.1', 'short-form'],
    ['IP-03', '01200034567', 'octal'],
    ['IP-03', '012.1.2.3', 'octal'],
    ['IP-04', '0', 'short-form'],
    ['IP-04', '1', 'short-form'],
    ['IP-04', '017700000001', 'octal'],
    ['IP-04', '2130706433', 'short-form'],
    ['IP-06', '::ffff:0177.0.0.1', 'octal'],
    ['IP-06', '::ffff:127.1', 'short-form'],
    ['IP-06', '::ffff:0x7f.0.0.1', 'hex'],
    ['IP-11', 'fe80::1%eth0', 'zone'],
    ['IP-11', '::ffff:10.0.0.1%1', 'zone'],
    ['IP-11', 'fe80::1%25eth0', 'zone'],
    ['IP-11', 'fe80::1%', 'zone'],
    ['IP-13', '10.0.0.5:4242', 'port'],
    ['IP-13', '[::1]:443', 'port'],
    ['IP-13', '[::1]', 'bracket'],
    ['IP-13', 'not-an-ip', 'syntax'],
    ['IP-13', 'localhost', 'syntax'],
    ['IP-13', '', 'empty'],
    ['IP-13', '10.0.0.1\0', 'whitespace'],
    ['IP-13', '10.0.0.1\n', 'whitespace'],
    ['IP-13', ' 10.0.0.1', 'whitespace'],
    ['IP-13', '10.0.0.1\u00a0', 'character'],
    ['IP-13', '\uff11\uff12\uff17.0.0.1', 'character'],
    ['IP-13', '\u0661\u0660.0.0.1', 'character'],
    ['IP-13', '127\u30020\u30020\u30021', 'character'],
    ['IP-13', '10.0.0.0/8', 'prefix'],
    ['IP-13', '10.0.0.1.', 'syntax'],
    ['IP-13', '10.0.0', 'short-form'],
    ['IP-13', '10.0.0.0.1', 'syntax'],
    ['IP-13', '10.0.0.256', 'range'],
    ['IP-13', '10.0.0.-1', 'syntax'],
    ['IP-13', '10.0.0.1e0', 'syntax'],
    ['IP-14', '12345::', 'range'],
    ['IP-14', '::1::', 'syntax'],
    ['IP-14', ':::', 'syntax'],
    ['IP-14', ':1', 'syntax'],
    ['IP-14', '1:', 'syntax'],
    ['IP-14', '1:2:3:4:5:6:7', 'syntax'],
    ['IP-14', '1:2:3:4:5:6:7:8:', 'syntax'],
    ['IP-14', '1:2:3:4:5:6:7:8::', 'syntax'],
    ['IP-14', ':1:2:3:4:5:6:7:8', 'syntax'],
    ['IP-14', '::1:', 'syntax'],
    ['IP-14', '1:2:3:4:5:6:7:8:9', 'syntax'],
    ['IP-14', '1:2:3:4::5:6:7:8', 'syntax'],
    ['IP-14', '1:2:3:4:5:6:7:1.2.3.4', 'syntax'],
    ['IP-14', '::1.2.3.4:5', 'syntax'],
    ['IP-14', '1.2.3.4::', 'syntax'],
    ['IP-14', '::g', 'syntax'],
    ['IP-14', '%5B::1%5D', 'zone'],
  ] as const)('%s refuses %j as %s', (_row, text, reason) => {
    expectRefused(text, reason)
  })

  it('IP-13 refuses a long text by its length, without reading it', () => {
    expectRefused('1'.repeat(100_000), 'length')
    const unreadable = {
      length: 100_000,
      charCodeAt: () => {
        throw new Error('read')
      },
    } as unknown as string
    expect(readIpv4(unreadable, 0, unreadable.length)).toBe(-1)
    expect(readIpv6(unreadable, 0, unreadable.length, new Int32Array(4))).toBe(0)
  })

  it('refuses what is not a string', () => {
    for (const value of [undefined, null, 0, 167772161, true, {}, ['10.0.0.1'], { toString: () => '10.0.0.1' }]) {
      expect(tryParseAddress(value)).toBeNull()
      expect(refusal(() => parseAddress(value as string))).toMatchObject({ reason: 'type' })
      expect(refusal(() => parsePrefix(value as string))).toMatchObject({ reason: 'type' })
    }
  })

  it('quotes at most 64 characters, in ASCII and on one line', () => {
    const text = `10.0.0.1\n\u202e\u2028${'x'.repeat(1000)}`
    for (const run of [() => parseAddress(text), () => parsePrefix(text)]) {
      const { message } = refusal(run) as Error
      expect(message).toMatch(/^[\x20-\x7e]+$/)
      expect(message.length).toBeLessThan(250)
      expect(message).toContain('10.0.0.1\\n\\u202e\\u2028')
    }
  })
})

describe('spellings of one address', () => {
  it.each([
    ['IP-03', '000:0:0000::01', '::1'],
    ['IP-03', '::fFFf:127.0.0.1', '127.0.0.1'],
    ['IP-06', '::ffff:127.0.0.1', '127.0.0.1'],
    ['IP-06', '::ffff:7f00:1', '127.0.0.1'],
    ['IP-06', '::FFFF:7F00:1', '127.0.0.1'],
    ['IP-06', '0:0:0:0:0:ffff:127.0.0.1', '127.0.0.1'],
    ['IP-06', '0000:0000:0000:0000:0000:ffff:7f00:0001', '127.0.0.1'],
    ['IP-07', '::127.0.0.1', '::7f00:1'],
    ['IP-10', '2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['IP-10', '2001:db8:0:0::1', '2001:db8::1'],
    ['IP-10', '0:0:0:0:0:0:0:1', '::1'],
    ['IP-10', '::0.0.0.1', '::1'],
  ] as const)('%s reads %s as %s', (_row, text, canonical) => {
    expect(parseAddress(text).equals(parseAddress(canonical))).toBe(true)
    expect(parseAddress(text).toString()).toBe(canonical)
  })

  it('IP-07 keeps ::127.0.0.1 apart from 127.0.0.1, although their words are equal', () => {
    const compatible = parseAddress('::127.0.0.1')
    const ipv4 = parseAddress('127.0.0.1')
    expect(compatible.family).toBe(6)
    expect([compatible.a, compatible.b, compatible.c, compatible.d]).toEqual([ipv4.a, ipv4.b, ipv4.c, ipv4.d])
    expect(compatible.equals(ipv4)).toBe(false)
    expect(compatible.compare(ipv4)).toBeGreaterThan(0)
    expect(contains(parsePrefix('127.0.0.0/8'), compatible)).toBe(false)
    expect(parsePrefix('::10.0.0.0/104').toString()).toBe('::a00:0/104')
  })

  it('IP-10 matches every spelling against a rule in any other', () => {
    const spellings = ['2001:db8::10', '2001:DB8:0:0:0:0:0:10', '2001:0db8:0000::0010', '2001:db8::0.0.0.16']
    for (const rule of spellings) {
      for (const text of spellings) expect(contains(parsePrefix(`${rule}/128`), parseAddress(text))).toBe(true)
    }
  })

  it('IP-14 agrees with what the WHATWG URL parser makes of a host, and never with the raw text', () => {
    for (const host of ['127.1', '0x7f.1', '2130706433', '017700000001', '127\u30020\u30020\u30021', '127.0.0.1.']) {
      expect(tryParseAddress(host), host).toBeNull()
      expect(parseAddress(new URL(`http://${host}/`).hostname.replace(/\.$/, '')).toString()).toBe('127.0.0.1')
    }
  })
})

describe('classes of addresses', () => {
  it('IP-05 IP-06 calls no spelling of a private address globally reachable', () => {
    for (const text of [
      '10.0.0.0',
      '10.255.255.255',
      '127.0.0.1',
      '169.254.169.254',
      '172.16.0.0',
      '172.31.255.255',
      '192.168.0.1',
      '100.64.0.1',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '::ffff:7f00:1',
      '::ffff:169.254.169.254',
      '0:0:0:0:0:ffff:10.1.2.3',
      '::1',
      '::',
      '::7f00:1',
      'fd00::1',
      'fe80::1',
      'fec0::1',
      'ff02::1',
      '4000::1',
    ]) {
      expect(isGloballyReachable(parseAddress(text)), text).toBe(false)
    }
    // the neighbours of those blocks
    for (const text of [
      '9.255.255.255',
      '11.0.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '1.0.0.0',
      '223.255.255.255',
      '::ffff:8.8.8.8',
      '2001:4860:4860::8888',
      '2606:4700::1111',
    ]) {
      expect(isGloballyReachable(parseAddress(text)), text).toBe(true)
    }
  })

  it.each([
    ['64:ff9b::7f00:1', 'nat64'],
    ['64:ff9b:1:7f00:0:100::', 'nat64-local'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:0:0:0:0:80ff:fffe', 'teredo-client'],
    ['2001:0:7f00:1::', 'teredo-server'],
    ['::ffff:0:7f00:1', 'translated'],
    ['::127.0.0.1', 'compatible'],
    ['fe80::5efe:127.0.0.1', 'isatap'],
  ] as const)('IP-08 unwraps 127.0.0.1 from %s (%s) and does not call it globally reachable', (text, form) => {
    const address = parseAddress(text)
    expect(isGloballyReachable(address)).toBe(false)
    expect(embeddedIpv4(address).map((found) => `${found.form} ${found.address}`)).toContain(`${form} 127.0.0.1`)
  })

  it('IP-09 sees the whole of a mapped prefix, not its first address', () => {
    const prefix = parsePrefix('::ffff:168.0.0.0/103')
    expect(prefix.toString()).toBe('168.0.0.0/7')
    expect(isGloballyReachable(prefix.address)).toBe(true)
    expect(overlaps(prefix, parsePrefix('169.254.0.0/16'))).toBe(true)
    expect(covers(prefix, parsePrefix('169.254.0.0/16'))).toBe(true)
    expect(INTERNET_PREFIXES.some((internet) => covers(internet, prefix))).toBe(false)
  })
})

describe('prefixes that policies get wrong', () => {
  it.each([
    ['10/8', 'short-form', '10.0.0.0/8'],
    ['10.1/16', 'short-form', '10.1.0.0/16'],
    ['172.16/12', 'short-form', '172.16.0.0/12'],
    ['0/0', 'short-form', '0.0.0.0/0'],
    ['fd00/8', 'short-form', 'fd00::/8'],
    ['2001:db8/32', 'short-form', '2001:db8::/32'],
    ['10', 'short-form', null],
    ['10.0.0.0/08', 'leading-zero', '10.0.0.0/8'],
    ['10.0.0.5/08', 'leading-zero', '10.0.0.0/8'],
    ['10.0.0.0/00', 'leading-zero', null],
    ['10.0.0.01/32', 'leading-zero', '10.0.0.1/32'],
    ['09.0.0.0/8', 'leading-zero', '9.0.0.0/8'],
    // octal to some: 8.0.0.0/8; only the author knows
    ['010.0.0.0/8', 'leading-zero', null],
    ['10.0.0.5/8', 'host-bits', '10.0.0.0/8'],
    // offering `0.0.0.0/0` would be offering the whole internet
    ['10.0.0.1/0', 'host-bits', null],
    ['::1/0', 'host-bits', null],
    ['2001:db8::1/32', 'host-bits', '2001:db8::/32'],
    ['::ffff:10.0.0.5/104', 'host-bits', '10.0.0.0/8'],
    ['10.0.0.0/33', 'length', null],
    ['::/129', 'length', null],
    ['::ffff:10.0.0.0/129', 'length', null],
    ['10.0.0.0/-1', 'length', null],
    ['10.0.0.0/+8', 'length', null],
    ['10.0.0.0/8.5', 'length', null],
    ['10.0.0.0/1e1', 'length', null],
    ['10.0.0.0/0x8', 'length', null],
    ['10.0.0.0/', 'length', null],
    ['10.0.0.0/8/8', 'length', null],
    ['10.0.0.0/\u0668', 'length', null],
    ['10.0.0.0/4294967304', 'length', null],
    ['10.0.0.0 /8', 'whitespace', '10.0.0.0/8'],
    ['10.0.0.0/ 8', 'whitespace', '10.0.0.0/8'],
    [' 10.0.0.0/8\n', 'whitespace', '10.0.0.0/8'],
    ['10.0.0.0/8, 10.1.0.0/16', 'length', null],
    ['10.0.0.0/255.0.0.0', 'netmask', '10.0.0.0/8'],
    ['10.0.0.5/255.255.255.0', 'netmask', '10.0.0.0/24'],
    ['10.0.0.0/0.255.255.255', 'netmask', null],
    ['::ffff:10.0.0.0/95', 'mapped', null],
    ['::ffff:10.0.0.0/8', 'mapped', null],
    ['::ffff:0:0/0', 'mapped', null],
    ['fe80::%eth0/10', 'address', null],
    ['[fd00::]/8', 'address', null],
    ['0x0a000000/8', 'address', null],
    ['any', 'address', null],
    ['/8', 'address', null],
    ['', 'empty', null],
  ] as const)('IP-12 refuses %j as %s and offers %j', (text, reason, fix) => {
    expectPrefixRefused(text, reason, fix)
  })

  it('IP-12 IP-13 refuses a long text by its length', () => {
    expectPrefixRefused('1'.repeat(100_000), 'too-long', null)
  })

  it('names the fix and the fault of the address in the message', () => {
    expect(() => parsePrefix('10.0.0.5/8')).toThrow(
      'not a prefix: "10.0.0.5/8" (host-bits): expected every bit behind the length to be 0; write 10.0.0.0/8',
    )
    expect(refusal(() => parsePrefix('fe80::%eth0/10'))).toMatchObject({
      message: expect.stringContaining('expected no zone'),
      cause: { name: 'AddressError', reason: 'zone' },
    })
  })
})
