import { OptionError } from '../errors.ts'
import { type Address, ipv4, ipv6 } from './address.ts'
import { covers, firstAddress, halvesOf, lastAddress, maskedPrefix, overlaps, type Prefix } from './network.ts'

/** Addresses from `from` up to and including `to`, of one family. */
export interface AddressRange {
  readonly from: Address
  readonly to: Address
}

/** Everything, one network for each family. */
const ROOTS: readonly Prefix[] = /* @__PURE__ */ [ipv4(0), ipv6(0, 0, 0, 0)].map((address) => maskedPrefix(address, 0))

/**
 * Makes a range, both ends included.
 *
 * @throws OptionError (`ERR_OPTION_INVALID`) when the families differ or `from` is after `to`.
 * @example
 * ```ts
 * addressRange(parseAddress('10.0.0.1'), parseAddress('10.0.0.9'))
 * ```
 */
export function addressRange(from: Address, to: Address): AddressRange {
  if (from.family !== to.family) throw new OptionError(`a range has one family, got ${from} to ${to}`)
  if (from.compare(to) > 0) throw new OptionError(`a range starts at its lower end, got ${from} to ${to}`)
  return Object.freeze({ from, to })
}

/**
 * The range that a network is.
 *
 * @example
 * ```ts
 * rangeOf(parsePrefix('10.0.0.0/30')).to.toString()  // '10.0.0.3'
 * ```
 */
export function rangeOf(prefix: Prefix): AddressRange {
  return addressRange(firstAddress(prefix), lastAddress(prefix))
}

/**
 * The fewest networks that hold exactly the addresses of a range, in order.
 *
 * @example
 * ```ts
 * rangeToPrefixes(addressRange(parseAddress('10.0.0.1'), parseAddress('10.0.0.4'))).join()
 * // '10.0.0.1/32,10.0.0.2/31,10.0.0.4/32'
 * ```
 */
export function rangeToPrefixes(range: AddressRange): Prefix[] {
  const { from, to } = addressRange(range.from, range.to)
  const result: Prefix[] = []
  const visit = (node: Prefix): void => {
    const first = firstAddress(node)
    const last = lastAddress(node)
    if (last.compare(from) < 0 || first.compare(to) > 0) return
    if (first.compare(from) >= 0 && last.compare(to) <= 0) result.push(node)
    else halvesOf(node).forEach(visit)
  }
  ROOTS.filter((root) => root.address.family === from.family).forEach(visit)
  return result
}

/**
 * The fewest networks that hold exactly the addresses of the given ones, in order, IPv4 first.
 *
 * @example
 * ```ts
 * mergePrefixes(['10.1.0.0/16', '10.0.0.0/16', '10.0.9.0/24'].map(parsePrefix)).join()  // '10.0.0.0/15'
 * ```
 */
export function mergePrefixes(prefixes: Iterable<Prefix>): Prefix[] {
  // In order, a network is covered by the last one kept or by none, and only the last two can be siblings.
  const kept: Prefix[] = []
  for (const prefix of [...prefixes].sort((one, other) => one.compare(other))) {
    const last = kept.at(-1)
    if (last !== undefined && covers(last, prefix)) continue
    kept.push(prefix)
    for (let parent = parentOfLastTwo(kept); parent !== null; parent = parentOfLastTwo(kept)) {
      kept.splice(-2, 2, parent)
    }
  }
  return kept
}

/**
 * The fewest networks that hold exactly the addresses of `prefixes` that are in none of `removed`, in order.
 *
 * @example
 * ```ts
 * subtractPrefixes([parsePrefix('10.0.0.0/30')], [parsePrefix('10.0.0.1')]).join()  // '10.0.0.0/32,10.0.0.2/31'
 * ```
 */
export function subtractPrefixes(prefixes: Iterable<Prefix>, removed: Iterable<Prefix>): Prefix[] {
  const result: Prefix[] = []
  const visit = (node: Prefix, wanted: readonly Prefix[], unwanted: readonly Prefix[]): void => {
    const inside = wanted.filter((prefix) => overlaps(prefix, node))
    const outside = unwanted.filter((prefix) => overlaps(prefix, node))
    if (inside.length === 0 || outside.some((prefix) => covers(prefix, node))) return
    if (outside.length > 0) for (const half of halvesOf(node)) visit(half, inside, outside)
    else result.push(...inside.map((prefix) => (covers(prefix, node) ? node : prefix)))
  }
  const wanted = mergePrefixes(prefixes)
  const unwanted = mergePrefixes(removed)
  for (const root of ROOTS) visit(root, wanted, unwanted)
  return result
}

function parentOfLastTwo(kept: readonly Prefix[]): Prefix | null {
  const low = kept.at(-2)
  const high = kept.at(-1)
  if (low === undefined || high === undefined || low.length !== high.length || low.length === 0) return null
  const parent = maskedPrefix(low.address, low.length - 1)
  return covers(parent, high) ? parent : null
}
