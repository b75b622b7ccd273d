import type { ScheduleWindow } from '../../src/policy/model.ts'

const MINUTE = 60_000
const QUARTER = 15 * MINUTE
const DAY = 24 * 60 * MINUTE

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** True when the local time of the window's zone lies in it. */
export function isInWindow(window: ScheduleWindow, at: number): boolean {
  const local = new Date(at + offsetOf(window.zone, at))
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  return window.days.includes(local.getUTCDay()) && window.fromMinute <= minute && minute < window.toMinute
}

/**
 * Every instant in `[from, until]` at which a window may open or close, and some at which none does. Each local midnight
 * plus the window's minutes, under each offset the zone has around that day, and the instants at which the offset changes.
 */
export function windowEdges(window: ScheduleWindow, from: number, until: number): number[] {
  const edges: number[] = []
  for (let day = Math.floor(from / DAY) * DAY - DAY; day <= until + DAY; day += DAY) {
    const around = new Set([-DAY, 0, DAY, 2 * DAY].map((shift) => offsetOf(window.zone, day + shift)))
    for (const offset of around) {
      for (const minute of [window.fromMinute, window.toMinute]) edges.push(day + minute * MINUTE - offset)
    }
    if (around.size > 1) edges.push(...offsetChanges(window.zone, day, day + DAY))
  }
  return edges.filter((edge) => from <= edge && edge <= until)
}

function offsetChanges(zone: string, from: number, until: number): number[] {
  const changes: number[] = []
  for (let at = from; at < until; at += QUARTER) {
    if (offsetOf(zone, at) !== offsetOf(zone, at - QUARTER)) changes.push(at)
  }
  return changes
}

/** Milliseconds to add to an instant to read local wall time as if it were UTC. Offsets change on quarter hours only. */
function offsetOf(zone: string, at: number): number {
  const quarter = Math.floor(at / QUARTER) * QUARTER
  const key = `${zone} ${quarter}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    offset = wallTime(zone, quarter) - quarter
    offsets.set(key, offset)
  }
  return offset
}

function wallTime(zone: string, at: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields })
    formats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
}
