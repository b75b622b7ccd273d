export { type CheckOptions, type CheckResult, checkPolicy } from './check.ts'
export { PROBLEM_CODES, type ProblemCode, type Severity } from './codes.ts'
export { definePolicy, type InlineEndpoint, type TypedPolicy, type TypedRule } from './define.ts'
export {
  formatPath,
  formatProblem,
  type Path,
  PolicyError,
  type Position,
  type Positions,
  type Problem,
  type Target,
} from './diagnostics.ts'
export type { PolicyDocument, RuleDocument } from './document.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { checkPolicyText, type ParseOptions, type ParseResult, parsePolicy } from './parse.ts'
