import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { DecisionInterner } from '../../src/engine/decision-interner.ts'
import { Engine } from '../../src/engine/engine.ts'
import { createIdentity, createPosture, WarmIdentity } from '../../src/engine/warm-facts.ts'
import { ANONYMOUS } from '../../src/facts/identity.ts'
import { modelOf } from '../reference/model-builder.ts'

const ALICE = { kind: 'user', id: 'alice' } as const
const SRC = '10.1.0.1'
const DST = '10.2.0.1:443'
const OPEN = modelOf({ rules: [{}] })
const clock = { now: () => 1000 }

function fail(): never {
  throw new Error('from outside')
}

/** An object each of whose members throws when it is read, one at a time. */
function throwing(members: Readonly<Record<string, unknown>>): object[] {
  return Object.keys(members).map((name) =>
    Object.defineProperty({ ...members }, name, { get: fail, enumerable: true }),
  )
}

describe('what fails outside', () => {
  const errors: unknown[] = []
  const policy = compileModel(OPEN, { clock, onInternalError: (error) => errors.push(error) })
  const refused = (answer: { code: string; allowed: boolean }) => {
    expect(answer).toMatchObject({ code: 'DENY_INTERNAL', allowed: false, effect: 'deny', rule: null })
    expect(errors.splice(0)).toEqual([new Error('from outside')])
    expect(policy.authorize(ALICE, null, SRC, DST).code).toBe('ALLOW_RULE')
  }

  it.each(throwing({ kind: 'user', id: 'a', groups: [], claims: {}, actor: ALICE }))(
    'a getter of an identity',
    (one) => {
      refused(policy.authorize(one as never, null, SRC, DST))
    },
  )

  it('a getter of a posture', () => {
    for (const one of throwing({ facts: {} })) refused(policy.authorize(ALICE, one as never, SRC, DST))
    for (const fact of throwing({ value: 1, observedAt: 1, verification: 'signature' }))
      refused(policy.authorize(ALICE, { facts: { a: fact as never } }, SRC, DST))
  })

  it('a getter of an endpoint, either end', () => {
    for (const one of throwing({ address: SRC, port: 1, labels: {}, http: { method: 'GET' } })) {
      refused(policy.authorize(ALICE, null, one as never, DST))
      refused(policy.authorize(ALICE, null, SRC, one as never))
      refused(policy.authorize(ANONYMOUS, null, one as never, DST))
    }
  })

  it('a proxy', () => {
    const proxy = new Proxy({}, { ownKeys: fail, get: fail, getPrototypeOf: fail })
    refused(policy.authorize(proxy as never, null, SRC, DST))
    refused(policy.authorize(ALICE, proxy as never, SRC, DST))
    refused(policy.authorize(ALICE, null, proxy as never, DST))
    refused(policy.authorize(ALICE, null, SRC, proxy as never))
  })

  it('something that only looks warm', () => {
    const answer = policy.authorize(Object.create(WarmIdentity.prototype) as never, null, SRC, DST)
    expect(answer.code).toBe('DENY_INTERNAL')
    expect(errors.splice(0)).toHaveLength(1)
  })

  it('the clock', () => {
    const broken = compileModel(OPEN, { clock: { now: fail }, onInternalError: (error) => errors.push(error) })
    expect(broken.authorize(ALICE, null, SRC, DST).code).toBe('DENY_INTERNAL')
    expect(errors.splice(0)).toHaveLength(1)
    expect(broken.authorize(ALICE, null, SRC, DST, 5).code).toBe('ALLOW_RULE')
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, undefined, '5', null, 5n]) {
      const odd = compileModel(OPEN, { clock: { now: () => now as never } })
      expect(odd.authorize(ALICE, null, SRC, DST).code).toBe('DENY_CLOCK_INVALID')
    }
  })

  it('the observer of failures', () => {
    const blind = compileModel(OPEN, { clock: { now: fail }, onInternalError: fail })
    expect(blind.authorize(ALICE, null, SRC, DST).code).toBe('DENY_INTERNAL')
    const silent = compileModel(OPEN, { clock: { now: fail } })
    expect(silent.authorize(ALICE, null, SRC, DST).code).toBe('DENY_INTERNAL')
  })

  it('a condition: a deny rule counts it as met, an allow rule does not', () => {
    for (const effect of ['allow', 'deny'] as const) {
      const seen: unknown[] = []
      const { program } = compileModel(modelOf({ rules: [{ effect, when: 'true' }, { effect: 'allow' }] }))
      const engine = new Engine(program, {
        clock,
        compileCondition: () => fail,
        onInternalError: (error) => seen.push(error),
      })
      expect(engine.authorize(ALICE, null, SRC, DST).code).toBe(effect === 'deny' ? 'DENY_RULE' : 'ALLOW_RULE')
      expect(engine.authorize(ALICE, null, SRC, DST).rule).toBe(effect === 'deny' ? 'rule-0' : 'rule-1')
      expect(seen).toHaveLength(2)
    }
  })

  it('a policy with conditions and nothing to compile them with', () => {
    const { program } = compileModel(modelOf({ rules: [{ when: 'true' }] }))
    expect(() => new Engine(program)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
  })
})

