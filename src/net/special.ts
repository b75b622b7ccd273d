import type { Address } from './address.ts'
import type { Prefix } from './network.ts'
import { parsePrefix } from './prefix.ts'
import { PrefixTable } from './table.ts'

export { INTERNET_PREFIXES, isGloballyReachable } from './internet.ts'

/** A row of the IANA special-purpose address registries. */
export interface SpecialPurpose {
  readonly prefix: Prefix
  readonly name: string
  /** The document that reserves it. */
  readonly rfc: string
  /**
   * The registry's column of that name (RFC 8190): whether packets to it are forwarded beyond an administrative
   * domain. `null` is "N/A". Not the answer of {@link isGloballyReachable}, which is stricter.
   */
  readonly globallyReachable: boolean | null
}

/**
 * The registries of 2025-10-09 (RFC 6890, RFC 8190 and later entries), and multicast, which has registries of its own. The mapped
 * block `::ffff:0:0/96` has no row: in this package it is IPv4.
 */
const ROWS: readonly (readonly [prefix: string, globallyReachable: boolean | null, rfc: string, name: string])[] = [
  ['0.0.0.0/8', false, 'RFC 791', 'this network'],
  ['0.0.0.0/32', false, 'RFC 1122', 'this host on this network'],
  ['10.0.0.0/8', false, 'RFC 1918', 'private use'],
  ['100.64.0.0/10', false, 'RFC 6598', 'shared address space'],
  ['127.0.0.0/8', false, 'RFC 1122', 'loopback'],
  ['169.254.0.0/16', false, 'RFC 3927', 'link local'],
  ['172.16.0.0/12', false, 'RFC 1918', 'private use'],
  ['192.0.0.0/24', false, 'RFC 6890', 'IETF protocol assignments'],
  ['192.0.0.0/29', false, 'RFC 7335', 'IPv4 service continuity'],
  ['192.0.0.8/32', false, 'RFC 7600', 'IPv4 dummy address'],
  ['192.0.0.9/32', true, 'RFC 7723', 'Port Control Protocol anycast'],
  ['192.0.0.10/32', true, 'RFC 8155', 'TURN anycast'],
  ['192.0.0.170/32', false, 'RFC 8880', 'NAT64 and DNS64 discovery'],
  ['192.0.0.171/32', false, 'RFC 8880', 'NAT64 and DNS64 discovery'],
  ['192.0.2.0/24', false, 'RFC 5737', 'documentation (TEST-NET-1)'],
  ['192.31.196.0/24', true, 'RFC 7535', 'AS112'],
  ['192.52.193.0/24', true, 'RFC 7450', 'AMT'],
  ['192.88.99.0/24', null, 'RFC 7526', 'deprecated 6to4 relay anycast'],
  ['192.88.99.2/32', false, 'RFC 6751', '6a44 relay anycast'],
  ['192.168.0.0/16', false, 'RFC 1918', 'private use'],
  ['192.175.48.0/24', true, 'RFC 7534', 'AS112 direct delegation'],
  ['198.18.0.0/15', false, 'RFC 2544', 'benchmarking'],
  ['198.51.100.0/24', false, 'RFC 5737', 'documentation (TEST-NET-2)'],
  ['203.0.113.0/24', false, 'RFC 5737', 'documentation (TEST-NET-3)'],
  ['224.0.0.0/4', null, 'RFC 5771', 'multicast'],
  ['240.0.0.0/4', false, 'RFC 1112', 'reserved'],
  ['255.255.255.255/32', false, 'RFC 919', 'limited broadcast'],
  ['::/128', false, 'RFC 4291', 'unspecified address'],
  ['::1/128', false, 'RFC 4291', 'loopback'],
  ['64:ff9b::/96', true, 'RFC 6052', 'IPv4-IPv6 translation'],
  ['64:ff9b:1::/48', false, 'RFC 8215', 'local-use IPv4-IPv6 translation'],
  ['100::/64', false, 'RFC 6666', 'discard only'],
  ['100:0:0:1::/64', false, 'RFC 9780', 'dummy prefix'],
  ['2001::/23', false, 'RFC 2928', 'IETF protocol assignments'],
  ['2001::/32', null, 'RFC 4380', 'Teredo'],
  ['2001:1::1/128', true, 'RFC 7723', 'Port Control Protocol anycast'],
  ['2001:1::2/128', true, 'RFC 8155', 'TURN anycast'],
  ['2001:1::3/128', true, 'RFC 9665', 'DNS-SD service registration anycast'],
  ['2001:2::/48', false, 'RFC 5180', 'benchmarking'],
  ['2001:3::/32', true, 'RFC 7450', 'AMT'],
  ['2001:4:112::/48', true, 'RFC 7535', 'AS112'],
  ['2001:10::/28', null, 'RFC 4843', 'deprecated ORCHID'],
  ['2001:20::/28', true, 'RFC 7343', 'ORCHIDv2'],
  ['2001:30::/28', true, 'RFC 9374', 'drone remote identification'],
  ['2001:db8::/32', false, 'RFC 3849', 'documentation'],
  ['2002::/16', null, 'RFC 3056', '6to4'],
  ['2620:4f:8000::/48', true, 'RFC 7534', 'AS112 direct delegation'],
  ['3fff::/20', false, 'RFC 9637', 'documentation'],
  ['5f00::/16', false, 'RFC 9602', 'segment routing identifiers'],
  ['fc00::/7', false, 'RFC 4193', 'unique local'],
  ['fe80::/10', false, 'RFC 4291', 'link local'],
  ['ff00::/8', null, 'RFC 4291', 'multicast'],
]

/**
 * The special-purpose blocks as data, in order of address, an enclosing block before what is inside it.
 *
 * @example
 * ```ts
 * SPECIAL_PURPOSE.find(({ name }) => name === 'loopback')?.rfc  // 'RFC 1122'
 * ```
 */
export const SPECIAL_PURPOSE: readonly SpecialPurpose[] = /* @__PURE__ */ specialPurposeRows()

const SPECIAL_PURPOSE_TABLE = /* @__PURE__ */ specialPurposeTable()

/**
 * The most specific special-purpose block that an address is in, or `null`.
 *
 * @example
 * ```ts
 * specialPurposeOf(parseAddress('169.254.169.254'))?.name  // 'link local'
 * specialPurposeOf(parseAddress('8.8.8.8'))                // null
 * ```
 */
export function specialPurposeOf(address: Address): SpecialPurpose | null {
  return SPECIAL_PURPOSE_TABLE.lookup(address) ?? null
}

function specialPurposeRows(): readonly SpecialPurpose[] {
  return ROWS.map(([text, globallyReachable, rfc, name]) =>
    Object.freeze({ prefix: parsePrefix(text), name, rfc, globallyReachable }),
  ).sort((one, other) => one.prefix.compare(other.prefix))
}

function specialPurposeTable(): PrefixTable<SpecialPurpose> {
  return new PrefixTable(SPECIAL_PURPOSE.map((row) => ({ prefix: row.prefix, value: row })))
}
