import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../../src/policy/check.ts'
import { PROBLEM_CODES } from '../../src/policy/codes.ts'
import { formatPath, formatProblem, PolicyError } from '../../src/policy/diagnostics.ts'
import { checkPolicyText, parsePolicy } from '../../src/policy/parse.ts'
import { severityOf } from '../../src/policy/severity.ts'
import { PROBLEM_CASES } from './problem-cases.ts'

const checkCondition = (text: string): string | null => (text.startsWith('broken') ? 'unexpected\nend' : null)

/** The text without its mark, and where the mark was. */
function unmark(marked: string): { readonly text: string; readonly line: number; readonly column: number } {
  const at = marked.indexOf('@@')
  expect(at, 'the case has no mark').toBeGreaterThanOrEqual(0)
  const before = marked.slice(0, at).split('\n')
  return { text: marked.replace('@@', ''), line: before.length, column: (before[before.length - 1] ?? '').length + 1 }
}

describe.each(['json', 'yaml'] as const)('problems of %s', (format) => {
  it.each(PROBLEM_CASES)('$code in $text', ({ code, text: marked, path, nearest, fix }) => {
    const { text, line, column } = unmark(marked)
    const { model, problems } = checkPolicyText(text, { format, checkCondition })
    const found = problems.filter((problem) => problem.code === code && formatPath(problem.path) === formatPath(path))
    expect(found, JSON.stringify(problems)).toHaveLength(1)
    const severity = PROBLEM_CODES[code].severity
    expect(found[0]).toMatchObject({
      severity,
      line,
      column,
      ...(nearest !== undefined && { nearest }),
      ...(fix !== undefined && { fix }),
    })
    expect(found[0]?.message).not.toMatch(/\n|\.$/)
    if (severity === 'error') expect(model).toBeNull()
    else if (problems.every((problem) => problem.severity === 'warning')) expect(model).not.toBeNull()
  })
})

describe('the places in block YAML', () => {
  const text = [
    'sallyport: 1',
    'name: x',
    'segments:',
    '  a:',
    '    cidrs:',
    '      - 10.0.0.0/8',
    '      - 10.0.0.5/8   # host bits',
    'rules:',
    '  - id: r',
    '    effect: alow',
    '    who:',
    '      group: ops',
    '    form: a',
  ].join('\n')

  it('are lines and columns of keys and values', () => {
    const { problems } = checkPolicyText(text, { format: 'yaml' })
    expect(problems.map(({ code, line, column }) => `${line}:${column} ${code}`)).toEqual([
      '4:3 POLICY_SEGMENT_UNUSED',
      '7:9 POLICY_PREFIX_INVALID',
      '10:13 POLICY_VALUE_INVALID',
      '12:14 POLICY_GROUP_UNKNOWN',
      '13:5 POLICY_UNKNOWN_KEY',
    ])
  })

  it('are found behind an alias', () => {
    const aliased =
      'sallyport: 1\nname: x\nrules:\n  - id: a\n    effect: deny\n    from: &list\n      - nosuch\n  - { id: b, effect: deny, from: *list }\n'
    const { problems } = checkPolicyText(aliased, { format: 'yaml' })
    expect(problems.map(({ line, column, path }) => `${line}:${column} ${formatPath(path)}`)).toEqual([
      '7:9 rules[0].from[0]',
      '7:9 rules[1].from[0]',
    ])
  })
})

