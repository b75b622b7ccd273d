import type { Decision } from '../engine/decision.ts'

/**
 * A decision as one line of JSON, its members always in this order: allowed, effect, code, rule, reason, validUntil,
 * obligations, policy; and shadow when a shadow rule would have decided. `validUntil` is `null` when time alone cannot
 * change the answer.
 */
export function decisionLine(decision: Decision): string {
  const { allowed, effect, code, rule, reason, validUntil, obligations, policy, shadow } = decision
  const until = Number.isFinite(validUntil) ? validUntil : null
  const line = { allowed, effect, code, rule, reason, validUntil: until, obligations, policy }
  return JSON.stringify(shadow === null ? line : { ...line, shadow })
}
