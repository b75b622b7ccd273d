import type { Decision } from '../engine/decision.ts'
import { TCP } from '../facts/protocol.ts'
import type { PolicyModel, RuleModel } from '../policy/model.ts'
import { candidateChanges, type Offers } from './candidates.ts'
import type { FactChange, RequestFacts } from './change.ts'
import { type Alternative, type Condition, DIMENSIONS, type DimensionResult, evaluateDimension } from './condition.ts'
import { matchTarget } from './nearest.ts'
import { meets, type Target } from './outcome.ts'
import { isMalformed } from './plain-data.ts'
import { readEndpoint } from './read-endpoint.ts'
import { createSituation, type Situation, type WhenEvaluator } from './situation.ts'

/** The rule that a set of changes is meant to make match, for one hop. */
export interface Plan {
  readonly hop: number
  /** Place in the evaluation order. */
  readonly index: number
}

/** A set of changes that has been tried, and what came of it. */
export interface SearchState {
  readonly changes: readonly FactChange[]
  readonly facts: RequestFacts
  readonly decision: Decision
  readonly plan: Plan | null
}

/** One more change to try. */
export interface Expansion {
  readonly change: FactChange
  readonly plan: Plan | null
}

/** What expanding a state needs to know. */
export interface ExpansionContext {
  readonly model: PolicyModel
  readonly evaluate: WhenEvaluator
  readonly maxChanges: number
  readonly base: SearchState
  /** Asks the engine; `null` when it has been asked often enough. */
  readonly ask: (request: RequestFacts) => Decision | null
}

/** The request of a state as one hop asks it, or `null` when there is no such hop or an endpoint does not parse. */
export function situationOf(facts: RequestFacts, hop: number, context: ExpansionContext): Situation | null {
  const identity = facts.hops[hop]
  const src = readEndpoint(facts.src)
  const dst = readEndpoint(facts.dst)
  if (identity === undefined || isMalformed(src) || isMalformed(dst)) return null
  return createSituation(context.model, { identity, facts: facts.facts, src, dst, at: facts.at }, context.evaluate)
}

/** Place of a rule in the evaluation order; after the last one when there is no such rule. */
export function placeOf(model: PolicyModel, rule: string | null): number {
  const index = rule === null ? -1 : model.rules.findIndex(({ id }) => id === rule)
  return index === -1 ? model.rules.length : index
}

/** How far a plan has come: what is still to be changed, and the next changes that bring it on. */
export interface Growth {
  readonly changes: readonly FactChange[]
  /** Conditions that still fail, `when` left out: nothing can be derived from it. */
  readonly failing: number
}

/**
 * Single changes that bring a rule nearer to matching. Conditions are mended in a fixed order, the first failing one
 * of every alternative first: each set of changes is then found along one path only.
 */
export function grow(rule: RuleModel, situation: Situation, hop: number, budget: number, offers: Offers): Growth {
  const target = matchTarget(rule.effect)
  const results = DIMENSIONS.flatMap((dimension) => {
    const result = dimension === 'when' ? null : evaluateDimension(rule, dimension, situation)
    return result === null || meets(result.outcome, target) || result.alternatives === null ? [] : [result]
  })
  const least = results.map((result) => leastFailing(result, target))
  const failing = least.reduce((sum, count) => sum + count, 0)
  const [first] = results
  if (first === undefined || failing > budget) return { changes: [], failing }
  const spare = budget - failing + (least[0] ?? 0)
  const changes = (first.alternatives ?? []).flatMap((alternative) => {
    const conditions = failingConditions(alternative, target)
    const [condition] = conditions
    if (condition === undefined || conditions.length > spare) return []
    return candidateChanges(condition, target, situation, hop, offers)
  })
  return { changes, failing }
}

function failingConditions({ conditions }: Alternative, target: Target): Condition[] {
  return conditions.filter((condition) => !meets(condition.outcome, target) && !isImplied(condition))
}

/** A port without a protocol is TCP: the protocol is known as soon as the port is. */
function isImplied(condition: Condition): boolean {
  if (condition.type !== 'service' || condition.part !== 'protocol' || condition.outcome !== 'unknown') return false
  return condition.entry.protocol === TCP && condition.entry.ports !== null
}

function leastFailing({ alternatives }: DimensionResult, target: Target): number {
  return Math.min(...(alternatives ?? []).map((alternative) => failingConditions(alternative, target).length))
}

/** Single changes that bring a matching rule nearer to not matching: any dimension will do, all of its alternatives have to go. */
export function shrink(
  rule: RuleModel,
  situation: Situation,
  hop: number,
  budget: number,
  offers: Offers,
): FactChange[] {
  const target = rule.effect === 'allow' ? 'notTrue' : 'false'
  return DIMENSIONS.flatMap((dimension) => {
    if (dimension === 'when') return []
    const { alternatives } = evaluateDimension(rule, dimension, situation)
    const holding = (alternatives ?? []).filter((alternative) => !meets(alternative.outcome, target))
    const [first] = holding
    if (first === undefined || holding.length > budget) return []
    return first.conditions.flatMap((condition) => candidateChanges(condition, target, situation, hop, offers))
  })
}
