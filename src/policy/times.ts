import { quote } from './diagnostics.ts'
import type { Loose, RuleDocument } from './document.ts'
import type { ScheduleWindow, Validity } from './model.ts'
import { readItems, readPart } from './reading.ts'
import type { Report } from './report.ts'
import { DAYS } from './vocabulary.ts'

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DURATION = /^([1-9][0-9]{0,15})(ms|s|m|h|d)$/
/** A hundred years: longer is a slip of the pen, and sums of durations and instants stay exact. */
const LONGEST_MS = 36_525 * 86_400_000

/** Milliseconds of a duration, or `null` after a report. */
export function readDuration(text: string, report: Report): number | null {
  const match = DURATION.exec(text)
  const value = match === null ? Number.NaN : Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN)
  if (value <= LONGEST_MS) return value
  const fix = value > LONGEST_MS ? 'write at most 36525d' : undefined
  report.add('POLICY_DURATION_INVALID', `${quote(text)} is not a duration`, {
    expected: 'a whole number and ms, s, m, h or d, such as "15m"',
    fix,
  })
  return null
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/

/** Epoch milliseconds of an RFC 3339 instant, or `null` after a report. */
export function readInstant(text: string, report: Report): number | null {
  const value = text.length > 40 ? null : parseInstant(text)
  if (value !== null) return value
  const zoneless = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(text)
  report.add('POLICY_INSTANT_INVALID', `${quote(text)} is not an instant`, {
    expected: 'RFC 3339 with Z or an offset, such as "2026-05-01T12:00:00Z"',
    fix: zoneless ? 'write the time and its offset, such as T00:00:00Z' : undefined,
  })
  return null
}

function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text)
  if (match === null) return null
  const field = (index: number): number => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5), field(6)]
  const [offsetHours, offsetMinutes] = [field(9), field(10)]
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null
  const date = new Date(0)
  // Not `Date.UTC`, which reads the year 50 as 1950.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  date.setUTCHours(hour, minute, second, Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3)))
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000
  return date.getTime() - (match[8] === '-' ? -offset : offset)
}

/** Reads when a rule is in force. */
export function readValidity(document: Loose<NonNullable<RuleDocument['valid']>>, report: Report): Validity {
  const bound = (key: 'from' | 'until', open: number): number =>
    readPart(key, document[key], readInstant, null, report) ?? open
  const from = bound('from', Number.NEGATIVE_INFINITY)
  const until = bound('until', Number.POSITIVE_INFINITY)
  if (from >= until)
    report.add('POLICY_VALIDITY_EMPTY', 'the validity ends before it begins', {
      below: ['until'],
      fix: 'write an `until` after `from`',
    })
  return { from, until, schedule: document.schedule === undefined ? null : readSchedule(document.schedule, report) }
}

type WindowDocument = NonNullable<NonNullable<RuleDocument['valid']>['schedule']>[number]

function readSchedule(
  windows: readonly (Loose<WindowDocument> | undefined)[],
  report: Report,
): readonly ScheduleWindow[] {
  if (windows.length === 0)
    report.add('POLICY_LIST_EMPTY', 'an empty schedule is never', {
      below: ['schedule'],
      fix: 'leave `schedule` out to mean always',
    })
  return readItems('schedule', windows, readWindow, report).flat()
}

const HOURS = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/
const DAY_MINUTES = 1440

function readWindow(window: Loose<WindowDocument>, report: Report): readonly ScheduleWindow[] {
  const { zone = 'UTC' } = window
  if (window.zone !== undefined && !isTimeZone(zone, report)) {
    report.add('POLICY_ZONE_UNKNOWN', `${quote(zone)} is not a time zone`, {
      below: ['zone'],
      nearest: report.nearest(zone, zoneNames()),
      expected: 'an IANA name such as "Europe/Berlin" or "UTC"',
    })
  }
  if (window.days?.length === 0)
    report.add('POLICY_LIST_EMPTY', 'an empty list of days is never', {
      below: ['days'],
      fix: 'leave `days` out to mean every day',
    })
  const days = [
    ...new Set((window.days ?? DAYS).flatMap((day) => (day === undefined ? [] : [DAYS.indexOf(day)]))),
  ].sort((a, b) => a - b)
  const hours = readHours(window.hours ?? '00:00-24:00', report)
  if (hours === null) return []
  const { from, to } = hours
  if (from < to) return [{ days, fromMinute: from, toMinute: to, zone }]
  const evening = { days, fromMinute: from, toMinute: DAY_MINUTES, zone }
  if (to === 0) return [evening]
  // Past midnight the window belongs to the day after.
  const after = days.map((day) => (day + 1) % 7).sort((a, b) => a - b)
  return [evening, { days: after, fromMinute: 0, toMinute: to, zone }]
}

function readHours(text: string, report: Report): { readonly from: number; readonly to: number } | null {
  const match = HOURS.exec(text)
  const from = Number(match?.[1]) * 60 + Number(match?.[2])
  const to = Number(match?.[3]) * 60 + Number(match?.[4])
  if (match !== null && from < DAY_MINUTES && to <= DAY_MINUTES && from !== to) return { from, to }
  const fix = match !== null && from === to ? 'leave `hours` out to mean all day' : undefined
  report.add('POLICY_HOURS_INVALID', `${quote(text)} is not a span of hours`, {
    below: ['hours'],
    expected: 'HH:MM-HH:MM, such as "09:00-17:00"',
    fix,
  })
  return null
}

let listedZones: ReadonlySet<string> | undefined
const probedZones = new Map<string, boolean>()
/** Zones beyond the listed ones that are remembered: aliases such as `UTC` or `Asia/Calcutta`. */
const MOST_PROBED = 1024

function zoneNames(): ReadonlySet<string> {
  listedZones ??= new Set(Intl.supportedValuesOf('timeZone'))
  return listedZones
}

function isTimeZone(zone: string, report: Report): boolean {
  if (zoneNames().has(zone)) return true
  const known = probedZones.get(zone)
  if (known !== undefined) return known
  // Offsets such as +01:00 are no IANA names, though some runtimes take them.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false
  // Asking costs tens of microseconds, and a policy with that many problems is refused anyway.
  if (report.full) return true
  const valid = probeZone(zone)
  if (probedZones.size < MOST_PROBED) probedZones.set(zone, valid)
  return valid
}

function probeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
