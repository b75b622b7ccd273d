import type { Effect, Obligation } from '../policy/model.ts'
import { DECISION_CODES, type DecisionCode } from './codes.ts'

/** What a shadow rule would have decided, had it been enforced. */
export interface ShadowOutcome {
  readonly effect: Effect
  readonly rule: string
}

/** The answer of `authorize`. Immutable, and interned: equal answers are often the same object. */
export interface Decision {
  readonly allowed: boolean
  readonly effect: Effect
  readonly code: DecisionCode
  /** Id of the rule that decided, or `null`. */
  readonly rule: string | null
  /** One sentence for people and logs. Not for remote callers. */
  readonly reason: string
  readonly obligations: readonly Obligation[]
  /**
   * First instant, in epoch milliseconds, at which the same question could get another answer; `Infinity` when time
   * alone cannot change it.
   */
  readonly validUntil: number
  /** Set when a shadow rule would have been the first to match. */
  readonly shadow: ShadowOutcome | null
  /** Content hash of the policy that decided. */
  readonly policy: string
}

/** One shape for every decision, so that the engine's and the caller's call sites stay monomorphic. */
export class DecisionRecord implements Decision {
  readonly allowed: boolean
  readonly effect: Effect
  readonly code: DecisionCode
  readonly rule: string | null
  readonly reason: string
  readonly obligations: readonly Obligation[]
  readonly validUntil: number
  readonly shadow: ShadowOutcome | null
  readonly policy: string

  constructor(
    code: DecisionCode,
    rule: string | null,
    obligations: readonly Obligation[],
    validUntil: number,
    shadow: ShadowOutcome | null,
    policy: string,
  ) {
    const { effect, meaning } = DECISION_CODES[code]
    this.allowed = effect === 'allow'
    this.effect = effect
    this.code = code
    this.rule = rule
    this.reason = rule === null ? meaning : `${meaning}: ${JSON.stringify(rule)}`
    this.obligations = obligations
    this.validUntil = validUntil
    this.shadow = shadow
    this.policy = policy
    Object.freeze(this)
  }
}
