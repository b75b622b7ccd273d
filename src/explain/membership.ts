import { contains } from '../net/prefix.ts'
import { isGloballyReachable } from '../net/special.ts'
import { ANY_SEGMENT, INTERNET_SEGMENT, type PolicyModel, type Selector } from '../policy/model.ts'
import type { ParsedEndpoint } from './read-endpoint.ts'

/** Index of a segment that an endpoint may name, or `-1`. */
export function segmentNamed(model: PolicyModel, name: string): number {
  return model.segments.findIndex((segment) => !segment.anonymous && segment.name === name)
}

/** Which segments one endpoint is in. Answers are kept: thousands of rules ask about the same segments. */
export class Membership {
  readonly #model: PolicyModel
  readonly #endpoint: ParsedEndpoint
  readonly #answers: (boolean | undefined)[] = []

  constructor(model: PolicyModel, endpoint: ParsedEndpoint) {
    this.#model = model
    this.#endpoint = endpoint
  }

  /** Whether the endpoint is in the segment of this index. */
  isIn(index: number): boolean {
    this.#answers[index] ??= this.#ask(index)
    return this.#answers[index]
  }

  /** Indices of every segment the endpoint is in that has a name, without `any`. */
  named(): number[] {
    return this.#model.segments.flatMap((segment, index) =>
      index !== ANY_SEGMENT && !segment.anonymous && this.isIn(index) ? [index] : [],
    )
  }

  #ask(index: number): boolean {
    if (index === ANY_SEGMENT) return true
    const segment = this.#model.segments[index]
    if (segment === undefined) return false
    const declared = !segment.anonymous && this.#endpoint.segment === segment.name
    const { address } = this.#endpoint
    const reached = index === INTERNET_SEGMENT && address !== null && isGloballyReachable(address)
    return (declared || reached || this.#selects(segment.include)) && !this.#selects(segment.except)
  }

  #selects(selector: Selector): boolean {
    const { address, workload, labels } = this.#endpoint
    return (
      (address !== null && selector.prefixes.some((prefix) => contains(prefix, address))) ||
      (workload !== null &&
        selector.workloads.some(({ id, below }) => (below ? workload.startsWith(`${id}/`) : workload === id))) ||
      selector.labels.some((set) =>
        Object.entries(set).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
      ) ||
      selector.segments.some((index) => this.isIn(index))
    )
  }
}
