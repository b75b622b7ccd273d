import { parsePrefix } from '../../src/net/prefix.ts'
import type { PolicyModel, SegmentModel } from '../../src/policy/model.ts'
import type { ChangingModel } from '../reference/interpreter.ts'

/** One change of a segment's members at run time. */
export interface Edit {
  readonly action: 'add' | 'remove'
  readonly segment: string
  /** A prefix, or a SPIFFE id that may end in a slash and a star. */
  readonly text: string
  /** `null` is for ever. */
  readonly ttlMs: number | null
}

/** An edit and its end. */
interface Standing extends Edit {
  readonly until: number
}

/**
 * A policy and the edits made so far, the plain way: the lists of members as text, and the edits that still stand laid over
 * them in the order in which they were made.
 *
 * An edit with a time to live that meets another edit of the same member is left out of the comparison ({@link accepts}):
 * it is not written down what comes back then.
 */
export class EditedModel implements ChangingModel {
  readonly #base: PolicyModel
  #standing: Standing[] = []

  constructor(base: PolicyModel) {
    this.#base = base
  }

  /** Whether the meaning of this edit is written down. */
  accepts(written: Edit, now: number): boolean {
    const edit = canonical(written)
    const same = this.#standing.filter(
      (one) => one.segment === edit.segment && one.text === edit.text && now < one.until,
    )
    const isPresent = this.members(edit.segment, now).includes(edit.text)
    const changes = isPresent === (edit.action === 'remove')
    // Taking off what is not listed is refused.
    if (edit.action === 'remove' && !isPresent) return false
    return same.every((one) => one.ttlMs === null) && (edit.ttlMs === null || (same.length === 0 && changes))
  }

  apply(written: Edit, now: number): void {
    const edit = canonical(written)
    const until = edit.ttlMs === null ? Number.POSITIVE_INFINITY : now + edit.ttlMs
    this.#standing = [...this.#standing, { ...edit, until }]
  }

  get edits(): readonly number[] {
    return this.#standing.map(({ until }) => until)
  }

  modelAt(at: number): PolicyModel {
    const segments = this.#base.segments.map((segment, index) =>
      index < 2 || segment.anonymous ? segment : withMembers(segment, this.members(segment.name, at)),
    )
    return { ...this.#base, segments }
  }

  /** The members of a segment as text. */
  members(name: string, at: number): string[] {
    const segment = this.#base.segments.find((one) => one.name === name && !one.anonymous)
    if (segment === undefined) throw new RangeError(`there is no segment ${name}`)
    let members = membersOf(segment)
    for (const edit of this.#standing) {
      if (edit.segment !== name || at >= edit.until) continue
      members = members.filter((text) => text !== edit.text)
      if (edit.action === 'add') members.push(edit.text)
    }
    return members
  }
}

/** A prefix may be written in more than one way. */
function canonical(edit: Edit): Edit {
  return edit.text.startsWith('spiffe://') ? edit : { ...edit, text: String(parsePrefix(edit.text)) }
}

function membersOf({ include }: SegmentModel): string[] {
  return [...include.prefixes.map(String), ...include.workloads.map(({ id, below }) => (below ? `${id}/*` : id))]
}

function withMembers(segment: SegmentModel, members: readonly string[]): SegmentModel {
  const isWorkload = (text: string) => text.startsWith('spiffe://')
  return {
    ...segment,
    include: {
      ...segment.include,
      prefixes: members.filter((text) => !isWorkload(text)).map(parsePrefix),
      workloads: members
        .filter(isWorkload)
        .map((text) => (text.endsWith('/*') ? { id: text.slice(0, -2), below: true } : { id: text, below: false })),
    },
  }
}
