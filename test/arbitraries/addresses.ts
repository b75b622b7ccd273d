import fc from 'fast-check'

/**
 * Small blocks in which prefixes of every length near a byte boundary nest and touch, and the addresses at their edges.
 * Everything is made of text: what the text means is for the parsers under test to say.
 */
export const PREFIX_TEXTS = [
  '0.0.0.0/0',
  '10.0.0.0/7',
  '10.0.0.0/8',
  '10.0.0.0/9',
  '10.1.0.0/16',
  '10.1.2.0/23',
  '10.1.2.0/24',
  '10.1.2.0/25',
  '192.168.0.0/16',
  '8.8.8.0/24',
  '255.255.255.255/32',
  '::/0',
  'fc00::/7',
  'fd00::/8',
  'fd00::/16',
  'fd00::/31',
  'fd00:1::/32',
  'fd00:1::/64',
  'fd00:1::/65',
  '2606:4700::/32',
]

export const ADDRESS_TEXTS = [
  '0.0.0.0',
  '8.8.8.8',
  '10.0.0.0',
  '10.127.255.255',
  '10.128.0.0',
  '10.255.255.255',
  '11.0.0.0',
  '10.1.3.0',
  '10.1.2.128',
  '10.2.0.0',
  '192.168.0.1',
  '255.255.255.255',
  '::1',
  'fd00::1',
  'fd00:1::8000:0:0:0',
  'fd00:2::',
  'fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fe80::1',
  '2606:4700::1111',
  '2606:4701::',
]

/** Sixteen addresses in a row, and every prefix among them. */
const crowded4 = fc
  .tuple(fc.nat({ max: 15 }), fc.integer({ min: 28, max: 32 }))
  .map(([host, length]) => `10.1.2.${host & ~(2 ** (32 - length) - 1)}/${length}`)
const crowded6 = fc
  .tuple(fc.nat({ max: 15 }), fc.integer({ min: 124, max: 128 }))
  .map(([host, length]) => `fd00:1::${(host & ~(2 ** (128 - length) - 1)).toString(16)}/${length}`)

export const prefixText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PREFIX_TEXTS) },
  { weight: 2, arbitrary: crowded4 },
  { weight: 1, arbitrary: crowded6 },
)

/** An IPv4 address in dotted decimal. */
export const ipv4Text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ADDRESS_TEXTS.filter((text) => !text.includes(':'))),
  fc.nat({ max: 15 }).map((host) => `10.1.2.${host}`),
)

/** An IPv6 address, short, long, upper case, or with an IPv4 address at its end. */
export const ipv6Text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ADDRESS_TEXTS.filter((text) => text.includes(':'))),
  fc.nat({ max: 15 }).map((host) => `fd00:1::${host.toString(16)}`),
  fc.nat({ max: 15 }).map((host) => `FD00:0001:0:0:0:0:0.0.0.${host}`),
  fc.nat({ max: 15 }).map((host) => `fd00:1:0:0::000${host.toString(16)}`),
  fc.nat({ max: 15 }).map((host) => `::ffff:10.1.2.${host}`),
  fc.nat({ max: 15 }).map((host) => `0:0:0:0:0:FFFF:0A01:020${host.toString(16)}`),
)

/** Texts that start like an address and are none. */
export const malformedAddressText: fc.Arbitrary<string> = fc.constantFrom(
  '10.1.2',
  '10.1.2.3.4',
  '10.1.2.256',
  '10.1.2.03',
  '010.1.2.3',
  '0x0a.1.2.3',
  '167838211',
  '10.1.2.-1',
  '10.1.2.3 ',
  '10.1.2.',
  '10..2.3',
  '10.1.2.3/32',
  '1:2:3',
  ':::',
  'fd00::1::2',
  'fd00:1:2:3:4:5:6:7:8',
  'fd00::10000',
  'fd00::g',
  'fe80::1%eth0',
  '::ffff:10.1.2.256',
  '::10.1.2.3:1',
  '::ffff:010.1.2.3',
)
