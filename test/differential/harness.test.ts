import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyModel, RuleModel } from '../../src/policy/model.ts'
import { NOTHING } from '../arbitraries/policy.ts'
import { scenario } from '../arbitraries/scenario.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { type Request, referenceAuthorize } from '../reference/interpreter.ts'
import { type Answer, assertAgreement, type Compile, Disagreement } from './agreement.ts'

/** The reference interpreter as an engine, with a fault. */
interface Fault {
  readonly model?: (model: PolicyModel) => PolicyModel
  readonly request?: (request: Request) => Request
  readonly answer?: (answer: Answer) => Answer
  /** Remembers answers by the identity object alone. */
  readonly stale?: boolean
}

function compileWith(fault: Fault): Compile {
  return (model, clock) => {
    const faultyModel = fault.model?.(model) ?? model
    const kept = new Map<unknown, Answer>()
    return {
      authorize(identity, posture, src, dst, at = clock.now()) {
        const known = kept.get(identity)
        if (known !== undefined && fault.stale) return known
        const request = { identity, posture, src, dst, at }
        const reference = referenceAuthorize(faultyModel, fault.request?.(request) ?? request, evaluateCondition)
        const answer = { ...reference, allowed: reference.effect === 'allow' }
        kept.set(identity, answer)
        return fault.answer?.(answer) ?? answer
      },
    }
  }
}

const overRules = (change: (rule: RuleModel) => Partial<RuleModel>): Fault => ({
  model: (model) => ({ ...model, rules: model.rules.map((rule) => ({ ...rule, ...change(rule) })) }),
})

const FAULTS: Readonly<Record<string, Fault>> = {
  'a cache that keeps answers too long': { stale: true },
  'no end of validity': { answer: (answer) => ({ ...answer, validUntil: Number.POSITIVE_INFINITY }) },
  'a validity that ends a millisecond late': {
    answer: (answer) => ({ ...answer, validUntil: answer.validUntil + 1 }),
  },
  'a validity that ends at once': { answer: (answer) => ({ ...answer, validUntil: 0 }) },
  'no shadow': { answer: (answer) => ({ ...answer, shadow: null }) },
  'no obligations': { answer: (answer) => ({ ...answer, obligations: [] }) },
  'an allow that says it is none': { answer: (answer) => ({ ...answer, allowed: false }) },
  'no lease': overRules(() => ({ leaseMs: 0 })),
  'no who': overRules(() => ({ who: null })),
  'no posture': overRules(() => ({ posture: null })),
  'no condition': overRules(() => ({ when: null })),
  'no window': overRules(({ valid }) => ({ valid: valid && { ...valid, schedule: null } })),
  'no service': overRules(() => ({ services: null })),
  'from and to mixed up': overRules(({ from, to }) => ({ from: to, to: from })),
  'an empty list that is everybody': overRules(({ from }) => ({ from: from?.length === 0 ? null : from })),
  'shadow rules enforced': overRules(() => ({ mode: 'enforce' })),
  'rules in reverse': { model: (model) => ({ ...model, rules: [...model.rules].reverse() }) },
  'one actor more': { model: (model) => ({ ...model, maxDelegationDepth: model.maxDelegationDepth + 1 }) },
  'nothing subtracted': {
    model: (model) => ({ ...model, segments: model.segments.map((segment) => ({ ...segment, except: NOTHING })) }),
  },
  'facts that are always fresh': {
    model: (model) => ({
      ...model,
      postures: model.postures.map((posture) => ({
        ...posture,
        all: posture.all.map((comparison) => ({ ...comparison, maxAgeMs: comparison.maxAgeMs * 2 })),
      })),
    }),
  },
  'source and destination mixed up': { request: (request) => ({ ...request, src: request.dst, dst: request.src }) },
}

function firstDisagreement(compile: Compile): unknown {
  const agrees = fc.property(scenario(20), (one) => void assertAgreement(one, compile, null))
  return fc.check(agrees, { numRuns: 200, seed: 7, endOnFailure: true }).errorInstance
}

describe('the harness', () => {
  it('finds no fault in the reference interpreter itself', () => {
    expect(firstDisagreement(compileWith({}))).toBeNull()
  })

  it.each(Object.entries(FAULTS))('catches an engine with %s', (_name, fault) => {
    expect(firstDisagreement(compileWith(fault))).toBeInstanceOf(Disagreement)
  })
})
