/**
 * Cross-check with Cedar, an engine that shares no author, no code and no language with this one.
 *
 * The shared subset: `deny-overrides` without tiers; segments of prefixes, nested and subtracted; ports; groups; postures
 * that compare booleans. Facts are fresh or missing, since Cedar knows no age. Where the two differ by design, the
 * translation says so: unknown is written out (`translate.ts`), and addresses are handed over in canonical form, because to
 * Cedar an IPv4-mapped IPv6 address is an IPv6 address. Only the effect is compared: Cedar names every policy that took
 * part, not the first, and has neither validity nor obligations.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/net/address.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { ipv4Text, ipv6Text, prefixText } from '../arbitraries/addresses.ts'
import { PORTS } from '../arbitraries/endpoint.ts'
import { inEvaluationOrder } from '../arbitraries/policy.ts'
import { COMPILE } from '../differential/subject.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { referenceAuthorize } from '../reference/interpreter.ts'
import { modelOf, type RuleSketch, type SelectorSketch } from '../reference/model-builder.ts'
import { toCedar } from './translate.ts'

const NOW = Date.UTC(2026, 4, 6, 12)
const AGE = 60_000
const GROUPS = ['eng', 'ml', 'ops']
const FACTS = ['disk.encrypted', 'screen.lock']
const SEGMENTS = ['one', 'two', 'three']
const POSTURES = ['safe', 'locked']

interface Flow {
  readonly src: string
  readonly dst: string
  readonly port: number | null
  readonly groups: readonly string[]
  readonly facts: Readonly<Record<string, boolean>>
}

const selector = (earlier: readonly string[]): fc.Arbitrary<SelectorSketch> =>
  fc.record({
    cidrs: fc.array(prefixText, { maxLength: 3 }),
    segments: earlier.length === 0 ? fc.constant([]) : fc.subarray([...earlier], { maxLength: 1 }),
  })

const segments = fc
  .tuple(
    ...SEGMENTS.map((_name, index) =>
      fc.tuple(selector(SEGMENTS.slice(0, index)), fc.option(selector(SEGMENTS.slice(0, index)), { freq: 2 })),
    ),
  )
  .map((all) =>
    Object.fromEntries(
      all.map(([include, except], index) => [
        SEGMENTS[index] ?? '',
        except === null ? include : { ...include, except },
      ]),
    ),
  )

const postures = fc
  .tuple(
    ...POSTURES.map(() =>
      fc.array(fc.record({ fact: fc.constantFrom(...FACTS), value: fc.boolean() }), { minLength: 1, maxLength: 2 }),
    ),
  )
  .map((all) =>
    Object.fromEntries(
      all.map((list, index) => [
        POSTURES[index] ?? '',
        list.map(({ fact, value }) => ({ op: 'equals' as const, fact, value, maxAgeMs: AGE })),
      ]),
    ),
  )

const range = fc.constantFrom({ from: 443, to: 443 }, { from: 0, to: 1023 }, { from: 8000, to: 8100 })
const someSegments = fc.oneof(
  { weight: 2, arbitrary: fc.constant(['any']) },
  { weight: 3, arbitrary: fc.subarray(SEGMENTS) },
)
const rule: fc.Arbitrary<RuleSketch> = fc.record(
  {
    effect: fc.constantFrom('allow', 'allow', 'deny'),
    from: someSegments,
    to: someSegments,
    services: fc.array(fc.record({ ports: fc.array(range, { minLength: 1, maxLength: 2 }) }), { maxLength: 2 }),
    who: fc.array(
      fc.array(
        fc
          .subarray(GROUPS, { minLength: 1 })
          .map((names) => ({ type: 'group' as const, group: 'team', names, members: [] })),
        { maxLength: 2 },
      ),
      { maxLength: 2 },
    ),
    posture: fc.subarray(POSTURES),
  },
  { requiredKeys: ['effect'], noNullPrototype: true },
)

const policy: fc.Arbitrary<PolicyModel> = fc
  .record({ segments, postures, rules: fc.array(rule, { minLength: 1, maxLength: 6 }) })
  .map((sketch) => {
    const model = modelOf(sketch)
    return { ...model, combining: 'deny-overrides', rules: inEvaluationOrder('deny-overrides', model.rules) }
  })

const address = fc.oneof({ weight: 3, arbitrary: ipv4Text }, { weight: 1, arbitrary: ipv6Text })
const flow: fc.Arbitrary<Flow> = fc.record({
  src: address,
  dst: address,
  port: fc.option(fc.constantFrom(...PORTS), { freq: 4 }),
  groups: fc.subarray(GROUPS),
  facts: fc.dictionary(fc.constantFrom(...FACTS), fc.boolean(), { noNullPrototype: true }),
})

describe('Cedar', () => {
  it('allows and denies the same flows', () => {
    const seen = { allowed: 0, denied: 0 }
    fc.assert(
      fc.property(policy, fc.array(flow, { minLength: 20, maxLength: 20 }), (model, flows) => {
        const engine = COMPILE(model, { now: () => NOW })
        const askCedar = prepareCedar(toCedar(model), 'random')
        for (const one of flows) {
          const request = requestOf(one)
          const { allowed } = engine.authorize(request.identity, request.posture, request.src, request.dst, NOW)
          const reference = referenceAuthorize(model, request, evaluateCondition)
          expect({ allowed, effect: reference.effect, cedar: askCedar(one) }).toEqual({
            allowed,
            effect: allowed ? 'allow' : 'deny',
            cedar: allowed ? 'allow' : 'deny',
          })
          seen[allowed ? 'allowed' : 'denied']++
        }
      }),
      { numRuns: 300 },
    )
    expect(seen.allowed).toBeGreaterThan(200)
    expect(seen.denied).toBeGreaterThan(200)
  })

  it('lets a flow through when a forbid fails, where a deny here holds', () => {
    const text =
      'permit(principal, action, resource);\nforbid(principal, action, resource) when { context.port == 22 };'
    const noPort: Flow = { src: '10.0.0.1', dst: '10.0.0.2', port: null, groups: [], facts: {} }
    expect(prepareCedar(text, 'failing')(noPort)).toBe('allow')

    const model = modelOf({ rules: [{ effect: 'deny', services: [{ ports: [{ from: 22, to: 22 }] }] }, {}] })
    const { identity, posture, src, dst } = requestOf(noPort)
    expect(COMPILE(model, { now: () => NOW }).authorize(identity, posture, src, dst).code).toBe('DENY_RULE')
  })
})

function requestOf({ src, dst, port, groups, facts }: Flow) {
  const entries = Object.entries(facts).map(([name, value]) => [
    name,
    { value, observedAt: NOW - 1, verification: 'signature' },
  ])
  return {
    identity: { kind: 'user', id: 'alice', groups },
    posture: { facts: Object.fromEntries(entries) },
    src,
    dst: port === null ? dst : { address: dst, port },
    at: NOW,
  }
}

/**
 * Parses the policies once, in place of those that had this id: Cedar keeps every set it was given, and with thousands of
 * them the process dies in V8. Answers with `allow` or `deny`; anything that Cedar complains about fails the test.
 */
