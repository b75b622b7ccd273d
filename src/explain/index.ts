export type { ChangedRequest, FactChange } from './change.ts'
export type { Dimension } from './condition.ts'
export {
  type ExplainOptions,
  type ExplainRequest,
  type Explanation,
  explainRequest,
  type Flip,
  type HopTrace,
} from './explain.ts'
export { formatExplanation } from './format.ts'
export type { Distance } from './nearest.ts'
export type { Outcome } from './outcome.ts'
export type { Decide } from './search.ts'
export type { WhenEvaluator, WhenRequest } from './situation.ts'
export type { AlternativeTrace, ConditionTrace, DimensionTrace, RuleRole, RuleTrace } from './trace.ts'
