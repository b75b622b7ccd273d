import type { TimeCondition } from '../program/program.ts'
import { Phases } from './phases.ts'
import { stretchAt, ZoneOffsets } from './schedule.ts'

/** The time conditions of a program that hold in one stretch of time, as bits. */
export interface TimePhase {
  readonly from: number
  readonly until: number
  readonly bits: Int32Array
  /** End of each condition's own stretch. */
  readonly ends: Float64Array
}

/** Which time conditions hold when. */
export class TimeConditions {
  readonly #conditions: readonly TimeCondition[]
  readonly #used: (index: number) => boolean
  readonly #zones = new ZoneOffsets()
  readonly #phases = new Phases<TimePhase>()

  /** @param used - Whether a condition counts; one that does not never holds and never ends a phase. */
  constructor(conditions: readonly TimeCondition[], used: (index: number) => boolean) {
    this.#conditions = conditions
    this.#used = used
  }

  at(time: number): TimePhase {
    return this.#phases.find(time) ?? this.#phases.keep(this.#phaseAt(time))
  }

  #phaseAt(time: number): TimePhase {
    let from = Number.NEGATIVE_INFINITY
    let until = Number.POSITIVE_INFINITY
    const bits = new Int32Array((this.#conditions.length + 31) >>> 5)
    const ends = new Float64Array(this.#conditions.length).fill(Number.POSITIVE_INFINITY)
    this.#conditions.forEach((condition, index) => {
      if (!this.#used(index)) return
      const stretch = stretchAt(condition, time, this.#zones)
      if (stretch.holds) bits[index >>> 5] = (bits[index >>> 5] as number) | (1 << (index & 31))
      from = Math.max(from, stretch.from)
      until = Math.min(until, stretch.until)
      ends[index] = stretch.until
    })
    return { from, until, bits, ends }
  }
}
