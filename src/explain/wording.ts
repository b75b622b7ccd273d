import { PROTOCOL_NUMBERS } from '../facts/protocol.ts'
import { quote } from './plain-data.ts'

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const
const LONGEST_LIST = 5
const LAST_INSTANT = 8.64e15

/** A duration in its two largest units: `20m`, `1h 30m`, `250ms`. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return 'for ever'
  const whole = Math.abs(Math.round(ms))
  if (whole < 1000) return `${whole}ms`
  const first = UNITS.findIndex((unit) => whole >= unit.ms)
  const unit = UNITS[first] ?? UNITS[3]
  const next = UNITS[first + 1]
  const count = Math.floor(whole / unit.ms)
  const rest = next === undefined ? 0 : Math.floor((whole % unit.ms) / next.ms)
  return rest === 0 || next === undefined ? `${count}${unit.name}` : `${count}${unit.name} ${rest}${next.name}`
}

/** An instant as ISO 8601 in UTC, or as the number it is when no calendar has it. */
export function instantText(at: number): string {
  return Math.abs(at) <= LAST_INSTANT ? new Date(at).toISOString() : String(at)
}

/** An instant and how far it is away. */
export function awayText(instant: number, now: number): string {
  const distance = durationText(instant - now)
  return `${instantText(instant)} (${instant >= now ? `in ${distance}` : `${distance} ago`})`
}

/** `"a", "b" or "c"`, cut short when there are many. */
export function listText(values: readonly unknown[], conjunction: 'or' | 'and' = 'or'): string {
  const shown = values.slice(0, LONGEST_LIST).map(quote)
  if (values.length > LONGEST_LIST) return `${shown.join(', ')} ${conjunction} ${values.length - LONGEST_LIST} more`
  const last = shown.pop() ?? 'nothing'
  return shown.length === 0 ? last : `${shown.join(', ')} ${conjunction} ${last}`
}

/** A whole number of things. */
export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map(
  [...PROTOCOL_NUMBERS].map(([name, number]) => [number, name]),
)

/** A protocol for people: its name when it has one, else its number. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES.get(protocol) ?? String(protocol)
}
