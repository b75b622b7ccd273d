import type { Decision } from '../engine/decision.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import { FALSE, TRUE } from '../facts/truth.ts'
import type { PolicyModel, RuleModel } from '../policy/model.ts'
import { candidateChanges, moves, type Offers, offersOf } from './candidates.ts'
import { applyChanges, type FactChange, keyOf, slotOf } from './change.ts'
import { evaluateRule, type Situation, satisfies, situationOf, type WhenEvaluator } from './conditions.ts'
import { nearestRules } from './nearest.ts'
import { asRequest, type ChangedRequest, type RequestFacts } from './request.ts'

/** The engine: what `authorize` answers. Asked again for every set of changes, so that nothing is only claimed. */
export type Decide = (
  identity: Identity,
  posture: Posture | null | undefined,
  src: Endpoint,
  dst: Endpoint,
  at: number,
) => Decision

/** A smallest set of changes that turns the decision, found by asking the engine again. */
export interface FoundFlip {
  readonly changes: readonly FactChange[]
  readonly request: ChangedRequest
  readonly decision: Decision
}

/** What a search brought back. */
export interface SearchResult {
  readonly flips: readonly FoundFlip[]
  /** How often the engine was asked. */
  readonly decisions: number
  /** True when it stopped before everything of its size was tried: there may be more. */
  readonly cutOff: boolean
}

/** Bounds of a search. */
export interface SearchLimits {
  readonly maxChanges: number
  readonly maxDecisions: number
  readonly maxFlips: number
}

interface State {
  readonly changes: readonly FactChange[]
  readonly facts: RequestFacts
  readonly decision: Decision
}

/** What the search aims at for one hop: the rules nearest to matching, worked out once. */
interface Aim {
  readonly rules: readonly RuleModel[]
  readonly offers: Offers
}

/** Rules that the search tries to make match, and ways to satisfy a dimension of one that it tries. */
const AIMED_RULES = 8
const TRIED_ALTERNATIVES = 8

class BudgetSpent extends Error {}

/**
 * Searches the smallest sets of changes that turn a decision, by breadth: every single change first, then pairs, then
 * triples. A set is kept when it turns the decision and no smaller part of it does.
 */
export class Search {
  readonly #model: PolicyModel
  readonly #decide: Decide
  readonly #base: State
  readonly #when: WhenEvaluator
  readonly #limits: SearchLimits
  readonly #aims: Aim[] = []
  readonly #answers = new Map<string, Decision>()
  readonly #flips = new Map<string, FoundFlip>()
  #decisions = 0

  constructor(
    model: PolicyModel,
    decide: Decide,
    base: { readonly facts: RequestFacts; readonly decision: Decision },
    when: WhenEvaluator,
    limits: SearchLimits,
  ) {
    this.#model = model
    this.#decide = decide
    this.#base = { ...base, changes: [] }
    this.#when = when
    this.#limits = limits
  }