describe('problems of the text', () => {
  it.each([
    ['json', 'POLICY_JSON_SYNTAX', '{"a": }', 1, 7],
    ['json', 'POLICY_TOO_DEEP', '['.repeat(65), 1, 65],
    ['yaml', 'POLICY_YAML_SYNTAX', 'a: "b', 1, 6],
    ['yaml', 'POLICY_YAML_SYNTAX', 'a: "\\q"', 1, 5],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: !!binary x', 1, 4],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', '%YAML 1.1\n---\na: yes', 1, 1],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: 1\n---\nb: 2', 2, 1],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: &x {b: 1}\nc:\n  <<: *x', 3, 3],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: &x [*x]', 1, 8],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: {1: b}', 1, 5],
    ['yaml', 'POLICY_YAML_UNSUPPORTED', 'a: 010', 1, 4],
    ['yaml', 'POLICY_DUPLICATE_KEY', 'a: 1\n"a": 2', 2, 1],
    ['yaml', 'POLICY_TOO_MANY_ALIASES', `a: &a x\nb: [${'*a,'.repeat(101)}]`, 2, 305],
  ] as const)('%s: %s in %j', (format, code, text, line, column) => {
    const { document, problems } = parsePolicy(text, { format })
    expect(problems[0]).toMatchObject({ code, line, column })
    expect(document).toBeUndefined()
  })

  it('refuses a text that is too large', () => {
    expect(parsePolicy('{"a": 1}', { format: 'json', limits: { size: 7 } }).problems).toMatchObject([
      { code: 'POLICY_TOO_LARGE' },
    ])
    expect(parsePolicy('{"a": 1}', { format: 'json', limits: { nodes: 1 } }).problems).toMatchObject([
      { code: 'POLICY_TOO_LARGE' },
    ])
  })

  it('does not lift a limit for a limit that is no number', () => {
    const limits = { depth: undefined, size: Number.NaN } as unknown as { readonly depth: number }
    expect(parsePolicy('['.repeat(65), { format: 'json', limits }).problems).toMatchObject([
      { code: 'POLICY_TOO_DEEP' },
    ])
  })

  it('leaves times and 1.1 words as text', () => {
    expect(parsePolicy('a: 2026-01-01T00:00:00Z\nb: yes\nc: 1_000\nd: 0o17', { format: 'yaml' }).document).toEqual({
      a: '2026-01-01T00:00:00Z',
      b: 'yes',
      c: '1_000',
      d: 15,
    })
  })

  it('reports both kinds at once and gives no model', () => {
    const text = '{"sallyport":1,"name":"x","rules":[{"id":"r","effect":"deny","effect":"allow","form":[]}]}'
    const { model, problems } = checkPolicyText(text, { format: 'json' })
    expect(problems.map(({ code }) => code)).toEqual(['POLICY_DUPLICATE_KEY', 'POLICY_UNKNOWN_KEY'])
    expect(model).toBeNull()
  })
})

describe('documents that are not plain data', () => {
  class Rule {
    readonly id = 'r'
    readonly effect = 'allow'
  }
  it.each([
    ['undefined', undefined, 'POLICY_TYPE_INVALID'],
    ['a symbol', Symbol('x'), 'POLICY_TYPE_INVALID'],
    ['an object with a class', { sallyport: 1, name: 'x', rules: [new Rule()] }, 'POLICY_TYPE_INVALID'],
    [
      'undefined where a key is',
      { sallyport: 1, name: 'x', rules: [{ id: 'r', effect: 'allow', from: undefined }] },
      'POLICY_TYPE_INVALID',
    ],
    [
      'a number that is not finite',
      { sallyport: 1, name: 'x', rules: [], delegation: { maxDepth: Number.NaN } },
      'POLICY_TYPE_INVALID',
    ],
    ['a hole in a list', { sallyport: 1, name: 'x', rules: new Array(3) }, 'POLICY_TYPE_INVALID'],
    [
      'a function in an obligation',
      { sallyport: 1, name: 'x', rules: [{ id: 'r', effect: 'deny', obligations: [{ type: 't', f: () => 1 }] }] },
      'POLICY_UNREADABLE',
    ],
    [
      'a date in an obligation',
      { sallyport: 1, name: 'x', rules: [{ id: 'r', effect: 'deny', obligations: [{ type: 't', at: new Date(0) }] }] },
      'POLICY_UNREADABLE',
    ],
    [
      'a getter that throws',
      {
        sallyport: 1,
        get name(): string {
          throw new Error('boom')
        },
        rules: [],
      },
      'POLICY_UNREADABLE',
    ],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      })(),
      'POLICY_UNREADABLE',
    ],
  ] as const)('%s', (_, document, code) => {
    const { model, problems } = checkPolicy(document)
    expect(problems.map((problem) => problem.code)).toContain(code)
    expect(model).toBeNull()
  })

  it('stops at a circle', () => {
    const circle: Record<string, unknown> = { type: 't' }
    circle['self'] = circle
    const { problems } = checkPolicy({
      sallyport: 1,
      name: 'x',
      rules: [{ id: 'r', effect: 'deny', obligations: [circle] }],
    })
    expect(problems.map(({ code }) => code)).toContain('POLICY_TOO_DEEP')
  })
})

