import type { Decision } from '../engine/decision.ts'
import { later, moves, type Offers, offersOf } from './candidates.ts'
import type { FactChange } from './change.ts'
import {
  type Expansion,
  type ExpansionContext,
  grow,
  type Plan,
  placeOf,
  type SearchState,
  shrink,
  situationOf,
} from './expansion.ts'
import { nearestRules, type RankedRule } from './nearest.ts'
import { alone } from './read-identity.ts'
import type { Situation } from './situation.ts'

/** Allow rules a search starts from. */
const STARTING_RULES = 24
/** Segments that are offered when no rule says where to go. */
const FALLBACK_SEGMENTS = 3

/** Prepares the expansion of states whose decision is a deny: what else has to change for an allow? */
export function expandTowardsAllow(context: ExpansionContext): (state: SearchState) => Expansion[] {
  const nearest = new Map<number, readonly RankedRule[]>()
  const starts = (hop: number): readonly RankedRule[] => {
    let rules = nearest.get(hop)
    if (rules === undefined) {
      const situation = situationOf(context.base.facts, hop, context)
      const options = { effect: 'allow', before: context.model.rules.length, keep: STARTING_RULES } as const
      rules = situation === null ? [] : nearestRules(situation, options)
      nearest.set(hop, rules)
    }
    return rules
  }
  return (state) => expand(state, starts, context)
}

function expand(
  state: SearchState,
  starts: (hop: number) => readonly RankedRule[],
  context: ExpansionContext,
): Expansion[] {
  const { decision, plan } = state
  const changes: FactChange[] = []
  switch (decision.code) {
    case 'DENY_IDENTITY_EXPIRED':
    case 'DENY_IDENTITY_NOT_YET_VALID':
      changes.push(...credentialChanges(state))
      break
    case 'DENY_DELEGATION_DEPTH':
      changes.push({ type: 'actors', keep: context.model.maxDelegationDepth })
      break
    case 'DENY_SOURCE_UNKNOWN':
      changes.push(...knownPlaces('from', starts(0), context))
      break
    case 'DENY_DESTINATION_UNKNOWN':
      changes.push(...knownPlaces('to', starts(0), context))
      break
    case 'DENY_DEFAULT':
    case 'DENY_RULE':
      return [...waiting(state), ...expandRules(state, 0, decision, starts(0), context)]
    case 'DENY_DELEGATION':
      return [...waiting(state), ...expandDelegation(state, starts, context)]
    default:
      return [] // What is malformed has to be written anew, not changed.
  }
  return changes.map((change) => ({ change, plan }))
}

/** Time alone, when the engine says that it can turn the answer. */
function waiting({ changes, decision, facts }: SearchState): Expansion[] {
  if (changes.length > 0) return []
  return later(decision.validUntil, facts.at).map((change) => ({ change, plan: null }))
}

function credentialChanges({ facts: { hops, at } }: SearchState): FactChange[] {
  for (const [hop, identity] of hops.entries()) {
    if (identity.kind === 'anonymous') continue
    const { notBefore = at, expiresAt = Number.POSITIVE_INFINITY } = identity
    if (at < notBefore)
      return [
        { type: 'credential', hop },
        { type: 'at', at: notBefore },
      ]
    if (at >= expiresAt) return [{ type: 'credential', hop }]
  }
  return []
}

function knownPlaces(end: 'from' | 'to', rules: readonly RankedRule[], { model }: ExpansionContext): FactChange[] {
  const offered = offersOf(rules.map(({ rule }) => rule))[end]
  const named = model.segments.flatMap((segment, index) => (segment.anonymous || index < 2 ? [] : [index]))
  return moves(end, offered.length > 0 ? offered : named.slice(0, FALLBACK_SEGMENTS), { model })
}

/** Finds the actor that is not allowed, and helps that one, or leaves it out. */
function expandDelegation(
  state: SearchState,
  starts: (hop: number) => readonly RankedRule[],
  context: ExpansionContext,
): Expansion[] {
  for (const [hop, identity] of state.facts.hops.entries()) {
    if (hop === 0) continue
    const decision = context.ask({ ...state.facts, hops: [alone(identity)] })
    if (decision === null) return []
    if (decision.allowed) continue
    const without: Expansion = { change: { type: 'actors', keep: hop - 1 }, plan: null }
    return [without, ...expandRules(state, hop, decision, starts(hop), context)]
  }
  return []
}

function expandRules(
  state: SearchState,
  hop: number,
  decision: Decision,
  starts: readonly RankedRule[],
  context: ExpansionContext,
): Expansion[] {
  const { model } = context
  const situation = situationOf(state.facts, hop, context)
  if (situation === null) return []
  const budget = context.maxChanges - state.changes.length
  const offers = offersOf(starts.map(({ rule }) => rule))
  const plans: Plan[] = state.plan?.hop === hop ? [state.plan] : starts.map(({ index }) => ({ hop, index }))
  return plans.flatMap((plan) => {
    const rule = model.rules[plan.index]
    if (rule === undefined) return []
    const { changes, failing } = grow(rule, situation, hop, budget, offers)
    if (failing > 0) return changes.map((change) => ({ change, plan }))
    return expandBlocker(situation, decision, plan, budget, offers)
  })
}

/** The plan's rule matches as far as can be seen: what denies must be made to miss. */
function expandBlocker(
  situation: Situation,
  decision: Decision,
  plan: Plan,
  budget: number,
  offers: Offers,
): Expansion[] {
  const { model } = situation
  const blocker = decision.rule === null ? undefined : model.rules[placeOf(model, decision.rule)]
  if (blocker === undefined || blocker.effect !== 'deny') return []
  return shrink(blocker, situation, plan.hop, budget, offers).map((change) => ({ change, plan }))
}
