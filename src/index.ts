export { CompiledPolicy, type CompileOptions, compile, compileModel, type PolicyStatistics } from './compiled-policy.ts'
export { ConditionCompiler } from './conditions/condition.ts'
export { type Clock, systemClock } from './engine/clock.ts'
export { DECISION_CODES, type DecisionCode } from './engine/codes.ts'
export type { Decision, ShadowOutcome } from './engine/decision.ts'
export { createIdentity, createPosture } from './engine/warm-facts.ts'
export { type ErrorCode, OptionError, SallyportError } from './errors.ts'
export type * from './explain/index.ts'
export type { Endpoint, EndpointObject, GrpcOperation, HttpOperation } from './facts/endpoint.ts'
export {
  ANONYMOUS,
  type AnonymousIdentity,
  type Assurance,
  type ClaimValue,
  type Identity,
  type PrincipalIdentity,
} from './facts/identity.ts'
export { type FactValue, NO_POSTURE, type Posture, type PostureFact, type Verification } from './facts/posture.ts'
export { Gate, type GateOptions, type GatePolicy } from './gate/gate.ts'
export type { EditOptions, Members } from './gate/members.ts'
export { MembershipError } from './gate/membership-error.ts'
export { type CheckOptions, type CheckResult, checkPolicy } from './policy/check.ts'
export { definePolicy } from './policy/define.ts'
export { formatProblem, PolicyError, type Problem } from './policy/diagnostics.ts'
export type { PolicyDocument, RuleDocument } from './policy/document.ts'
export type { PolicyModel } from './policy/model.ts'
