import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonText } from '../../src/policy/json-text.ts'
import { DEFAULT_LIMITS } from '../../src/policy/limits.ts'

const read = (text: string) => readJsonText(text, DEFAULT_LIMITS)

/** What both readers make of a text: the value, or a refusal. */
function verdicts(text: string): { readonly ours: unknown; readonly theirs: unknown } {
  const { document, problems } = read(text)
  const ours = problems.length > 0 ? 'refused' : { value: document }
  try {
    return { ours, theirs: { value: JSON.parse(text) as unknown } }
  } catch {
    return { ours, theirs: 'refused' }
  }
}

/** Keys are unique here, which JSON.parse does not ask for. */
const jsonText = fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value))

describe('the JSON reader', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const { ours, theirs } = verdicts(text)
        expect(ours).toStrictEqual(theirs)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with JSON.parse on damaged texts', () => {
    const damage = fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      'u',
      ' ',
      '\n',
      '\u0000',
      '\ufeff',
      'null',
      '1e5',
      '\\u12',
      '\u00a0',
      '\u2028',
    )
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.nat(3), damage, (text, where, removed, added) => {
        const at = where % (text.length + 1)
        const damaged = text.slice(0, at) + added + text.slice(at + removed)
        const { document, problems } = read(damaged)
        fc.pre(!problems.some(({ code }) => code === 'POLICY_DUPLICATE_KEY'))
        const { theirs } = verdicts(damaged)
        expect(problems.length > 0 ? 'refused' : { value: document }).toStrictEqual(theirs)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    '',
    ' ',
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '+1',
    '"a',
    '"\t"',
    '"\\x"',
    '"\\u12g4"',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '[1 2]',
    'nul',
    'true false',
    '[]]',
    '\ufeff{}',
    'NaN',
    '/* x */ 1',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(verdicts(text)).toStrictEqual({ ours: 'refused', theirs: 'refused' })
  })

  it.each([
    '-0',
    '1e999',
    '12345678901234567890',
    '"\\ud800"',
    '"\\u0041\\/\\n"',
    '[null,[null],{"a":null}]',
    ' {"":{"":[]}} ',
  ])('reads %j as JSON.parse does', (text) => {
    const { ours, theirs } = verdicts(text)
    expect(ours).toStrictEqual(theirs)
    expect(theirs).not.toBe('refused')
  })

  it('keeps __proto__ an ordinary key', () => {
    const { document } = read('{"__proto__": {"polluted": true}}')
    expect(Object.keys(document as object)).toEqual(['__proto__'])
    expect((document as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('refuses a key that is written twice, wherever it is spelled differently', () => {
    const { problems } = read('{\n  "effect": "deny",\n  "eff\\u0065ct": "allow"\n}')
    expect(problems).toMatchObject([{ code: 'POLICY_DUPLICATE_KEY', line: 3, column: 3 }])
  })

  it('keeps the first of two values and goes on', () => {
    const { document, problems } = read('{"a":1,"a":{"b":[1,2]},"c":3}')
    expect(document).toEqual({ a: 1, c: 3 })
    expect(problems).toHaveLength(1)
  })

  it('says where the text breaks', () => {
    expect(read('{\n  "a": tru\n}').problems).toMatchObject([{ code: 'POLICY_JSON_SYNTAX', line: 2, column: 8 }])
  })

  it('finds keys and values', () => {
    const text = '{\n  "rules": [\n    { "id": "a" },\n    {\n      "id":\n        "b" }\n  ]\n}'
    const { positions } = read(text)
    expect(
      positions.locate([
        { path: ['rules', 1, 'id'], at: 'key' },
        { path: ['rules', 1, 'id'], at: 'value' },
        { path: ['rules', 1, 'effect'], at: 'key' },
        { path: [], at: 'value' },
        { path: ['rules', 9, 'id'], at: 'value' },
      ]),
    ).toEqual([
      { line: 5, column: 7 },
      { line: 6, column: 9 },
      { line: 4, column: 5 },
      { line: 1, column: 1 },
      { line: 2, column: 12 },
    ])
  })
})
