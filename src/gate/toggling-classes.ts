import type { EndpointClasses } from '../engine/endpoint-classes.ts'
import { PairTable } from '../tables/pair-table.ts'

/** Finds the class that differs from another one in the include part of one segment. */
export class TogglingClasses {
  readonly #endpoints: EndpointClasses
  readonly #known = new PairTable(12)
  #generation = 0

  constructor(endpoints: EndpointClasses) {
    this.#endpoints = endpoints
  }

  /** Between requests: class numbers may have lost their meaning. */
  begin(): void {
    if (this.#generation === this.#endpoints.generation) return
    this.#generation = this.#endpoints.generation
    this.#known.clear()
  }

  toggle(classId: number, segment: number, present: boolean): number {
    const wanted = 2 * segment + (present ? 1 : 0)
    const known = this.#known.get(classId, wanted)
    if (known !== -1) return known
    const others = this.#endpoints.partsOf(classId).filter((part) => part !== 2 * segment)
    const made = this.#endpoints.ofParts(present ? [...others, 2 * segment] : others)
    this.#known.set(classId, wanted, made)
    return made
  }
}
