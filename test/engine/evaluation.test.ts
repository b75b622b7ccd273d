import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Condition } from '../../src/engine/evaluation.ts'
import { Search } from '../../src/engine/search.ts'
import { createIdentity, createPosture } from '../../src/engine/warm-facts.ts'
import { FALSE, TRUE } from '../../src/facts/truth.ts'
import { Gate } from '../../src/gate/gate.ts'
import { modelOf, type PolicySketch } from '../reference/model-builder.ts'

const AT = 100_000
const clock = { now: () => AT }
const ALICE = createIdentity({ kind: 'user', id: 'alice' })
const EMPTY = createPosture({ facts: {} })
const SRC = '10.1.0.1'
const DST = '10.2.0.1:443'
const kind = (name: 'user' | 'agent') => [[{ type: 'kind', kind: name }]] as const

function engineOf(sketch: PolicySketch, compileCondition?: (text: string) => Condition): Engine {
  const { program } = compileModel(modelOf(sketch))
  return new Engine(program, { clock, ...(compileCondition && { compileCondition }) })
}

const delegated = { kind: 'user', id: 'alice', actor: { kind: 'agent', id: 'bot' } } as const

describe('a chain of two', () => {
  it.each([
    [0, 0, Number.POSITIVE_INFINITY],
    [500, 0, AT + 500],
    [0, 700, AT + 700],
    [500, 700, AT + 500],
    [700, 500, AT + 500],
  ])('with leases %i and %i ends at %d', (first, second, end) => {
    const engine = engineOf({
      rules: [
        { who: kind('user'), leaseMs: first },
        { who: kind('agent'), leaseMs: second },
      ],
    })
    expect(engine.authorize(delegated, null, SRC, DST)).toMatchObject({
      code: 'ALLOW_RULE',
      rule: 'rule-0',
      validUntil: end,
    })
  })

  it('has the obligations of both, each once', () => {
    const log = { type: 'log', level: 'full' }
    const mask = { type: 'mask' }
    const engine = engineOf({
      rules: [
        { who: kind('user'), obligations: [log, mask, { ...log }] },
        { who: kind('agent'), obligations: [{ ...mask }, { type: 'page' }] },
      ],
    })
    expect(engine.authorize(delegated, null, SRC, DST).obligations).toEqual([log, mask, { type: 'page' }])
    expect(engine.authorize(ALICE, null, SRC, DST).obligations).toEqual([log, mask, log])
  })

  it('is refused by the rule that refuses the actor, with its obligations and lease', () => {
    const engine = engineOf({
      rules: [
        { who: kind('user'), leaseMs: 50, obligations: [{ type: 'log' }] },
        { who: kind('agent'), effect: 'deny', leaseMs: 900, obligations: [{ type: 'page' }] },
      ],
    })
    expect(engine.authorize(delegated, null, SRC, DST)).toMatchObject({
      code: 'DENY_DELEGATION',
      rule: 'rule-1',
      obligations: [{ type: 'page' }],
      validUntil: AT + 900,
    })
  })

  it('is refused without a rule when none is for the actor', () => {
    const engine = engineOf({ rules: [{ who: kind('user'), leaseMs: 50, obligations: [{ type: 'log' }] }] })
    expect(engine.authorize(delegated, null, SRC, DST)).toMatchObject({
      code: 'DENY_DELEGATION',
      rule: null,
      obligations: [],
      validUntil: Number.POSITIVE_INFINITY,
    })
  })

  it('ends when only its obligations change', () => {
    const until = { from: Number.NEGATIVE_INFINITY, until: AT + 300, schedule: null }
    const chain = (first: string, second: string) =>
      engineOf({
        rules: [
          { who: kind('user') },
          { who: kind('agent'), valid: until, obligations: [{ type: first }] },
          { who: kind('agent'), obligations: [{ type: second }] },
        ],
      }).authorize(delegated, null, SRC, DST).validUntil
    expect(chain('a', 'b')).toBe(AT + 300)
    expect(chain('a', 'a')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a condition', () => {
  it('is asked at every question, whatever else is remembered', () => {
    const asked: unknown[] = []
    const engine = engineOf({ rules: [{ when: 'x' }] }, () => ({ dst }) => {
      asked.push(dst)
      return (dst as { context: { open: boolean } }).context.open ? TRUE : FALSE
    })
    const ask = (open: boolean) =>
      engine.authorize(ALICE, EMPTY, SRC, { address: '10.2.0.1', context: { open } }).allowed
    expect([true, false, true, true, false].map(ask)).toEqual([true, false, true, true, false])
    expect(asked).toHaveLength(5)
  })

  it('of a rule for others costs nobody else their memory', () => {
    let asked = 0
    const engine = engineOf({ rules: [{ who: kind('agent'), when: 'x' }, {}] }, () => () => {
      asked++
      return TRUE
    })
    const first = engine.authorize(ALICE, EMPTY, SRC, DST)
    expect(engine.authorize(ALICE, EMPTY, SRC, DST) === first).toBe(true)
    const bot = createIdentity({ kind: 'agent', id: 'bot' })
    expect(engine.authorize(bot, EMPTY, SRC, DST).rule).toBe('rule-0')
    expect(engine.authorize(ALICE, EMPTY, SRC, DST) === first).toBe(true)
    expect(asked).toBe(1)
  })

  it('sees the hop that is decided', () => {
    const seen: string[] = []
    const engine = engineOf({ rules: [{ when: 'x' }] }, () => ({ identity }) => {
      seen.push(identity.id)
      return TRUE
    })
    engine.authorize(delegated, null, SRC, DST)
    expect(seen).toEqual(['alice', 'bot'])
  })
})

describe('a shadow rule', () => {
  it('with a window shows in the shadow and not in the time of the answer', () => {
    const window = { from: AT + 100, until: AT + 200, schedule: null }
    const engine = engineOf({ rules: [{ mode: 'shadow', effect: 'deny', valid: window }, {}] })
    const ask = (at: number) => {
      const { code, rule, validUntil, shadow } = engine.authorize(ALICE, EMPTY, SRC, DST, at)
      return [code, rule, validUntil, shadow?.rule ?? null]
    }
    for (const at of [AT, AT + 99, AT + 199, AT + 100, AT + 200, AT + 150, AT])
      expect(ask(at)).toEqual([
        'ALLOW_RULE',
        'rule-1',
        Number.POSITIVE_INFINITY,
        at >= AT + 100 && at < AT + 200 ? 'rule-0' : null,
      ])
  })

  it('behind the rule that decides does not show', () => {
    const engine = engineOf({ rules: [{}, { mode: 'shadow', effect: 'deny' }] })
    expect(engine.authorize(ALICE, EMPTY, SRC, DST).shadow).toBeNull()
  })
})

describe('the end of an answer', () => {
  const facts = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `f${index}`,
        { value: true, observedAt: AT, verification: 'signature', source: 'mdm' } as const,
      ]),
    )
  const engineOver = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `p${index}`)
    return engineOf({
      postures: Object.fromEntries(
        names.map((name, index) => [name, [{ fact: `f${index}`, op: 'present', maxAgeMs: 1000 * (index + 1) }]]),
      ),
      rules: [{ posture: names }],
    })
  }

  it('is the last of several instants at which nothing comes of it', () => {
    expect(engineOver(10).authorize(ALICE, { facts: facts(10) }, SRC, DST).validUntil).toBe(AT + 10_000)
    expect(engineOver(64).authorize(ALICE, { facts: facts(64) }, SRC, DST).validUntil).toBe(AT + 64_000)
  })

  it('is given early beyond 64 instants', () => {
    expect(engineOver(100).authorize(ALICE, { facts: facts(100) }, SRC, DST).validUntil).toBe(AT + 64_000)
  })

  it('is where the ends of the flow cannot be read again', () => {
    const gate = new Gate(
      compileModel(modelOf({ segments: { corp: { cidrs: ['10.1.0.0/16'] } }, rules: [{ from: ['corp'] }, {}] })),
      { clock },
    )
    gate.members.add('corp', '10.3.0.0/16', { ttlMs: 400 })
    let reads = 0
    const fickle = {
      get address() {
        return ++reads < 2 ? '10.3.0.1' : 'nonsense'
      },
    }
    expect(gate.authorize({ kind: 'user', id: 'a' }, null, fickle, DST)).toMatchObject({
      rule: 'rule-0',
      validUntil: AT + 400,
    })
    expect(reads).toBe(2)
  })
})

