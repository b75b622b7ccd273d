import type { Decision } from '../engine/decision.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import type { PolicyModel } from '../policy/model.ts'
import {
  applyChanges,
  asRequest,
  type ChangedRequest,
  effortOf,
  type FactChange,
  keyOf,
  type RequestFacts,
  slotOf,
} from './change.ts'
import { expandTowardsAllow } from './expand-allow.ts'
import { expandTowardsDeny } from './expand-deny.ts'
import type { Expansion, Plan, SearchState } from './expansion.ts'
import type { WhenEvaluator } from './situation.ts'

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

/**
 * Searches the smallest sets of changes that turn a decision, by breadth: every single change first, then pairs, then
 * triples. A set is kept when it turns the decision and no smaller part of it does.
 */
export function searchFlips(
  model: PolicyModel,
  decide: Decide,
  base: { readonly facts: RequestFacts; readonly decision: Decision },
  evaluate: WhenEvaluator,
  limits: SearchLimits,
): SearchResult {
  return new Search(model, decide, base.facts, base.decision, evaluate, limits).run()
}

class Search {
  readonly #decide: Decide
  readonly #base: SearchState
  readonly #limits: SearchLimits
  readonly #expand: (state: SearchState) => Expansion[]
  readonly #answers = new Map<string, Decision>()
  readonly #expanded = new Set<string>()
  readonly #kept = new Set<string>()
  readonly #flips: FoundFlip[] = []
  #decisions = 0
  #cutOff = false

  constructor(
    model: PolicyModel,
    decide: Decide,
    facts: RequestFacts,
    decision: Decision,
    evaluate: WhenEvaluator,
    limits: SearchLimits,
  ) {
    this.#decide = decide
    this.#base = { changes: [], facts, decision, plan: null }
    this.#limits = limits
    const expand = decision.allowed ? expandTowardsDeny : expandTowardsAllow
    const context = {
      model,
      evaluate,
      maxChanges: limits.maxChanges,
      base: this.#base,
      ask: (request: RequestFacts) => this.#ask(request),
    }
    this.#expand = expand(context)
  }

  run(): SearchResult {
    let states: SearchState[] = [this.#base]
    for (let size = 1; size <= this.#limits.maxChanges && states.length > 0; size++) {
      states = this.#level(states)
      if (this.#cutOff) break
      if (this.#flips.length >= this.#limits.maxFlips) {
        this.#cutOff = states.length > 0 && size < this.#limits.maxChanges
        break
      }
    }
    const sought = earliest(this.#flips).sort(
      (a, b) => a.changes.length - b.changes.length || this.#effort(a) - this.#effort(b),
    )
    const flips = sought.slice(0, this.#limits.maxFlips)
    return { flips, decisions: this.#decisions, cutOff: this.#cutOff || flips.length < sought.length }
  }

  /** Tries every set that is one change larger, and returns those that did not turn the decision. */
  #level(states: readonly SearchState[]): SearchState[] {
    const next: SearchState[] = []
    for (const state of states) {
      for (const { change, plan } of this.#expand(state)) {
        if (state.changes.some((earlier) => slotOf(earlier) === slotOf(change))) continue
        const changes = [...state.changes, change]
        if (!this.#isNew(changes, plan)) continue
        const decision = this.#answer(changes)
        if (decision === null) return next
        const facts = applyChanges(this.#base.facts, changes)
        if (!this.#turns(decision)) next.push({ changes, facts, decision, plan })
        else this.#keep(changes)
      }
    }
    return next
  }

  /** The same set is followed once for every rule it was begun for. */
  #isNew(changes: readonly FactChange[], plan: Plan | null): boolean {
    const set = keyOf(changes)
    const key = `${plan?.hop ?? ''} ${plan?.index ?? ''}\n${set}`
    const answer = this.#answers.get(set)
    if (this.#expanded.has(key) || (answer !== undefined && this.#turns(answer))) return false
    this.#expanded.add(key)
    return true
  }

  /** Time passes without anybody's effort: good to know when it ends an access, no help to somebody who wants one. */
  #effort({ changes }: FoundFlip): number {
    const byItself = this.#base.decision.allowed && changes.every(({ type }) => type === 'at')
    return byItself ? 0 : effortOf(changes)
  }

  #turns(decision: Decision): boolean {
    return decision.allowed !== this.#base.decision.allowed
  }

  /** Keeps the smallest part of a turning set that turns the decision too: a later change can make an earlier one idle. */
  #keep(changes: readonly FactChange[]): void {
    for (const part of partsOf(changes)) {
      const decision = this.#answer(part)
      if (decision === null) return
      if (!this.#turns(decision)) continue
      const key = keyOf(part)
      if (this.#kept.has(key)) return
      this.#kept.add(key)
      this.#flips.push({ changes: part, request: asRequest(applyChanges(this.#base.facts, part)), decision })
      return
    }
  }

  #answer(changes: readonly FactChange[]): Decision | null {
    const key = keyOf(changes)
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const decision = this.#ask(applyChanges(this.#base.facts, changes))
    if (decision !== null) this.#answers.set(key, decision)
    return decision
  }

  /** Asks the engine, or gives `null` when it has been asked often enough. */
  #ask(facts: RequestFacts): Decision | null {
    if (this.#decisions >= this.#limits.maxDecisions) {
      this.#cutOff = true
      return null
    }
    this.#decisions++
    const { identity, posture, src, dst, at } = asRequest(facts)
    return this.#decide(identity, posture, src, dst, at)
  }
}

/** Every part of a set, itself included, the smallest first. */
function partsOf(changes: readonly FactChange[]): FactChange[][] {
  const parts: FactChange[][] = []
  for (let mask = 1; mask < 1 << changes.length; mask++) parts.push(changes.filter((_, index) => mask & (1 << index)))
  return parts.sort((a, b) => a.length - b.length)
}

/** Of flips that are the same but for the instant, the first one: that it stays so later is nothing new. */
function earliest(flips: readonly FoundFlip[]): FoundFlip[] {
  const first = new Map<string, FoundFlip>()
  for (const flip of flips) {
    const key = keyOf(flip.changes.map((change) => (change.type === 'at' ? { ...change, at: 0 } : change)))
    const known = first.get(key)
    if (known === undefined || flip.request.at < known.request.at) first.set(key, flip)
  }
  return [...first.values()]
}
