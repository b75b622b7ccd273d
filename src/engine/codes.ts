/** One row per decision code: the only place that names them. Codes are stable and never reused. */
export const DECISION_CODES = {
  ALLOW_RULE: { effect: 'allow', meaning: 'an allow rule is the first rule that matches' },
  DENY_RULE: { effect: 'deny', meaning: 'a deny rule is the first rule that matches' },
  DENY_DEFAULT: { effect: 'deny', meaning: 'no enforced rule matches, and nothing is allowed by default' },
  DENY_IDENTITY_INVALID: { effect: 'deny', meaning: 'the identity is missing or malformed' },
  DENY_IDENTITY_EXPIRED: { effect: 'deny', meaning: 'the credential of the identity or of an actor has expired' },
  DENY_IDENTITY_NOT_YET_VALID: {
    effect: 'deny',
    meaning: 'the credential of the identity or of an actor is not valid yet',
  },
  DENY_DELEGATION_DEPTH: { effect: 'deny', meaning: 'the actor chain is longer than the policy permits' },
  DENY_DELEGATION: { effect: 'deny', meaning: 'an actor in the delegation chain is not itself allowed' },
  DENY_POSTURE_INVALID: { effect: 'deny', meaning: 'the posture argument is malformed' },
  DENY_SOURCE_INVALID: { effect: 'deny', meaning: 'the source does not parse as an endpoint' },
  DENY_SOURCE_UNKNOWN: { effect: 'deny', meaning: 'the source names a segment that the policy does not define' },
  DENY_DESTINATION_INVALID: { effect: 'deny', meaning: 'the destination does not parse as an endpoint' },
  DENY_DESTINATION_UNKNOWN: {
    effect: 'deny',
    meaning: 'the destination names a segment that the policy does not define',
  },
  DENY_REQUEST_INVALID: { effect: 'deny', meaning: 'the request as a whole cannot be read' },
  DENY_CLOCK_INVALID: { effect: 'deny', meaning: 'the clock did not give a finite time' },
  DENY_INTERNAL: {
    effect: 'deny',
    meaning: 'the engine failed; the failure is reported to the observer and the request is refused',
  },
} as const satisfies Record<string, { readonly effect: 'allow' | 'deny'; readonly meaning: string }>

/** Why a decision is what it is. */
export type DecisionCode = keyof typeof DECISION_CODES
