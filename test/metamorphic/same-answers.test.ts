import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipv4, ipv6 } from '../../src/net/address.ts'
import { type Prefix, prefixOf } from '../../src/net/prefix.ts'
import type { PolicyModel, RuleModel, Selector } from '../../src/policy/model.ts'
import { SEGMENT_NAMES } from '../arbitraries/endpoint.ts'
import { inEvaluationOrder, policyModel } from '../arbitraries/policy.ts'
import { requests, scenario } from '../arbitraries/scenario.ts'
import { isPlainObject } from '../reference/plain-object.ts'
import { answersOf, enforcedAnswersOf } from './answers.ts'

const RUNS = { numRuns: 150 }

/** Changes to a policy that change no answer. */
describe('no answer changes when', () => {
  it('a prefix is split in halves', () => {
    let splits = 0
    const splitSelector = (selector: Selector): Selector => ({
      ...selector,
      prefixes: selector.prefixes.flatMap((prefix) => {
        const halves = halvesOf(prefix)
        splits += halves.length - 1
        return halves
      }),
    })
    fc.assert(
      fc.property(scenario(30), ({ model, requests }) => {
        expect(answersOf(overSelectors(model, splitSelector), requests)).toEqual(answersOf(model, requests))
      }),
      RUNS,
    )
    expect(splits).toBeGreaterThan(300)
  })

  it('the prefixes, patterns and label sets of a segment are turned around and said twice', () => {
    const twice = <T>(items: readonly T[]): T[] => [...items].reverse().concat(items)
    const again = ({ prefixes, workloads, labels, segments }: Selector): Selector => ({
      prefixes: twice(prefixes),
      workloads: twice(workloads),
      labels: twice(labels),
      segments: twice(segments),
    })
    fc.assert(
      fc.property(scenario(30), ({ model, requests }) => {
        expect(answersOf(overSelectors(model, again), requests)).toEqual(answersOf(model, requests))
      }),
      RUNS,
    )
  })

  it('segments and postures get other names, in the policy and in the requests', () => {
    const renamed = new Map(SEGMENT_NAMES.map((name, index) => [name, `other-${(index * 3) % 5}`]))
    const rename = (name: string) => renamed.get(name) ?? name
    fc.assert(
      fc.property(scenario(30), ({ model, requests }) => {
        const other: PolicyModel = {
          ...model,
          segments: model.segments.map((segment) => ({ ...segment, name: rename(segment.name) })),
          postures: model.postures.map((posture) => ({ ...posture, name: `${posture.name}-too` })),
        }
        const otherRequests = requests.map((request) => ({
          ...request,
          src: renameEndpoint(request.src, rename),
          dst: renameEndpoint(request.dst, rename),
        }))
        expect(answersOf(other, otherRequests)).toEqual(answersOf(model, requests))
      }),
      RUNS,
    )
  })

  it('the alternatives inside a rule are turned around', () => {
    const reverse = <T>(items: readonly T[] | null): readonly T[] | null =>
      items === null ? null : [...items].reverse()
    fc.assert(
      fc.property(scenario(30), ({ model, requests }) => {
        const turned = model.rules.map((rule) => ({
          ...rule,
          from: reverse(rule.from),
          to: reverse(rule.to),
          services: reverse(rule.services),
          who: reverse(rule.who)?.map((selector) => [...selector].reverse()) ?? null,
          posture: reverse(rule.posture),
        }))
        expect(answersOf({ ...model, rules: turned }, requests)).toEqual(answersOf(model, requests))
      }),
      RUNS,
    )
  })

  it('a rule is added that nothing matches', () => {
    const impossible = fc.constantFrom<Partial<RuleModel>>(
      { from: [] },
      { to: [] },
      { services: [] },
      { who: [] },
      { posture: [] },
    )
    fc.assert(
      fc.property(scenario(30), impossible, fc.nat(), fc.constantFrom('allow', 'deny'), (one, part, place, effect) => {
        const rule: RuleModel = { ...OPEN_RULE, effect, ...part }
        const model = { ...one.model, rules: withRule(one.model, rule, place) }
        expect(answersOf(model, one.requests)).toEqual(answersOf(one.model, one.requests))
      }),
      RUNS,
    )
  })

  it('a shadow rule is added, but for what is reported', () => {
    let reported = 0
    // With a schedule the end may come earlier.
    const unscheduled = policyModel({ schedules: false })
    const withDonor = fc.tuple(policyModel(), unscheduled, requests(30), fc.nat(), fc.nat())
    fc.assert(
      fc.property(withDonor, ([model, donor, asked, pick, place]) => {
        const source = donor.rules[pick % Math.max(1, donor.rules.length)] ?? OPEN_RULE
        const local = (indices: readonly number[] | null, length: number) => indices?.map((one) => one % length) ?? null
        const dark: RuleModel = {
          ...source,
          id: OPEN_RULE.id,
          mode: 'shadow',
          from: local(source.from, model.segments.length),
          to: local(source.to, model.segments.length),
          posture: local(source.posture, model.postures.length),
        }
        const watched = { ...model, rules: withRule(model, dark, place) }
        expect(enforcedAnswersOf(watched, asked)).toEqual(enforcedAnswersOf(model, asked))
        reported += answersOf(watched, asked).filter(({ shadow }) => shadow?.rule === OPEN_RULE.id).length
      }),
      RUNS,
    )
    expect(reported).toBeGreaterThan(50)
  })
})

const OPEN_RULE: RuleModel = {
  id: 'new',
  description: null,
  effect: 'allow',
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
}

/** Adds a rule somewhere; under `deny-overrides` its place is not free. */
function withRule({ combining, rules }: PolicyModel, rule: RuleModel, place: number): RuleModel[] {
  const at = place % (rules.length + 1)
  const tier = rules[at]?.tier ?? rules.at(-1)?.tier ?? 0
  return inEvaluationOrder(combining, [...rules.slice(0, at), { ...rule, tier }, ...rules.slice(at)])
}

function overSelectors(model: PolicyModel, change: (selector: Selector) => Selector): PolicyModel {
  const segments = model.segments.map((segment, index) =>
    index < 2 ? segment : { ...segment, include: change(segment.include), except: change(segment.except) },
  )
  return { ...model, segments }
}

function halvesOf({ address, length }: Prefix): Prefix[] {
  const { family, a, b, c, d } = address
  if (length === (family === 4 ? 32 : 128)) return [prefixOf(address, length)]
  const words = [a, b, c, d].map((word) => word >>> 0)
  const bit = family === 4 ? 96 + length : length
  words[bit >> 5] = ((words[bit >> 5] ?? 0) | (1 << (31 - (bit & 31)))) >>> 0
  const [w = 0, x = 0, y = 0, z = 0] = words
  return [prefixOf(address, length + 1), prefixOf(family === 4 ? ipv4(z) : ipv6(w, x, y, z), length + 1)]
}

function renameEndpoint(endpoint: unknown, rename: (name: string) => string): unknown {
  if (typeof endpoint === 'string') {
    const [name = '', ...port] = endpoint.split(':')
    return [rename(name), ...port].join(':')
  }
  if (!isPlainObject(endpoint) || typeof endpoint.segment !== 'string') return endpoint
  return { ...endpoint, segment: rename(endpoint.segment) }
}
