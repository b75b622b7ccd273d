import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrefix } from '../../src/net/prefix.ts'
import { INTERNET_PREFIXES } from '../../src/net/special.ts'
import { checkPolicy } from '../../src/policy/check.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { PolicyModel, RuleModel, ServiceEntry } from '../../src/policy/model.ts'
import { WHOLE } from './fixture.ts'

function modelOf(document: unknown): PolicyModel {
  const { model, problems } = checkPolicy(document)
  if (model === null) throw new Error(JSON.stringify(problems))
  return model
}

function rulesOf(rules: PolicyDocument['rules'], rest: Partial<PolicyDocument> = {}): readonly RuleModel[] {
  return modelOf({ sallyport: 1, name: 'x', ...rest, rules }).rules
}

const ENTRY: ServiceEntry = {
  protocol: null,
  ports: null,
  sourcePorts: null,
  http: null,
  grpc: null,
  models: null,
  tools: null,
}
const NOTHING = { prefixes: [], workloads: [], labels: [], segments: [] }

describe('the model of a whole document', () => {
  const model = modelOf(WHOLE)
  const chat = model.rules.find(({ id }) => id === 'chat')

  it('has the built-in segments first, then the named ones by name, then the inline ones', () => {
    expect(model.segments.map(({ name, anonymous }) => [name, anonymous])).toEqual([
      ['any', false],
      ['internet', false],
      ['batch', false],
      ['quarantine', false],
      ['training', false],
      ['10.1.0.0/16', true],
      ['spiffe://td/x', true],
    ])
    expect(model.segments[0]).toEqual({ name: 'any', anonymous: false, include: NOTHING, except: NOTHING })
    expect(model.segments[1]?.include.prefixes).toBe(INTERNET_PREFIXES)
  })

  it('reads a segment', () => {
    expect(model.segments[4]).toEqual({
      name: 'training',
      anonymous: false,
      include: {
        prefixes: [parsePrefix('10.20.0.0/16'), parsePrefix('fd00:20::/48')],
        workloads: [
          { id: 'spiffe://prod.example/training', below: true },
          { id: 'spiffe://prod.example/trainer', below: false },
        ],
        labels: [{ tier: 'training' }],
        segments: [2],
      },
      except: { ...NOTHING, prefixes: [parsePrefix('10.20.9.0/24')], segments: [3] },
    })
    expect(model.segments[3]?.include.labels).toEqual([{ state: 'bad' }, { state: 'unknown', zone: 'a' }])
  })

  it('sorts the rules: tier, denies, id; and drops those that are off', () => {
    expect(model.rules.map(({ id, tier }) => [id, tier])).toEqual([
      ['top', 0],
      ['z', 1],
      ['a', 1],
      ['b', 1],
      ['chat', 1],
    ])
  })

  it('reads every dimension of a rule', () => {
    expect(chat).toEqual({
      id: 'chat',
      description: 'text',
      effect: 'allow',
      tier: 1,
      mode: 'shadow',
      from: [4, 5, 6],
      to: [2],
      services: [
        {
          ...ENTRY,
          protocol: 6,
          ports: [
            { from: 443, to: 443 },
            { from: 8000, to: 8101 },
          ],
          sourcePorts: [{ from: 1024, to: 65535 }],
          http: { methods: ['GET', 'POST'], routes: ['/v1/:id', '/v1/:name/*'] },
        },
        { ...ENTRY, grpc: { service: 'inference.v1.Generate', methods: ['Run'] } },
        { ...ENTRY, models: ['embed-*', 'llama-3-70b'] },
        { ...ENTRY, protocol: 17, ports: [{ from: 53, to: 53 }] },
      ],
      serviceNames: ['api', 'model', 'inline'],
      who: [
        [
          { type: 'kind', kind: 'workload' },
          { type: 'id', id: 'spiffe://prod.example/gateway', below: true },
          { type: 'group', group: 'ml', names: ['idp-ml', 'ml'], members: ['alice'] },
          { type: 'group', group: 'ops', names: ['ops'], members: [] },
          { type: 'role', role: 'admin' },
          { type: 'claim', claim: 'level', values: [3, 4] },
          { type: 'claim', claim: 'tenant', values: ['acme'] },
          { type: 'acr', values: ['phr'] },
          { type: 'amr', methods: ['mfa'] },
          { type: 'authAge', maxAgeMs: 3_600_000 },
        ],
      ],
      posture: [0, 1],
      when: "request.dst.http.method == 'POST'",
      valid: {
        from: Date.UTC(2026, 0, 1),
        until: Date.UTC(2026, 11, 31, 23),
        schedule: [
          { days: [5, 6], fromMinute: 1320, toMinute: 1440, zone: 'Europe/Berlin' },
          { days: [0, 6], fromMinute: 0, toMinute: 360, zone: 'Europe/Berlin' },
        ],
      },
      obligations: [{ type: 'log', level: 'full' }],
      leaseMs: 300_000,
    })
  })

  it('makes any null and keeps an empty list nobody', () => {
    const byId = new Map(model.rules.map((rule) => [rule.id, rule]))
    expect(byId.get('b')).toMatchObject({ from: null, to: null, services: null, posture: null })
    expect(byId.get('a')).toMatchObject({ from: [1], services: null, serviceNames: [], posture: [1] })
    expect(byId.get('top')?.from).toEqual([])
  })

  it('reads postures by name', () => {
    expect(model.postures.map(({ name }) => name)).toEqual(['attested', 'healthy'])
    expect(model.postures[1]?.all).toEqual([
      { fact: 'disk.encrypted', op: 'equals', value: true, maxAgeMs: 900_000 },
      { fact: 'zta.overall', op: 'atLeast', value: 70, maxAgeMs: 300_000 },
      { fact: 'os.version', op: 'atLeastVersion', value: '14.2', maxAgeMs: 900_000 },
      { fact: 'vendor', op: 'oneOf', values: [1, 'a', 'b'], maxAgeMs: 900_000 },
      { fact: 'agent', op: 'present', maxAgeMs: 900_000 },
      { fact: 'malware', op: 'absent', maxAgeMs: 900_000 },
    ])
  })

  it('reads tests and invariants', () => {
    expect(model.tests).toEqual([
      {
        name: 'one',
        identity: { kind: 'anonymous' },
        posture: null,
        src: '10.1.2.3',
        dst: { segment: 'batch' },
        at: Date.UTC(2026, 4, 1, 12),
        expect: { effect: 'allow', code: null, rule: null },
      },
      {
        name: 'two',
        identity: { kind: 'user', id: 'alice' },
        posture: null,
        src: '10.1.2.3',
        dst: 'batch',
        at: null,
        expect: { effect: 'deny', code: 'DENY_RULE', rule: 'z' },
      },
    ])
    expect(model.invariants).toMatchObject([
      {
        name: 'no way out',
        kind: 'never',
        from: [4],
        to: [1],
        who: null,
        posture: null,
        except: [{ from: [2], to: null }],
      },
    ])
  })

  it('has the rest', () => {
    expect(model).toMatchObject({
      name: 'ai-platform',
      combining: 'deny-overrides',
      maxDelegationDepth: 2,
      tiers: ['guardrails', 'platform'],
    })
  })
})

