import type {
  FactComparison,
  RuleModel,
  ScheduleWindow,
  ServiceEntry,
  Validity,
  WhoPredicate,
} from '../policy/model.ts'
import { inPeriod, inSchedule } from './instant.ts'
import { allOf, anyOf, type Outcome } from './outcome.ts'
import { comparisonOutcome } from './posture-outcome.ts'
import { entryOutcomes, type ServicePart } from './service-outcome.ts'
import type { Situation } from './situation.ts'
import { predicateOutcome } from './who-outcome.ts'

/** What a rule can restrict. */
export type Dimension = 'from' | 'to' | 'services' | 'who' | 'posture' | 'valid' | 'when'

/** Every dimension, cheapest to mend and to read first. */
export const DIMENSIONS: readonly Dimension[] = ['from', 'to', 'services', 'who', 'posture', 'valid', 'when']

/** The smallest part of a rule that can fail by itself. */
export type Condition = { readonly outcome: Outcome } & (
  | { readonly type: 'segment'; readonly end: 'from' | 'to'; readonly segment: number }
  | { readonly type: 'service'; readonly part: ServicePart; readonly entry: ServiceEntry }
  | { readonly type: 'who'; readonly predicate: WhoPredicate }
  | {
      readonly type: 'fact'
      readonly comparison: FactComparison
      /** What the same posture asks of the same fact, this comparison included: one value has to satisfy them all. */
      readonly together: readonly FactComparison[]
    }
  | { readonly type: 'period'; readonly valid: Validity }
  | { readonly type: 'schedule'; readonly valid: Validity; readonly schedule: readonly ScheduleWindow[] }
  | { readonly type: 'when'; readonly when: string }
)

/** One way to satisfy a dimension: all of its conditions. */
export interface Alternative {
  /** Name of the segment, service or posture; empty where there is none. */
  readonly name: string
  readonly outcome: Outcome
  readonly conditions: readonly Condition[]
}

/** What one dimension of a rule comes to: any of its alternatives. */
export interface DimensionResult {
  readonly dimension: Dimension
  readonly outcome: Outcome
  /** `null` when the rule does not restrict the dimension. */
  readonly alternatives: readonly Alternative[] | null
}

/** Evaluates one dimension of a rule down to its conditions. */
export function evaluateDimension(rule: RuleModel, dimension: Dimension, situation: Situation): DimensionResult {
  const alternatives = alternativesOf(rule, dimension, situation)
  const outcome = alternatives === null ? true : anyOf(alternatives.map((alternative) => alternative.outcome))
  return { dimension, outcome, alternatives }
}

/** Evaluates every dimension of a rule. */
export function evaluateRule(rule: RuleModel, situation: Situation): DimensionResult[] {
  return DIMENSIONS.map((dimension) => evaluateDimension(rule, dimension, situation))
}

/** Whether a rule with these dimensions matches: an allow needs every one true, a deny needs none false. */
export function isMatch(rule: RuleModel, results: readonly DimensionResult[]): boolean {
  const outcome = allOf(results.map((result) => result.outcome))
  return rule.effect === 'allow' ? outcome === true : outcome !== false
}

function alternativesOf(rule: RuleModel, dimension: Dimension, situation: Situation): Alternative[] | null {
  switch (dimension) {
    case 'from':
    case 'to':
      return rule[dimension]?.map((segment) => segmentAlternative(dimension, segment, situation)) ?? null
    case 'services':
      return rule.services?.map((entry) => serviceAlternative(rule, entry, situation)) ?? null
    case 'who':
      return rule.who?.map((selector) => whoAlternative(selector, situation)) ?? null
    case 'posture':
      return rule.posture?.map((index) => postureAlternative(index, situation)) ?? null
    case 'valid':
      return rule.valid === null ? null : [validAlternative(rule.valid, situation)]
    case 'when':
      return rule.when === null ? null : [whenAlternative(rule.when, situation)]
    default:
      return dimension satisfies never
  }
}

function alternative(name: string, conditions: readonly Condition[]): Alternative {
  return { name, conditions, outcome: allOf(conditions.map((condition) => condition.outcome)) }
}

function segmentAlternative(end: 'from' | 'to', segment: number, situation: Situation): Alternative {
  const outcome = situation[end].isIn(segment)
  return alternative(situation.model.segments[segment]?.name ?? '', [{ type: 'segment', end, segment, outcome }])
}

function serviceAlternative(rule: RuleModel, entry: ServiceEntry, situation: Situation): Alternative {
  const conditions: Condition[] = []
  entryOutcomes(entry, situation.operation, (part, outcome) =>
    conditions.push({ type: 'service', part, entry, outcome }),
  )
  return alternative(rule.serviceNames.length === 1 ? (rule.serviceNames[0] ?? '') : '', conditions)
}

function whoAlternative(selector: readonly WhoPredicate[], { identity, at }: Situation): Alternative {
  return alternative(
    '',
    selector.map((predicate) => ({ type: 'who', predicate, outcome: predicateOutcome(predicate, identity, at) })),
  )
}

function postureAlternative(index: number, { model, facts, at }: Situation): Alternative {
  const posture = model.postures[index]
  if (posture === undefined) return { name: '', outcome: false, conditions: [] }
  return alternative(
    posture.name,
    posture.all.map((comparison) => ({
      type: 'fact',
      comparison,
      together: posture.all.filter(({ fact }) => fact === comparison.fact),
      outcome: comparisonOutcome(comparison, facts, at),
    })),
  )
}

function validAlternative(valid: Validity, { at }: Situation): Alternative {
  const { from, until, schedule } = valid
  const conditions: Condition[] = []
  const bounded = Number.isFinite(from) || Number.isFinite(until)
  if (bounded || schedule === null) conditions.push({ type: 'period', valid, outcome: inPeriod(valid, at) })
  if (schedule !== null) conditions.push({ type: 'schedule', valid, schedule, outcome: inSchedule(schedule, at) })
  return alternative('', conditions)
}

function whenAlternative(when: string, situation: Situation): Alternative {
  return alternative('', [{ type: 'when', when, outcome: situation.when(when) }])
}
