import type { TimeCondition } from '../program/program.ts'
import { stretchAt, ZoneOffsets } from './schedule.ts'

/** The time conditions of a program that hold in one stretch of time, as bits. */
export interface TimePhase {
  readonly from: number
  readonly until: number
  readonly bits: Int32Array
}

/** Keeps the current phase; works out another one when time leaves it. */
export class TimeConditions {
  readonly #conditions: readonly TimeCondition[]
  readonly #zones = new ZoneOffsets()
  #current: TimePhase

  constructor(conditions: readonly TimeCondition[]) {
    this.#conditions = conditions
    const always = conditions.length === 1
    this.#current = {
      from: always ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      until: always ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
      bits: Int32Array.of(1),
    }
  }

  at(time: number): TimePhase {
    const current = this.#current
    if (time >= current.from && time < current.until) return current
    let from = Number.NEGATIVE_INFINITY
    let until = Number.POSITIVE_INFINITY
    const bits = new Int32Array((this.#conditions.length + 31) >>> 5)
    this.#conditions.forEach((condition, index) => {
      const stretch = stretchAt(condition, time, this.#zones)
      if (stretch.holds) bits[index >>> 5] = (bits[index >>> 5] as number) | (1 << (index & 31))
      from = Math.max(from, stretch.from)
      until = Math.min(until, stretch.until)
    })
    this.#current = { from, until, bits }
    return this.#current
  }
}
