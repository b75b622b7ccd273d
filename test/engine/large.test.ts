import { describe, expect, it } from 'vitest'
import type { PolicyModel } from '../../src/policy/model.ts'
import { assertAgreement } from '../differential/agreement.ts'
import { COMPILE, SEALER } from '../differential/subject.ts'
import type { Request } from '../reference/interpreter.ts'
import { NOON, PLAIN_REQUEST } from '../reference/match-cases.ts'
import { modelOf, type PolicySketch, type RuleSketch } from '../reference/model-builder.ts'

/** Policies large enough for every kind of node in a forest, whose shape is known: what small random ones never have. */
const count = (length: number): number[] => Array.from({ length }, (_, index) => index)
const effectOf = (index: number) => (index % 3 === 0 ? 'deny' : 'allow') as RuleSketch['effect'] & string

function agree(sketch: PolicySketch, requests: readonly Partial<Request>[]): void {
  const model: PolicyModel = modelOf(sketch)
  const asked = requests.map((request) => ({ ...PLAIN_REQUEST, ...request }))
  expect(assertAgreement({ model, requests: asked }, COMPILE, SEALER)).toBe(requests.length)
}

const alice = (more: object = {}) => ({ kind: 'user', id: 'alice', ...more })
const group = (index: number) => ({ type: 'group', group: `g${index}`, names: [`g${index}`], members: [] }) as const