function prepareCedar(text: string, preparsedPolicySetId: string): (flow: Flow) => string {
  const parsed = cedar.preparsePolicySet(preparsedPolicySetId, { staticPolicies: text })
  if (parsed.type !== 'success') throw new Error(`${JSON.stringify(parsed)}\n${text}`)
  const groupUid = (group: string) => ({ type: 'Group', id: group })
  const ip = (address: string) => ({ __extn: { fn: 'ip', arg: parseAddress(address).toString() } })
  return ({ src, dst, port, groups, facts }) => {
    const principal = { type: 'User', id: 'alice' }
    const answer = cedar.statefulIsAuthorized({
      preparsedPolicySetId,
      principal,
      action: { type: 'Action', id: 'connect' },
      resource: { type: 'Host', id: 'any' },
      context: { src: ip(src), dst: ip(dst), posture: { ...facts }, ...(port === null ? {} : { port }) },
      entities: [
        { uid: principal, attrs: {}, parents: groups.map(groupUid) },
        ...groups.map((group) => ({ uid: groupUid(group), attrs: {}, parents: [] })),
      ],
    })
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer))
    const { decision, diagnostics } = answer.response
    if (diagnostics.errors.length > 0 && preparsedPolicySetId !== 'failing')
      throw new Error(JSON.stringify(diagnostics.errors))
    return decision
  }
}
