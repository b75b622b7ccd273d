import type { Effect, RuleModel, ServiceEntry, WhoSelector } from '../policy/model.ts'
import { inPeriod, inSchedule } from './instant.ts'
import { meets, type Outcome, type Target } from './outcome.ts'
import { comparisonOutcome } from './posture-outcome.ts'
import { entryOutcomes } from './service-outcome.ts'
import type { Situation } from './situation.ts'
import { predicateOutcome } from './who-outcome.ts'

/** How far a rule is from matching. Both are 0 when it matches. */
export interface Distance {
  /** Dimensions that keep it from matching. */
  readonly dimensions: number
  /** Conditions that would have to turn, counting only the nearest alternative of each dimension. */
  readonly conditions: number
  /** Of `from` and `to`, how many fail: being somewhere else is the largest change of all. */
  readonly moves: number
}

/** A rule with its place in the evaluation order and its distance. */
export interface RankedRule {
  readonly rule: RuleModel
  readonly index: number
  readonly distance: Distance
}

/** What the search for rules may look at and bring back. */
export interface NearestOptions {
  readonly effect: Effect
  /** Only rules before this place in the evaluation order. */
  readonly before: number
  /** How many rules to keep. */
  readonly keep: number
}

/** What a condition of a matching rule comes to. */
export function matchTarget(effect: Effect): Target {
  return effect === 'allow' ? 'true' : 'notFalse'
}

/**
 * The enforced rules of one effect that are closest to matching, those that match first. Rules that can never match
 * are left out. One pass without building any text: the expensive dimension (`when`) is asked last, and only for rules
 * that would still be kept.
 */
export function nearestRules(situation: Situation, { effect, before, keep }: NearestOptions): RankedRule[] {
  const ruler = new Ruler(situation, matchTarget(effect))
  const kept: RankedRule[] = []
  const { rules } = situation.model
  const end = Math.min(before, rules.length)
  for (let index = 0; index < end; index++) {
    const rule = rules[index] as RuleModel
    if (rule.effect !== effect || rule.mode !== 'enforce') continue
    const limit = kept.length < keep ? null : (kept.at(-1)?.distance ?? null)
    const distance = ruler.measure(rule, limit)
    if (distance === null || (limit !== null && compareDistances(distance, limit) >= 0)) continue
    // After those at the same distance: the earlier rule wins a tie, as it does in a decision.
    const place = kept.findIndex((other) => compareDistances(distance, other.distance) < 0)
    kept.splice(place === -1 ? kept.length : place, 0, { rule, index, distance })
    if (kept.length > keep) kept.pop()
  }
  return kept
}

function compareDistances(a: Distance, b: Distance): number {
  return a.dimensions - b.dimensions || a.moves - b.moves || a.conditions - b.conditions
}

/** Measures rules against one situation, and remembers what rules share. */
class Ruler {
  readonly #situation: Situation
  readonly #target: Target
  readonly #postures: (number | undefined)[] = []
  readonly #entries = new Map<ServiceEntry, number>()
  #failing = 0

  constructor(situation: Situation, target: Target) {
    this.#situation = situation
    this.#target = target
  }

  /** The distance of a rule, or `null` when it can never match or lies beyond `limit`. */
  measure(rule: RuleModel, limit: Distance | null): Distance | null {
    const from = this.#ofSegments(rule.from, 'from')
    const to = this.#ofSegments(rule.to, 'to')
    const moves = from + to
    let dimensions = moves
    let conditions = moves
    for (const failing of [this.#ofServices(rule.services), this.#ofPostures(rule.posture), this.#ofWho(rule.who)]) {
      if (failing > 0) dimensions++
      conditions += failing
    }
    if (conditions === Number.POSITIVE_INFINITY) return null
    if (limit !== null && dimensions > limit.dimensions) return null
    if (rule.valid !== null) {
      const { at } = this.#situation
      if (!meets(inPeriod(rule.valid, at) && inSchedule(rule.valid.schedule, at), this.#target)) {
        dimensions++
        conditions++
      }
    }
    if (rule.when === null) return { dimensions, conditions, moves }
    if (limit !== null && compareDistances({ dimensions, conditions, moves }, limit) >= 0) return null
    const failing = meets(this.#situation.when(rule.when), this.#target) ? 0 : 1
    return { dimensions: dimensions + failing, conditions: conditions + failing, moves }
  }

  #count(outcome: Outcome): void {
    if (!meets(outcome, this.#target)) this.#failing++
  }

  #ofSegments(segments: readonly number[] | null, end: 'from' | 'to'): number {
    if (segments === null) return 0
    if (segments.length === 0) return Number.POSITIVE_INFINITY
    const membership = this.#situation[end]
    for (const segment of segments) if (membership.isIn(segment)) return 0
    return 1
  }

  #ofServices(services: readonly ServiceEntry[] | null): number {
    if (services === null) return 0
    let least = Number.POSITIVE_INFINITY
    for (const entry of services) least = Math.min(least, this.#ofEntry(entry))
    return least
  }

  #ofEntry(entry: ServiceEntry): number {
    const known = this.#entries.get(entry)
    if (known !== undefined) return known
    this.#failing = 0
    entryOutcomes(entry, this.#situation.operation, (_part, outcome) => this.#count(outcome))
    this.#entries.set(entry, this.#failing)
    return this.#failing
  }

  #ofPostures(postures: readonly number[] | null): number {
    if (postures === null) return 0
    let least = Number.POSITIVE_INFINITY
    for (const index of postures) least = Math.min(least, this.#ofPosture(index))
    return least
  }

  #ofPosture(index: number): number {
    const known = this.#postures[index]
    if (known !== undefined) return known
    const { model, facts, at } = this.#situation
    this.#failing = model.postures[index] === undefined ? Number.POSITIVE_INFINITY : 0
    for (const comparison of model.postures[index]?.all ?? []) this.#count(comparisonOutcome(comparison, facts, at))
    this.#postures[index] = this.#failing
    return this.#failing
  }

  #ofWho(who: readonly WhoSelector[] | null): number {
    if (who === null) return 0
    const { identity, at } = this.#situation
    let least = Number.POSITIVE_INFINITY
    for (const selector of who) {
      this.#failing = 0
      for (const predicate of selector) this.#count(predicateOutcome(predicate, identity, at))
      least = Math.min(least, this.#failing)
    }
    return least
  }
}
