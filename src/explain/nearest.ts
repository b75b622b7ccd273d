import type { Effect, RuleModel } from '../policy/model.ts'
import { DIMENSIONS, evaluateDimension, type Situation, satisfies } from './conditions.ts'

/** How far a rule is from matching. All are 0 when it matches. */
export interface Distance {
  /** Dimensions that keep it from matching. */
  readonly dimensions: number
  /** Conditions that would have to turn, counting only the nearest alternative of each dimension. */
  readonly conditions: number
  /** Failing dimensions of what is asked itself: from where, to where, for which service. */
  readonly moves: number
}

/** A rule with its place in the evaluation order and its distance. */
export interface RankedRule {
  readonly rule: RuleModel
  readonly index: number
  readonly distance: Distance
}

/**
 * The enforced rules of one effect that are closest to matching, those that match first; of equal ones the earlier, as
 * in a decision. Rules that can never match are left out.
 */
export function nearestRules(situation: Situation, effect: Effect, before: number, keep: number): RankedRule[] {
  const kept: RankedRule[] = []
  situation.model.rules.slice(0, before).forEach((rule, index) => {
    if (rule.effect !== effect || rule.mode !== 'enforce') return
    const last = kept.length < keep ? undefined : kept.at(-1)?.distance
    const distance = distanceOf(rule, situation, last?.dimensions)
    if (distance === null || (last !== undefined && compareDistances(distance, last) >= 0)) return
    const place = kept.findIndex((other) => compareDistances(distance, other.distance) < 0)
    kept.splice(place === -1 ? kept.length : place, 0, { rule, index, distance })
    if (kept.length > keep) kept.pop()
  })
  return kept
}

function compareDistances(a: Distance, b: Distance): number {
  return a.dimensions - b.dimensions || a.moves - b.moves || a.conditions - b.conditions
}

/** The distance of a rule, or `null` when it can never match or more dimensions than `most` fail. */
export function distanceOf(rule: RuleModel, situation: Situation, most = DIMENSIONS.length): Distance | null {
  let dimensions = 0
  let conditions = 0
  let moves = 0
  for (const dimension of DIMENSIONS) {
    const result = evaluateDimension(rule, dimension, situation)
    if (result === null || satisfies(rule, result.truth)) continue
    if (++dimensions > most) return null
    let least = Number.POSITIVE_INFINITY
    for (const alternative of result.alternatives) {
      least = Math.min(least, alternative.conditions.filter(({ truth }) => !satisfies(rule, truth)).length)
    }
    conditions += least
    if (dimension === 'from' || dimension === 'to' || dimension === 'services') moves++
  }
  return conditions === Number.POSITIVE_INFINITY ? null : { dimensions, conditions, moves }
}
