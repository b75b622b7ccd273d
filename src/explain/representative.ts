import type { EndpointObject } from '../facts/endpoint.ts'
import { type Address, ipv4, ipv6, tryParseAddress } from '../net/address.ts'
import { firstAddress, lastAddress, type Prefix } from '../net/prefix.ts'
import { ANY_SEGMENT, INTERNET_SEGMENT, type PolicyModel, type Selector } from '../policy/model.ts'
import { Membership } from './membership.ts'
import { isMalformed } from './plain-data.ts'
import { readEndpoint } from './read-endpoint.ts'

/** The members of an endpoint that say where it is. */
export type Place = Pick<EndpointObject, 'address' | 'workload' | 'segment' | 'labels'>

/** Prefixes of one selector that are tried: a segment may hold thousands, and one address of it is enough. */
const TRIED_PREFIXES = 32
const TRIED_PLACES = 256

/** Globally reachable addresses that are known to stay so, for the segment `internet`. */
const INTERNET_ADDRESSES = ['1.1.1.1', '2606:4700:4700::1111']
/** Addresses of the documentation (RFC 5737, RFC 3849), and one that is global: most policies have them in no segment. */
const ELSEWHERE = ['192.0.2.1', '198.51.100.1', '2001:db8::1', ...INTERNET_ADDRESSES]

/** Where an endpoint has to be, and where it must not be. */
export interface PlaceWanted {
  /** Index of the segment to be in. */
  readonly in: number
  /** Index of a segment to stay out of. */
  readonly notIn?: number | undefined
}

/** One endpoint that is in a segment, or `null` when none was found. */
export function representative(model: PolicyModel, wanted: PlaceWanted): Place | null {
  let tried = 0
  for (const place of placesOf(model, wanted.in, new Set())) {
    if (++tried > TRIED_PLACES) return null
    const membership = membershipOf(model, place)
    if (membership?.isIn(wanted.in) && (wanted.notIn === undefined || !membership.isIn(wanted.notIn))) return place
  }
  return null
}

/** One endpoint that is in none of some segments, or `null` when none was found. */
export function placeOutside(model: PolicyModel, segments: readonly number[]): Place | null {
  for (const address of ELSEWHERE) {
    const membership = membershipOf(model, { address })
    if (membership !== null && !segments.some((segment) => membership.isIn(segment))) return { address }
  }
  return null
}

function membershipOf(model: PolicyModel, place: Place): Membership | null {
  const endpoint = readEndpoint(place)
  return isMalformed(endpoint) ? null : new Membership(model, endpoint)
}

function* placesOf(model: PolicyModel, index: number, seen: Set<number>): Generator<Place> {
  const segment = model.segments[index]
  if (segment === undefined || seen.has(index)) return
  seen.add(index)
  if (index === INTERNET_SEGMENT || index === ANY_SEGMENT) for (const address of INTERNET_ADDRESSES) yield { address }
  const { include, except } = segment
  yield* addressesOf(include, except, model)
  for (const { id, below } of include.workloads) yield { workload: below ? `${id}/workload` : id }
  for (const labels of include.labels) if (Object.keys(labels).length > 0) yield { labels }
  for (const inner of include.segments) yield* placesOf(model, inner, seen)
  if (!segment.anonymous) yield { segment: segment.name }
}

/** The edges of every prefix, and the addresses just outside what is subtracted from it. */
function* addressesOf(include: Selector, except: Selector, model: PolicyModel): Generator<Place> {
  for (const prefix of include.prefixes.slice(0, TRIED_PREFIXES)) {
    yield* [step(firstAddress(prefix), 1), firstAddress(prefix), lastAddress(prefix)].map(asPlace)
  }
  const excepted = [...except.prefixes, ...except.segments.flatMap((index) => prefixesOf(model, index))]
  for (const prefix of excepted.slice(0, TRIED_PREFIXES)) {
    yield* [step(lastAddress(prefix), 1), step(firstAddress(prefix), -1)].map(asPlace)
  }
}

function prefixesOf(model: PolicyModel, index: number): readonly Prefix[] {
  return model.segments[index]?.include.prefixes ?? []
}

function asPlace(address: Address): Place {
  return { address: address.toString() }
}

/** The next or the previous address; it wraps around at the ends of the family. */
function step(address: Address, by: 1 | -1): Address {
  if (address.family === 4) return ipv4((address.d + by) | 0)
  const words = [address.a, address.b, address.c, address.d]
  const carried = by === 1 ? 0 : -1
  for (let i = 3; i >= 0; i--) {
    words[i] = ((words[i] ?? 0) + by) | 0
    if (words[i] !== carried) break
  }
  const [a = 0, b = 0, c = 0, d = 0] = words
  return ipv6(a, b, c, d)
}

/** An endpoint's place as a person would name it. */
export function placeText({ address, workload, segment, labels }: Place): string {
  if (address !== undefined) return tryParseAddress(address)?.toString() ?? String(address)
  if (workload !== undefined) return workload
  if (segment !== undefined) return segment
  return Object.entries(labels ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(',')
}
