import { INTERNET_PREFIXES } from '../net/internet.ts'
import { type Prefix, PrefixError, parsePrefix } from '../net/prefix.ts'
import { findCycles } from './cycles.ts'
import { quote } from './diagnostics.ts'
import type { Loose, SegmentDocument } from './document.ts'
import type { SegmentModel, Selector, WorkloadPattern } from './model.ts'
import { NameTable } from './name-table.ts'
import { checkLookalikes, checkMemberName, checkName, looksLikeAddress } from './names.ts'
import { readAt, readItems, readPart, reportTwice } from './reading.ts'
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
  readonly names = new NameTable<number>('segment', 'POLICY_SEGMENT_UNKNOWN', 'POLICY_SEGMENT_UNUSED')
  /** Inline texts, as written and as they are canonically, to their segments. */
  readonly #inline = new Map<string, number>()

  constructor() {
    for (const { name } of this.segments) {
      this.declare(name)
      this.names.use(name)
    }
  }

  declare(name: string): void {
    this.names.set(name, this.names.size)
  }

  /** The index of a name or of an inline prefix or SPIFFE pattern, or `undefined` after a report. */
  resolve(text: string, report: Report): number | undefined {
    if (!looksLikeAddress(text)) return this.names.resolve(text, report)
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
    report.add('POLICY_PREFIX_INVALID', `${quote(text)} is not a prefix (${error.reason})`, {
      expected,
      fix: error.fix === null ? undefined : `write ${error.fix}`,
    })
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
    const except = readPart('except', segment.except, (members) => readSelector(members, table, report), EMPTY, report)
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
    segments: readList(
      'segments',
      document.segments,
      (text) => table.names.resolve(text, report) ?? null,
      String,
      report,
    ).sort((a, b) => a - b),
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
  if (texts === undefined) return []
  const seen = new Set<string>()
  const once = (text: string): NonNullable<T> | undefined => {
    const item = read(text, report)
    if (item === null || item === undefined) return undefined
    const shape = canonical(item)
    if (!seen.has(shape)) {
      seen.add(shape)
      return item
    }
    reportTwice(quote(text), report)
    return undefined
  }
  return readItems(key, texts, once, report)
}

type LabelsDocument = NonNullable<MembersDocument['labels']>

function readLabels(document: LabelsDocument | undefined, report: Report): Readonly<Record<string, string>>[] {
  if (document === undefined) return []
  if (!isLabelList(document))
    return Object.keys(document).length === 0 ? [] : [readAt('labels', document, readLabelSet, report)]
  const read = (set: LabelSet): Readonly<Record<string, string>> | undefined => {
    // All of nothing is everything: no segment may grow to that by leaving something out.
    if (Object.keys(set).length > 0) return readLabelSet(set, report)
    report.add('POLICY_SELECTOR_EMPTY', 'an empty set of labels would select every endpoint', { fix: 'remove it' })
    return undefined
  }
  return readItems('labels', document, read, report)
}

type LabelSet = Readonly<Record<string, string | undefined>>

function isLabelList(document: LabelsDocument): document is readonly (LabelSet | undefined)[] {
  return Array.isArray(document)
}

function readLabelSet(document: LabelSet, report: Report): Readonly<Record<string, string>> {
  const set: Record<string, string> = Object.create(null) as Record<string, string>
  for (const name of Object.keys(document).sort()) {
    const value = document[name]
    if (checkMemberName('label', name, report, { at: 'key', below: [name] }) && value !== undefined) set[name] = value
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