describe('a question from inside a question', () => {
  it('is refused, and the outer one is answered', () => {
    const policy = compileModel(OPEN, { clock })
    const inner: string[] = []
    const nosy = {
      get kind() {
        inner.push(policy.authorize(ALICE, null, SRC, DST).code)
        return 'user'
      },
      id: 'nosy',
    }
    expect(policy.authorize(nosy as never, null, SRC, DST).code).toBe('ALLOW_RULE')
    expect(inner).toEqual(['DENY_INTERNAL'])
    expect(policy.authorize(ALICE, null, SRC, DST).code).toBe('ALLOW_RULE')
  })

  it('is no hindrance to another engine', () => {
    const policy = compileModel(OPEN, { clock })
    const other = compileModel(OPEN, {
      clock: { now: () => (policy.authorize(ALICE, null, SRC, DST).allowed ? 7 : Number.NaN) },
    })
    expect(other.authorize(ALICE, null, SRC, DST).code).toBe('ALLOW_RULE')
  })
})

describe('decisions', () => {
  const program = compileModel(modelOf({ rules: [{ obligations: [{ type: 'log' }], leaseMs: 0 }] }), { clock }).program

  it('are one object for equal answers', () => {
    const engine = new Engine(program, { clock })
    const ask = (dst: string) => engine.authorize(ALICE, null, SRC, dst)
    expect(ask('10.2.0.1:443') === ask('10.2.0.2:80')).toBe(true)
    const unknown = ask('nowhere')
    expect(ask('nowhere') === unknown).toBe(true)
    expect(engine.authorize(null as never, null, SRC, DST) === engine.authorize(5 as never, null, SRC, DST)).toBe(true)
  })

  it('differ where anything in them does', () => {
    const { program: two } = compileModel(
      modelOf({
        rules: [{ id: 'a' }, { id: 'b' }, { id: 'c', mode: 'shadow' }, { id: 'd', mode: 'shadow', effect: 'deny' }],
      }),
    )
    const interner = new DecisionInterner(two)
    const none: never[] = []
    const base = interner.decision('ALLOW_RULE', 0, none, 5, -1)
    expect(interner.decision('ALLOW_RULE', 0, none, 5, -1) === base).toBe(true)
    const others = [
      interner.decision('DENY_RULE', 0, none, 5, -1),
      interner.decision('ALLOW_RULE', 1, none, 5, -1),
      interner.decision('ALLOW_RULE', 0, [{ type: 'x' }], 5, -1),
      interner.decision('ALLOW_RULE', 0, none, 6, -1),
      interner.decision('ALLOW_RULE', 0, none, 5, 2),
      interner.decision('ALLOW_RULE', 0, none, 5, 3),
      interner.decision('DENY_DEFAULT', -1, none, 5, -1),
    ]
    expect(
      others.map(({ code, rule, obligations, validUntil, shadow, policy }) => [
        code,
        rule,
        obligations.length,
        validUntil,
        shadow,
        policy,
      ]),
    ).toEqual([
      ['DENY_RULE', 'a', 0, 5, null, two.hash],
      ['ALLOW_RULE', 'b', 0, 5, null, two.hash],
      ['ALLOW_RULE', 'a', 1, 5, null, two.hash],
      ['ALLOW_RULE', 'a', 0, 6, null, two.hash],
      ['ALLOW_RULE', 'a', 0, 5, { effect: 'allow', rule: 'c' }, two.hash],
      ['ALLOW_RULE', 'a', 0, 5, { effect: 'deny', rule: 'd' }, two.hash],
      ['DENY_DEFAULT', null, 0, 5, null, two.hash],
    ])
    const withShadow = interner.decision('ALLOW_RULE', 0, none, 5, 2)
    expect(interner.decision('ALLOW_RULE', 0, none, 5, 2) === withShadow).toBe(true)
    expect(Object.isFrozen(withShadow) && Object.isFrozen(withShadow.shadow)).toBe(true)
    const plain = interner.plain('DENY_INTERNAL')
    expect(interner.plain('DENY_INTERNAL') === plain).toBe(true)
    expect(interner.plain('DENY_CLOCK_INVALID').code).toBe('DENY_CLOCK_INVALID')
    expect(interner.plain('DENY_INTERNAL').validUntil).toBe(Number.POSITIVE_INFINITY)
  })

  it('do not take over where slots are shared', () => {
    const interner = new DecisionInterner(program)
    const wrong = Array.from({ length: 2000 }, (_, end) => end).filter(
      (end) => interner.decision('ALLOW_RULE', 0, [], end, -1).validUntil !== end,
    )
    expect(wrong).toEqual([])
    const list: never[] = []
    const kept = Array.from({ length: 100 }, (_, end) =>
      interner.decision('ALLOW_RULE', 0, list, 1e12 + end * 60_000, -1),
    )
    const again = kept.filter((one, end) => interner.decision('ALLOW_RULE', 0, list, 1e12 + end * 60_000, -1) === one)
    expect(again.length).toBeGreaterThan(60)
  })
})

