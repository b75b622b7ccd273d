import type { SegmentTables } from './program.ts'

type References = Pick<
  SegmentTables,
  'composed' | 'order' | 'includeStart' | 'includes' | 'exceptStart' | 'excepts' | 'dependentStart' | 'dependents'
>

/**
 * Works out which segments an endpoint is in from the parts its evidence hits: a segment holds it when its include list
 * or a segment it includes does, and neither its except list nor a segment it excludes does. `any` (0) holds everything.
 */
export class Membership {
  readonly #references: References
  readonly #included: Int32Array
  readonly #excepted: Int32Array
  readonly #inside: Int32Array
  readonly #seen: Int32Array
  #generation = 0

  constructor(references: References) {
    const size = references.order.length
    this.#references = references
    this.#included = new Int32Array(size)
    this.#excepted = new Int32Array(size)
    this.#inside = new Int32Array(size)
    this.#seen = new Int32Array(size)
  }

  /** Ascending segment indices, with 0 first. */
  segmentsOf(parts: Iterable<number>): number[] {
    if (!this.#references.composed) return ownSegments(parts)
    const generation = ++this.#generation
    const affected: number[] = [0]
    this.#seen[0] = generation
    for (const part of parts) {
      const segment = part >> 1
      const hits = (part & 1) === 0 ? this.#included : this.#excepted
      hits[segment] = generation
      if (this.#seen[segment] !== generation) {
        this.#seen[segment] = generation
        affected.push(segment)
      }
    }
    this.#addDependents(affected, generation)
    const { order } = this.#references
    affected.sort((x, y) => (order[x] as number) - (order[y] as number))
    const result: number[] = []
    for (const segment of affected) {
      if (!this.#holds(segment, generation)) continue
      this.#inside[segment] = generation
      result.push(segment)
    }
    return result.sort((x, y) => x - y)
  }

  #addDependents(affected: number[], generation: number): void {
    const { dependentStart, dependents } = this.#references
    for (let i = 0; i < affected.length; i++) {
      const segment = affected[i] as number
      for (let j = dependentStart[segment] as number; j < (dependentStart[segment + 1] as number); j++) {
        const dependent = dependents[j] as number
        if (this.#seen[dependent] === generation) continue
        this.#seen[dependent] = generation
        affected.push(dependent)
      }
    }
  }

  #holds(segment: number, generation: number): boolean {
    if (segment === 0) return true
    const { includeStart, includes, exceptStart, excepts } = this.#references
    if (this.#excepted[segment] === generation) return false
    if (this.#anyInside(excepts, exceptStart[segment] as number, exceptStart[segment + 1] as number, generation))
      return false
    if (this.#included[segment] === generation) return true
    return this.#anyInside(includes, includeStart[segment] as number, includeStart[segment + 1] as number, generation)
  }

  #anyInside(rows: Int32Array, from: number, to: number, generation: number): boolean {
    for (let i = from; i < to; i++) if (this.#inside[rows[i] as number] === generation) return true
    return false
  }
}

/** Where no segment refers to another or excludes anything, a part is its segment. */
function ownSegments(parts: Iterable<number>): number[] {
  const segments = new Set([0])
  for (const part of parts) segments.add(part >> 1)
  return [...segments].sort((x, y) => x - y)
}

/** The parts of a class, from its own row up to the root. */
export function* partsOfClass(
  tables: Pick<SegmentTables, 'classParent' | 'classPartStart' | 'classParts'>,
  classId: number,
): Generator<number> {
  for (let c = classId; c >= 0; c = tables.classParent[c] as number) {
    for (let i = tables.classPartStart[c] as number; i < (tables.classPartStart[c + 1] as number); i++) {
      yield tables.classParts[i] as number
    }
  }
}