describe('defaults', () => {
  it('are explicit', () => {
    expect(modelOf({ sallyport: 1, name: 'x', rules: [] })).toMatchObject({
      combining: 'deny-overrides',
      maxDelegationDepth: 3,
      tiers: ['default'],
      rules: [],
      tests: [],
      invariants: [],
    })
    expect(rulesOf([{ id: 'r', effect: 'deny' }])).toEqual([
      {
        id: 'r',
        description: null,
        effect: 'deny',
        tier: 0,
        mode: 'enforce',
        from: null,
        to: null,
        services: null,
        serviceNames: [],
        who: null,
        posture: null,
        when: null,
        valid: null,
        obligations: [],
        leaseMs: 0,
      },
    ])
  })

  it('put a rule without a tier in the lowest', () => {
    const rules = rulesOf([{ id: 'r', effect: 'deny' }], { tiers: ['high', 'middle', 'low'] })
    expect(rules[0]?.tier).toBe(2)
  })
})

describe('order', () => {
  it('is that of the file under first-match', () => {
    const rules: PolicyDocument['rules'] = [
      { id: 'c', effect: 'allow', who: { kind: 'user' } },
      { id: 'a', effect: 'deny' },
      { id: 'b', effect: 'deny', tier: 'high' },
    ]
    expect(rulesOf(rules, { combining: 'first-match', tiers: ['high', 'low'] }).map(({ id }) => id)).toEqual([
      'b',
      'c',
      'a',
    ])
  })

  it('compares ids by code unit', () => {
    const rules = ['b', 'B', 'a/1', 'a-1', 'a10', 'a9'].map((id) => ({ id, effect: 'deny' as const }))
    expect(rulesOf(rules).map(({ id }) => id)).toEqual(['B', 'a-1', 'a/1', 'a10', 'a9', 'b'])
  })

  it('of anything in the file does not change the model under deny-overrides', () => {
    const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
      fc.shuffledSubarray([...items], { minLength: items.length })
    const members = (record: object | undefined): fc.Arbitrary<Record<string, unknown>> =>
      shuffled(Object.entries(record ?? {})).map((entries) => Object.fromEntries(entries))
    const ruleLists = fc.tuple(
      ...WHOLE.rules.map((rule) =>
        Array.isArray(rule.from)
          ? shuffled(rule.from as string[]).map((from) => ({ ...rule, from }))
          : fc.constant(rule),
      ),
    )
    const documents = fc
      .record({
        rules: ruleLists.chain(shuffled),
        segments: members(WHOLE.segments),
        groups: members(WHOLE.groups),
        services: members(WHOLE.services),
        postures: members(WHOLE.postures),
      })
      .map((parts) => ({ ...WHOLE, ...parts }))
    const expected = modelOf(WHOLE)
    fc.assert(
      fc.property(documents, (document) => {
        expect(modelOf(document)).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })
})

describe('inline endpoints', () => {
  it('are one segment for one address however it is spelled', () => {
    const model = modelOf({
      sallyport: 1,
      name: 'x',
      rules: [
        { id: 'a', effect: 'deny', from: ['FD00:0::/8', '10.0.0.1'] },
        { id: 'b', effect: 'deny', from: ['fd00::/8'], to: '10.0.0.1/32' },
      ],
    })
    expect(model.segments.slice(2).map(({ name }) => name)).toEqual(['10.0.0.1/32', 'fd00::/8'])
    expect(model.rules.map(({ from, to }) => [from, to])).toEqual([
      [[2, 3], null],
      [[3], [2]],
    ])
  })

  it('of a rule that is off leave no segment, and their mistakes are still found', () => {
    expect(modelOf(WHOLE).segments.some(({ name }) => name === '192.0.2.0/24')).toBe(false)
    const { problems } = checkPolicy({
      sallyport: 1,
      name: 'x',
      rules: [{ id: 'r', effect: 'deny', mode: 'off', from: 'nosuch' }],
    })
    expect(problems).toMatchObject([{ code: 'POLICY_SEGMENT_UNKNOWN' }])
  })
})

describe('what goes out with decisions', () => {
  it('cannot be changed, and does not change with the document', () => {
    const obligation = { type: 'log', to: ['a', { deep: 1 }] }
    const [rule] = rulesOf([{ id: 'r', effect: 'deny', obligations: [obligation] }])
    obligation.to.push('b')
    expect(rule?.obligations).toEqual([{ type: 'log', to: ['a', { deep: 1 }] }])
    expect(Object.isFrozen(rule?.obligations[0])).toBe(true)
    expect(Object.isFrozen((rule?.obligations[0] as { readonly to?: unknown })?.to)).toBe(true)
  })
})

describe('hours', () => {
  it.each([
    ['09:00-17:00', [[540, 1020, [1]]]],
    ['00:00-24:00', [[0, 1440, [1]]]],
    ['22:00-00:00', [[1320, 1440, [1]]]],
    [
      '22:00-06:00',
      [
        [1320, 1440, [1]],
        [0, 360, [2]],
      ],
    ],
  ] as const)('%s', (hours, expected) => {
    const [rule] = rulesOf([{ id: 'r', effect: 'deny', valid: { schedule: [{ days: ['mon'], hours, zone: 'UTC' }] } }])
    expect(rule?.valid?.schedule?.map(({ fromMinute, toMinute, days }) => [fromMinute, toMinute, days])).toEqual(
      expected,
    )
  })
})
