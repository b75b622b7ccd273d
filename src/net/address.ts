import { OptionError } from '../errors.ts'
import { AddressError, diagnoseAddress } from './address-error.ts'
import { readAddress } from './read-address.ts'

export { AddressError, type AddressReason } from './address-error.ts'
export { readAddress, readIpv4, readIpv6 } from './read-address.ts'

/** Only this module can mint an address, so every address holds the invariants below. */
const MINT = Symbol('mint')

/**
 * One IP address as bytes: immutable, and one value whatever its spelling was. An IPv4-mapped IPv6 address
 * (`::ffff:0:0/96`) is the IPv4 address.
 *
 * Four signed 32-bit words, most significant first. An IPv4 address lives in `d`, and `a`, `b` and `c` are 0. So
 * `::7f00:1` and `127.0.0.1` hold the same words: never compare words without `family`.
 *
 * Made by {@link parseAddress}, {@link tryParseAddress}, {@link ipv4} and {@link ipv6}; the constructor refuses
 * everyone else.
 *
 * @example
 * ```ts
 * const address = parseAddress('::FFFF:7f00:1')
 * address.family      // 4
 * String(address)     // '127.0.0.1'
 * ```
 */
export class Address {
  readonly family: 4 | 6
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  /** Makes the type nominal, and recognises our own objects: a look-alike could hold words that are no address. */
  readonly #minted = true

  /** @internal */
  constructor(mint: typeof MINT, family: 4 | 6, a: number, b: number, c: number, d: number) {
    if (mint !== MINT) throw new OptionError('an address is made by parseAddress(), ipv4() or ipv6()')
    this.family = family
    this.a = a
    this.b = b
    this.c = c
    this.d = d
    Object.freeze(this)
  }

  /**
   * Tells whether a value is an address of this module, and not merely shaped like one.
   *
   * @example
   * ```ts
   * Address.is(parseAddress('::1'))  // true
   * Address.is('::1')                // false
   * ```
   */
  static is(value: unknown): value is Address {
    return typeof value === 'object' && value !== null && #minted in value
  }

  /**
   * Same family and same bytes.
   *
   * @example
   * ```ts
   * parseAddress('::ffff:127.0.0.1').equals(parseAddress('127.0.0.1'))  // true
   * parseAddress('::127.0.0.1').equals(parseAddress('127.0.0.1'))       // false: that one is not mapped
   * ```
   */
  equals(other: Address): boolean {
    return (
      this.family === other.family &&
      this.d === other.d &&
      this.c === other.c &&
      this.b === other.b &&
      this.a === other.a
    )
  }

  /**
   * Orders IPv4 before IPv6, then by value.
   *
   * @returns Negative, 0 or positive, as `Array.prototype.sort` wants it.
   * @example
   * ```ts
   * ['::1', '10.0.0.9', '10.0.0.10'].map(parseAddress).sort((x, y) => x.compare(y)).join()
   * // '10.0.0.9,10.0.0.10,::1'
   * ```
   */
  compare(other: Address): number {
    return (
      this.family - other.family ||
      (this.a >>> 0) - (other.a >>> 0) ||
      (this.b >>> 0) - (other.b >>> 0) ||
      (this.c >>> 0) - (other.c >>> 0) ||
      (this.d >>> 0) - (other.d >>> 0)
    )
  }

  /**
   * The canonical text: dotted decimal, or RFC 5952 (lower case, no leading zeros, the first of the longest runs of
   * two or more zero groups shortened).
   *
   * @example
   * ```ts
   * parseAddress('2001:DB8:0:0:1:0:0:1').toString()  // '2001:db8::1:0:0:1'
   * ```
   */
  toString(): string {
    if (this.family === 4) return formatIpv4(this.d)
    return formatIpv6(this.a, this.b, this.c, this.d)
  }

  /** The canonical text, so that an address in a log line or an answer is readable. */
  toJSON(): string {
    return this.toString()
  }
}

