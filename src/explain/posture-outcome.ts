import type { FactValue, PostureFact } from '../facts/posture.ts'
import type { Comparison, FactComparison } from '../policy/model.ts'
import type { Outcome } from './outcome.ts'

/** The facts of a posture by name, as they were given: each may be malformed. */
export type Facts = Readonly<Record<string, unknown>>

/** Why a fact cannot be believed. */
export type Disbelief =
  | { readonly reason: 'absent' }
  | { readonly reason: 'malformed' }
  | { readonly reason: 'unverified'; readonly fact: PostureFact }
  | { readonly reason: 'future'; readonly fact: PostureFact }
  | { readonly reason: 'stale'; readonly fact: PostureFact; readonly since: number }

/** A fact that can be believed, or why it cannot. */
export type Belief = { readonly reason: null; readonly fact: PostureFact } | Disbelief

const VERIFYING = ['signature', 'attestation', 'channel']

function isFactValue(value: unknown): value is FactValue {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

/** Reads one fact and says whether it can be believed at an instant for `maxAgeMs`. */
export function believe(facts: Facts, name: string, maxAgeMs: number, at: number): Belief {
  const given = Object.hasOwn(facts, name) ? facts[name] : undefined
  if (given === undefined) return { reason: 'absent' }
  if (typeof given !== 'object' || given === null) return { reason: 'malformed' }
  const { value, observedAt, verification, source } = given as Record<string, unknown>
  if (!isFactValue(value) || typeof observedAt !== 'number' || !Number.isFinite(observedAt))
    return { reason: 'malformed' }
  if (verification !== 'none' && !VERIFYING.includes(verification as string)) return { reason: 'malformed' }
  const fact: PostureFact = {
    value,
    observedAt,
    verification: verification as PostureFact['verification'],
    ...(typeof source === 'string' ? { source } : {}),
  }
  if (fact.verification === 'none') return { reason: 'unverified', fact }
  if (at < observedAt) return { reason: 'future', fact }
  if (at >= observedAt + maxAgeMs) return { reason: 'stale', fact, since: observedAt + maxAgeMs }
  return { reason: null, fact }
}

const VERSION = /^\d{1,9}(?:\.\d{1,9}){0,7}$/

/** Parts of a dotted decimal version, or `null` when the text is none. */
export function versionParts(text: unknown): number[] | null {
  return typeof text === 'string' && VERSION.test(text) ? text.split('.').map(Number) : null
}

function compareVersions(left: unknown, right: string): number | null {
  const a = versionParts(left)
  const b = versionParts(right)
  if (a === null || b === null) return null
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

function oneOfTyped(value: FactValue, operands: readonly FactValue[]): Outcome {
  return operands.some((operand) => typeof operand === typeof value) ? operands.includes(value) : 'unknown'
}

function not(outcome: Outcome): Outcome {
  return outcome === 'unknown' ? 'unknown' : !outcome
}

/** Compares the value of a fact that can be believed; unknown when its type is not the one that is compared. */
export function compareValue(comparison: Comparison, value: FactValue): Outcome {
  switch (comparison.op) {
    case 'equals':
      return oneOfTyped(value, [comparison.value])
    case 'notEquals':
      return not(oneOfTyped(value, [comparison.value]))
    case 'oneOf':
      return oneOfTyped(value, comparison.values)
    case 'noneOf':
      return not(oneOfTyped(value, comparison.values))
    case 'atLeast':
      return typeof value === 'number' ? value >= comparison.value : 'unknown'
    case 'atMost':
      return typeof value === 'number' ? value <= comparison.value : 'unknown'
    case 'above':
      return typeof value === 'number' ? value > comparison.value : 'unknown'
    case 'below':
      return typeof value === 'number' ? value < comparison.value : 'unknown'
    case 'atLeastVersion': {
      const order = compareVersions(value, comparison.value)
      return order === null ? 'unknown' : order >= 0
    }
    case 'atMostVersion': {
      const order = compareVersions(value, comparison.value)
      return order === null ? 'unknown' : order <= 0
    }
    case 'present':
      return true
    case 'absent':
      return false
    default:
      return comparison satisfies never
  }
}

/** What one comparison of a posture comes to. */
export function comparisonOutcome(comparison: FactComparison, facts: Facts, at: number): Outcome {
  const belief = believe(facts, comparison.fact, comparison.maxAgeMs, at)
  if (belief.reason === null) return compareValue(comparison, belief.fact.value)
  if (belief.reason !== 'absent') return 'unknown'
  if (comparison.op === 'present') return false
  return comparison.op === 'absent' ? true : 'unknown'
}
