/** An object with members: no array, no null. */
export type Members = Readonly<Record<string, unknown>>

/** What was wrong with an argument, as one sentence without a full stop. */
export interface Malformed {
  readonly problem: string
}

/** Whether a reading ended in a problem. */
export function isMalformed(result: object): result is Malformed {
  return 'problem' in result
}

/**
 * True for any object but an array. Wider than what the engine takes: an identity that was made warm is an object of a
 * class. Whether an argument is acceptable is the engine's to say; these readers only look for what to say about it.
 */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a string, a boolean or a finite number. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isFiniteNumber(value)
}

/** True for a number that is neither NaN nor infinite. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** True for an array that holds nothing but strings. */
export function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** The first own key that is not one of `known`, or `null`. */
export function unknownKey(value: Members, known: readonly string[]): string | null {
  return Object.keys(value).find((key) => !known.includes(key)) ?? null
}

const LONGEST_QUOTE = 80

/** Any value as one short line of printable ASCII, so that nothing in a request can write into a terminal or a log. */
export function quote(value: unknown): string {
  const text =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : typeName(value)
  const json = typeof text === 'string' && text !== typeName(value) ? JSON.stringify(text) : String(text)
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return ascii.length <= LONGEST_QUOTE ? ascii : `${ascii.slice(0, LONGEST_QUOTE - 4)}..."`
}

/** A word for the type of a value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value === undefined) return 'nothing'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
