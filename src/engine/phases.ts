/** A half-open stretch of time over which something stays as it is. */
export interface Phase {
  readonly from: number
  readonly until: number
}

/** Phases kept at once: now, what comes next, and what a caller with another clock asks for. */
const KEPT = 8

/** Remembers the phases that were asked for, so that looking ahead to the next one does not forget the current one. */
export class Phases<P extends Phase> {
  readonly #make: (at: number) => P
  readonly #kept: P[] = []
  #next = 0

  constructor(make: (at: number) => P) {
    this.#make = make
  }

  at(time: number): P {
    const kept = this.#kept
    for (let i = 0; i < kept.length; i++) {
      const phase = kept[i] as P
      if (time >= phase.from && time < phase.until) return phase
    }
    const made = this.#make(time)
    if (kept.length < KEPT) kept.push(made)
    else {
      kept[this.#next] = made
      this.#next = (this.#next + 1) % KEPT
    }
    return made
  }
}
