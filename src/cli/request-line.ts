import { Report } from '../policy/report.ts'
import { readInstant } from '../policy/times.ts'

/** A request as a line of JSON says it. Its parts are what `authorize` checks, so they may be anything. */
export interface RecordedRequest {
  readonly identity?: unknown
  readonly posture?: unknown
  readonly src?: unknown
  readonly dst?: unknown
  readonly at?: unknown
}

/** Members of a request; any other is refused: a misspelt `posture` must not become a request without one. */
export const REQUEST_MEMBERS: readonly string[] = ['identity', 'posture', 'src', 'dst', 'at']

/** Deeper than any request that can be answered; an actor chain of 16 with claims is well below. */
const MAX_DEPTH = 64

/** A line that is no request, and why, in a few words. */
export interface Unreadable {
  readonly unreadable: string
}

/** Reads one line strictly. */
export function readRequestLine(line: string): RecordedRequest | Unreadable {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return { unreadable: `not JSON: ${error instanceof Error ? oneLine(error.message) : 'syntax error'}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { unreadable: 'not a JSON object' }
  for (const key in value) {
    if (!REQUEST_MEMBERS.includes(key)) return { unreadable: `unknown member ${JSON.stringify(oneLine(key))}` }
  }
  const keys = countKeys(value, 1)
  if (keys === -1) return { unreadable: `nested deeper than ${MAX_DEPTH}` }
  // The parser keeps the last of two equal keys, and a reader in front of us may keep the first.
  if (keys !== countKeyTexts(line)) return { unreadable: 'a key is written twice in the same object' }
  return value
}

/** Whether a line is no request. */
export function isUnreadable(request: RecordedRequest | Unreadable): request is Unreadable {
  return 'unreadable' in request
}

/**
 * The time of a request: epoch milliseconds, or an RFC 3339 text with its offset. `undefined` is now; anything else is
 * NaN, which `authorize` refuses.
 */
export function instantOf(at: unknown): number | undefined {
  if (at === undefined) return undefined
  if (typeof at === 'number') return at
  if (typeof at !== 'string') return Number.NaN
  return readInstant(at, new Report()) ?? Number.NaN
}

/** Keys of a parsed value and everything in it, or -1 when it is too deep. */
function countKeys(value: object, depth: number): number {
  if (depth > MAX_DEPTH) return -1
  let count = 0
  const isList = Array.isArray(value)
  for (const key in value) {
    if (!isList) count++
    const member = (value as Record<string, unknown>)[key]
    if (typeof member !== 'object' || member === null) continue
    const inside = countKeys(member, depth + 1)
    if (inside === -1) return -1
    count += inside
  }
  return count
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const SPACE = 0x20

/** Keys as they are written in a text that is known to be JSON: texts with a colon behind them. */
function countKeyTexts(json: string): number {
  let count = 0
  for (let at = 0; at < json.length; at++) {
    if (json.charCodeAt(at) !== QUOTE) continue
    for (;;) {
      const code = json.charCodeAt(++at)
      if (code === BACKSLASH) at++
      else if (code === QUOTE) break
    }
    let next = at + 1
    while (json.charCodeAt(next) <= SPACE) next++
    if (json.charCodeAt(next) === COLON) count++
  }
  return count
}

function oneLine(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 117)}...` : text
  return short.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
