import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { ConditionCompiler } from '../../src/conditions/condition.ts'
import { loadPolicy } from '../../src/engine/load-policy.ts'
import { deserializeProgram } from '../../src/program/deserialize.ts'
import { serializeProgram } from '../../src/program/serialize.ts'
import { scenario } from '../arbitraries/scenario.ts'
import { assertAgreement, type Compile } from '../differential/agreement.ts'
import { SEALER } from '../differential/subject.ts'
import { ANSWER_CASES } from '../reference/answer-cases.ts'
import { MATCH_CASES, PLAIN_REQUEST } from '../reference/match-cases.ts'
import { modelOf } from '../reference/model-builder.ts'
import { RICH } from './rich-model.ts'

const conditions = new ConditionCompiler()
const compileCondition = (text: string) => conditions.compile(text)

/** Through bytes at an odd place of a buffer that is overwritten afterwards. */
const LOADED: Compile = (model, clock) => {
  const bytes = compileModel(model).serialize()
  const buffer = new Uint8Array(bytes.length + 3)
  buffer.set(bytes, 3)
  const engine = loadPolicy(buffer.subarray(3), { clock, compileCondition })
  buffer.fill(0xff)
  return engine as ReturnType<Compile>
}

const BYTES = compileModel(RICH).serialize()

describe('a policy that was written and loaded', () => {
  it.each(MATCH_CASES)('agrees that $name is $truth', ({ sketch, rule, request }) => {
    assertAgreement(
      { model: modelOf({ ...sketch, rules: [rule] }), requests: [{ ...PLAIN_REQUEST, ...request }] },
      LOADED,
      SEALER,
    )
  })

  it.each(ANSWER_CASES)('agrees about $name', ({ sketch, request }) => {
    assertAgreement({ model: modelOf(sketch), requests: [{ ...PLAIN_REQUEST, ...request }] }, LOADED, SEALER)
  })

  it('agrees with the reference interpreter on small random policies', () => {
    fc.assert(
      fc.property(scenario(20), (one) => void assertAgreement(one, LOADED, SEALER)),
      { numRuns: 40, seed: 5, endOnFailure: true },
    )
  })

  it('is the program that was written', () => {
    const { program } = compileModel(RICH)
    expect(deserializeProgram(serializeProgram(program))).toEqual(program)
    expect(serializeProgram(deserializeProgram(BYTES))).toEqual(BYTES)
    const plain = compileModel(modelOf({ rules: [] })).program
    expect(deserializeProgram(serializeProgram(plain))).toEqual(plain)
  })

  it('needs what compiles conditions', () => {
    expect(() => loadPolicy(BYTES)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
  })
})
