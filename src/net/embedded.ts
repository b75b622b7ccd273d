import { type Address, ipv4 } from './address.ts'
import { contains, type Prefix } from './network.ts'
import { parsePrefix } from './prefix.ts'

/** How an IPv4 address is held inside an IPv6 address. */
export type EmbeddedForm =
  | 'compatible'
  | 'translated'
  | 'nat64'
  | 'nat64-local'
  | '6to4'
  | 'teredo-server'
  | 'teredo-client'
  | 'isatap'

/** An IPv4 address found inside an IPv6 address. */
export interface EmbeddedIpv4 {
  readonly form: EmbeddedForm
  readonly address: Address
}

type Extractor = (address: Address) => readonly Address[]

interface EmbeddedRow {
  readonly form: EmbeddedForm
  readonly prefix: Prefix
  readonly extract: Extractor
}

const lastWord: Extractor = ({ d }) => [ipv4(d)]

/** Lengths of translation prefixes (RFC 6052 section 2.2). */
const TRANSLATION_LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96]

/** One row for each form; the most specific answer is not needed, every form that fits is reported. */
const FORMS: readonly EmbeddedRow[] = /* @__PURE__ */ embeddedForms()

function embeddedForms(): readonly EmbeddedRow[] {
  const row = (form: EmbeddedForm, prefix: string, extract: Extractor): EmbeddedRow => ({
    form,
    prefix: parsePrefix(prefix),
    extract,
  })
  return [
    // RFC 4291 section 2.5.5.1, deprecated. `::` and `::1` are addresses of their own.
    row('compatible', '::/96', ({ d }) => (d === 0 || d === 1 ? [] : [ipv4(d)])),
    // RFC 2765 section 2.1: `::ffff:0:a.b.c.d`, one group further left than mapped
    row('translated', '::ffff:0:0:0/96', lastWord),
    row('nat64', '64:ff9b::/96', lastWord),
    // RFC 8215 leaves the length to the operator: every reading counts, since only one of them need be dangerous.
    row('nat64-local', '64:ff9b:1::/48', (address) =>
      TRANSLATION_LENGTHS.filter((length) => length >= 48).map((length) => translatedAt(address, length)),
    ),
    row('6to4', '2002::/16', ({ a, b }) => [ipv4((a << 16) | (b >>> 16))]),
    row('teredo-server', '2001::/32', ({ b }) => [ipv4(b)]),
    // RFC 4380 section 4: the client is stored with every bit inverted
    row('teredo-client', '2001::/32', ({ d }) => [ipv4(~d)]),
    // RFC 5214 section 6.1: interface identifier 0000:5efe or 0200:5efe under any prefix; the u and g bits do not count
    row('isatap', '::/0', ({ c, d }) => ((c & ~0x03000000) === 0x00005efe ? [ipv4(d)] : [])),
  ]
}

/**
 * Every IPv4 address that an IPv6 address may lead to, through a translator or a tunnel. For egress checks: an IPv6
 * address is only as public as what it embeds, so refuse it unless each of these is allowed too.
 *
 * An IPv4-mapped address (`::ffff:127.0.0.1`) is the IPv4 address itself in this package, so it embeds nothing.
 * `::127.0.0.1` and `::7f00:1` are one address, of the form `compatible`, and not mapped. A translation prefix of the
 * operator's own is not recognised: see {@link translatedIpv4}.
 *
 * @returns Each form that fits, without repeats; empty for IPv4 and for most IPv6 addresses.
 * @example
 * ```ts
 * embeddedIpv4(parseAddress('64:ff9b::7f00:1')).map(({ form, address }) => `${form} ${address}`)
 * // ['nat64 127.0.0.1']
 * embeddedIpv4(parseAddress('2001:db8::1'))  // []
 * ```
 */
export function embeddedIpv4(address: Address): EmbeddedIpv4[] {
  const found: EmbeddedIpv4[] = []
  for (const { form, prefix, extract } of FORMS) {
    if (!contains(prefix, address)) continue
    for (const embedded of extract(address)) {
      if (found.some((other) => other.form === form && other.address.equals(embedded))) continue
      found.push(Object.freeze({ form, address: embedded }))
    }
  }
  return found
}

/**
 * The IPv4 address that a translator with this prefix sends packets to (RFC 6052 section 2.2).
 *
 * @param prefix - The translation prefix of the network, of length 32, 40, 48, 56, 64 or 96.
 * @returns `null` when the address is not under the prefix, or the prefix cannot be a translation prefix.
 * @example
 * ```ts
 * const prefix = parsePrefix('2001:db8:122:344::/64')
 * translatedIpv4(parseAddress('2001:db8:122:344:c0:2:2100::'), prefix)?.toString()  // '192.0.2.33'
 * ```
 */
export function translatedIpv4(address: Address, prefix: Prefix): Address | null {
  if (address.family === 4 || !TRANSLATION_LENGTHS.includes(prefix.length) || !contains(prefix, address)) return null
  return translatedAt(address, prefix.length)
}

/** Reads the 32 bits behind a translation prefix, stepping over bits 64 to 71, which RFC 6052 keeps 0. */
function translatedAt({ b, c, d }: Address, length: number): Address {
  if (length === 96) return ipv4(d)
  if (length === 32) return ipv4(b)
  // Without that octet, the 56 bits of `b` and the rest of `c` are one string: 24 bits of `c`, then those of `d`.
  const low = (c << 8) | (d >>> 24)
  if (length === 64) return ipv4(low)
  const shift = length - 32
  return ipv4((b << shift) | (low >>> (32 - shift)))
}
