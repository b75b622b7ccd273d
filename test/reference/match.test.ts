import { describe, expect, it } from 'vitest'
import { evaluateCondition } from './conditions.ts'
import { referenceAuthorize } from './interpreter.ts'
import { MATCH_CASES, PLAIN_REQUEST } from './match-cases.ts'
import { modelOf } from './model-builder.ts'

/** Every case twice: unknown never satisfies an allow and always satisfies a deny. */
describe('the reference interpreter matches a rule', () => {
  it.each(MATCH_CASES)('$name is $truth', ({ sketch, rule, request, truth }) => {
    const answers = (['allow', 'deny'] as const).map((effect) => {
      const model = modelOf({ ...sketch, rules: [{ ...rule, effect }] })
      return referenceAuthorize(model, { ...PLAIN_REQUEST, ...request }, evaluateCondition).code
    })
    expect(answers).toEqual([
      truth === true ? 'ALLOW_RULE' : 'DENY_DEFAULT',
      truth === false ? 'DENY_DEFAULT' : 'DENY_RULE',
    ])
  })
})
