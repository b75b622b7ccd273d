/** IANA number of the protocol that a port without a protocol means. */
export const TCP = 6

/** Names of protocols that policies and endpoints may use (IANA protocol numbers). */
export const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['tcp', 6],
  ['udp', 17],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['sctp', 132],
])

/** The number of a protocol given by name or number, or -1. */
export function protocolNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 255 ? value : -1
  if (typeof value !== 'string') return -1
  return PROTOCOL_NUMBERS.get(value) ?? -1
}
