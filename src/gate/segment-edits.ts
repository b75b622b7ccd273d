import type { Address } from '../net/address.ts'
import type { Prefix } from '../net/prefix.ts'
import { PrefixTable } from '../net/table.ts'
import type { Selector, WorkloadPattern } from '../policy/model.ts'
import { type EditState, MemberEdits } from './edits.ts'

/** Whether a segment's own list holds an endpoint that edits concern. */
export interface ListedState {
  readonly present: boolean
  /** First later instant at which that may change. */
  readonly until: number
}

/**
 * The edits of one segment's list. Adding touches only what is added; the first removal indexes what the policy lists, to
 * know what else covers an address.
 */
export class SegmentEdits {
  readonly #include: Selector
  readonly #prefixes = new PrefixTable<MemberEdits>()
  readonly #workloads = new Map<string, MemberEdits>()
  #hasRemovals = false
  #listed: PrefixTable<true> | null = null

  constructor(include: Selector) {
    this.#include = include
  }

  editPrefix(prefix: Prefix, present: boolean, until: number, now: number): void {
    let edits = this.#prefixes.get(prefix)
    if (edits === undefined) {
      edits = new MemberEdits()
      this.#prefixes.insert(prefix, edits)
    }
    edits.push(present, until, now)
    if (!present) this.#hasRemovals = true
  }

  editWorkload(pattern: WorkloadPattern, present: boolean, until: number, now: number): void {
    const text = textOf(pattern)
    const edits = this.#workloads.get(text) ?? new MemberEdits()
    this.#workloads.set(text, edits)
    edits.push(present, until, now)
  }

  /** Whether exactly this prefix is listed now. */
  listsPrefix(prefix: Prefix, now: number): boolean {
    return this.#prefixes.get(prefix)?.at(now).present ?? this.#policyTable().has(prefix)
  }

  /** Whether exactly this pattern is listed now. */
  listsWorkload(pattern: WorkloadPattern, now: number): boolean {
    const text = textOf(pattern)
    return (
      this.#workloads.get(text)?.at(now).present ?? this.#include.workloads.some((listed) => textOf(listed) === text)
    )
  }

  /** The same edits over another policy's list. */
  over(include: Selector): SegmentEdits {
    const moved = new SegmentEdits(include)
    for (const { prefix, value } of this.#prefixes) moved.#prefixes.insert(prefix, value)
    for (const [text, edits] of this.#workloads) moved.#workloads.set(text, edits)
    moved.#hasRemovals = this.#hasRemovals
    return moved
  }

  /** Every edited prefix. */
  *prefixes(): Generator<Prefix> {
    for (const { prefix } of this.#prefixes) yield prefix
  }

  /** What is listed about an address that some edit concerns; `null` when only edits of other segments do. */
  address(address: Address, at: number): ListedState | null {
    const edited = this.#prefixes.matches(address)
    if (edited.length === 0) return null
    let until = Number.POSITIVE_INFINITY
    let present = false
    for (const { value } of edited) {
      const state = value.at(at)
      until = Math.min(until, state.until)
      if (state.present === true) present = true
    }
    if (!present) {
      for (const { prefix } of this.#policyTable().matches(address)) {
        const state: EditState | undefined = this.#hasRemovals ? this.#prefixes.get(prefix)?.at(at) : undefined
        if (state?.present !== false) present = true
      }
    }
    return { present, until }
  }

  /** `null` when no edit concerns the workload. */
  workload(id: string, at: number): ListedState | null {
    let concerned = false
    let present = false
    let until = Number.POSITIVE_INFINITY
    for (const text of textsThatMatch(id)) {
      const state = this.#workloads.get(text)?.at(at)
      if (state === undefined) continue
      concerned = true
      until = Math.min(until, state.until)
      if (state.present === true) present = true
    }
    if (!concerned) return null
    if (!present) {
      const matching = new Set(textsThatMatch(id))
      present = this.#include.workloads.some((pattern) => {
        const text = textOf(pattern)
        return matching.has(text) && this.#workloads.get(text)?.at(at).present !== false
      })
    }
    return { present, until }
  }

  /** Drops edits that are over, and gives the prefixes that are no longer edited. */
  prune(now: number): Prefix[] {
    for (const [text, edits] of this.#workloads) if (edits.isOver(now)) this.#workloads.delete(text)
    const over: Prefix[] = []
    for (const { prefix, value } of this.#prefixes) if (value.isOver(now)) over.push(prefix)
    for (const prefix of over) this.#prefixes.delete(prefix)
    return over
  }

  #policyTable(): PrefixTable<true> {
    if (this.#listed === null) {
      this.#listed = new PrefixTable()
      for (const prefix of this.#include.prefixes) this.#listed.insert(prefix, true)
    }
    return this.#listed
  }
}

function textOf({ id, below }: WorkloadPattern): string {
  return below ? `${id}/*` : id
}

/** The id itself, and the patterns of every path above it. */
function textsThatMatch(id: string): string[] {
  const texts = [id]
  for (let slash = id.lastIndexOf('/'); slash > 8; slash = id.lastIndexOf('/', slash - 1))
    texts.push(`${id.slice(0, slash)}/*`)
  return texts
}
