import type { PROBLEM_CODES, ProblemCode, Severity } from './codes.ts'

type Warning = {
  [C in ProblemCode]: (typeof PROBLEM_CODES)[C]['severity'] extends 'warning' ? C : never
}[ProblemCode]

/**
 * The codes that only warn. All that a check needs of the table of codes, whose texts are for people and stay behind; a
 * test holds it to the table. A code that is missing here is an error.
 */
const WARNINGS: ReadonlySet<ProblemCode> = /* @__PURE__ */ new Set<Warning>([
  'POLICY_NAME_LOOKALIKE',
  'POLICY_SEGMENT_EMPTY',
  'POLICY_SEGMENT_UNUSED',
  'POLICY_GROUP_UNUSED',
  'POLICY_SERVICE_UNUSED',
  'POLICY_POSTURE_UNUSED',
  'POLICY_RULE_BROAD',
  'POLICY_LIST_EMPTY',
  'POLICY_ENTRY_DUPLICATE',
])

/** Severity of a problem with this code. */
export function severityOf(code: ProblemCode): Severity {
  return WARNINGS.has(code) ? 'warning' : 'error'
}
