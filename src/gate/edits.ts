/** A change of one listed member that stands until a certain instant. */
interface Edit {
  readonly present: boolean
  readonly until: number
}

/** What edits say about one member at an instant. */
export interface EditState {
  /** Listed, not listed, or `null`: as the policy says. */
  readonly present: boolean | null
  /** First later instant at which that may change. */
  readonly until: number
}

/** The edits of one member of one segment, in the order in which they were made: the last that still stands counts. */
export class MemberEdits {
  #edits: readonly Edit[] = []

  /** @param now - Edits that ended before it are dropped. */
  push(present: boolean, until: number, now: number): void {
    const standing = until === Number.POSITIVE_INFINITY ? [] : this.#edits.filter((edit) => edit.until > now)
    this.#edits = [...standing, { present, until }]
  }

  /** Whether nothing stands any more. */
  isOver(now: number): boolean {
    return this.#edits.every((edit) => edit.until <= now)
  }

  at(instant: number): EditState {
    let present: boolean | null = null
    let until = Number.POSITIVE_INFINITY
    for (const edit of this.#edits) {
      if (edit.until <= instant) continue
      present = edit.present
      if (edit.until < until) until = edit.until
    }
    return { present, until }
  }
}