  run(): SearchResult {
    const { maxChanges, maxFlips } = this.#limits
    let cutOff = false
    try {
      let states: State[] = [this.#base]
      for (let size = 1; size <= maxChanges && states.length > 0 && this.#flips.size < maxFlips; size++) {
        states = states.flatMap((state) => this.#extend(state, maxChanges - size))
        cutOff = this.#flips.size >= maxFlips && size < maxChanges && states.length > 0
      }
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error
      cutOff = true
    }
    const flips = [...this.#flips.values()].sort((a, b) => a.changes.length - b.changes.length)
    return { flips: flips.slice(0, maxFlips), decisions: this.#decisions, cutOff: cutOff || flips.length > maxFlips }
  }

  /** Tries every set that is one change larger, and returns those that did not turn the decision. */
  #extend(state: State, left: number): State[] {
    const next: State[] = []
    for (const change of this.#expand(state, left)) {
      if (state.changes.some((earlier) => slotOf(earlier) === slotOf(change))) continue
      const changes = [...state.changes, change]
      if (this.#answers.has(keyOf(changes))) continue
      const decision = this.#answer(changes)
      if (this.#turns(decision)) this.#keep(changes)
      else next.push({ changes, facts: applyChanges(this.#base.facts, changes), decision })
    }
    return next
  }

  #turns({ allowed }: Decision): boolean {
    return allowed !== this.#base.decision.allowed
  }

  /** Keeps the smallest part of a turning set that turns the decision too: a later change can make an earlier one idle. */
  #keep(changes: readonly FactChange[]): void {
    for (const part of partsOf(changes)) {
      const decision = this.#answer(part)
      if (!this.#turns(decision)) continue
      const request = asRequest(applyChanges(this.#base.facts, part))
      this.#flips.set(keyOf(part), { changes: part, request, decision })
      return
    }
  }

  #answer(changes: readonly FactChange[]): Decision {
    const key = keyOf(changes)
    const answer = this.#answers.get(key) ?? this.#ask(applyChanges(this.#base.facts, changes))
    this.#answers.set(key, answer)
    return answer
  }

  #ask(facts: RequestFacts): Decision {
    if (this.#decisions >= this.#limits.maxDecisions) throw new BudgetSpent()
    this.#decisions++
    const { identity, posture, src, dst, at } = asRequest(facts)
    return this.#decide(identity, posture, src, dst, at)
  }

  #expand(state: State, left: number): readonly FactChange[] {
    return this.#base.decision.allowed ? this.#towardsDeny(state, left) : this.#towardsAllow(state, left)
  }

  #towardsAllow({ facts, decision }: State, left: number): readonly FactChange[] {
    const { hops, at } = facts
    switch (decision.code) {
      case 'DENY_IDENTITY_EXPIRED':
        return [{ type: 'credential', hop: hops.findIndex(({ expiresAt }) => at >= expiresAt) }]
      case 'DENY_IDENTITY_NOT_YET_VALID':
        return [{ type: 'at', at: Math.max(...hops.map(({ notBefore }) => notBefore)) }]
      case 'DENY_DELEGATION_DEPTH':
        return [{ type: 'actors', keep: this.#model.maxDelegationDepth }]
      case 'DENY_SOURCE_UNKNOWN':
      case 'DENY_DESTINATION_UNKNOWN': {
        const situation = this.#situation(facts, 0)
        const end = decision.code === 'DENY_SOURCE_UNKNOWN' ? 'from' : 'to'
        return situation === null ? [] : moves(end, this.#aim(0).offers[end], situation)
      }
      case 'DENY_RULE':
        return this.#turnRule(facts, 0, decision.rule, left)
      case 'DENY_DEFAULT':
        return this.#gains(facts, 0, left)
      case 'DENY_DELEGATION': {
        const hop = hops.findIndex((_, index) => index > 0 && !this.#askAlone(facts, index).allowed)
        if (hop === -1) return []
        const own =
          decision.rule === null ? this.#gains(facts, hop, left) : this.#turnRule(facts, hop, decision.rule, left)
        return [...own, { type: 'actors', keep: hop - 1 }]
      }
      default:
        return []
    }
  }

  /** Away from a deny rule: make it miss, or satisfy an allow that comes before it (a higher tier, an earlier line). */
  #turnRule(facts: RequestFacts, hop: number, rule: string | null, left: number): readonly FactChange[] {
    const { rules } = this.#model
    const index = rules.findIndex(({ id }) => id === rule)
    const isPreceded = rules.some(
      ({ effect, mode }, other) => other < index && effect === 'allow' && mode === 'enforce',
    )
    const own = this.#breaks(facts, hop, rule, 'escape')
    return isPreceded ? [...own, ...this.#gains(facts, hop, left)] : own
  }

  #towardsDeny({ facts, decision }: State, left: number): readonly FactChange[] {
    const { hops, at } = facts
    const own = hops.flatMap((_, hop) => {
      const { rule } = hops.length === 1 ? decision : this.#askAlone(facts, hop)
      return [...this.#breaks(facts, hop, rule, 'lose'), ...this.#gains(facts, hop, left)]
    })
    return Number.isFinite(decision.validUntil) && decision.validUntil > at
      ? [...own, { type: 'at', at: decision.validUntil }]
      : own
  }

  #askAlone(facts: RequestFacts, hop: number): Decision {
    return this.#ask({ ...facts, hops: facts.hops.slice(hop, hop + 1) })
  }

  #situation(facts: RequestFacts, hop: number): Situation | null {
    return situationOf(this.#model, facts, hop, this.#when)
  }

  /** Towards allow the nearest allow rules; towards deny the nearest deny rules that come before what decided. */
  #aim(hop: number): Aim {
    const known = this.#aims[hop]
    if (known !== undefined) return known
    const { facts, decision } = this.#base
    const situation = this.#situation(facts, hop)
    const { rules } = this.#model
    const deciding = hop === 0 ? rules.findIndex(({ id }) => id === decision.rule) : -1
    const before = decision.allowed && deciding !== -1 ? deciding : rules.length
    const effect = decision.allowed ? 'deny' : 'allow'
    const ranked = situation === null ? [] : nearestRules(situation, effect, before, AIMED_RULES)
    const nearest = ranked.map(({ rule }) => rule)
    this.#aims[hop] = { rules: nearest, offers: offersOf(nearest) }
    return this.#aims[hop]
  }

  /** What brings the rules that are aimed at nearer: the first dimension that fails, one condition of each alternative. */
  #gains(facts: RequestFacts, hop: number, left: number): readonly FactChange[] {
    const situation = this.#situation(facts, hop)
    if (situation === null) return []
    const { rules, offers } = this.#aim(hop)
    return rules.flatMap((rule) => {
      const failing = evaluateRule(rule, situation).filter(({ truth }) => !satisfies(rule, truth))
      if (failing.length > left + 1) return []
      return (failing[0]?.alternatives ?? []).slice(0, TRIED_ALTERNATIVES).flatMap(({ conditions }) => {
        const condition = conditions.find(({ truth }) => !satisfies(rule, truth))
        return condition === undefined ? [] : candidateChanges(condition, 'gain', situation, hop, offers)
      })
    })
  }

  /**
   * What an allow rule needs, without which it does not match; or what frees from a deny rule, one alternative after the
   * other.
   */
  #breaks(facts: RequestFacts, hop: number, id: string | null, goal: 'lose' | 'escape'): readonly FactChange[] {
    const situation = this.#situation(facts, hop)
    const rule = this.#model.rules.find((one) => one.id === id)
    if (situation === null || rule === undefined) return []
    const { offers } = this.#aim(hop)
    return evaluateRule(rule, situation).flatMap(({ alternatives }) => {
      const standing = alternatives.find(({ truth }) => (goal === 'lose' ? truth === TRUE : truth !== FALSE))
      return (standing?.conditions ?? []).flatMap((condition) =>
        candidateChanges(condition, goal, situation, hop, offers),
      )
    })
  }
}

/** Every part of a set, itself included, the smallest first. */
function partsOf(changes: readonly FactChange[]): FactChange[][] {
  const parts: FactChange[][] = []
  for (let mask = 1; mask < 1 << changes.length; mask++) parts.push(changes.filter((_, index) => mask & (1 << index)))
  return parts.sort((a, b) => a.length - b.length)
}
