import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { call, file, input, POLICY } from './capture.ts'

describe('the program', () => {
  it.each([['--version'], ['-V']])('%s says its version', async (option) => {
    expect(await call([option])).toEqual({ status: 0, out: `${manifest.version}\n`, err: '' })
  })

  it.each([['--help'], ['-h']])('%s lists the commands there are, and no others', async (option) => {
    const { status, out, err } = await call([option])
    expect([status, err]).toEqual([0, ''])
    const listed = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1])
    expect(listed).toEqual(['check', 'test', 'authorize', 'explain'])
    expect(listed).toEqual(COMMANDS.map(({ name }) => name))
  })

  it.each(COMMANDS.map(({ name }) => name))('%s --help says its usage and every option', async (name) => {
    const { status, out, err } = await call([name, '--help'])
    expect([status, err]).toEqual([0, ''])
    expect(out).toContain(`Usage: sallyport ${name} POLICY`)
    for (const option of Object.keys(COMMANDS.find((one) => one.name === name)!.options))
      expect(out).toContain(`--${option}`)
  })

  it('without arguments shows the help on standard error', async () => {
    const { status, out, err } = await call([])
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain('Usage: sallyport COMMAND')
  })

  it.each([
    [['chekc'], 'USAGE_COMMAND_UNKNOWN there is no command "chekc" (did you mean "check"?)'],
    [['serve'], 'USAGE_COMMAND_UNKNOWN there is no command "serve"'],
    [['toString'], 'USAGE_COMMAND_UNKNOWN'],
    [['\u001b[31m'], 'there is no command "\\u001b[31m"'],
    [['--vresion'], 'USAGE_OPTION_UNKNOWN there is no option "--vresion" (did you mean "--version"?)'],
    [['--help=yes'], 'USAGE_OPTION_VALUE option --help takes no value'],
    [['--version', 'check'], 'USAGE_COMMAND_MISSING'],
    [['check'], 'USAGE_POLICY_MISSING check needs a policy file'],
    [['check', 'a.yaml', 'b.yaml'], 'USAGE_ARGUMENT_UNEXPECTED "b.yaml" is one argument too many'],
    [['check', 'a.yaml', '--strct'], 'there is no option "--strct" (did you mean "--strict"?)'],
    [['check', 'a.yaml', '--json=1'], 'option --json takes no value'],
    [['check', 'a.yaml', '-x'], 'there is no option "-x"'],
    [['explain', 'a.yaml'], 'USAGE_OPTION_MISSING explain needs --request'],
    [['explain', 'a.yaml', '--request'], 'USAGE_OPTION_VALUE option --request needs a value'],
    [['explain', 'a.yaml', '--request', '{}', '--request', '{}'], 'USAGE_OPTION_TWICE'],
    [['authorize', 'a.yaml', '--strict'], 'there is no option "--strict"'],
  ])('%j is refused with status 2', async (args, message) => {
    const { status, out, err } = await call(args)
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(message)
    expect(err).toMatch(/^(sallyport:1:1 USAGE_[A-Z_]+ [^\n]+\([^\n]+\)\n)+$/)
  })

  it('finds everything that is wrong with a call at once', async () => {
    const { err } = await call(['explain', '--jsn', '--request', 'a', '--request', 'b'])
    expect(err.trim().split('\n')).toHaveLength(3)
  })
})

describe('a policy that cannot be used', () => {
  const broken = POLICY.replace('to: api', 'to: apii').replace('effect: allow', 'efect: allow')
  const cases: readonly (readonly [name: string, content: string | Uint8Array | null, message: string])[] = [
    ['missing.yaml', null, 'missing.yaml:1:1 FILE_UNREADABLE there is no such file ('],
    ['policy.txt', POLICY, 'policy.txt:1:1 FILE_FORMAT_UNKNOWN the format of the file is not known ('],
    ['latin1.yaml', Uint8Array.of(0x61, 0xe9), 'latin1.yaml:1:1 FILE_NOT_UTF8'],
    ['broken.yaml', broken, 'broken.yaml:8:5 POLICY_UNKNOWN_KEY'],
    ['broken.yml', broken, '(did you mean "api"?'],
    ['empty.yaml', '', 'empty.yaml:1:1 POLICY_'],
    ['syntax.json', '{"sallyport": 1,}', 'syntax.json:1:'],
    ['twice.json', '{"sallyport": 1, "sallyport": 1}', 'twice.json:1:18 POLICY_DUPLICATE_KEY'],
    ['huge.yaml', Buffer.alloc(51 * 1024 * 1024, 0x20), 'huge.yaml:1:1 FILE_TOO_LARGE'],
  ]

  it.each(COMMANDS.map(({ name }) => name))('is refused by %s', async (verb) => {
    const request = verb === 'explain' ? ['--request', '{}'] : []
    for (const [name, content, message] of cases) {
      const path = content === null ? `/nowhere/${name}` : file(name, content)
      const { status, out, err } = await call([verb, path, ...request], input('{}\n'))
      expect([name, status, out]).toEqual([name, 2, ''])
      expect(err).toContain(message)
      for (const line of err.trim().split('\n')) expect(line).toMatch(/^.+:\d+:\d+ [A-Z][A-Z0-9_]+ .+/)
    }
  })

  it('may be a folder, or below a file', async () => {
    const folder = `${file('x.yaml', '')}.folder.yaml`
    mkdirSync(folder, { recursive: true })
    expect(await call(['check', folder])).toMatchObject({
      status: 2,
      err: expect.stringContaining('it is a directory'),
    })
    const below = await call(['check', file('x.yaml', '').concat('/y.yaml')])
    expect(below).toMatchObject({ status: 2, err: expect.stringContaining('is not a directory') })
  })

  it('has every problem in the JSON of check too', async () => {
    const { status, out, err } = await call(['check', file('broken.yaml', broken), '--json'])
    const result = JSON.parse(out) as { holds: boolean; errors: number; problems: { code: string; line: number }[] }
    expect(status).toBe(2)
    expect(result.holds).toBe(false)
    expect(result.errors).toBe(result.problems.length)
    expect(err.trim().split('\n')).toHaveLength(result.problems.length)
    expect(result.problems.find(({ code }) => code === 'POLICY_UNKNOWN_KEY')?.line).toBe(8)
  })
})

