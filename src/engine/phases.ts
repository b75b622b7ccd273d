/** A half-open stretch of time over which something stays as it is. */
export interface Phase {
  readonly from: number
  readonly until: number
}

/** Phases kept at once: now, what comes next, and what a caller with another clock asks for. */
const KEPT = 8

/** Remembers the phases that were asked for, so that looking ahead to the next one does not forget the current one. */
export class Phases<P extends Phase> {
  /** What most askers need: one request asks for one phase. */
  #first: P | null = null
  #others: P[] | null = null
  #next = 0

  find(time: number): P | undefined {
    const first = this.#first
    if (first !== null && time >= first.from && time < first.until) return first
    if (this.#others === null) return undefined
    for (let i = 0; i < this.#others.length; i++) {
      const phase = this.#others[i] as P
      if (time >= phase.from && time < phase.until) return phase
    }
    return undefined
  }

  keep(phase: P): P {
    if (this.#first === null) {
      this.#first = phase
      return phase
    }
    this.#others ??= []
    this.#others[this.#next] = phase
    this.#next = (this.#next + 1) % KEPT
    return phase
  }
}
