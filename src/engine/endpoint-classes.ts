import { Membership, partsOfClass } from '../program/membership.ts'
import type { SegmentTables } from '../program/program.ts'
import { PairTable } from '../tables/pair-table.ts'

/** Classes made at run time are forgotten, all at once, beyond this many. */
const MAX_DYNAMIC = 65_536

/**
 * Classes of endpoints. The first ones are the program's classes of addresses; evidence of other kinds (a workload id, labels,
 * a declared segment, an overlay) makes more at run time, as the union of what each piece of evidence hits.
 */
export class EndpointClasses {
  readonly #tables: SegmentTables
  readonly #membership: Membership
  readonly #staticCount: number
  readonly #byParts = new Map<string, number>()
  #parts: (readonly number[])[] = []
  #segments: Int32Array[] = []
  #ranks: Int32Array[] = []
  readonly #unions = new PairTable(14)
  /** Grows by one whenever run-time class numbers lose their meaning. */
  generation = 0

  constructor(tables: SegmentTables) {
    this.#tables = tables
    this.#membership = new Membership(tables)
    this.#staticCount = tables.classParent.length
  }

  /** The class that hits exactly these parts. */
  ofParts(parts: readonly number[]): number {
    const distinct = [...new Set(parts)].sort((x, y) => x - y)
    if (distinct.length === 0) return 0
    const key = distinct.join()
    const known = this.#byParts.get(key)
    if (known !== undefined) return known
    const segments = Int32Array.from(this.#membership.segmentsOf(distinct))
    // A rule that names segment s is found at s's own rank; a rule from `any` is found at every rank.
    const ranks = new Set<number>()
    for (const segment of segments) if (segment > 0) ranks.add(this.#tables.segmentRank[segment] as number)
    if (ranks.size === 0) ranks.add(0)
    const id = this.#staticCount + this.#parts.length
    this.#parts.push(distinct)
    this.#segments.push(segments)
    this.#ranks.push(Int32Array.from(ranks))
    this.#byParts.set(key, id)
    return id
  }

  /** The class of an endpoint with the evidence of both. */
  union(left: number, right: number): number {
    if (left === 0 || left === right) return right
    if (right === 0) return left
    const low = Math.min(left, right)
    const high = Math.max(left, right)
    const known = this.#unions.get(low, high)
    if (known !== -1) return known
    const made = this.ofParts([...this.partsOf(left), ...this.partsOf(right)])
    this.#unions.set(low, high, made)
    return made
  }

  partsOf(classId: number): readonly number[] {
    if (classId >= this.#staticCount) return this.#parts[classId - this.#staticCount] as readonly number[]
    return [...partsOfClass(this.#tables, classId)]
  }

  /** Marks the segments of a class with a stamp. Allocates nothing. */
  stamp(classId: number, stamps: Int32Array, stamp: number): void {
    stamps[0] = stamp
    if (classId >= this.#staticCount) {
      const segments = this.#segments[classId - this.#staticCount] as Int32Array
      for (let i = 0; i < segments.length; i++) stamps[segments[i] as number] = stamp
      return
    }
    const tables = this.#tables
    if (tables.composed) {
      const end = tables.classSegmentStart[classId + 1] as number
      for (let i = tables.classSegmentStart[classId] as number; i < end; i++)
        stamps[tables.classSegments[i] as number] = stamp
      return
    }
    for (let c = classId; c > 0; c = tables.classParent[c] as number) {
      const end = tables.classPartStart[c + 1] as number
      for (let i = tables.classPartStart[c] as number; i < end; i++)
        stamps[(tables.classParts[i] as number) >> 1] = stamp
    }
  }

  /** Whether a class is a class of addresses, whose number is its rank. */
  isStatic(classId: number): boolean {
    return classId < this.#staticCount
  }

  /** The ranks to search for a class made at run time. */
  ranksOf(classId: number): Int32Array {
    return this.#ranks[classId - this.#staticCount] as Int32Array
  }

  /** The segments of a class, ascending: what {@link stamp} marks, as a list. */
  segmentsOf(classId: number): number[] {
    return this.#membership.segmentsOf(this.partsOf(classId))
  }

  /** To be called between requests only: within one, class numbers must keep their meaning. */
  makeRoom(): void {
    if (this.#parts.length >= MAX_DYNAMIC) this.forget()
  }

  forget(): void {
    this.#byParts.clear()
    this.#unions.clear()
    this.#parts = []
    this.#segments = []
    this.#ranks = []
    this.generation++
  }
}
