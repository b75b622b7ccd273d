/** The subpath `sallyport/engine`: decides with a policy that was compiled elsewhere. No compiler, no schema, no CEL. */
export { type Clock, systemClock } from './clock.ts'
export { DECISION_CODES, type DecisionCode } from './codes.ts'
export type { Decision, ShadowOutcome } from './decision.ts'
export { Engine, type EngineOptions } from './engine.ts'
export type { Condition, ConditionRequest } from './evaluation.ts'
export { loadPolicy } from './load-policy.ts'
export { createIdentity, createPosture } from './warm-facts.ts'
