import { expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { explainRequest } from '../../src/explain/explain.ts'
import { modelOf, type PolicySketch, type RuleSketch } from '../reference/model-builder.ts'
import { fact, MINUTE, NOON } from './ai-platform.ts'

const RULES = 10_000
const SEGMENTS = 500
const ALWAYS = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

function segmentsOf(count: number): NonNullable<PolicySketch['segments']> {
  const cidrs = (i: number) => [`10.${i % 250}.${Math.floor(i / 250) * 16}.0/20`, `fd00:${i.toString(16)}::/32`]
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`segment-${i}`, { cidrs: cidrs(i) }]))
}

function rule(i: number): RuleSketch {
  const group = `group-${i % 97}`
  const port = 400 + (i % 100)
  return {
    id: `rule-${i}`,
    effect: i < RULES / 10 ? 'deny' : 'allow',
    from: [`segment-${(i * 7) % SEGMENTS}`],
    to: [`segment-${(i * 13) % SEGMENTS}`],
    services: [{ protocol: 6, ports: [{ from: port, to: port }] }],
    who: [[{ type: 'group', group, names: [group], members: [] }]],
    ...(i % 3 === 0 ? { posture: [`posture-${i % 50}`] } : {}),
    valid:
      i % 50 === 1
        ? { ...ALWAYS, schedule: [{ days: [1, 2], fromMinute: 540, toMinute: 1020, zone: 'Europe/Berlin' }] }
        : null,
    when: i % 40 === 3 ? "request.dst.http.method == 'POST'" : null,
  }
}

it('stays usable with 10,000 rules', () => {
  const model = modelOf({
    segments: segmentsOf(SEGMENTS),
    postures: Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [
        `posture-${i}`,
        [{ fact: 'score', op: 'atLeast', value: i, maxAgeMs: 15 * MINUTE } as const],
      ]),
    ),
    rules: Array.from({ length: RULES }, (_, i) => rule(i)),
  })
  const policy = compileModel(model)
  const request = {
    identity: { kind: 'user', id: 'alice', groups: ['group-3', 'group-10'] },
    posture: { facts: { score: fact(20, 20 * MINUTE) } },
    src: '10.7.0.5',
    dst: '10.13.0.9:443',
    at: NOON,
  } as const
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now()
    const { text, flips } = explainRequest(model, (...question) => policy.authorize(...question), request)
    const time = performance.now() - start
    expect(flips.length, text).toBeGreaterThan(0)
    return time
  })
  // Twenty times what it takes on a quiet machine.
  expect(Math.min(...times), times.map((time) => time.toFixed(1)).join(' ')).toBeLessThan(1500)
  if (process.env.EXPLAIN_TIMES !== undefined) console.log(times.map((time) => time.toFixed(1)).join(' '))
})