describe('check', () => {
  const warned = POLICY.replace('rules:', 'services:\n  unused: { models: [x] }\nrules:')

  it('holds', async () => {
    const path = file('ok.yaml', POLICY)
    const expected = `${path} holds: 2 rules, 2 segments, 0 postures, 2 tests; 0 warnings\n`
    expect(await call(['check', path])).toEqual({ status: 0, out: expected, err: '' })
  })

  it('reads JSON', async () => {
    const path = file('ok.json', JSON.stringify({ sallyport: 1, name: 'j', rules: [] }))
    expect((await call(['check', path])).status).toBe(0)
  })

  it('reports a warning and holds, unless --strict', async () => {
    const path = file('warned.yaml', warned)
    const lenient = await call(['check', path])
    expect(lenient.status).toBe(0)
    expect(lenient.err).toMatch(/warned\.yaml:\d+:\d+ POLICY_SERVICE_UNUSED /)
    const strict = await call(['check', path, '--strict'])
    expect(strict.status).toBe(1)
    expect(strict.out).toContain('does not hold')
    expect(strict.err).toBe(lenient.err)
  })

  it('says the same in JSON', async () => {
    const path = file('warned.yaml', warned)
    for (const [options, status] of [
      [['--json'], 0],
      [['--json', '--strict'], 1],
    ] as const) {
      const result = await call(['check', path, ...options])
      expect([result.status, result.err]).toEqual([status, ''])
      expect(JSON.parse(result.out)).toMatchObject({
        file: path,
        holds: status === 0,
        errors: 0,
        warnings: 1,
        problems: [{ code: 'POLICY_SERVICE_UNUSED', severity: 'warning' }],
      })
    }
  })

  it('looks into conditions', async () => {
    const path = file('when.yaml', POLICY.replace('lease: 5m', 'when: "request.identity.nme == 1"'))
    const { status, err } = await call(['check', path])
    expect(status).toBe(2)
    expect(err).toContain('POLICY_CONDITION_INVALID')
  })
})

describe('test', () => {
  it('passes, and names rules without a test', async () => {
    const { status, out, err } = await call(['test', file('tests.yaml', POLICY)])
    expect([status, err]).toEqual([0, ''])
    expect(out).toBe(
      'ok    users may\nok    nobody may not\n2 passed, 0 failed\nrules that decide a test: 1 of 2\n' +
        '      no test is decided by rule trial\n',
    )
  })

  it.each([
    ['the effect', 'expect: allow }', 'expect: deny }', 'expected deny, got allow ALLOW_RULE by rule web-to-api'],
    ['the code', 'code: DENY_DEFAULT', 'code: DENY_RULE', 'expected deny DENY_RULE, got deny DENY_DEFAULT'],
    ['the rule', 'expect: allow }', 'expect: { effect: allow, rule: trial } }', 'expected allow by rule trial, got'],
  ])('fails on %s, says where and why', async (_, from, to, message) => {
    const path = file('failing.yaml', POLICY.replace(from, to))
    const { status, out } = await call(['test', path])
    expect(status).toBe(1)
    expect(out).toContain('FAIL  ')
    expect(out).toMatch(/failing\.yaml:1[78]:5 expected/)
    expect(out).toContain(message)
    expect(out).toMatch(/^ {6}\| (ALLOW|DENY) /m)
    expect(out).toContain('1 passed, 1 failed')
  })

  it('does not hold without a test', async () => {
    const { status, out } = await call(['test', file('none.yaml', POLICY.slice(0, POLICY.indexOf('tests:')))])
    expect(status).toBe(1)
    expect(out).toContain('the policy has no tests')
  })

  it('says the same in JSON', async () => {
    const path = file('failing.yaml', POLICY.replace('expect: allow }', 'expect: deny }'))
    const { status, out, err } = await call(['test', path, '--json'])
    expect([status, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toEqual({
      file: path,
      holds: false,
      passed: 1,
      failed: 1,
      tests: [
        {
          name: 'users may',
          passed: false,
          expected: { effect: 'deny', code: null, rule: null },
          actual: { effect: 'allow', code: 'ALLOW_RULE', rule: 'web-to-api' },
        },
        {
          name: 'nobody may not',
          passed: true,
          expected: { effect: 'deny', code: 'DENY_DEFAULT', rule: null },
          actual: { effect: 'deny', code: 'DENY_DEFAULT', rule: null },
        },
      ],
      rules: { total: 2, covered: 1, uncovered: ['trial'] },
    })
  })
})
