import type { Decision } from '../../src/engine/decision.ts'
import type { WhenEvaluator, WhenRequest } from '../../src/explain/conditions.ts'
import type { Decide } from '../../src/explain/search.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { referenceAuthorize } from '../reference/interpreter.ts'

/** The reference interpreter in the shape of the engine. */
export function referenceDecide(model: PolicyModel): Decide {
  return (identity, posture, src, dst, at): Decision => {
    const answer = referenceAuthorize(model, { identity, posture, src, dst, at }, evaluateCondition)
    return { ...answer, allowed: answer.effect === 'allow', reason: `reference ${answer.code}`, policy: 'reference' }
  }
}

/** The conditions of the tests, as the trace sees requests. */
export const evaluateWhen: WhenEvaluator = (text, { identity, src, dst, context }: WhenRequest) =>
  evaluateCondition(text, { identity, src: present(src), dst: present(dst), context })

/** The oracle reads members that are absent as `undefined`, and nothing of an address in a condition. */
function present(written: object): Parameters<typeof evaluateCondition>[1]['src'] {
  const { address: _, ...rest } = written as Record<string, unknown>
  return rest
}
