import { describe, expect, it } from 'vitest'
import { applyMutant, mutantsOf } from '../../scripts/mutation/mutants.ts'

const after = (text: string): string[] => mutantsOf('a.ts', text).map((mutant) => applyMutant(text, mutant))

describe('mutants', () => {
  it.each([
    ['x = a < b', ['x = a <= b']],
    ['x = a === b && c', ['x = a === b || c', 'x = a !== b && c']],
    ['x = a >>> 8', ['x = a << 8', 'x = a >>> 9']],
    ['if (a) b()', ['if (!(a)) b()']],
    ['x = !a', ['x = a']],
    ['x = a ? b : true', ['x = !(a) ? b : true', 'x = a ? b : false']],
    ["x = 'a' + b", []],
    ['type A = 1 | true', []],
    ['interface A { a: 0 }', []],
  ])('%s', (text, expected) => {
    expect(after(text)).toEqual(expected)
  })

  it('names the line', () => {
    expect(mutantsOf('a.ts', '\n\nx = a < b')[0]).toMatchObject({ path: 'a.ts', line: 3, before: '<', after: '<=' })
  })
})