/**
 * Makes an IPv4 address from its 32 bits.
 *
 * @param value - An integer from 0 to 2^32 - 1, or the same bits as a signed integer.
 * @throws OptionError (`ERR_OPTION_INVALID`) when the value is not such an integer.
 * @example
 * ```ts
 * ipv4(0x7f000001).toString()  // '127.0.0.1'
 * ```
 */
export function ipv4(value: number): Address {
  return new Address(MINT, 4, 0, 0, 0, word(value))
}

/**
 * Makes an address from the 128 bits of an IPv6 address, most significant word first. An IPv4-mapped one becomes the
 * IPv4 address.
 *
 * @param a - Bits 0 to 31, signed or unsigned, as are the others.
 * @throws OptionError (`ERR_OPTION_INVALID`) when a word is not a 32-bit integer.
 * @example
 * ```ts
 * ipv6(0xfd000000, 0, 0, 1).toString()       // 'fd00::1'
 * ipv6(0, 0, 0xffff, 0x7f000001).toString()  // '127.0.0.1'
 * ```
 */
export function ipv6(a: number, b: number, c: number, d: number): Address {
  const mapped = word(a) === 0 && word(b) === 0 && word(c) === 0xffff
  if (mapped) return new Address(MINT, 4, 0, 0, 0, word(d))
  return new Address(MINT, 6, word(a), word(b), word(c), word(d))
}

/**
 * Parses one canonical IPv4 address or one IPv6 address in any spelling of RFC 4291. Decides from characters, once:
 * leading zeros, octal, hex, short and integer forms, zones, brackets, ports, spaces and non-ASCII digits are refused.
 *
 * @throws AddressError (`ERR_ADDRESS_INVALID`) with the reason.
 * @example
 * ```ts
 * parseAddress('10.0.0.1').family             // 4
 * parseAddress('0:0:0:0:0:0:0:1').toString()  // '::1'
 * parseAddress('127.1')                       // throws: not an ip address: "127.1" (short-form): ...
 * ```
 */
export function parseAddress(text: string): Address {
  const address = tryParseAddress(text)
  if (address === null) throw new AddressError(typeof text === 'string' ? text : typeof text, diagnoseAddress(text))
  return address
}

const scratch = /* @__PURE__ */ new Int32Array(4)

/**
 * Parses as {@link parseAddress} does, for input from outside: any value may be given, and nothing is thrown.
 *
 * @returns The address, or `null`. A caller that filters must treat `null` as a refusal.
 * @example
 * ```ts
 * tryParseAddress('fd00::1')?.toString()  // 'fd00::1'
 * tryParseAddress('fd00::1%eth0')         // null
 * tryParseAddress(undefined)              // null
 * ```
 */
export function tryParseAddress(text: unknown): Address | null {
  if (typeof text !== 'string') return null
  const family = readAddress(text, 0, text.length, scratch)
  if (family === 0) return null
  // The scratch has four words by construction, which its type does not say.
  const [a, b, c, d] = scratch as unknown as readonly [number, number, number, number]
  return new Address(MINT, family, a, b, c, d)
}

function word(value: number): number {
  if (!Number.isInteger(value) || value < -0x80000000 || value > 0xffffffff) {
    throw new OptionError(`a word of an address must be a 32-bit integer, got ${String(value)}`)
  }
  return value | 0
}

function formatIpv4(d: number): string {
  return `${d >>> 24}.${(d >>> 16) & 0xff}.${(d >>> 8) & 0xff}.${d & 0xff}`
}

function formatIpv6(a: number, b: number, c: number, d: number): string {
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff]
  let start = 0
  let length = 1 // a single zero group is never shortened (RFC 5952 section 4.2.2)
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (groups[i + run] === 0) run++
    if (run > length) {
      start = i
      length = run
    }
    i += run
  }
  const text = groups.map((group) => group.toString(16))
  if (length === 1) return text.join(':')
  return `${text.slice(0, start).join(':')}::${text.slice(start + length).join(':')}`
}
