export type { FactChange } from './change.ts'
export type { Dimension, Outcome, WhenEvaluator, WhenRequest } from './conditions.ts'
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
export type { ChangedRequest } from './request.ts'
export type { Decide } from './search.ts'
export type { DimensionTrace, RuleRole, RuleTrace } from './trace.ts'
