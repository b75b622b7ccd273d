import { ANY_SEGMENT, type PolicyModel, type SegmentModel } from '../policy/model.ts'
import { Membership, partsOfClass } from '../program/membership.ts'
import type { SegmentTables } from '../program/program.ts'
import { buildAddressClasses, type ListedPrefix } from './address-classes.ts'
import { packRows } from './rows.ts'

/** An inclusive run of ranks. */
export interface RankRun {
  readonly low: number
  readonly high: number
}

/** Ascending runs of ranks that hold every class of a segment: nearly always one, so the first is kept in columns. */
export class RankRuns {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly #later = new Map<number, { low: number; high: number }[]>()

  constructor(segmentCount: number) {
    this.low = new Int32Array(segmentCount).fill(-1)
    this.high = new Int32Array(segmentCount).fill(-1)
  }

  /** All runs of a segment. */
  of(segment: number): readonly RankRun[] {
    const first = { low: this.low[segment] as number, high: this.high[segment] as number }
    return [first, ...(this.#later.get(segment) ?? [])]
  }

  /** Ranks come in ascending order. */
  add(segment: number, rank: number): void {
    if (this.low[segment] === -1) {
      this.low[segment] = rank
      this.high[segment] = rank
      return
    }
    const later = this.#later.get(segment)
    const last = later?.[later.length - 1]
    if (last === undefined) {
      if (this.high[segment] === rank - 1) this.high[segment] = rank
      else this.#later.set(segment, [{ low: rank, high: rank }])
    } else if (last.high === rank - 1) last.high = rank
    else later?.push({ low: rank, high: rank })
  }
}

/** What the rule compiler needs to know about segments, beside the tables themselves. */
export interface CompiledSegments {
  readonly tables: SegmentTables
  readonly runs: RankRuns
}

/** References of a segment, real ones and the unions that the rule compiler adds. */
interface Links {
  readonly include: readonly number[]
  readonly except: readonly number[]
}

/**
 * Compiles the segments that rules use, and `unions`: segments without a name that hold what any of their members holds
 * (indices follow those of the model's segments).
 */
export function compileSegments(
  model: PolicyModel,
  used: ReadonlySet<number>,
  unions: readonly (readonly number[])[],
): CompiledSegments {
  const reachable = withReferences(model.segments, used)
  const named: { readonly segment: SegmentModel; readonly index: number }[] = []
  model.segments.forEach((segment, index) => {
    if (reachable.has(index)) named.push({ segment, index })
  })
  const listed: ListedPrefix[] = []
  for (const { segment, index } of named) {
    if (index === ANY_SEGMENT) continue
    for (const prefix of segment.include.prefixes) listed.push({ prefix, part: 2 * index })
    for (const prefix of segment.except.prefixes) listed.push({ prefix, part: 2 * index + 1 })
  }
  const addresses = buildAddressClasses(listed)
  const links: Links[] = model.segments.map((segment, index) =>
    reachable.has(index) ? { include: segment.include.segments, except: segment.except.segments } : NO_LINKS,
  )
  for (const union of unions) links.push({ include: union, except: [] })
  const composed =
    unions.length > 0 || named.some(({ segment }) => segment.include.segments.length > 0 || excludes(segment))
  const references = compileReferences(composed ? links : [])
  const membership = new Membership({ composed, ...references })
  const classes = {
    classParent: addresses.parent,
    classPartStart: addresses.partStart,
    classParts: addresses.parts,
  }
  const classCount = addresses.parent.length
  const classLists = composed
    ? Array.from({ length: classCount }, (_, id) => membership.segmentsOf(partsOfClass(classes, id)))
    : null
  const ranks = rankRuns(links.length, classCount, (id) => classLists?.[id] ?? halves(partsOfClass(classes, id)))
  addMissingRanks(ranks, classCount)
  const segmentRows = packRows(classLists ?? [])
  return {
    tables: {
      names: links.map((_, index) => nameOf(model.segments[index])),
      composed,
      ...references,
      roots: addresses.roots,
      trie: addresses.trie,
      ...classes,
      classSegmentStart: segmentRows.start,
      classSegments: segmentRows.values,
      segmentRank: ranks.low.slice(),
      workloads: named.flatMap(({ segment, index }) => [
        ...segment.include.workloads.map((pattern) => ({ ...pattern, part: 2 * index })),
        ...segment.except.workloads.map((pattern) => ({ ...pattern, part: 2 * index + 1 })),
      ]),
      labels: named.flatMap(({ segment, index }) => [
        ...segment.include.labels.map((set) => ({ pairs: Object.entries(set), part: 2 * index })),
        ...segment.except.labels.map((set) => ({ pairs: Object.entries(set), part: 2 * index + 1 })),
      ]),
    },
    runs: ranks,
  }
}

const NO_LINKS: Links = { include: [], except: [] }

function nameOf(segment: SegmentModel | undefined): string | null {
  return segment === undefined || segment.anonymous ? null : segment.name
}

function excludes(segment: SegmentModel): boolean {
  const { prefixes, workloads, labels, segments } = segment.except
  return prefixes.length + workloads.length + labels.length + segments.length > 0
}

/** The used segments and all they refer to. Rules nobody wrote about a segment need no classes for it. */
function withReferences(segments: readonly SegmentModel[], used: ReadonlySet<number>): Set<number> {
  const reachable = new Set<number>()
  const pending = [...used]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reachable.has(next) || next >= segments.length) continue
    reachable.add(next)
    const segment = segments[next] as SegmentModel
    for (const target of segment.include.segments) pending.push(target)
    for (const target of segment.except.segments) pending.push(target)
  }
  return reachable
}

