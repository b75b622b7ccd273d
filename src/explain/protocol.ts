/** The protocol of a port that is given without one. */
export const TCP = 6

/** Names of IANA protocol numbers, as endpoints and policies write them. */
const PROTOCOLS: ReadonlyMap<unknown, number> = new Map([
  ['icmp', 1],
  ['tcp', TCP],
  ['udp', 17],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['sctp', 132],
])
const NAMES: ReadonlyMap<number, string> = new Map([...PROTOCOLS].map(([name, number]) => [number, String(name)]))

/** The IANA number of a protocol name or number, or `null` when it is neither. */
export function protocolNumber(protocol: unknown): number | null {
  if (typeof protocol !== 'number') return PROTOCOLS.get(protocol) ?? null
  return Number.isInteger(protocol) && protocol >= 0 && protocol <= 255 ? protocol : null
}

/** A protocol for people: its name when it has one, else its number. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol)
}
