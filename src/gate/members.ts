import type { Clock } from '../engine/clock.ts'
import type { EndpointClasses } from '../engine/endpoint-classes.ts'
import type { TimedOverlay } from '../engine/engine.ts'
import { isWorkloadId } from '../facts/workload-id.ts'
import { ipv4, ipv6 } from '../net/address.ts'
import { type Prefix, PrefixError, parsePrefix } from '../net/prefix.ts'
import { PrefixTable } from '../net/table.ts'
import type { PolicyModel, SegmentModel } from '../policy/model.ts'
import { MembershipError } from './membership-error.ts'
import { SegmentEdits } from './segment-edits.ts'
import { TogglingClasses } from './toggling-classes.ts'

/** Edits between two looks for edits that are over. */
const PRUNE_EVERY = 1024

/** How long an edit stands. */
export interface EditOptions {
  /** Milliseconds until the edit ends by itself and what stood before counts again; without it the edit stands for good. */
  readonly ttlMs?: number
}

/**
 * Runtime membership of segments: prefixes and workload ids that join or leave a segment without compiling the policy
 * again, some of them for a limited time. Answers are those of a policy written with these members.
 */
export class Members implements TimedOverlay {
  until = Number.POSITIVE_INFINITY
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #segments = new Map<string, number>()
  readonly #model: PolicyModel
  readonly #classes: TogglingClasses
  readonly #edits = new Map<number, SegmentEdits>()
  /** Segments with edits at a prefix: an address under none of them costs one look-up. */
  readonly #editedPrefixes = new PrefixTable<Set<number>>()
  #count = 0
  #at = 0

  /** @param changed - Called after every edit. */
  constructor(model: PolicyModel, endpoints: EndpointClasses, clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
    this.#model = model
    this.#classes = new TogglingClasses(endpoints)
    model.segments.forEach((segment, index) => {
      if (index > 1 && !segment.anonymous) this.#segments.set(segment.name, index)
    })
  }

  /**
   * Lists a member in a segment.
   *
   * @param segment - Name of a segment of the policy; not `any` or `internet`.
   * @param member - A prefix (`10.9.0.0/16`), an address, or a workload pattern (`spiffe://td/ns/*`).
   * @throws MembershipError (`ERR_MEMBERSHIP_INVALID`) when there is no such segment or the member is not canonical.
   */
  add(segment: string, member: string, options: EditOptions = {}): void {
    this.#edit(segment, member, true, options)
  }

  /**
   * Takes a listed member off a segment. An address that another listed prefix covers stays in it.
   *
   * @throws MembershipError (`ERR_MEMBERSHIP_INVALID`) when there is no such segment, the member is not canonical, or the
   * segment does not list exactly it: a removal that removes nothing must not pass for one that does.
   */
  remove(segment: string, member: string, options: EditOptions = {}): void {
    this.#edit(segment, member, false, options)
  }

  /** Takes over the edits of another overlay, by the names of segments. For a gate that swaps its policy. */
  adopt(other: Members): void {
    for (const [index, edits] of other.#edits) {
      const { name } = other.#model.segments[index] as SegmentModel
      const own = this.#segments.get(name)
      if (own === undefined)
        throw new MembershipError(`segment ${JSON.stringify(name)} is edited, and the new policy has none`)
      this.#edits.set(own, edits.over((this.#model.segments[own] as SegmentModel).include))
      for (const prefix of edits.prefixes()) this.#index(prefix, own)
    }
    if (this.#edits.size > 0) this.#changed()
  }

  begin(at: number): void {
    this.#at = at
    this.until = Number.POSITIVE_INFINITY
    this.#classes.begin()
  }

  adjustAddress(classId: number, family: 4 | 6, a: number, b: number, c: number, d: number): number {
    const nearest = family === 4 ? this.#editedPrefixes.lookup4(d) : this.#editedPrefixes.lookup6(a, b, c, d)
    if (nearest === undefined) return classId
    const address = family === 4 ? ipv4(d) : ipv6(a, b, c, d)
    const segments = new Set<number>()
    for (const { value } of this.#editedPrefixes.matches(address)) for (const segment of value) segments.add(segment)
    let adjusted = classId
    for (const segment of segments) {
      const state = (this.#edits.get(segment) as SegmentEdits).address(address, this.#at)
      if (state === null) continue
      if (state.until < this.until) this.until = state.until
      adjusted = this.#classes.toggle(adjusted, segment, state.present)
    }
    return adjusted
  }

  adjustWorkload(classId: number, id: string): number {
    let adjusted = classId
    for (const [segment, edits] of this.#edits) {
      const state = edits.workload(id, this.#at)
      if (state === null) continue
      if (state.until < this.until) this.until = state.until
      adjusted = this.#classes.toggle(adjusted, segment, state.present)
    }
    return adjusted
  }

  #edit(segment: string, member: string, present: boolean, options: EditOptions): void {
    const index = this.#segments.get(segment)
    if (index === undefined) throw new MembershipError(`no segment ${JSON.stringify(segment)} can be edited`)
    const until = this.#endOf(options)
    const edits = this.#edits.get(index) ?? new SegmentEdits((this.#model.segments[index] as SegmentModel).include)
    const now = this.#clock.now()
    if (member.startsWith('spiffe://')) {
      const pattern = readWorkload(member)
      if (!present && !edits.listsWorkload(pattern, now)) throw notListed(segment, member)
      edits.editWorkload(pattern, present, until, now)
    } else {
      const prefix = readPrefix(member)
      if (!present && !edits.listsPrefix(prefix, now)) throw notListed(segment, member)
      edits.editPrefix(prefix, present, until, now)
      this.#index(prefix, index)
    }
    this.#edits.set(index, edits)
    if (++this.#count % PRUNE_EVERY === 0) this.#prune(now)
    this.#changed()
  }

  #index(prefix: Prefix, segment: number): void {
    const segments = this.#editedPrefixes.get(prefix)
    if (segments === undefined) this.#editedPrefixes.insert(prefix, new Set([segment]))
    else segments.add(segment)
  }

  /** Drops edits that are over: a member that comes and goes for ever must not grow memory. */
  #prune(now: number): void {
    for (const [index, edits] of this.#edits) {
      for (const prefix of edits.prune(now)) {
        const segments = this.#editedPrefixes.get(prefix)
        segments?.delete(index)
        if (segments?.size === 0) this.#editedPrefixes.delete(prefix)
      }
    }
  }

  #endOf({ ttlMs }: EditOptions): number {
    if (ttlMs === undefined) return Number.POSITIVE_INFINITY
    if (!Number.isFinite(ttlMs) || ttlMs <= 0)
      throw new MembershipError('"ttlMs" must be a positive number of milliseconds')
    return this.#clock.now() + ttlMs
  }
}

function notListed(segment: string, member: string): MembershipError {
  return new MembershipError(`segment ${JSON.stringify(segment)} does not list ${JSON.stringify(member.slice(0, 64))}`)
}

function readPrefix(member: string): Prefix {
  try {
    return parsePrefix(member)
  } catch (error) {
    const fix = error instanceof PrefixError && error.fix !== null ? `; write ${error.fix}` : ''
    throw new MembershipError(`not a prefix, an address or a workload id: ${JSON.stringify(member.slice(0, 64))}${fix}`)
  }
}

function readWorkload(member: string): { readonly id: string; readonly below: boolean } {
  const below = member.endsWith('/*')
  const id = below ? member.slice(0, -2) : member
  if (!isWorkloadId(id)) throw new MembershipError(`not a SPIFFE id: ${JSON.stringify(member.slice(0, 64))}`)
  return { id, below }
}
