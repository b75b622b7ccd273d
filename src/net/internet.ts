import type { Address } from './address.ts'
import { covers, halvesOf, type Prefix } from './network.ts'
import { parsePrefix } from './prefix.ts'
import { PrefixTable } from './table.ts'

// What the registries of `special.ts` come to, in so many words: a policy needs the outcome and not each row with its
// name and its RFC. A test works the outcome out from the rows again.
const UNICAST = '0.0.0.0/0 2000::/3'
const REFUSED =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 2001::/23 2001:db8::/32 2002::/16 3fff::/20'
/** Reachable blocks inside refused ones. */
const REACHABLE = '192.0.0.9/32 192.0.0.10/32 2001:1::1/128 2001:1::2/127 2001:3::/32 2001:4:112::/48 2001:20::/27'

/**
 * The fewest networks that hold the globally reachable unicast addresses: the built-in segment `internet`.
 *
 * IPv4 without, and IPv6 `2000::/3` (all that IANA assigns for global unicast) without, every block that the
 * registries do not call globally reachable; the blocks inside those that they do call so are kept. "N/A" counts as no.
 *
 * Addresses that carry an IPv4 address are not in it, whatever they carry: `64:ff9b::/96` (reachable by the
 * registry), `2002::/16` and Teredo. `64:ff9b::a00:1` is `10.0.0.1` behind a translator, so here the embedded address
 * would have to decide; a list of prefixes cannot ask it, and fails closed. Where such addresses must be let through,
 * unwrap them with `embeddedIpv4` first. ISATAP identifiers can stand under any prefix and cannot be listed at all.
 *
 * @example
 * ```ts
 * INTERNET_PREFIXES.some((prefix) => contains(prefix, parseAddress('10.0.0.1')))  // false
 * ```
 */
export const INTERNET_PREFIXES: readonly Prefix[] = /* @__PURE__ */ internetPrefixes()

const INTERNET_TABLE = /* @__PURE__ */ new PrefixTable(INTERNET_PREFIXES.map((prefix) => ({ prefix, value: true })))

/**
 * Tells whether an address is in {@link INTERNET_PREFIXES}: global unicast, no special purpose, no embedded IPv4
 * address. A refusal to connect to anything else is the core of a check against server-side request forgery; apply
 * it to the address that is connected to, not to a name.
 *
 * @example
 * ```ts
 * isGloballyReachable(parseAddress('8.8.8.8'))            // true
 * isGloballyReachable(parseAddress('169.254.169.254'))    // false
 * isGloballyReachable(parseAddress('64:ff9b::808:808'))   // false
 * ```
 */
export function isGloballyReachable(address: Address): boolean {
  return INTERNET_TABLE.lookup(address) === true
}

function internetPrefixes(): readonly Prefix[] {
  const result: Prefix[] = []
  const read = (list: string): readonly Prefix[] => list.split(' ').map(parsePrefix)
  const refused = read(REFUSED)
  const blocks = [...refused, ...read(REACHABLE)]
  // The most specific block around a network decides, once no block parts the network any more.
  const visit = (node: Prefix, inside: readonly Prefix[], reachable: boolean): void => {
    const own = inside.find((block) => block.equals(node))
    const verdict = own === undefined ? reachable : !refused.includes(own)
    const within = inside.filter((block) => block !== own && covers(node, block))
    if (within.length > 0) for (const half of halvesOf(node)) visit(half, within, verdict)
    else if (verdict) result.push(node)
  }
  for (const space of read(UNICAST)) visit(space, blocks, true)
  return Object.freeze(result)
}
