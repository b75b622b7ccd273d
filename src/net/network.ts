import { OptionError } from '../errors.ts'
import { type Address, ipv4, ipv6 } from './address.ts'

/** Only this module can mint a prefix, so no prefix has host bits or a length beyond its family. */
const MINT = Symbol('mint')

/**
 * A network: an address whose bits behind `length` are all 0. Immutable. Made by {@link parsePrefix},
 * {@link prefixOf} and {@link maskedPrefix}; the constructor refuses everyone else.
 *
 * `::/0` is every IPv6 address. It holds no IPv4 address, mapped ones included: those are IPv4.
 *
 * @example
 * ```ts
 * const prefix = parsePrefix('10.0.0.0/8')
 * prefix.length           // 8
 * String(prefix.address)  // '10.0.0.0'
 * ```
 */
export class Prefix {
  /** The first address of the network. */
  readonly address: Address
  /** 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly length: number
  readonly #minted = true

  /** @internal */
  constructor(mint: typeof MINT, address: Address, length: number) {
    if (mint !== MINT) throw new OptionError('a prefix is made by parsePrefix(), prefixOf() or maskedPrefix()')
    this.address = address
    this.length = length
    Object.freeze(this)
  }

  /**
   * Tells whether a value is a prefix of this module, and not merely shaped like one.
   *
   * @example
   * ```ts
   * Prefix.is(parsePrefix('::/0'))  // true
   * Prefix.is('::/0')               // false
   * ```
   */
  static is(value: unknown): value is Prefix {
    return typeof value === 'object' && value !== null && #minted in value
  }

  /**
   * Same network.
   *
   * @example
   * ```ts
   * parsePrefix('::ffff:10.0.0.0/104').equals(parsePrefix('10.0.0.0/8'))  // true
   * ```
   */
  equals(other: Prefix): boolean {
    return this.length === other.length && this.address.equals(other.address)
  }

  /**
   * Orders by address, then the wider network first.
   *
   * @example
   * ```ts
   * ['10.0.0.0/16', '10.0.0.0/8', '9.0.0.0/8'].map(parsePrefix).sort((x, y) => x.compare(y)).join()
   * // '9.0.0.0/8,10.0.0.0/8,10.0.0.0/16'
   * ```
   */
  compare(other: Prefix): number {
    return this.address.compare(other.address) || this.length - other.length
  }

  /** The canonical text, always with a length: `10.0.0.0/8`, `fd00::1/128`. */
  toString(): string {
    return `${this.address.toString()}/${this.length}`
  }

  /** The canonical text. */
  toJSON(): string {
    return this.toString()
  }
}

/**
 * Makes the network of this length around an address; the host bits are cleared.
 *
 * @param length - 0 to 32 for IPv4, 0 to 128 for IPv6. Default: the address alone.
 * @throws OptionError (`ERR_OPTION_INVALID`) when the length is not an integer of that range.
 * @example
 * ```ts
 * maskedPrefix(parseAddress('10.1.2.3'), 8).toString()  // '10.0.0.0/8'
 * maskedPrefix(parseAddress('::1')).toString()          // '::1/128'
 * ```
 */
export function maskedPrefix(address: Address, length: number = addressBits(address.family)): Prefix {
  checkLength(address, length)
  return new Prefix(MINT, setHostBits(address, length, false), length)
}

/**
 * Makes a prefix of exactly this address.
 *
 * @throws OptionError (`ERR_OPTION_INVALID`) when the length is out of range or the address has host bits: a program
 *   that means the network around an address calls {@link maskedPrefix}.
 * @example
 * ```ts
 * prefixOf(parseAddress('10.0.0.0'), 8).toString()  // '10.0.0.0/8'
 * prefixOf(parseAddress('10.0.0.5'), 8)             // throws
 * ```
 */
export function prefixOf(address: Address, length: number): Prefix {
  const prefix = maskedPrefix(address, length)
  if (!prefix.address.equals(address)) {
    throw new OptionError(`${address}/${length} has host bits; the network is ${prefix}`)
  }
  return prefix
}

/**
 * Tells whether a network holds an address. Networks and addresses of different families never match.
 *
 * @example
 * ```ts
 * contains(parsePrefix('10.0.0.0/8'), parseAddress('::ffff:10.1.2.3'))  // true
 * contains(parsePrefix('::/0'), parseAddress('10.1.2.3'))               // false
 * ```
 */
