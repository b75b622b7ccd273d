import type { Effect, Obligation } from '../policy/model.ts'
import type { DecisionCode } from './codes.ts'

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
