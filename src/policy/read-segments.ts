import { INTERNET_PREFIXES } from '../net/internet.ts'
import { type Prefix, PrefixError, parsePrefix } from '../net/prefix.ts'
import { findCycles } from './cycles.ts'
import { quote } from './diagnostics.ts'
import type { Loose, SegmentDocument } from './document.ts'
import { ANY_SEGMENT, INTERNET_SEGMENT, type SegmentModel, type Selector, type WorkloadPattern } from './model.ts'
import { checkLookalikes, checkName, isObjectMember, looksLikeAddress } from './names.ts'
import type { Report } from './report.ts'
import { readWorkload } from './workloads.ts'

const EMPTY: Selector = Object.freeze({
  prefixes: Object.freeze([]),
  workloads: Object.freeze([]),
  labels: Object.freeze([]),
  segments: Object.freeze([]),
})

const NONE: readonly never[] = Object.freeze([])

function selectorOf(prefixes: readonly Prefix[], workloads: readonly WorkloadPattern[]): Selector {
  return { prefixes, workloads, labels: NONE, segments: NONE }
}

/** The segments of a policy by name, and the anonymous ones that rules write inline. */
export class SegmentTable {
  readonly segments: SegmentModel[] = [
    { name: 'any', anonymous: false, include: EMPTY, except: EMPTY },
    { name: 'internet', anonymous: false, include: { ...EMPTY, prefixes: INTERNET_PREFIXES }, except: EMPTY },
  ]
  readonly #names = new Map<string, number>([
    ['any', ANY_SEGMENT],
    ['internet', INTERNET_SEGMENT],
  ])
  /** Inline texts, as written and as they are canonically, to their segments. */
  readonly #inline = new Map<string, number>()
  readonly #used = new Set<number>()

  names(): Iterable<string> {
    return this.#names.keys()
  }

  declare(name: string): void {
    this.#names.set(name, this.#names.size)
  }

  isUsed(index: number): boolean {
    return this.#used.has(index)
  }

  /** The index of a named segment, or `undefined` after a report. */
  name(text: string, report: Report): number | undefined {
    const index = this.#names.get(text)
    if (index === undefined)
      report.add('POLICY_SEGMENT_UNKNOWN', `segment ${quote(text)} is not defined`, {
        nearest: report.nearest(text, this.#names.keys()),
      })
    else this.#used.add(index)
    return index
  }

  /** The index of a name or of an inline prefix or SPIFFE pattern, or `undefined` after a report. */
  resolve(text: string, report: Report): number | undefined {
    if (!looksLikeAddress(text)) return this.name(text, report)
    const seen = this.#inline.get(text)
    if (seen !== undefined) return seen
    if (text.startsWith('spiffe:')) {
      const workload = readWorkload(text, report)
      return workload === null ? undefined : this.#anonymous(text, text, selectorOf([], [workload]))
    }
    const prefix = readPrefix(text, report)
    if (prefix === null) return undefined
    // A strict IPv4 prefix has one spelling only.
    const canonical = text.includes(':') || !text.includes('/') ? prefix.toString() : text
    return this.#anonymous(text, canonical, selectorOf([prefix], []))
  }

  #anonymous(text: string, canonical: string, include: Selector): number {
    const known = this.#inline.get(canonical)
    if (known !== undefined) {
      this.#inline.set(text, known)
      return known
    }
    const index = this.segments.length
    this.segments.push({ name: canonical, anonymous: true, include, except: EMPTY })
    this.#inline.set(canonical, index)
    if (text !== canonical) this.#inline.set(text, index)
    return index
  }

  /** Forgets the anonymous segments after the first `count` segments. */
  truncate(count: number): void {
    this.segments.length = count
    this.#inline.clear()
  }
}

/** Reads a prefix, or `null` after a report. */
function readPrefix(text: string, report: Report): Prefix | null {
  try {
    return parsePrefix(text)
  } catch (error) {
    if (!(error instanceof PrefixError)) throw error
    const expected = 'an IPv4 or IPv6 prefix such as "10.0.0.0/8" or "fd00::/8"'
    report.add(
      'POLICY_PREFIX_INVALID',
      `${quote(text)} is not a prefix (${error.reason})`,
      error.fix === null ? { expected } : { expected, fix: `write ${error.fix}` },
    )
    return null
  }
}

type SegmentsDocument = Readonly<Record<string, Loose<SegmentDocument> | undefined>>

/** Reads the named segments, in code-unit order of their names so that the order in the file does not matter. */
export function readSegments(document: SegmentsDocument, report: Report): SegmentTable {
  const table = new SegmentTable()
  const { path } = report
  const names = Object.keys(document).sort()
  const edges: number[][] = [[], []]
  path.push('segments')
  for (const name of names) {
    path.push(name)
    checkName('segment', name, report, 'key')
    path.pop()
    if (name !== 'any' && name !== 'internet') table.declare(name)
  }
  checkLookalikes('segment', names, report, 'key')
  for (const name of names) {
    if (name === 'any' || name === 'internet') continue
    const segment = document[name] ?? {}
    path.push(name)
    const include = readSelector(segment, table, report)
    if (isEmpty(include) && isEmpty(segment))
      report.add('POLICY_SEGMENT_EMPTY', `segment ${quote(name)} selects nothing`, {
        at: 'key',
        fix: 'add cidrs, workloads, labels or segments',
      })
    let except = EMPTY
    if (segment.except !== undefined) {
      path.push('except')
      except = readSelector(segment.except, table, report)
      path.pop()
    }
    path.pop()
    table.segments.push({ name, anonymous: false, include, except })
    edges.push([...include.segments, ...except.segments])
  }
  reportCycles(table, edges, document, report)
  path.pop()
  return table
}