export function contains(prefix: Prefix, address: Address): boolean {
  return prefix.address.family === address.family && sameBits(prefix.address, address, prefix.length)
}

/**
 * Tells whether every address of `inner` is in `outer`. A network covers itself.
 *
 * @example
 * ```ts
 * covers(parsePrefix('10.0.0.0/8'), parsePrefix('10.1.0.0/16'))  // true
 * covers(parsePrefix('10.1.0.0/16'), parsePrefix('10.0.0.0/8'))  // false
 * ```
 */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address)
}

/**
 * Tells whether two networks share an address. Two networks are disjoint, or one covers the other.
 *
 * @example
 * ```ts
 * overlaps(parsePrefix('10.1.0.0/16'), parsePrefix('10.0.0.0/8'))  // true
 * ```
 */
export function overlaps(one: Prefix, other: Prefix): boolean {
  return covers(one, other) || covers(other, one)
}

/**
 * The lowest address of a network.
 *
 * @example
 * ```ts
 * firstAddress(parsePrefix('10.0.0.0/8')).toString()  // '10.0.0.0'
 * ```
 */
export function firstAddress(prefix: Prefix): Address {
  return prefix.address
}

/**
 * The highest address of a network: the broadcast address of an IPv4 subnet. IPv4-mapped addresses are in no IPv6
 * network, so the last one of `::/80` is `::fffe:ffff:ffff`.
 *
 * @example
 * ```ts
 * lastAddress(parsePrefix('10.0.0.0/8')).toString()  // '10.255.255.255'
 * ```
 */
export function lastAddress(prefix: Prefix): Address {
  const last = setHostBits(prefix.address, prefix.length, true)
  return last.family === prefix.address.family ? last : ipv6(0, 0, 0xfffe, -1)
}

/**
 * The two networks one bit longer that make up a network, lower one first; none for a single address. The half that
 * would be the IPv4-mapped block is left out: it holds no IPv6 address.
 *
 * @internal
 */
export function halvesOf(prefix: Prefix): readonly Prefix[] {
  const { address, length } = prefix
  if (length === addressBits(address.family)) return []
  const lower = new Prefix(MINT, address, length + 1)
  const bit = 1 << (31 - (length & 31))
  const { family, a, b, c, d } = address
  if (family === 4) return [lower, new Prefix(MINT, ipv4(d | bit), length + 1)]
  const word = length >> 5
  const upper = ipv6(
    word === 0 ? a | bit : a,
    word === 1 ? b | bit : b,
    word === 2 ? c | bit : c,
    word === 3 ? d | bit : d,
  )
  return upper.family === 4 ? [lower] : [lower, new Prefix(MINT, upper, length + 1)]
}

/** Bits of an address of this family. */
export function addressBits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128
}

/**
 * The network mask of one 32-bit word.
 *
 * @param bits - Network bits in or before this word, as a number of bits from its start; below 0 counts as 0 and
 *   above 32 as 32. (A shift by 32 is a shift by 0 in JavaScript, hence the cases.)
 * @internal
 */
export function wordMask(bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? -1 : -1 << (32 - bits)
}

function sameBits(one: Address, other: Address, length: number): boolean {
  if (one.family === 4) return ((one.d ^ other.d) & wordMask(length)) === 0
  const difference =
    ((one.a ^ other.a) & wordMask(length)) |
    ((one.b ^ other.b) & wordMask(length - 32)) |
    ((one.c ^ other.c) & wordMask(length - 64)) |
    ((one.d ^ other.d) & wordMask(length - 96))
  return difference === 0
}

function setHostBits(address: Address, length: number, ones: boolean): Address {
  const set = (word: number, bits: number): number => (ones ? word | ~wordMask(bits) : word & wordMask(bits))
  const { family, a, b, c, d } = address
  if (family === 4) return ipv4(set(d, length))
  return ipv6(set(a, length), set(b, length - 32), set(c, length - 64), set(d, length - 96))
}

function checkLength(address: Address, length: number): void {
  const bits = addressBits(address.family)
  if (!Number.isInteger(length) || length < 0 || length > bits) {
    throw new OptionError(`the length of an IPv${address.family} prefix must be an integer from 0 to ${bits}`)
  }
}
