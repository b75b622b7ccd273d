import { Address } from '../../src/net/address.ts'
import type { Prefix } from '../../src/net/prefix.ts'

/** An address as one number. The parser here shares nothing with the one under test. */
export interface IpAddress {
  readonly family: 4 | 6
  readonly value: bigint
}

/** `null` is no address. An IPv4-mapped IPv6 address is the IPv4 address. */
export function parseIp(text: string): IpAddress | null {
  if (!text.includes(':')) {
    const value = parseDotted(text)
    return value === null ? null : { family: 4, value }
  }
  const value = parseColons(text)
  return value === null ? null : unmapped(value)
}

/** True for an address of `sallyport/net`, and not for an object that looks like one. */
export function isAddressObject(value: unknown): value is Address {
  return value instanceof Address
}

/** The same address in the shape of this module. */
export function readAddressObject({ family, a, b, c, d }: Address): IpAddress {
  const value = [a, b, c, d].reduce((bits, word) => (bits << 32n) | BigInt(word >>> 0), 0n)
  return family === 4 ? { family, value } : unmapped(value)
}

/** True when the first `prefix.length` bits are those of the prefix. */
export function isInPrefix({ family, value }: IpAddress, prefix: Prefix): boolean {
  const network = readAddressObject(prefix.address)
  return network.family === family && isInBlock(value, network.value, prefix.length, family)
}

/**
 * The blocks of the IANA special-purpose registries that the tests touch and that are not globally reachable. The tests
 * keep away from the rest of the registries, which have tests of their own.
 */
const NOT_REACHABLE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '240.0.0.0/4',
  '::/127',
  'fc00::/7',
  'fe80::/10',
].map((text) => {
  const [address = '', length] = text.split('/')
  const parsed = parseIp(address)
  if (parsed === null) throw new TypeError(`not a block: ${text}`)
  return { ...parsed, length: Number(length) }
})

/** Whether the address is in the built-in segment `internet`. */
export function isGloballyReachable({ family, value }: IpAddress): boolean {
  return !NOT_REACHABLE.some((block) => block.family === family && isInBlock(value, block.value, block.length, family))
}

function isInBlock(value: bigint, network: bigint, length: number, family: 4 | 6): boolean {
  const hostBits = BigInt((family === 4 ? 32 : 128) - length)
  return value >> hostBits === network >> hostBits
}

function unmapped(value: bigint): IpAddress {
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value }
}

/** Four decimal numbers from 0 to 255 without leading zeros. */
function parseDotted(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  if (!parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return null
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

/** Eight groups of one to four hex digits; `::` once for one or more groups of zero; the last two may be dotted. */
function parseColons(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const tail = groups.at(-1)
  const last = tail?.at(-1)
  if (tail !== undefined && last?.includes('.')) {
    const dotted = parseDotted(last)
    if (dotted === null) return null
    tail.splice(-1, 1, (dotted >> 16n).toString(16), (dotted & 0xffffn).toString(16))
  }
  const [left = [], right = []] = groups
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!all.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return null
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n)
}
