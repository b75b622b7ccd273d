import { describe, expect, it } from 'vitest'
import { ANSWER_CASES } from './answer-cases.ts'
import { evaluateCondition } from './conditions.ts'
import { referenceAuthorize } from './interpreter.ts'
import { PLAIN_REQUEST } from './match-cases.ts'
import { modelOf } from './model-builder.ts'

describe('the reference interpreter answers', () => {
  it.each(ANSWER_CASES)('$name', ({ sketch, request, expected }) => {
    const answer = referenceAuthorize(modelOf(sketch), { ...PLAIN_REQUEST, ...request }, evaluateCondition)
    expect(answer).toMatchObject(expected)
  })
})