function compileReferences(
  links: readonly Links[],
): Pick<
  SegmentTables,
  'order' | 'includeStart' | 'includes' | 'exceptStart' | 'excepts' | 'dependentStart' | 'dependents'
> {
  const include = packRows(links.map((link) => link.include))
  const except = packRows(links.map((link) => link.except))
  const dependents: number[][] = links.map(() => [])
  links.forEach((link, index) => {
    for (const target of [...link.include, ...link.except]) (dependents[target] as number[]).push(index)
  })
  const dependentRows = packRows(dependents)
  return {
    order: topologicalOrder(links),
    includeStart: include.start,
    includes: include.values,
    exceptStart: except.start,
    excepts: except.values,
    dependentStart: dependentRows.start,
    dependents: dependentRows.values,
  }
}

/** Position of each segment after everything it refers to. The checker has refused cycles. */
function topologicalOrder(links: readonly Links[]): Int32Array {
  const order = new Int32Array(links.length).fill(-1)
  let position = 0
  for (let root = 0; root < links.length; root++) {
    const path: { readonly index: number; readonly targets: readonly number[]; next: number }[] = []
    const enter = (index: number): void => {
      const link = links[index] as Links
      if (order[index] === -1) path.push({ index, targets: [...link.include, ...link.except], next: 0 })
    }
    enter(root)
    while (path.length > 0) {
      const top = path[path.length - 1] as (typeof path)[number]
      const target = top.targets[top.next++]
      if (target !== undefined) enter(target)
      else {
        path.pop()
        if (order[top.index] === -1) order[top.index] = position++
      }
    }
  }
  return order
}

function halves(parts: Iterable<number>): number[] {
  const segments = [ANY_SEGMENT]
  for (const part of parts) segments.push(part >> 1)
  return segments
}

function rankRuns(
  segmentCount: number,
  classCount: number,
  segmentsOf: (classId: number) => readonly number[],
): RankRuns {
  const runs = new RankRuns(segmentCount)
  for (let id = 0; id < classCount; id++) for (const segment of segmentsOf(id)) runs.add(segment, id)
  return runs
}

/** Gives segments that no address alone can be in (workloads, labels) a rank of their own, inside `any`. */
function addMissingRanks(runs: RankRuns, classCount: number): void {
  let next = classCount
  for (let segment = 1; segment < runs.low.length; segment++) if (runs.low[segment] === -1) runs.add(segment, next++)
  runs.low[ANY_SEGMENT] = 0
  runs.high[ANY_SEGMENT] = next - 1
}
