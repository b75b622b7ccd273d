/** The subpath `sallyport/engine`: decides with a policy that was compiled elsewhere. No compiler, no schema, no CEL. */
export { type Clock, systemClock } from './clock.ts'
export { DECISION_CODES, type DecisionCode } from './codes.ts'
export type { Decision, ShadowOutcome } from './decision.ts'
export { type Condition, type ConditionRequest, Engine, type EngineOptions } from './engine.ts'
export { loadPolicy } from './load-policy.ts'
export { createIdentity, createPosture } from './warm-facts.ts'
