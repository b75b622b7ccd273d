import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Prefix, prefixOf } from '../../src/net/prefix.ts'
import type { PolicyModel, RuleModel } from '../../src/policy/model.ts'
import { inEvaluationOrder, NOTHING, policyModel } from '../arbitraries/policy.ts'
import { requests, scenario } from '../arbitraries/scenario.ts'
import { isPlainObject } from '../reference/plain-object.ts'
import { answersOf, newlyAllowed, newlyDenied } from './answers.ts'

const RUNS = { numRuns: 400 }

/** Changes that may take away and must never give. */
describe('nothing more is allowed when', () => {
  it('a deny rule is added', () => {
    let taken = 0
    fc.assert(
      fc.property(scenario(30), policyModel(), fc.nat(), ({ model, requests }, donor, place) => {
        const source = donor.rules.find((rule) => rule.effect === 'deny')
        if (source === undefined) return
        const local = (indices: readonly number[] | null, length: number) => indices?.map((one) => one % length) ?? null
        const deny: RuleModel = {
          ...source,
          id: 'new',
          mode: 'enforce',
          from: local(source.from, model.segments.length),
          to: local(source.to, model.segments.length),
          posture: local(source.posture, model.postures.length),
        }
        const at = place % (model.rules.length + 1)
        const rules = [...model.rules.slice(0, at), deny, ...model.rules.slice(at)]
        const after = answersOf({ ...model, rules: inEvaluationOrder(model.combining, rules) }, requests)
        const before = answersOf(model, requests)
        expect(newlyAllowed({ before, after })).toEqual([])
        taken += newlyDenied({ before, after }).length
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(20)
  })

  it('an allow rule is taken away', () => {
    let taken = 0
    fc.assert(
      fc.property(scenario(30), fc.nat(), ({ model, requests }, pick) => {
        const allows = model.rules.filter((rule) => rule.effect === 'allow')
        const gone = allows[pick % Math.max(1, allows.length)]
        const before = answersOf(model, requests)
        const after = answersOf({ ...model, rules: model.rules.filter((rule) => rule !== gone) }, requests)
        expect(newlyAllowed({ before, after })).toEqual([])
        taken += newlyDenied({ before, after }).length
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(20)
  })

  it('the prefixes of a policy that only allows are narrowed', () => {
    let taken = 0
    fc.assert(
      fc.property(policyModel(), requests(30), fc.nat({ max: 4 }), (any, asked, bits) => {
        const model = allowOnly(any)
        const narrowed: PolicyModel = {
          ...model,
          segments: model.segments.map((segment) => ({
            ...segment,
            include: { ...segment.include, prefixes: segment.include.prefixes.map((prefix) => narrow(prefix, bits)) },
          })),
        }
        const before = answersOf(model, asked)
        const after = answersOf(narrowed, asked)
        expect(newlyAllowed({ before, after })).toEqual([])
        taken += newlyDenied({ before, after }).length
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(20)
  })

  it('posture facts are lost', () => {
    let taken = 0
    fc.assert(
      fc.property(policyModel(), requests(30), fc.nat({ max: 3 }), (any, asked, keep) => {
        const model = aboutValues(any)
        const before = answersOf(model, asked)
        const after = answersOf(
          model,
          asked.map((request) => ({ ...request, posture: loseFacts(request.posture, keep) })),
        )
        expect(newlyAllowed({ before, after })).toEqual([])
        taken += newlyDenied({ before, after }).length
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(5)
  })

  it('an actor is added who does not satisfy the rules, or any actor at all', () => {
    let taken = 0
    const actor = fc.constantFrom({ kind: 'agent', id: 'nobody' }, { kind: 'workload', id: 'spiffe://td.example/ns/a' })
    fc.assert(
      fc.property(scenario(30), actor, ({ model, requests }, last) => {
        const before = answersOf(model, requests)
        const after = answersOf(
          model,
          requests.map((request) => ({ ...request, identity: withActor(request.identity, last) })),
        )
        expect(newlyAllowed({ before, after })).toEqual([])
        taken += newlyDenied({ before, after }).length
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(20)
  })
})

/** What a property is not about is left open, or it would seldom be the reason of an answer. */
const OPEN = { services: null, who: null, when: null, valid: null } as const

/** Only allow rules, and nothing subtracted from a segment: a narrower subtraction would give. */
function allowOnly(model: PolicyModel): PolicyModel {
  const rules = model.rules.map(
    (rule): RuleModel => ({
      ...rule,
      ...OPEN,
      effect: 'allow',
      mode: 'enforce',
      from: rule.from ?? [2],
    }),
  )
  return {
    ...model,
    segments: model.segments.map((segment) => ({ ...segment, except: NOTHING })),
    rules: inEvaluationOrder(model.combining, rules),
  }
}

function narrow({ address, length }: Prefix, bits: number): Prefix {
  return prefixOf(address, Math.min(length + bits, address.family === 4 ? 32 : 128))
}

/**
 * Two comparisons speak of the fact itself and not of its value, so that a lost fact can give: an allow may ask for
 * `absent`, and a deny for `present`, which is false and not unknown when there is no such fact.
 */
function aboutValues(model: PolicyModel): PolicyModel {
  return {
    ...model,
    rules: model.rules.map((rule) => ({ ...rule, ...OPEN, from: null, to: null, posture: rule.posture ?? [0] })),
    postures: model.postures.map((posture) => ({
      ...posture,
      all: posture.all.map((one) =>
        one.op === 'absent' || one.op === 'present'
          ? { op: 'equals', value: true, fact: one.fact, maxAgeMs: one.maxAgeMs }
          : one,
      ),
    })),
  }
}

function loseFacts(posture: unknown, keep: number): unknown {
  if (!isPlainObject(posture) || !isPlainObject(posture.facts)) return posture
  return { facts: Object.fromEntries(Object.entries(posture.facts).slice(0, keep)) }
}

/** Appends an actor to the end of the chain. */
function withActor(identity: unknown, actor: object): unknown {
  if (!isPlainObject(identity) || identity.kind === 'anonymous') return identity
  return { ...identity, actor: identity.actor === undefined ? actor : withActor(identity.actor, actor) }
}
