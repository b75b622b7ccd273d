import type { Effect, PolicyModel, RuleModel } from '../policy/model.ts'
import { type Condition, type Dimension, type DimensionResult, evaluateRule, isMatch } from './condition.ts'
import { describeCondition } from './describe-condition.ts'
import { type Distance, matchTarget } from './nearest.ts'
import { meets, type Outcome, type Target } from './outcome.ts'
import { quote } from './plain-data.ts'
import type { Situation } from './situation.ts'
import { listText } from './wording.ts'

/** One condition of a rule: what it came to, and in words what is, what is wanted and what to do. */
export interface ConditionTrace {
  readonly type: Condition['type']
  readonly outcome: Outcome
  readonly text: string
}

/** One way to satisfy a dimension: a segment, a service entry, a selector of `who` or a posture. All conditions must hold. */
export interface AlternativeTrace {
  /** Name of the segment, service or posture; empty where there is none. */
  readonly name: string
  readonly outcome: Outcome
  readonly conditions: readonly ConditionTrace[]
}

/** One dimension of a rule. */
export interface DimensionTrace {
  readonly dimension: Dimension
  readonly outcome: Outcome
  /** Any of them; `null` when the rule does not restrict this dimension. */
  readonly alternatives: readonly AlternativeTrace[] | null
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
  readonly dimensions: readonly DimensionTrace[]
}

/** Evaluates one rule of a policy against one request, dimension by dimension, with every reason in words. */
export function traceRule(rule: RuleModel, situation: Situation, role: RuleRole, hop: number): RuleTrace {
  const results = evaluateRule(rule, situation)
  const target = matchTarget(rule.effect)
  const failing = results.filter((result) => !meets(result.outcome, target))
  const conditions = failing.map(({ alternatives }) =>
    Math.min(
      ...(alternatives ?? []).map((one) => one.conditions.filter(({ outcome }) => !meets(outcome, target)).length),
    ),
  )
  return {
    rule: rule.id,
    effect: rule.effect,
    tier: situation.model.tiers[rule.tier] ?? String(rule.tier),
    role,
    hop,
    matches: isMatch(rule, results),
    distance: {
      dimensions: failing.length,
      conditions: conditions.reduce((sum, count) => sum + count, 0),
      moves: failing.filter(({ dimension }) => dimension === 'from' || dimension === 'to').length,
    },
    dimensions: results.map((result) => traceDimension(rule, result, situation)),
  }
}

function traceDimension(rule: RuleModel, result: DimensionResult, situation: Situation): DimensionTrace {
  const { dimension, outcome, alternatives } = result
  const traced = alternatives?.map(({ name, outcome: whole, conditions }) => ({
    name,
    outcome: whole,
    conditions: conditions.map((condition) => ({
      type: condition.type,
      outcome: condition.outcome,
      text: describeCondition(condition, situation, rule.effect),
    })),
  }))
  const target = matchTarget(rule.effect)
  const holds = meets(outcome, target)
  return {
    dimension,
    outcome,
    holds,
    alternatives: traced ?? null,
    reasons: traced === undefined ? [] : reasonsOf(dimension, traced, situation, { holds, target }),
  }
}

function reasonsOf(
  dimension: Dimension,
  alternatives: readonly AlternativeTrace[],
  situation: Situation,
  { holds, target }: { readonly holds: boolean; readonly target: Target },
): string[] {
  if (alternatives.length === 0) return [`the list of ${dimension} is empty: nobody can match it`]
  if (dimension === 'from' || dimension === 'to') {
    const end = dimension === 'from' ? 'source' : 'destination'
    const wanted = listText(alternatives.map(({ name }) => name))
    return [`${end} is in ${placesText(situation, dimension)}, ${target === 'true' ? 'wanted' : 'denied'} ${wanted}`]
  }
  const lines = ({ name, conditions }: AlternativeTrace): string[] =>
    conditions
      .filter((condition) => meets(condition.outcome, target) === holds)
      .map((condition) => `${prefixOf(dimension, name)}${condition.text}`)
  // One alternative is enough to hold; to fail, every one of them has to.
  const shown = holds ? alternatives.filter(({ outcome }) => meets(outcome, target)).slice(0, 1) : alternatives
  return shown.flatMap((alternative, index) =>
    lines(alternative).map((line, at) => (index > 0 && at === 0 ? `or ${line}` : line)),
  )
}

function prefixOf(dimension: Dimension, name: string): string {
  if (name === '' || name === 'inline') return ''
  return `${dimension === 'posture' ? 'posture' : 'service'} ${quote(name)}: `
}

function placesText({ model, ...situation }: Situation, end: 'from' | 'to'): string {
  const names = situation[end].named().map((index) => nameOf(model, index))
  return names.length === 0 ? 'no named segment' : listText(names, 'and')
}

function nameOf(model: PolicyModel, index: number): string {
  return model.segments[index]?.name ?? String(index)
}
