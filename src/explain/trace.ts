import { FALSE, TRUE, type Truth } from '../facts/truth.ts'
import type { Effect, RuleModel } from '../policy/model.ts'
import {
  type Dimension,
  type DimensionResult,
  evaluateRule,
  type Outcome,
  type Situation,
  satisfies,
} from './conditions.ts'
import { type Distance, distanceOf } from './nearest.ts'
import { conditionText, listText, quote } from './wording.ts'

/** One dimension that a rule restricts. */
export interface DimensionTrace {
  readonly dimension: Dimension
  readonly outcome: Outcome
  /** Whether the rule can match as far as this dimension goes: a deny is content with unknown. */
  readonly holds: boolean
  /** One sentence for each thing that keeps the rule from matching, or, where it holds, that makes it so. */
  readonly reasons: readonly string[]
}

/** Why a rule is shown: it decided, it also matched, it nearly matched, or it would have decided if it were enforced. */
export type RuleRole = 'decided' | 'matched' | 'near' | 'shadow'

/** One rule against the request. */
export interface RuleTrace {
  readonly rule: string
  readonly effect: Effect
  readonly tier: string
  readonly role: RuleRole
  /** The hop of the chain it was tried for: 0 is the identity. */
  readonly hop: number
  readonly matches: boolean
  /** How far the rule is from matching. */
  readonly distance: Distance
  /** Those that the rule restricts. */
  readonly dimensions: readonly DimensionTrace[]
}

/** Evaluates one rule against one request, dimension by dimension, with every reason in words. */
export function traceRule(rule: RuleModel, situation: Situation, role: RuleRole, hop: number): RuleTrace {
  const dimensions = evaluateRule(rule, situation).map((result): DimensionTrace => {
    const { dimension, truth } = result
    const reasons = reasonsOf(rule, result, situation)
    return { dimension, outcome: outcomeOf(truth), holds: satisfies(rule, truth), reasons }
  })
  const failing = dimensions.filter(({ holds }) => !holds).length
  return {
    rule: rule.id,
    effect: rule.effect,
    tier: situation.model.tiers[rule.tier] ?? String(rule.tier),
    role,
    hop,
    matches: failing === 0,
    distance: distanceOf(rule, situation) ?? { dimensions: failing, conditions: failing, moves: 0 },
    dimensions,
  }
}

function outcomeOf(truth: Truth): Outcome {
  return truth === TRUE ? true : truth === FALSE ? false : 'unknown'
}

function reasonsOf(
  rule: RuleModel,
  { dimension, truth, alternatives }: DimensionResult,
  situation: Situation,
): string[] {
  if (alternatives.length === 0) return [`the list of ${dimension} is empty: nobody can match it`]
  if (dimension === 'from' || dimension === 'to') {
    const inside = situation.model.segments.flatMap(({ name, anonymous }, index) =>
      index > 0 && !anonymous && situation[dimension](index) ? [name] : [],
    )
    const is = inside.length === 0 ? 'no named segment' : listText(inside, 'and')
    const verb = rule.effect === 'allow' ? 'wanted' : 'denied'
    return [
      `${dimension === 'from' ? 'source' : 'destination'} is in ${is}, ${verb} ${listText(alternatives.map(({ name }) => name))}`,
    ]
  }
  const holds = satisfies(rule, truth)
  // One alternative is enough to hold; to fail, every one of them has to.
  const shown = holds ? alternatives.filter((one) => satisfies(rule, one.truth)).slice(0, 1) : alternatives
  const noun = dimension === 'posture' ? 'posture' : 'service'
  return shown.flatMap(({ name, conditions }, index) => {
    const prefix = name === '' || name === 'inline' ? '' : `${noun} ${quote(name)}: `
    return conditions
      .filter((condition) => satisfies(rule, condition.truth) === holds)
      .map((condition, at) => {
        const or = index > 0 && at === 0 ? 'or ' : ''
        return `${or}${prefix}${conditionText(condition, situation, rule.effect)}`
      })
  })
}
