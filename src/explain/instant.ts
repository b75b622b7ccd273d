import type { ScheduleWindow, Validity } from '../policy/model.ts'

const MINUTE = 60_000
const DAY_MINUTES = 1440
const WEEK_MINUTES = 7 * DAY_MINUTES
/** A schedule with more windows in a row than this is treated as never closing: the text then names no closing time. */
const MAX_CHAINED_WINDOWS = 64
/** What `Date` can hold: beyond it no calendar exists. */
const LAST_INSTANT = 8.64e15

interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number
  /** Since local midnight. */
  readonly minute: number
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const formats = new Map<string, Intl.DateTimeFormat>()
/** The last answer per zone: thousands of rules ask for the same instant, and formatting is slow. */
const lastAnswers = new Map<string, { readonly at: number; readonly local: LocalTime }>()

/** Weekday and minute of the day in a zone; `null` for an instant no calendar has. */
function localTime(at: number, zone: string): LocalTime | null {
  if (!(Math.abs(at) <= LAST_INSTANT)) return null
  const last = lastAnswers.get(zone)
  if (last !== undefined && last.at === at) return last.local
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  let day = -1
  let minute = 0
  for (const part of format.formatToParts(at)) {
    if (part.type === 'weekday') day = WEEKDAYS.indexOf(part.value)
    else if (part.type === 'hour') minute += Number(part.value) * 60
    else if (part.type === 'minute') minute += Number(part.value)
  }
  const local = { day, minute }
  lastAnswers.set(zone, { at, local })
  return local
}

function inWindow(window: ScheduleWindow, at: number): boolean {
  const local = localTime(at, window.zone)
  return (
    local !== null &&
    window.days.includes(local.day) &&
    local.minute >= window.fromMinute &&
    local.minute < window.toMinute
  )
}

/** Whether the local time of one of the windows lies in it; `null` is always. */
export function inSchedule(schedule: readonly ScheduleWindow[] | null, at: number): boolean {
  return schedule === null || schedule.some((window) => inWindow(window, at))
}

/** Whether `from <= at < until`. */
export function inPeriod(valid: Validity, at: number): boolean {
  return valid.from <= at && at < valid.until
}

/** The instant `minutes` after the start of the minute of `at`, moved back onto the wanted local minute after a change of the clocks. */
function localInstant(at: number, minutes: number, zone: string, wanted: number): number {
  const estimate = Math.floor(at / MINUTE) * MINUTE + minutes * MINUTE
  const local = localTime(estimate, zone)
  if (local === null || local.minute === wanted) return estimate
  const off = ((local.minute - wanted + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2
  return estimate - off * MINUTE
}

/** First instant from `at` on at which the schedule holds, or `null`. */
function nextOpening(schedule: readonly ScheduleWindow[], at: number): number | null {
  if (inSchedule(schedule, at)) return at
  let first: number | null = null
  for (const window of schedule) {
    const local = localTime(at, window.zone)
    if (local === null) continue
    for (const day of window.days) {
      const ahead = (day - local.day) * DAY_MINUTES + window.fromMinute - local.minute
      const minutes = ((ahead % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES
      for (const week of [0, WEEK_MINUTES]) {
        const opening = localInstant(at, minutes + week, window.zone, window.fromMinute % DAY_MINUTES)
        if (opening <= at || !inWindow(window, opening)) continue
        if (first === null || opening < first) first = opening
        break
      }
    }
  }
  return first
}

/** First instant after `at`, at which the schedule holds, at which it no longer does, or `null`. */
function nextClosing(schedule: readonly ScheduleWindow[], at: number): number | null {
  let now = at
  for (let i = 0; i < MAX_CHAINED_WINDOWS; i++) {
    const window = schedule.find((candidate) => inWindow(candidate, now))
    if (window === undefined) return now > at ? now : null
    const local = localTime(now, window.zone)
    if (local === null) return null
    const end = localInstant(now, window.toMinute - local.minute, window.zone, window.toMinute % DAY_MINUTES)
    if (end <= now) return null
    now = end
  }
  return null
}

/** First instant after `at` at which a rule outside its validity comes into it, or `null` when it never does again. */
export function nextStart(valid: Validity, at: number): number | null {
  const from = Math.max(valid.from, at)
  const start = valid.schedule === null ? from : nextOpening(valid.schedule, from)
  return start === null || start >= valid.until || start <= at ? null : start
}

/** First instant after `at` at which a rule inside its validity leaves it, or `null` when it never does. */
export function nextEnd(valid: Validity, at: number): number | null {
  const closing = valid.schedule === null ? null : nextClosing(valid.schedule, at)
  const end = Math.min(valid.until, closing ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(end) && end > at ? end : null
}