/** Also true of a document part, so that a selector whose only entries are broken is not called empty as well. */
function isEmpty(selector: {
  readonly prefixes?: unknown
  readonly cidrs?: unknown
  readonly workloads?: unknown
  readonly labels?: unknown
  readonly segments?: unknown
}): boolean {
  return [selector.prefixes, selector.cidrs, selector.workloads, selector.labels, selector.segments].every(
    (part) => part === undefined || (typeof part === 'object' && part !== null && Object.keys(part).length === 0),
  )
}

type MembersDocument = Loose<NonNullable<SegmentDocument['except']>>

function readSelector(document: MembersDocument, table: SegmentTable, report: Report): Selector {
  return {
    prefixes: readList('cidrs', document.cidrs, readPrefix, (prefix) => prefix.toString(), report),
    workloads: readList('workloads', document.workloads, readWorkload, workloadText, report),
    labels: readLabels(document.labels, report),
    segments: readList('segments', document.segments, (text) => table.name(text, report) ?? null, String, report).sort(
      (a, b) => a - b,
    ),
  }
}

function workloadText(workload: WorkloadPattern): string {
  return workload.below ? `${workload.id}/*` : workload.id
}

/** Reads each text of a list; an entry that is there already is reported and left out. */
function readList<T>(
  key: string,
  texts: readonly (string | undefined)[] | undefined,
  read: (text: string, report: Report) => T | null,
  canonical: (item: T) => string,
  report: Report,
): T[] {
  const items: T[] = []
  if (texts === undefined) return items
  const { path } = report
  const seen = new Set<string>()
  const depth = path.length + 1
  path.push(key, 0)
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index]
    if (text === undefined) continue
    path[depth] = index
    const item = read(text, report)
    if (item === null) continue
    const shape = canonical(item)
    if (seen.has(shape))
      report.add('POLICY_ENTRY_DUPLICATE', `${quote(text)} is in this list already`, { fix: 'remove it' })
    else {
      seen.add(shape)
      items.push(item)
    }
  }
  path.length = depth - 1
  return items
}

type LabelsDocument = NonNullable<MembersDocument['labels']>

function readLabels(document: LabelsDocument | undefined, report: Report): Readonly<Record<string, string>>[] {
  if (document === undefined) return []
  const { path } = report
  const sets: Readonly<Record<string, string>>[] = []
  path.push('labels')
  if (isLabelList(document)) {
    document.forEach((set, index) => {
      if (set === undefined) return
      path.push(index)
      // All of nothing is everything: no segment may grow to that by leaving something out.
      if (Object.keys(set).length === 0)
        report.add('POLICY_SELECTOR_EMPTY', 'an empty set of labels would select every endpoint', { fix: 'remove it' })
      else sets.push(readLabelSet(set, report))
      path.pop()
    })
  } else if (Object.keys(document).length > 0) sets.push(readLabelSet(document, report))
  path.pop()
  return sets
}

type LabelSet = Readonly<Record<string, string | undefined>>

function isLabelList(document: LabelsDocument): document is readonly (LabelSet | undefined)[] {
  return Array.isArray(document)
}

function readLabelSet(document: LabelSet, report: Report): Readonly<Record<string, string>> {
  const set: Record<string, string> = Object.create(null) as Record<string, string>
  for (const name of Object.keys(document).sort()) {
    const value = document[name]
    if (name === '' || isObjectMember(name))
      report.add('POLICY_NAME_RESERVED', `label ${quote(name)} has a name that every object has, or none`, {
        at: 'key',
        below: [name],
        fix: 'choose another name',
      })
    else if (value !== undefined) set[name] = value
  }
  return set
}

function reportCycles(
  table: SegmentTable,
  edges: readonly (readonly number[])[],
  document: SegmentsDocument,
  report: Report,
): void {
  for (const cycle of findCycles(edges)) {
    const names = cycle.map((index) => table.segments[index]?.name ?? '')
    const [first = '', second = first] = names
    const shown = names.length > 8 ? [...names.slice(0, 8), '...'] : [...names, first]
    const inside = (document[first]?.segments ?? []).indexOf(second)
    const below =
      inside >= 0
        ? [first, 'segments', inside]
        : [first, 'except', 'segments', (document[first]?.except?.segments ?? []).indexOf(second)]
    report.add('POLICY_SEGMENT_CYCLE', `segments go in a circle: ${shown.map(quote).join(' -> ')}`, {
      below,
      fix: 'take one of them out',
    })
  }
}

/** Warns of segments nobody refers to. */
export function reportUnusedSegments(table: SegmentTable, report: Report): void {
  report.path.push('segments')
  table.segments.forEach(({ name, anonymous }, index) => {
    if (index > INTERNET_SEGMENT && !anonymous && !table.isUsed(index)) {
      report.add('POLICY_SEGMENT_UNUSED', `segment ${quote(name)} is never used`, {
        at: 'key',
        below: [name],
        fix: 'remove it, or refer to it in a rule',
      })
    }
  })
  report.path.pop()
}
