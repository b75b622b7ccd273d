import { describe, expect, it } from 'vitest'
import { keepsPromise, withChecks, withImports } from '../../scripts/example-module.ts'

describe('imports of an example', () => {
  it('are added for names that it uses and does not declare', () => {
    const text = 'const b = a.c(d)\nfor (const e of b) e()\n'
    const sources = [
      { module: 'm', names: ['a', 'b', 'c', 'e'] },
      { module: 'n', names: ['a', 'd'] },
    ]
    expect(withImports(text, sources)).toBe(`import { a } from "m"; import { d } from "n"\n${text}export {}\n`)
  })

  it('leave alone what it imports itself', () => {
    expect(withImports("import { a } from 'x'\na()\n", [{ module: 'm', names: ['a'] }])).toMatch(/^\nimport/)
  })
})

describe('promises of an example', () => {
  it('are found behind an expression and below it', () => {
    const { text, promises } = withChecks("a(1)  // 'x'\nb()\n// [1]\nc()\n\n// words\nconsole.log(d) // 2\n")
    expect(promises).toBe(2)
    expect(text.split('\n')[0]).toBe("globalThis.checkExample(() => (a(1)), \"'x'\")  // 'x'")
  })

  it.each<[unknown, string, boolean]>([
    ['x', "'x'", true],
    ['x', "'y'", false],
    [['a', 1], "['a', 1]", true],
    [[], '[]', true],
    [false, 'false: that one is not', true],
    [1, '10', false],
    [1, '1, and more words', true],
    [null, 'throws', false],
    [{ a: 1 }, '{ a: 1 }', true],
  ])('%j // %s', (value, promise, kept) => {
    expect(keepsPromise(() => value, promise) === true).toBe(kept)
  })

  it.each([
    ['throws', true],
    ['throws: wrong', true],
    ['throws: wrong ...', true],
    ['throws: wrong ... here', true],
    ['throws: wrong ... there', false],
    ['throws: input', false],
    ['throws: right', false],
    ["'x'", false],
  ])('an error // %s', (promise, kept) => {
    const fail = (): never => {
      throw new TypeError('wrong input here')
    }
    expect(keepsPromise(fail, promise) === true).toBe(kept)
  })
})