describe('many rules that differ in one thing', () => {
  it('who: callers of one, few and most groups', () => {
    const rules = count(200).map((index) => ({ effect: effectOf(index), who: [[group(index)]] }))
    const groupsOf = (list: readonly number[]) => alice({ groups: list.map((index) => `g${index}`) })
    const callers = [
      [],
      ...count(200)
        .filter((index) => index < 12 || index > 188 || index % 23 === 0)
        .map((index) => [index]),
      [199, 100],
      [3, 170],
      count(60),
      count(60).map((index) => 199 - index),
      count(200).filter((index) => index % 2 === 1),
      [1000],
    ]
    agree(
      { rules },
      callers.map((list) => ({ identity: groupsOf(list) })),
    )
    agree(
      { rules: [...rules, {}] },
      callers.map((list) => ({ identity: groupsOf(list) })),
    )
  })

  it('who, with an age of the authentication: the answer ends when another rule comes in', () => {
    const rules = count(120).map((index) => ({
      effect: effectOf(index),
      who: [[group(index), { type: 'authAge', maxAgeMs: 60_000 * (index + 1) } as const]],
    }))
    agree(
      { rules },
      [0, 1, 5, 60, 119].flatMap((index) =>
        [-10_000, 0, 59_000, 60_000 * index, 60_000 * (index + 1), 8_000_000].map((age) => ({
          identity: alice({ groups: [`g${index}`, `g${119 - index}`], assurance: { authenticatedAt: NOON - age } }),
        })),
      ),
    )
  })

  it('posture: only rules that were looked at end an answer', () => {
    const postures = Object.fromEntries(
      count(60).map((index) => [
        `p${index}`,
        [{ fact: `f${index}`, op: 'present', maxAgeMs: 1000 * (index + 1) } as const],
      ]),
    )
    const rules = count(60).map((index) => ({ effect: effectOf(index), posture: [`p${index}`] }))
    const fact = (age: number) => ({ value: true, observedAt: NOON - age, verification: 'signature', source: 'mdm' })
    agree(
      { postures, rules },
      [0, 1, 2, 30, 59].flatMap((index) =>
        [0, 500, 1000 * index, 1000 * (index + 1)].map((age) => ({
          posture: { facts: { [`f${index}`]: fact(age), [`f${59 - index}`]: fact(0) } },
        })),
      ),
    )
  })

  it('operations: models, tools and calls', () => {
    const rules = count(180).map((index) => ({
      effect: effectOf(index),
      services: [
        index % 3 === 0
          ? { models: [`m${index}`, `n${index}-*`] }
          : index % 3 === 1
            ? { tools: [`t${index}`] }
            : { grpc: { service: `s${index % 30}`, methods: index % 2 === 0 ? null : [`call${index}`] } },
      ],
    }))
    const at = (more: object) => ({ dst: { address: '10.9.0.1', port: 443, ...more } })
    agree({ rules }, [
      ...count(180).flatMap((index) =>
        index % 7 === 0 ? [at({ model: `m${index}` }), at({ model: `n${index}-x` })] : [],
      ),
      ...count(180).flatMap((index) => (index % 5 === 0 ? [at({ tool: `t${index}` })] : [])),
      ...count(30).map((index) => at({ grpc: { service: `s${index}`, method: `call${index + 30}` } })),
      at({}),
      at({ model: 'm0', tool: 't1' }),
      at({ http: { method: 'GET', path: '/' } }),
    ])
  })

  it('ports: every edge of ranges that overlap, and a port that is not known', () => {
    const ranges = count(150).map((index) => ({
      from: (index * 397) % 60_000,
      to: ((index * 397) % 60_000) + (index % 40) * 50,
    }))
    const rules = ranges.map((range, index) => ({ effect: effectOf(index), services: [{ ports: [range] }] }))
    const edges = ranges.flatMap(({ from, to }) => [from - 1, from, to, to + 1]).filter((port) => port >= 0)
    agree({ rules }, [
      ...edges.filter((_, index) => index % 4 === 0 || index % 7 === 0).map((port) => ({ dst: `10.9.0.1:${port}` })),
      { dst: '10.9.0.1:65535' },
      { dst: '10.9.0.1:0' },
      { dst: '10.9.0.1' },
      { dst: { address: '10.9.0.1', protocol: 'udp' } },
    ])
    const allows = rules.map((rule) => ({ ...rule, effect: 'allow' as const }))
    agree({ rules: [...allows, { effect: 'deny', services: [{ ports: [{ from: 7, to: 7 }] }] }] }, [
      { dst: '10.9.0.1' },
      { dst: '10.9.0.1:7' },
    ])
  })

  it('source ports and protocols, known and not', () => {
    for (const effect of ['allow', 'deny'] as const) {
      const rules = [
        { effect, services: [{ sourcePorts: [{ from: 100, to: 200 }] }] },
        { effect, services: [{ protocol: 0 }] },
        { effect, services: [{ protocol: 17, ports: [{ from: 53, to: 53 }] }] },
      ]
      const ends = ['10.1.2.3:99', '10.1.2.3:100', '10.1.2.3:200', '10.1.2.3:201', '10.1.2.3:0', '10.1.2.3']
      const targets = [
        '10.9.0.1',
        '10.9.0.1:53',
        { address: '10.9.0.1', protocol: 0 },
        { address: '10.9.0.1', port: 53, protocol: 17 },
      ]
      for (const rule of rules)
        agree(
          { rules: [rule] },
          ends.flatMap((src) => targets.map((dst) => ({ src, dst }))),
        )
    }
  })

  it('addresses: nested and neighbouring segments, both ends', () => {
    const segments = Object.fromEntries([
      ...count(120).map((index) => [`s${index}`, { cidrs: [`10.${index}.0.0/16`, `fd00:${index + 1}::/32`] }] as const),
      ...count(30).map((index) => [`inner${index}`, { cidrs: [`10.${index * 4}.${index}.0/24`] }] as const),
      ...count(10).map((index) => [`outer${index}`, { cidrs: [`10.${index * 8}.0.0/13`] }] as const),
      ...count(20).map(
        (index) => [`w${index}`, { workloads: [{ id: `spiffe://td/w${index}`, below: index % 2 === 0 }] }] as const,
      ),
      ['scattered', { cidrs: count(9).map((index) => `10.${index * 13}.77.0/24`) }],
      ['labelled', { labels: [{ app: 'web' }], cidrs: ['10.5.5.0/24'] }],
    ])
    const names = Object.keys(segments)
    const rules = count(300).map((index) => ({
      effect: effectOf(index),
      from: index % 11 === 0 ? null : [names[(index * 7) % names.length] as string],
      to: index % 13 === 0 ? null : [names[(index * 31 + 5) % names.length] as string],
      services: index % 2 === 0 ? null : [{ ports: [{ from: index, to: index + 20 }] }],
    })) as RuleSketch[]
    const ends = [
      '10.0.0.1',
      '10.4.1.9',
      '10.5.5.5',
      '10.13.77.1',
      '10.14.77.1',
      '10.26.77.3',
      '10.104.77.9',
      '10.119.255.255',
      '10.120.0.0',
      '9.255.255.255',
      'fd00:1::5',
      'fd00:78::1',
      'fd00:79::1',
      'spiffe://td/w0/x',
      'spiffe://td/w1',
      'spiffe://td/w1/x',
      'labelled',
      'outer3',
      'inner7',
    ]
    const both = { address: '10.13.77.5', workload: 'spiffe://td/w2/a', labels: { app: 'web' } }
    const requests = [...ends, both].flatMap((src, index) =>
      [...ends, both]
        .filter((_, other) => (index + other) % 3 === 0)
        .map((end, other) => ({
          src,
          dst:
            typeof end !== 'string'
              ? { ...end, port: 20 }
              : end.includes('::')
                ? `[${end}]:${other * 9}`
                : end.startsWith('spiffe')
                  ? end
                  : `${end}:${other * 9}`,
        })),
    )
    agree({ segments, rules }, requests)
  }, 20_000)
})
