import { SallyportError } from '../errors.ts'
import { MAX_ADDRESS_LENGTH } from './read-address.ts'

/** What was expected, for each reason. The only place that names the reasons. */
const EXPECTED = {
  type: 'expected a string',
  empty: 'expected an address, got an empty string',
  length: `expected at most ${MAX_ADDRESS_LENGTH} characters`,
  whitespace: 'expected no spaces, line breaks or control characters',
  character: 'expected ASCII digits, letters a to f, dots and colons',
  zone: 'expected no zone: a zone means something on one host only',
  bracket: 'expected no brackets',
  port: 'expected an address without a port',
  prefix: 'expected an address, got a prefix',
  octal: 'expected octets without leading zeros: some programs read them as octal',
  hex: 'expected decimal octets, got a hexadecimal form',
  'short-form': 'expected all four octets, as in 10.0.0.1',
  range: 'expected octets up to 255 and groups of at most four hexadecimal digits',
  syntax: 'expected an IPv4 address such as 10.0.0.1 or an IPv6 address such as fd00::1',
} as const

/** Why a text is not an address. New reasons may be added: give a `switch` a default. */
export type AddressReason = keyof typeof EXPECTED

/**
 * The text is not one canonical IPv4 or IPv6 address.
 *
 * @example
 * ```ts
 * try {
 *   parseAddress('010.0.0.1')
 * } catch (error) {
 *   if (error instanceof AddressError) error.reason // 'octal'
 * }
 * ```
 */
export class AddressError extends SallyportError {
  override readonly name = 'AddressError'
  readonly code = 'ERR_ADDRESS_INVALID'
  /** What was given, whole; the message quotes its first 64 characters. */
  readonly input: string
  readonly reason: AddressReason

  constructor(input: string, reason: AddressReason) {
    super(`not an ip address: ${quoteInput(input)} (${reason}): ${EXPECTED[reason]}`)
    this.input = input
    this.reason = reason
  }
}

/** What a text with this fault should have been. */
export function addressExpectation(reason: AddressReason): string {
  return EXPECTED[reason]
}

/** At most 64 characters, quoted, ASCII only: input from outside must not break or disguise a line of a log. */
export function quoteInput(input: string): string {
  return quoteAscii(input.length > 64 ? `${input.slice(0, 64)}...` : input)
}

/** The whole text, quoted, ASCII only. */
export function quoteAscii(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Says why a text was refused. Runs only after the reader has refused it, so nothing here can let an address in.
 *
 * @internal
 */
export function diagnoseAddress(text: unknown): AddressReason {
  if (typeof text !== 'string') return 'type'
  if (text.length === 0) return 'empty'
  if (text.length > MAX_ADDRESS_LENGTH) return 'length'
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code <= 32 || code === 127) return 'whitespace'
    if (code > 127) return 'character'
  }
  if (text.includes('%')) return 'zone'
  if (/\]:\d*$/.test(text)) return 'port'
  if (/[[\]]/.test(text)) return 'bracket'
  if (text.includes('/')) return 'prefix'
  if (/^\d+(\.\d+)+:\d*$/.test(text)) return 'port'
  if (!text.includes(':')) return diagnoseIpv4(text)
  const tail = text.slice(text.lastIndexOf(':') + 1)
  if (tail.includes('.')) {
    const reason = diagnoseIpv4(tail)
    if (reason !== 'syntax') return reason
  }
  return /[\da-f]{5}/i.test(text) ? 'range' : 'syntax'
}

function diagnoseIpv4(text: string): AddressReason {
  if (/^0x[\da-f]|\.0x[\da-f]/i.test(text)) return 'hex'
  if (!/^\d+(\.\d+)*$/.test(text)) return 'syntax'
  const octets = text.split('.')
  if (octets.some((octet) => octet.length > 1 && octet.startsWith('0'))) return 'octal'
  if (octets.length < 4) return 'short-form'
  if (octets.length === 4 && octets.some((octet) => Number(octet) > 255)) return 'range'
  return 'syntax'
}