describe('what an engine remembers by class', () => {
  it('is forgotten with the classes', () => {
    const engine = engineOf({
      segments: { web: { labels: [{ app: 'web' }] }, db: { labels: [{ app: 'db' }] } },
      rules: [{ from: ['web'] }, { mode: 'shadow', from: ['db'] }],
    })
    const ask = (app: string) => {
      const { allowed, shadow } = engine.authorize(ALICE, EMPTY, { labels: { app } }, DST)
      return [allowed, shadow?.rule ?? null]
    }
    for (let i = 0; i < 3; i++) {
      // The first class to be made gets the same number every time.
      expect([ask('web'), ask('web'), ask('db')]).toEqual([
        [true, null],
        [true, null],
        [false, 'rule-1'],
      ])
      engine.endpoints.forget()
      expect([ask('db'), ask('db'), ask('web')]).toEqual([
        [false, 'rule-1'],
        [false, 'rule-1'],
        [true, null],
      ])
      engine.endpoints.forget()
    }
  })

  it('of workload ids, too', () => {
    const engine = engineOf({
      segments: {
        a: { workloads: [{ id: 'spiffe://td/a', below: false }] },
        b: { workloads: [{ id: 'spiffe://td/b', below: false }] },
      },
      rules: [{ from: ['a'] }],
    })
    const ask = (name: string) => engine.authorize(ALICE, EMPTY, `spiffe://td/${name}`, DST).allowed
    expect([ask('a'), ask('b')]).toEqual([true, false])
    engine.endpoints.forget()
    expect([ask('b'), ask('a')]).toEqual([false, true])
  })
})

describe('Search', () => {
  it('starts its stamps anew before they run out', () => {
    const search = new Search(compileModel(modelOf({ segments: { a: { cidrs: ['10.0.0.0/8'] } }, rules: [] })).program)
    expect([search.nextStamp(), search.nextStamp()]).toEqual([1, 2])
    search.stamp = 0x7fffffff
    search.sourceStamps.fill(1)
    search.destinationStamps.fill(1)
    expect(search.nextStamp()).toBe(1)
    expect([...search.sourceStamps, ...search.destinationStamps].filter((stamp) => stamp !== 0)).toEqual([])
    search.sourceStamps.fill(7)
    search.nextStamp()
    expect([...search.sourceStamps].every((stamp) => stamp === 7)).toBe(true)
  })
})
