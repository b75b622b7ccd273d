import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { createIdentity, createPosture } from '../../src/engine/warm-facts.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { wellFormedIdentity } from '../arbitraries/identity.ts'
import { HOUR } from '../arbitraries/instants.ts'
import { policyModel } from '../arbitraries/policy.ts'
import { wellFormedPosture } from '../arbitraries/posture.ts'
import { wellFormedRequest } from '../arbitraries/request.ts'
import { scenario } from '../arbitraries/scenario.ts'
import { ANSWER_CASES } from '../reference/answer-cases.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { referenceAuthorize } from '../reference/interpreter.ts'
import { MATCH_CASES, PLAIN_REQUEST } from '../reference/match-cases.ts'
import { modelOf } from '../reference/model-builder.ts'
import { assertAgreement, assertSame } from './agreement.ts'
import { COMPILE, SEALER } from './subject.ts'

describe('the compiled engine', () => {
  it.each(MATCH_CASES)('agrees that $name is $truth', ({ sketch, rule, request }) => {
    for (const effect of ['allow', 'deny'] as const) {
      const model = modelOf({ ...sketch, rules: [{ ...rule, effect }] })
      assertAgreement({ model, requests: [{ ...PLAIN_REQUEST, ...request }] }, COMPILE, SEALER)
    }
  })

  it.each(ANSWER_CASES)('agrees about $name', ({ sketch, request }) => {
    assertAgreement({ model: modelOf(sketch), requests: [{ ...PLAIN_REQUEST, ...request }] }, COMPILE, SEALER)
  })

  it('agrees with the reference interpreter on small random policies', () => {
    let questions = 0
    fc.assert(
      fc.property(scenario(60), (one) => {
        questions += assertAgreement(one, COMPILE, SEALER)
      }),
      { numRuns: 800 },
    )
    expect(questions).toBeGreaterThan(20_000)
  })

  it('sees what changed in an object that it was asked about before', () => {
    const changing = fc.tuple(policyModel(), wellFormedRequest, wellFormedIdentity, wellFormedPosture)
    fc.assert(
      fc.property(changing, ([model, request, otherIdentity, otherPosture]) => {
        const engine = compileModel(model, { clock: { now: () => request.at } })
        const identity = structuredClone(request.identity) as object
        const posture = structuredClone(request.posture) as object | null | undefined
        engine.authorize(identity as never, posture as never, request.src as never, request.dst as never)
        overwrite(identity, otherIdentity)
        if (posture && otherPosture) overwrite(posture, otherPosture)
        const changed = { ...request, identity, posture }
        const answer = engine.authorize(identity as never, posture as never, request.src as never, request.dst as never)
        const expected = referenceAuthorize(model, changed, evaluateCondition)
        assertSame('asked again after a change', model, changed, expected, answer)
      }),
      { numRuns: 1000 },
    )
  })

  it('says how long an answer holds', () => {
    const timed = fc.tuple(
      policyModel({ leases: false }),
      wellFormedRequest,
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    let turned = 0
    fc.assert(
      fc.property(timed, ([model, { identity, posture, src, dst, at }, part]) => {
        const engine = compileModel(model, { clock: { now: () => at } })
        const ask = (instant: number) => {
          const { effect, code, rule, obligations } = engine.authorize(
            identity as never,
            posture as never,
            src as never,
            dst as never,
            instant,
          )
          return { effect, code, rule, obligations }
        }
        const { validUntil } = engine.authorize(identity as never, posture as never, src as never, dst as never, at)
        const first = ask(at)
        const end = Math.min(validUntil, at + 1000 * HOUR)
        expect(validUntil).toBeGreaterThan(at)
        expect(ask(at + Math.floor((end - at - 1) * part))).toEqual(first)
        expect(ask(end - 1)).toEqual(first)
        if (validUntil < Number.POSITIVE_INFINITY && !hasSchedule(model)) {
          turned++
          expect(ask(validUntil)).not.toEqual(first)
        }
      }),
      { numRuns: 2000 },
    )
    expect(turned).toBeGreaterThan(100)
  })

  it('refuses to seal what it would refuse to decide on', () => {
    expect(() => createIdentity({ kind: 'user', id: '' })).toThrow()
    expect(() => createPosture({ facts: null } as never)).toThrow()
  })
})

/** With a schedule the search may stop early, and then the answer need not turn. */
function hasSchedule(model: PolicyModel): boolean {
  return model.rules.some((rule) => rule.valid?.schedule)
}

function overwrite(target: object, source: object): void {
  for (const key of Object.keys(target)) Reflect.deleteProperty(target, key)
  Object.assign(target, source)
}
