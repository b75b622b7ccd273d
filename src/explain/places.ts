import { type Address, ipv4, ipv6 } from '../net/address.ts'
import { contains, firstAddress, lastAddress } from '../net/prefix.ts'
import { ANY_SEGMENT, INTERNET_SEGMENT, type PolicyModel, type Selector } from '../policy/model.ts'
import type { Place } from './change.ts'
import { type ReadEnd, readEnd } from './request.ts'

/** Whether an endpoint is in the segment of an index. */
export type IsIn = (segment: number) => boolean

/** Which segments an endpoint is in. Answers are kept: thousands of rules ask about the same segments. */
export function membership({ segments }: PolicyModel, { address, written }: ReadEnd): IsIn {
  const { workload, labels = {}, segment: declared } = written
  const answers: boolean[] = []
  const selects = (selector: Selector): boolean =>
    (address !== null && selector.prefixes.some((prefix) => contains(prefix, address))) ||
    (workload !== undefined &&
      selector.workloads.some(({ id, below }) => (below ? workload.startsWith(`${id}/`) : workload === id))) ||
    selector.labels.some((set) =>
      Object.entries(set).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
    ) ||
    selector.segments.some(isIn)
  const ask = (index: number): boolean => {
    const segment = segments[index]
    if (index === ANY_SEGMENT || segment === undefined) return index === ANY_SEGMENT
    const named = !segment.anonymous && declared === segment.name
    return (named || selects(segment.include)) && !selects(segment.except)
  }
  function isIn(index: number): boolean {
    answers[index] ??= ask(index)
    return answers[index]
  }
  return isIn
}

/** Parts of a segment that are tried: it may hold thousands, and one endpoint of it is enough. */
const TRIED = 64
/** Addresses of the documentation (RFC 5737, RFC 3849), which most policies have in no segment, and global ones. */
const ELSEWHERE = ['192.0.2.1', '2001:db8::1', '1.1.1.1', '2606:4700:4700::1111']

/** One endpoint that is in a segment and not in another, or `null` when none was found. */
export function placeIn(model: PolicyModel, segment: number, notIn?: number): Place | null {
  let left = 4 * TRIED
  for (const place of placesOf(model, segment)) {
    const end = left-- > 0 ? readEnd(place) : null
    if (end === null) break
    const isIn = membership(model, end)
    if (isIn(segment) && (notIn === undefined || !isIn(notIn))) return place
  }
  return null
}

function* placesOf(model: PolicyModel, index: number): Generator<Place> {
  const segment = model.segments[index]
  if (segment === undefined) return
  if (index <= INTERNET_SEGMENT) for (const address of ELSEWHERE) yield { address }
  const { include, except } = segment
  for (const prefix of include.prefixes.slice(0, TRIED)) {
    for (const address of [after(firstAddress(prefix)), firstAddress(prefix), lastAddress(prefix)]) {
      yield { address: address.toString() }
    }
  }
  const excepted = except.segments.flatMap((inner) => model.segments[inner]?.include.prefixes ?? [])
  for (const prefix of [...except.prefixes, ...excepted].slice(0, TRIED)) {
    yield { address: after(lastAddress(prefix)).toString() }
  }
  for (const { id, below } of include.workloads) yield { workload: below ? `${id}/workload` : id }
  for (const labels of include.labels) if (Object.keys(labels).length > 0) yield { labels }
  for (const inner of include.segments) yield* placesOf(model, inner)
  if (!segment.anonymous) yield { segment: segment.name }
}

/** The next address, near enough: what is made of it is checked. */
function after({ family, a, b, c, d }: Address): Address {
  return family === 4 ? ipv4((d + 1) | 0) : ipv6(a, b, c, (d + 1) | 0)
}