describe('the report', () => {
  it('keeps 200 problems and counts the rest', () => {
    const rules = Array.from({ length: 500 }, (_, index) => ({ id: `r${index}`, effect: 'deny', from: 'nosuch' }))
    const { problems } = checkPolicy({ sallyport: 1, name: 'x', rules })
    expect(problems).toHaveLength(201)
    expect(problems[200]).toMatchObject({
      code: 'POLICY_TOO_MANY_PROBLEMS',
      severity: 'error',
      message: 'and 300 more problems',
    })
  })

  it('loads a policy however many warnings it has', () => {
    const segments = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`s${index}x`, { cidrs: ['10.0.0.0/8'] }]),
    )
    const { model, problems } = checkPolicy({ sallyport: 1, name: 'x', segments, rules: [] })
    expect(model).not.toBeNull()
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true)
  })

  it('prints a problem on one line', () => {
    const { problems } = checkPolicyText('{"sallyport": 1, "name": "x",\n "rules": [{"id": "r", "effect": "alow"}]}', {
      format: 'json',
    })
    expect(problems.map((problem) => formatProblem(problem, 'policy.json'))).toEqual([
      'policy.json:2:34 POLICY_VALUE_INVALID "alow" is not one of the values permitted here (did you mean "allow"?; expected allow or deny)',
    ])
    const { problems: bare } = checkPolicy({ sallyport: 1, name: 'x', rules: [{ id: 'r', effect: 'alow' }] })
    expect(bare.map((problem) => formatProblem(problem, 'policy.ts'))[0]).toMatch(
      /^policy\.ts:rules\[0\]\.effect POLICY_VALUE_INVALID /,
    )
  })

  it('is the error that compile throws', () => {
    const { problems } = checkPolicy({
      sallyport: 1,
      name: 'x',
      segments: { a: {} },
      rules: [{ id: 'r', effect: 'alow' }, { id: 'q' }],
    })
    const error = new PolicyError(problems, 'policy.ts')
    expect(error.code).toBe('ERR_POLICY_INVALID')
    expect(error.problems).toEqual(problems)
    expect(error.message.split('\n')).toHaveLength(3)
    expect(error.message).toMatch(/^the policy has 2 errors\n/)
  })

  it('shows no control characters and no look-alikes of its own', () => {
    const { problems } = checkPolicy({ sallyport: 1, name: 'x', groups: { 'a\u001b[31m\u202e\n': {} }, rules: [] })
    for (const problem of problems) expect(formatProblem({ ...problem, path: [] }, 'f')).toMatch(/^[\x20-\x7e]*$/)
    for (const problem of problems) expect(formatProblem(problem, 'f')).toMatch(/^[\x20-\x7e]*$/)
  })
})

describe('the table of codes', () => {
  const sources = readdirSync(new URL('../../src/policy/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('codes.ts') && !file.endsWith('severity.ts'))
    .map((file) => readFileSync(new URL(`../../src/policy/${file}`, import.meta.url), 'utf8'))
    .join('\n')
  const emitted = new Set(sources.match(/(?<=')POLICY_[A-Z_]+(?=')/g))

  it('has every code that the sources emit', () => {
    expect([...emitted].filter((code) => !(code in PROBLEM_CODES))).toEqual([])
  })

  it('has the severities that problems get', () => {
    const codes = Object.keys(PROBLEM_CODES) as (keyof typeof PROBLEM_CODES)[]
    expect(codes.map(severityOf)).toEqual(codes.map((code) => PROBLEM_CODES[code].severity))
  })

  it('has no code that nothing emits', () => {
    expect(Object.keys(PROBLEM_CODES).filter((code) => !emitted.has(code))).toEqual([])
  })

  it('has a case for every code', () => {
    const elsewhere = [
      'POLICY_TOO_LARGE',
      'POLICY_TOO_MANY_ALIASES',
      'POLICY_TOO_MANY_PROBLEMS',
      'POLICY_JSON_SYNTAX',
      'POLICY_YAML_SYNTAX',
      'POLICY_YAML_UNSUPPORTED',
      'POLICY_UNREADABLE',
    ]
    const tested = new Set<string>([...elsewhere, ...PROBLEM_CASES.map(({ code }) => code)])
    expect(Object.keys(PROBLEM_CODES).filter((code) => !tested.has(code))).toEqual([])
  })
})
