import { SallyportError } from '../errors.ts'
import { type AddressError, addressExpectation, quoteInput } from './address-error.ts'

/** No spelling of a prefix is longer: an address, a slash and three digits. */
export const MAX_PREFIX_LENGTH = 49

/** What was expected, for each reason. The only place that names the reasons. */
const EXPECTED = {
  type: 'expected a string',
  empty: 'expected a prefix, got an empty string',
  'too-long': `expected at most ${MAX_PREFIX_LENGTH} characters`,
  whitespace: 'expected no spaces or line breaks',
  address: 'expected an ip address before the slash',
  length: 'expected a length from 0 to 32 (IPv4) or 0 to 128 (IPv6) after the slash',
  'leading-zero': 'expected decimal numbers without leading zeros: some programs read them as octal',
  'short-form': 'expected all octets or groups of the address',
  netmask: 'expected a length such as /8 after the slash, got a mask',
  'host-bits': 'expected every bit behind the length to be 0',
  mapped: 'an IPv4-mapped prefix shorter than /96 would hold both families; write one prefix for each',
} as const

/** Why a text is not a prefix. New reasons may be added: give a `switch` a default. */
export type PrefixReason = keyof typeof EXPECTED

/**
 * The text is not one canonical prefix.
 *
 * @example
 * ```ts
 * try {
 *   parsePrefix('10.0.0.5/8')
 * } catch (error) {
 *   if (error instanceof PrefixError) error.fix // '10.0.0.0/8'
 * }
 * ```
 */
export class PrefixError extends SallyportError {
  override readonly name = 'PrefixError'
  readonly code = 'ERR_PREFIX_INVALID'
  /** What was given, whole; the message quotes its first 64 characters. */
  readonly input: string
  readonly reason: PrefixReason
  /** The prefix that was meant, when only one can have been meant. Itself a valid prefix. */
  readonly fix: string | null

  constructor(input: string, reason: PrefixReason, fix: string | null, cause?: AddressError) {
    const expected = cause === undefined ? EXPECTED[reason] : addressExpectation(cause.reason)
    const advice = fix === null ? '' : `; write ${fix}`
    super(`not a prefix: ${quoteInput(input)} (${reason}): ${expected}${advice}`, cause && { cause })
    this.input = input
    this.reason = reason
    this.fix = fix
  }
}
