import type { PolicyModel } from '../../src/policy/model.ts'
import type { Answer } from '../differential/agreement.ts'
import { COMPILE } from '../differential/subject.ts'
import type { Request } from '../reference/interpreter.ts'

/** The parts of an answer that enforcement looks at. */
export type Enforced = Omit<Answer, 'shadow'>

/**
 * What the compiled policy answers to every request, without its words and its hash. With a schedule in the policy the end
 * is left out, too: the search for it may stop early, and where depends on how the policy is written (semantics, section 5).
 */
export function answersOf(model: PolicyModel, requests: readonly Request[]): Answer[] {
  const isScheduled = model.rules.some((rule) => rule.valid?.schedule)
  const engine = COMPILE(model, { now: () => Number.NaN })
  return requests.map(({ identity, posture, src, dst, at }) => {
    const decision = engine.authorize(identity, posture, src, dst, at)
    const { allowed, effect, code, rule, obligations, shadow } = decision
    const validUntil = isScheduled ? Number.NaN : decision.validUntil
    return { allowed, effect, code, rule, obligations, validUntil, shadow }
  })
}

/** The same without the shadow outcome. */
export function enforcedAnswersOf(model: PolicyModel, requests: readonly Request[]): Enforced[] {
  return answersOf(model, requests).map(({ shadow: _shadow, ...enforced }) => enforced)
}

/** Requests that are allowed by the first policy or with the first facts, and those that are by the second. */
export interface Comparison {
  readonly before: readonly Answer[]
  readonly after: readonly Answer[]
}

/** Indices of the requests that are allowed after a change and were not before it. */
export function newlyAllowed({ before, after }: Comparison): number[] {
  return after.flatMap((answer, index) => (answer.allowed && !before[index]?.allowed ? [index] : []))
}

/** Indices of the requests that a change took away. */
export function newlyDenied({ before, after }: Comparison): number[] {
  return newlyAllowed({ before: after, after: before })
}
