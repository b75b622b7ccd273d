import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenario } from '../arbitraries/scenario.ts'
import { assertAgreement } from '../differential/agreement.ts'
import { COMPILE, SEALER } from '../differential/subject.ts'
import { ANSWER_CASES } from '../reference/answer-cases.ts'
import { MATCH_CASES, PLAIN_REQUEST } from '../reference/match-cases.ts'
import { modelOf } from '../reference/model-builder.ts'

/** The differential suite in little: the same questions at every run, quick enough to be asked of every mutant. */
describe('the engine, in little', () => {
  it.each(MATCH_CASES)('$name is $truth', ({ sketch, rule, request }) => {
    for (const effect of ['allow', 'deny'] as const) {
      const model = modelOf({ ...sketch, rules: [{ ...rule, effect }] })
      assertAgreement({ model, requests: [{ ...PLAIN_REQUEST, ...request }] }, COMPILE, SEALER)
    }
  })

  it.each(ANSWER_CASES)('$name', ({ sketch, request }) => {
    assertAgreement({ model: modelOf(sketch), requests: [{ ...PLAIN_REQUEST, ...request }] }, COMPILE, SEALER)
  })

  it.each([11, 12, 13, 14])('agrees with the reference interpreter on small random policies, seed %i', (seed) => {
    let questions = 0
    fc.assert(
      fc.property(scenario(30), (one) => {
        questions += assertAgreement(one, COMPILE, SEALER)
      }),
      { numRuns: 40, seed, endOnFailure: true },
    )
    expect(questions).toBeGreaterThan(400)
  })
})