describe('warm facts', () => {
  it('are frozen to the bottom and do not follow the original', () => {
    const claims = { tenant: ['acme'] }
    const raw = {
      kind: 'user' as const,
      id: 'alice',
      groups: ['ml'],
      claims,
      actor: { kind: 'agent' as const, id: 'bot' },
    }
    const warm = createIdentity(raw) as typeof raw
    expect(warm).toMatchObject(raw)
    const parts: object[] = [warm, warm.groups, warm.claims, warm.claims.tenant, warm.actor]
    expect(parts.map(Object.isFrozen)).toEqual(parts.map(() => true))
    claims.tenant[0] = 'evil'
    raw.groups.push('admins')
    expect(warm.claims.tenant).toEqual(['acme'])
    expect(warm.groups).toEqual(['ml'])
    const fact = { value: true, observedAt: 1, verification: 'signature' as const, source: 'mdm' }
    const posture = createPosture({ facts: { disk: fact } })
    fact.observedAt = 99
    expect(posture.facts['disk']?.observedAt).toBe(1)
    expect([posture, posture.facts, posture.facts['disk']].map(Object.isFrozen)).toEqual([true, true, true])
  })

  it('are refused when malformed', () => {
    let deep: object = { kind: 'user', id: 'x' }
    for (let i = 0; i < 70; i++) deep = { kind: 'user', id: 'x', actor: deep }
    const cyclic: Record<string, unknown> = { kind: 'user', id: 'x' }
    cyclic['actor'] = cyclic
    for (const bad of [
      null,
      undefined,
      5,
      'alice',
      [],
      {},
      { kind: 'user' },
      { kind: 'user', id: '' },
      { kind: 'user', id: 'a', x: 1 },
      deep,
      cyclic,
    ])
      expect(() => createIdentity(bad as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
    for (const bad of [null, undefined, 5, [], {}, { facts: null }, { facts: [] }, { facts: 'x' }])
      expect(() => createPosture(bad as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
    expect(createIdentity({ kind: 'anonymous' })).toBe(ANONYMOUS)
  })

  it('mean the same to every engine that is asked, in turns', () => {
    const warm = createIdentity({ kind: 'user', id: 'alice', groups: ['ml'] })
    const posture = createPosture({
      facts: { disk: { value: true, observedAt: 0, verification: 'signature', source: 'm' } },
    })
    const who = (name: string) => [[{ type: 'group', group: name, names: [name], members: [] }]] as const
    const postures = { p: [{ fact: 'disk', op: 'present', maxAgeMs: 5000 }] } as const
    const one = compileModel(modelOf({ postures, rules: [{ who: who('ml'), posture: ['p'] }] }), { clock })
    const two = compileModel(modelOf({ postures, rules: [{ who: who('ops'), posture: ['p'] }, { effect: 'deny' }] }), {
      clock,
    })
    for (let i = 0; i < 3; i++) {
      expect(one.authorize(warm, posture, SRC, DST)).toMatchObject({ code: 'ALLOW_RULE', validUntil: 5000 })
      expect(one.authorize(warm, posture, SRC, DST, 6000).code).toBe('DENY_DEFAULT')
      expect(two.authorize(warm, posture, SRC, DST).code).toBe('DENY_RULE')
    }
  })

  it('are found again under every part of the question', () => {
    const segments = {
      a: { cidrs: ['10.1.0.0/16', 'fd01::/32'] },
      b: { cidrs: ['10.2.0.0/16'], workloads: [{ id: 'spiffe://td/b', below: true }] },
    }
    const policy = compileModel(
      modelOf({
        segments,
        rules: [
          {
            from: ['a'],
            to: ['b'],
            services: [
              { protocol: 6, ports: [{ from: 443, to: 443 }], sourcePorts: [{ from: 5, to: 9 }] },
              { models: ['m'] },
            ],
          },
        ],
      }),
      { clock },
    )
    const warm = createIdentity(ALICE)
    const posture = createPosture({ facts: {} })
    const sources = [
      '10.1.0.1:5',
      '10.1.0.1:10',
      '10.1.0.2:5',
      '10.3.0.1:5',
      '10.1.0.1',
      'fd01::1',
      '[fd01::1]:6',
      'fd02::1',
      'a',
      'b',
    ]
    const targets: unknown[] = [
      '10.2.0.1:443',
      '10.2.0.1:444',
      '10.2.0.1',
      '10.1.0.1:443',
      'b:443',
      'a:443',
      'spiffe://td/b/x',
      'spiffe://td/c',
      { address: '10.2.0.1', model: 'm' },
      { address: '10.2.0.1', model: 'n' },
      { address: '10.2.0.1', port: 443, protocol: 'udp' },
      { workload: 'spiffe://td/b/x', port: 443 },
    ]
    const table = () => sources.map((src) => targets.map((dst) => policy.authorize(warm, posture, src, dst as never)))
    const cold = sources.map((src) =>
      targets.map((dst) => policy.authorize({ ...ALICE }, { facts: {} }, src, dst as never).code),
    )
    const first = table()
    expect(first.map((row) => row.map(({ code }) => code))).toEqual(cold)
    expect(
      table()
        .flat()
        .filter((answer, index) => answer !== first.flat()[index]),
    ).toEqual([])
    expect(new Set(cold.flat())).toEqual(new Set(['ALLOW_RULE', 'DENY_DEFAULT']))
  })
})
