/** A record as JSON would make it: no array, no class instance, no null. */
export type PlainObject = Readonly<Record<string, unknown>>

/** True for what `{}` and `Object.create(null)` make. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** True when every own key is one of `known`. */
export function hasOnlyKeys(value: PlainObject, known: readonly string[]): boolean {
  return Object.keys(value).every((key) => known.includes(key))
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
