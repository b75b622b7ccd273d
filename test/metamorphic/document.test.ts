import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { checkPolicy } from '../../src/policy/check.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { writtenPolicy } from '../arbitraries/document.ts'
import { requests } from '../arbitraries/scenario.ts'
import { answersOf } from './answers.ts'

const RUNS = { numRuns: 200 }

/** Problems that a random policy has and that change nothing. */
function modelOf(document: unknown): PolicyModel {
  const { model, problems } = checkPolicy(document)
  if (model === null) throw new Error(JSON.stringify([problems, document]))
  return model
}

describe('a document', () => {
  it('means what the model that it was written from means', () => {
    fc.assert(
      fc.property(writtenPolicy, requests(30), ({ model, document }, asked) => {
        expect(answersOf(modelOf(document), asked)).toEqual(answersOf(model, asked))
      }),
      RUNS,
    )
  })

  it('has the same answers and the same hash in any order, under deny-overrides', () => {
    const shuffles = fc.infiniteStream(fc.nat())
    fc.assert(
      fc.property(writtenPolicy, shuffles, requests(10), ({ document }, numbers, asked) => {
        const shuffle = <T>(items: readonly T[]): T[] => shuffled(items, numbers)
        const shuffledKeys = <T>(record: Readonly<Record<string, T>> = {}) =>
          Object.fromEntries(shuffle(Object.entries(record)))
        const first = modelOf({ ...document, combining: 'deny-overrides' })
        const second = modelOf({
          ...Object.fromEntries(shuffle(Object.entries(document))),
          combining: 'deny-overrides',
          segments: shuffledKeys(document.segments),
          groups: shuffledKeys(document.groups),
          postures: shuffledKeys(document.postures),
          rules: shuffle(document.rules),
        })
        expect(compileModel(second).hash).toBe(compileModel(first).hash)
        expect(answersOf(second, asked)).toEqual(answersOf(first, asked))
      }),
      RUNS,
    )
  })

  it('has another hash when the order of rules means something', () => {
    const rule = (id: string) => ({ id, effect: 'allow', from: ['10.0.0.0/8'] })
    const hashOf = (ids: readonly string[]) =>
      compileModel(modelOf({ sallyport: 1, name: 'p', combining: 'first-match', rules: ids.map(rule) })).hash
    expect(hashOf(['a', 'b'])).not.toBe(hashOf(['b', 'a']))
  })
})

function shuffled<T>(items: readonly T[], numbers: fc.Stream<number>): T[] {
  return items
    .map((item) => ({ item, place: numbers.next().value ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
