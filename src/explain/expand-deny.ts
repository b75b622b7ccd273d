import type { Decision } from '../engine/decision.ts'
import { later, offersOf } from './candidates.ts'
import {
  type Expansion,
  type ExpansionContext,
  grow,
  placeOf,
  type SearchState,
  shrink,
  situationOf,
} from './expansion.ts'
import { nearestRules } from './nearest.ts'
import { alone } from './read-identity.ts'

/** Deny rules a search starts from. */
const STARTING_RULES = 24
const NO_OFFERS = offersOf([])

/** Prepares the expansion of states whose decision is an allow: whose loss would end it, and what would forbid it? */
export function expandTowardsDeny(context: ExpansionContext): (state: SearchState) => Expansion[] {
  return (state) => [...ageing(state), ...state.facts.hops.flatMap((_, hop) => expandHop(state, hop, context))]
}

/** Time alone: the end of the decision and of every credential. */
function ageing({ changes, decision, facts: { hops, at } }: SearchState): Expansion[] {
  if (changes.length > 0) return []
  const ends = hops.map((hop) => (hop.kind === 'anonymous' ? undefined : hop.expiresAt) ?? Number.POSITIVE_INFINITY)
  const instants = [...new Set([decision.validUntil, Math.min(...ends)])]
  return instants.flatMap((instant) => later(instant, at)).map((change) => ({ change, plan: null }))
}

function expandHop(state: SearchState, hop: number, context: ExpansionContext): Expansion[] {
  const { model } = context
  const situation = situationOf(state.facts, hop, context)
  const decision = decisionOfHop(state, hop, context)
  if (situation === null || decision === null) return []
  const budget = context.maxChanges - state.changes.length
  const allow = placeOf(model, decision.rule)
  const rule = model.rules[allow]
  const losses: Expansion[] = []
  if (state.plan === null && rule !== undefined) {
    for (const change of shrink(rule, situation, hop, budget, NO_OFFERS)) losses.push({ change, plan: null })
  }
  const plans = plansOf(state, hop, allow, context)
  return losses.concat(
    plans.flatMap((index) => {
      const deny = model.rules[index]
      if (deny === undefined) return []
      return grow(deny, situation, hop, budget, NO_OFFERS).changes.map((change) => ({ change, plan: { hop, index } }))
    }),
  )
}

function decisionOfHop({ facts, decision }: SearchState, hop: number, { ask }: ExpansionContext): Decision | null {
  const identity = facts.hops[hop]
  if (hop === 0 || identity === undefined) return decision
  return ask({ ...facts, hops: [alone(identity)] })
}

/** Deny rules to make match: the one that was begun with, else the nearest ones that come before the allow. */
function plansOf(
  { facts, changes, plan }: SearchState,
  hop: number,
  allow: number,
  context: ExpansionContext,
): number[] {
  if (plan !== null) return plan.hop === hop ? [plan.index] : []
  if (changes.length > 0) return []
  const situation = situationOf(facts, hop, context)
  if (situation === null) return []
  return nearestRules(situation, { effect: 'deny', before: allow, keep: STARTING_RULES }).map(({ index }) => index)
}
