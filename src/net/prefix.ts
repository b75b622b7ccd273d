import { tryParseAddress } from './address.ts'
import { AddressError, diagnoseAddress } from './address-error.ts'
import { addressBits, maskedPrefix, type Prefix } from './network.ts'
import { MAX_PREFIX_LENGTH, PrefixError, type PrefixReason } from './prefix-error.ts'

export {
  contains,
  covers,
  firstAddress,
  lastAddress,
  maskedPrefix,
  overlaps,
  Prefix,
  prefixOf,
} from './network.ts'
export { PrefixError, type PrefixReason } from './prefix-error.ts'

/** Length of the prefix that holds every IPv4-mapped address. */
const MAPPED_BITS = 96

/**
 * Parses a prefix in CIDR notation; a bare address is the prefix of that address alone. Nothing is repaired: host
 * bits, leading zeros, short forms and masks are refused, because programs disagree about what they mean (`10/8` is
 * `10.0.0.0/8` to a person and `0.0.0.0/8` to some libraries).
 *
 * An IPv4-mapped prefix of /96 or longer is the IPv4 prefix. A shorter one holds both families and is refused.
 *
 * @throws PrefixError (`ERR_PREFIX_INVALID`) with the reason and, where only one network can have been meant, the fix.
 * @example
 * ```ts
 * parsePrefix('10.0.0.0/8').toString()         // '10.0.0.0/8'
 * parsePrefix('fd00::1').toString()            // 'fd00::1/128'
 * parsePrefix('::ffff:10.0.0.0/104').toString() // '10.0.0.0/8'
 * parsePrefix('10/8')                          // throws: not a prefix: "10/8" (short-form): ...; write 10.0.0.0/8
 * ```
 */
export function parsePrefix(text: string): Prefix {
  if (typeof text !== 'string') throw new PrefixError(typeof text, 'type', null)
  if (text.length > MAX_PREFIX_LENGTH) throw new PrefixError(text, 'too-long', null)
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const address = tryParseAddress(host)
  if (address === null) throw refuseAddress(text, host, slash < 0 ? null : text.slice(slash + 1))
  if (slash < 0) return maskedPrefix(address)

  const skipped = address.family === 4 && host.includes(':') ? MAPPED_BITS : 0
  const bits = skipped + addressBits(address.family)
  const length = readLength(text, slash + 1)
  if (length < 0 || length > bits) throw refuseLength(text, host, text.slice(slash + 1))
  if (length < skipped) throw new PrefixError(text, 'mapped', null)
  const prefix = maskedPrefix(address, length - skipped)
  if (!prefix.address.equals(address)) {
    // Who writes `10.0.0.5/0` hardly means everybody: that is no fix to offer.
    throw new PrefixError(text, 'host-bits', prefix.length === 0 ? null : prefix.toString())
  }
  return prefix
}

/** One to three decimal digits up to the end of the text, no leading zero; -1 otherwise. */
function readLength(text: string, start: number): number {
  const digits = text.length - start
  if (digits < 1 || digits > 3) return -1
  let value = 0
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    if (i > start && value === 0) return -1
    value = value * 10 + digit
  }
  return value
}

// From here on the text is refused already: what follows only finds the words for it.

function refuseAddress(text: string, host: string, length: string | null): PrefixError {
  if (text === '') return new PrefixError(text, 'empty', null)
  if (/[ \t\r\n]/.test(text)) {
    const closed = text.trim().replace(/[ \t]*\/[ \t]*/, '/')
    return new PrefixError(text, 'whitespace', /\s/.test(closed) ? null : fixOf(closed))
  }
  const reason = diagnoseAddress(host)
  const suffix = length === null ? '' : `/${length}`
  if (reason === 'octal' && !host.includes(':')) {
    return new PrefixError(text, 'leading-zero', fixLeadingZeros(host, suffix))
  }
  if (reason === 'short-form' && !host.includes(':')) {
    return new PrefixError(text, 'short-form', length === null ? null : fixOf(`${padOctets(host)}${suffix}`))
  }
  // `fd00/8`, `2001:db8/32`: the trailing `::` is missing
  const padded = length === null || host.includes('::') ? null : fixOf(`${host}::${suffix}`)
  if (reason === 'syntax' && padded !== null) return new PrefixError(text, 'short-form', padded)
  return new PrefixError(text, 'address', null, new AddressError(host, reason))
}

function refuseLength(text: string, host: string, length: string): PrefixError {
  const trimmed = length.trim()
  if (trimmed !== length) return new PrefixError(text, 'whitespace', fixOf(`${host}/${trimmed}`))
  if (/^0\d+$/.test(length)) return new PrefixError(text, 'leading-zero', fixOf(`${host}/${Number(length)}`))
  const reason: PrefixReason = tryParseAddress(length) === null ? 'length' : 'netmask'
  return new PrefixError(text, reason, reason === 'netmask' ? fixNetmask(host, length) : null)
}

/**
 * The prefix that a repaired text is, or is fixed to in turn: one text can have several faults. Ends, because each
 * caller removes its fault for good: no space, no leading zero, no missing octet or `::` and no mask comes back.
 */
function fixOf(repaired: string): string | null {
  try {
    return parsePrefix(repaired).toString()
  } catch (error) {
    if (error instanceof PrefixError) return error.fix
    throw error
  }
}

function padOctets(host: string): string {
  return [...host.split('.'), '0', '0', '0'].slice(0, 4).join('.')
}

/** `010` is 8 or 10, depending on who reads: only octets that are the same number in both readings have a fix. */
function fixLeadingZeros(host: string, suffix: string): string | null {
  const octets = host.split('.')
  const ambiguous = octets.some((octet) => /^0[0-7]+$/.test(octet) && Number(octet) > 7)
  return ambiguous ? null : fixOf(octets.map(Number).join('.') + suffix)
}

function fixNetmask(host: string, mask: string): string | null {
  const address = tryParseAddress(mask)
  const ones = tryParseAddress('255.255.255.255')
  if (address === null || ones === null || address.family !== 4) return null
  for (let length = 0; length <= 32; length++) {
    if (maskedPrefix(ones, length).address.equals(address)) return fixOf(`${host}/${length}`)
  }
  return null
}
