import type { ScheduleWindow } from '../policy/model.ts'
import type { TimeCondition } from '../program/program.ts'

/** Whether a condition holds at an instant, and the half-open stretch of time over which that stays so. */
export interface Stretch {
  readonly holds: boolean
  readonly from: number
  readonly until: number
}

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** Further than any gap in a weekly schedule. */
const HORIZON_DAYS = 9

/** Evaluates a validity window and its schedule. */
export function stretchAt(condition: TimeCondition, at: number, zones: ZoneOffsets): Stretch {
  if (at < condition.from) return { holds: false, from: Number.NEGATIVE_INFINITY, until: condition.from }
  if (at >= condition.until) return { holds: false, from: condition.until, until: Number.POSITIVE_INFINITY }
  if (condition.schedule === null) return { holds: true, from: condition.from, until: condition.until }
  const schedule = scheduleStretch(condition.schedule, at, zones)
  return {
    holds: schedule.holds,
    from: Math.max(condition.from, schedule.from),
    until: Math.min(condition.until, schedule.until),
  }
}

/**
 * Local time moves in whole minutes against UTC only where the zone's offset is whole minutes, as all are since 1972, and
 * changes only at offset transitions; so the answer is constant between window edges and transitions, and those are what
 * is looked for.
 */
function scheduleStretch(windows: readonly ScheduleWindow[], at: number, zones: ZoneOffsets): Stretch {
  const holds = inAnyWindow(windows, at, zones)
  return {
    holds,
    // Only the next edge is ever needed exactly; looking back is bounded by the minute the instant is in.
    from: Math.floor(at / MINUTE) * MINUTE,
    until: nextChange(windows, at, holds, zones),
  }
}

function nextChange(windows: readonly ScheduleWindow[], at: number, holds: boolean, zones: ZoneOffsets): number {
  const candidates: number[] = []
  for (const zone of new Set(windows.map((window) => window.zone))) {
    const own = windows.filter((window) => window.zone === zone)
    for (const edge of zoneEdges(zone, own, at, zones)) if (edge > at) candidates.push(edge)
  }
  candidates.sort((x, y) => x - y)
  for (const edge of candidates) if (inAnyWindow(windows, edge, zones) !== holds) return edge
  return Number.POSITIVE_INFINITY
}

/** Instants in the coming days at which local time passes an edge of a window, or the zone's offset changes. */
function zoneEdges(zone: string, windows: readonly ScheduleWindow[], at: number, zones: ZoneOffsets): number[] {
  const minutes = [...new Set(windows.flatMap((window) => [window.fromMinute, window.toMinute]))]
  const edges: number[] = []
  const start = Math.floor(at / MINUTE) * MINUTE
  let blockStart = start
  let offset = zones.at(zone, blockStart)
  const end = start + HORIZON_DAYS * DAY
  while (blockStart < end) {
    // A day at a time; where the offset differs at its end, the transition is found by halving.
    const blockEnd = blockStart + DAY
    const nextOffset = zones.at(zone, blockEnd)
    const stop = nextOffset === offset ? blockEnd : transition(zone, blockStart, blockEnd, offset, zones)
    const localMidnight = Math.floor((blockStart + offset) / DAY) * DAY - offset
    for (const midnight of [localMidnight, localMidnight + DAY]) {
      for (const minute of minutes) {
        const edge = midnight + minute * MINUTE
        if (edge >= blockStart && edge < stop) edges.push(edge)
      }
      if (midnight >= blockStart && midnight < stop) edges.push(midnight)
    }
    if (nextOffset !== offset) edges.push(stop)
    blockStart = stop
    offset = zones.at(zone, stop)
  }
  return edges
}

/** First minute in `(low, high]` whose offset is not `offset`. */
function transition(zone: string, low: number, high: number, offset: number, zones: ZoneOffsets): number {
  let before = low
  let after = high
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE
    if (zones.at(zone, middle) === offset) before = middle
    else after = middle
  }
  return after
}

function inAnyWindow(windows: readonly ScheduleWindow[], at: number, zones: ZoneOffsets): boolean {
  return windows.some((window) => {
    const local = at + zones.at(window.zone, at)
    const day = (((Math.floor(local / DAY) + 4) % 7) + 7) % 7
    const minute = Math.floor((local - Math.floor(local / DAY) * DAY) / MINUTE)
    return window.days.includes(day) && window.fromMinute <= minute && minute < window.toMinute
  })
}

const FORMAT_OPTIONS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** Offsets change on quarters of an hour, if at all. */
const QUARTER = 15 * MINUTE
/** Quarters of an hour remembered for one zone. */
const MAX_QUARTERS = 4096

/** Offsets of time zones. Formatters are dear to make and to ask, so one is kept for each zone, with what it said. */
export class ZoneOffsets {
  readonly #zones = new Map<string, { readonly format: Intl.DateTimeFormat; readonly offsets: Map<number, number> }>()

  /** Milliseconds to add to UTC to get local time in the zone. */
  at(zone: string, time: number): number {
    if (zone === 'UTC') return 0
    let known = this.#zones.get(zone)
    if (known === undefined) {
      known = { format: new Intl.DateTimeFormat('en-US', { ...FORMAT_OPTIONS, timeZone: zone }), offsets: new Map() }
      this.#zones.set(zone, known)
    }
    const quarter = Math.floor(time / QUARTER)
    let offset = known.offsets.get(quarter)
    if (offset === undefined) {
      offset = offsetOf(known.format, quarter * QUARTER)
      if (known.offsets.size >= MAX_QUARTERS) known.offsets.clear()
      known.offsets.set(quarter, offset)
    }
    return offset
  }
}

function offsetOf(format: Intl.DateTimeFormat, time: number): number {
  const fields: Record<string, number> = {}
  for (const part of format.formatToParts(time)) fields[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields
  return Date.UTC(year, month - 1, day, hour, minute, second) - time
}
