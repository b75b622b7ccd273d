import type { FactValue } from '../facts/posture.ts'
import type { FactComparison } from '../policy/model.ts'
import { otherValue } from './candidates-who.ts'
import type { FactChange } from './change.ts'
import { meets, type Target } from './outcome.ts'
import { believe, compareValue, type Facts, versionParts } from './posture-outcome.ts'

/** A comparison, and what the same posture asks of the same fact. */
interface Wanted {
  readonly comparison: FactComparison
  readonly together: readonly FactComparison[]
}

/** Single changes of the posture that can bring a comparison to what is wanted. */
export function postureChanges(
  { comparison, together }: Wanted,
  target: Target,
  facts: Facts,
  at: number,
): FactChange[] {
  const { fact } = comparison
  const belief = believe(facts, fact, comparison.maxAgeMs, at)
  const changes: FactChange[] = []
  // 1. What is known, believed again.
  if ('fact' in belief && belief.reason !== null && meets(compareValue(comparison, belief.fact.value), target)) {
    const action = belief.reason === 'unverified' ? 'verify' : 'renew'
    changes.push({ type: 'fact', action, fact, value: belief.fact.value })
  }
  // 2. Another value.
  const satisfy = target === 'true' || target === 'notFalse'
  const values = satisfy ? valuesForAll(together, target) : violatingValues(comparison)
  for (const value of values) {
    const known = 'fact' in belief && belief.fact.value === value && changes.length > 0
    if (!known && meets(compareValue(comparison, value), target)) {
      changes.push({ type: 'fact', action: 'set', fact, value })
    }
  }
  // 3. No value at all.
  const dropped = comparison.op === 'absent' ? true : comparison.op === 'present' ? false : 'unknown'
  if (belief.reason !== 'absent' && meets(dropped, target)) changes.push({ type: 'fact', action: 'drop', fact })
  return changes
}

/** The first value that all the comparisons of one fact accept. */
function valuesForAll(comparisons: readonly FactComparison[], target: Target): readonly FactValue[] {
  const accepted = comparisons
    .flatMap(satisfyingValues)
    .filter((value) => comparisons.every((comparison) => meets(compareValue(comparison, value), target)))
  return accepted.slice(0, 1)
}

function satisfyingValues(comparison: FactComparison): readonly FactValue[] {
  switch (comparison.op) {
    case 'equals':
    case 'atLeast':
    case 'atMost':
    case 'atLeastVersion':
    case 'atMostVersion':
      return [comparison.value]
    case 'notEquals':
      return [otherValue(comparison.value)]
    case 'above':
      return [beyond(comparison.value, 1)]
    case 'below':
      return [beyond(comparison.value, -1)]
    case 'oneOf':
      return comparison.values
    case 'noneOf':
      return noneOf(comparison.values)
    case 'present':
      return [true]
    case 'absent':
      return []
    default:
      return comparison satisfies never
  }
}

function violatingValues(comparison: FactComparison): readonly FactValue[] {
  switch (comparison.op) {
    case 'equals':
      return [otherValue(comparison.value)]
    case 'notEquals':
    case 'above':
    case 'below':
      return [comparison.value]
    case 'atLeast':
      return [beyond(comparison.value, -1)]
    case 'atMost':
      return [beyond(comparison.value, 1)]
    case 'atLeastVersion':
      return ['0']
    case 'atMostVersion':
      return [laterVersion(comparison.value)]
    case 'oneOf':
      return noneOf(comparison.values)
    case 'noneOf':
      return comparison.values.slice(0, 1)
    case 'present':
      return []
    case 'absent':
      return [true]
    default:
      return comparison satisfies never
  }
}

function noneOf(values: readonly FactValue[]): readonly FactValue[] {
  return values
    .map(otherValue)
    .filter((value) => !values.includes(value))
    .slice(0, 1)
}

/** A number that is really greater or smaller, also where numbers are too far apart for 1 to matter. */
function beyond(value: number, sign: 1 | -1): number {
  return value + sign * Math.max(1, Math.abs(value) * 2 * Number.EPSILON)
}

function laterVersion(version: string): string {
  const [major = 0] = versionParts(version) ?? []
  return String(major + 1)
}
