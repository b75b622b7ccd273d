import { describe, expect, it } from 'vitest'
import { createIdentity, createPosture } from '../../src/engine/warm-facts.ts'
import type { ExplainRequest, Explanation } from '../../src/explain/explain.ts'
import { explainRequest } from '../../src/explain/explain.ts'
import { ALICE, explainedBy, fact, HEALTHY, HOUR, MINUTE, MODEL, NOON } from './ai-platform.ts'

function reasonsOf({ rules }: Explanation, rule: string): string[] {
  const trace = rules.find((one) => one.rule === rule)
  return (trace?.dimensions ?? []).filter(({ holds }) => !holds).flatMap(({ reasons }) => reasons)
}

function flipsOf(request: Partial<ExplainRequest>): string[] {
  return explainedBy(request).flips.map(({ text }) => text)
}

describe('a near miss says what fails and what to do', () => {
  it.each<[string, Partial<ExplainRequest>, string, string[]]>([
    [
      'a stale fact',
      { posture: { facts: { ...HEALTHY.facts, 'disk.encrypted': fact(true, 20 * MINUTE) } } },
      'chat',
      ['posture "healthy": fact disk.encrypted was observed 20m ago, believed for 15m: renew it'],
    ],
    [
      'a stale fact that would not help',
      { posture: { facts: { ...HEALTHY.facts, 'disk.encrypted': fact(false, 20 * MINUTE) } } },
      'chat',
      [
        'posture "healthy": fact disk.encrypted was observed 20m ago, believed for 15m: renew it, and it was false, wanted true',
      ],
    ],
    [
      'a fact from the future',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': fact(80, -MINUTE) } } },
      'chat',
      ['posture "healthy": fact zta.overall is from 1m in the future: renew it'],
    ],
    [
      'a self-asserted fact',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': fact(80, 0, 'none') } } },
      'chat',
      ['posture "healthy": fact zta.overall is only self-asserted: have it verified'],
    ],
    [
      'a fact of another type',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': fact('high') } } },
      'chat',
      ['posture "healthy": fact zta.overall is "high", a string that cannot be compared, wanted at least 70'],
    ],
    [
      'a fact that is too low',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': fact(60) } } },
      'chat',
      ['posture "healthy": fact zta.overall is 60, wanted at least 70'],
    ],
    [
      'no posture at all',
      { posture: null },
      'chat',
      [
        'posture "healthy": fact disk.encrypted is absent: report it, wanted true',
        'posture "healthy": fact zta.overall is absent: report it, wanted at least 70',
      ],
    ],
    [
      'a malformed fact',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': null as never } } },
      'chat',
      [
        'posture "healthy": fact zta.overall is malformed: report a scalar value, observedAt and verification, wanted at least 70',
      ],
    ],
    [
      'a missing group',
      { identity: { kind: 'user', id: 'bob', groups: ['eng'] } },
      'chat',
      ['wanted group "ml" (known as "idp-ml" or "ml"), it has groups "eng"'],
    ],
    ['the wrong place', { src: '10.20.0.1' }, 'chat', ['source is in "training", wanted "corp"']],
    [
      'the wrong destination',
      { dst: '192.0.2.1:443' },
      'chat',
      ['destination is in no named segment, wanted "inference"'],
    ],
    ['the wrong port', { dst: '10.30.0.1:22' }, 'chat', ['service "https": port is 22, wanted 443']],
    [
      'an unknown port',
      { dst: '10.30.0.1' },
      'chat',
      ['service "https": port is not known, wanted 443', 'service "https": protocol is not known, wanted tcp'],
    ],
    [
      'the wrong protocol',
      { dst: { address: '10.30.0.1', port: 443, protocol: 'udp' } },
      'chat',
      ['service "https": protocol is "udp", wanted tcp'],
    ],
    [
      'an old authentication without a second factor, outside the hours',
      {
        dst: 'training',
        identity: { ...ALICE, assurance: { amr: ['pwd'], authenticatedAt: NOON - 2 * HOUR } },
        posture: { facts: { 'edr.alert': fact(false) } },
      },
      'night',
      [
        'authenticated at 2026-05-01T10:00:00.000Z (2h ago), wanted at most 1h ago',
        'authentication method is "pwd", wanted "mfa"',
        'rule is not valid until 2026-05-04T00:00:00.000Z (in 2d 12h)',
      ],
    ],
    [
      'one of two selectors, and a condition',
      { src: { labels: { site: 'lab' } }, dst: { address: '10.1.1.1', http: { method: 'GET' } } },
      'experiment',
      [
        'claim "tenant" is not known, wanted "acme"',
        'or roles are nothing, wanted "admin"',
        'condition "request.dst.http.method == \'POST\'"',
      ],
    ],
  ])('%s', (_name, request, rule, reasons) => {
    const explanation = explainedBy(request)
    expect(explanation.decision.allowed).toBe(false)
    expect(reasonsOf(explanation, rule)).toEqual(reasons)
  })

  it('orders them by the dimensions that fail', () => {
    const { rules } = explainedBy({ dst: '10.30.0.1:22' })
    expect(rules.map(({ rule, role, distance }) => [rule, role, distance.dimensions])).toEqual([
      ['chat', 'near', 1],
      ['experiment', 'near', 3],
      ['night', 'near', 3],
    ])
  })

  it('says why a deny rule matches, and that unknown is enough for that', () => {
    const { rules } = explainedBy({ dst: 'training' })
    expect(rules[0]).toMatchObject({ rule: 'no-infected', role: 'decided', matches: true })
    expect(rules[0]?.dimensions.find(({ dimension }) => dimension === 'posture')).toMatchObject({
      outcome: 'unknown',
      holds: true,
      reasons: ['posture "infected": fact edr.alert is absent: report it, denied true'],
    })
  })
})

describe('flips', () => {
  it.each<[string, Partial<ExplainRequest>, string]>([
    [
      'renew a stale fact',
      { posture: { facts: { ...HEALTHY.facts, 'disk.encrypted': fact(true, 20 * MINUTE) } } },
      'renew fact "disk.encrypted" (true): allowed by rule "chat"',
    ],
    [
      'verify a self-asserted fact',
      { posture: { facts: { ...HEALTHY.facts, 'zta.overall': fact(80, 0, 'none') } } },
      'verify fact "zta.overall" (80): allowed by rule "chat"',
    ],
    ['join a group', { identity: { kind: 'user', id: 'bob' } }, 'join group "ml": allowed by rule "chat"'],
    [
      'sign in first',
      { identity: { kind: 'anonymous' } },
      'sign in as user "somebody", and join group "ml": allowed by rule "chat"',
    ],
    ['leave quarantine', { src: '10.1.9.9' }, 'come from segment "corp" (10.1.0.1): allowed by rule "chat"'],
    ['use a port', { dst: '10.30.0.1' }, 'use port 443: allowed by rule "chat"'],
    [
      'go to a segment that exists',
      { dst: 'inferense' },
      'go to segment "inference" (10.30.0.1), and use port 443: allowed by rule "chat"',
    ],
    [
      'renew the credential',
      { identity: { ...ALICE, expiresAt: NOON - 1 } },
      'renew the credential: allowed by rule "chat"',
    ],
    [
      'wait for the credential',
      { identity: { ...ALICE, notBefore: NOON + MINUTE } },
      'ask at 2026-05-01T12:01:00.000Z (in 1m): allowed by rule "chat"',
    ],
    [
      'help an actor',
      { identity: { ...ALICE, actor: { kind: 'agent', id: 'bot' } } },
      'actor 1: join group "ml": allowed by rule "chat"',
    ],
    [
      'act without an actor',
      { identity: { ...ALICE, actor: { kind: 'agent', id: 'bot' } } },
      'act without an actor: allowed by rule "chat"',
    ],
    [
      'shorten the chain',
      {
        identity: {
          ...ALICE,
          actor: { kind: 'agent', id: 'a', groups: ['ml'], actor: { kind: 'agent', id: 'b', groups: ['ml'] } },
        },
      },
      'act through at most 1 actor: allowed by rule "chat"',
    ],
    [
      'wait for the schedule, with a fact that frees from a deny',
      {
        dst: 'training',
        at: NOON + 12 * HOUR,
        identity: { ...ALICE, assurance: { amr: ['mfa'], authenticatedAt: NOON + 12 * HOUR } },
      },
      // Saturday midnight: the next opening is Monday, and by then the authentication is too old.
      'set fact "edr.alert" to false, and ask at 2026-05-04T00:00:00.000Z (in 2d), and authenticate again: allowed by rule "night"',
    ],
  ])('towards allow: %s', (_name, request, text) => {
    expect(flipsOf(request)).toContain(text)
  })

  it.each<[string, Partial<ExplainRequest>, string]>([
    ['losing a group', {}, 'leave group "ml": denied with DENY_DEFAULT'],
    ['losing a fact', {}, 'drop fact "zta.overall": denied with DENY_DEFAULT'],
    ['a fact that changes', {}, 'set fact "disk.encrypted" to false: denied with DENY_DEFAULT'],
    ['time', {}, 'ask at 2026-05-01T12:15:00.000Z (in 15m): denied with DENY_DEFAULT'],
    [
      'the end of the credential',
      { identity: { ...ALICE, expiresAt: NOON + MINUTE } },
      'ask at 2026-05-01T12:01:00.000Z (in 1m): denied with DENY_IDENTITY_EXPIRED',
    ],
    ['a quarantine', {}, 'come from segment "quarantine" (10.1.9.1): denied with DENY_RULE by rule "no-quarantine"'],
    [
      'what an actor loses',
      { identity: { ...ALICE, actor: { kind: 'agent', id: 'bot', groups: ['idp-ml'] } } },
      'actor 1: leave group "ml": denied with DENY_DELEGATION',
    ],
  ])('towards deny: %s', (_name, request, text) => {
    const explanation = explainedBy(request, { maxFlips: 50 })
    expect(explanation.decision.allowed).toBe(true)
    expect(explanation.flips.map((flip) => flip.text)).toContain(text)
  })

  it('finds again what is taken away', () => {
    const identity = { ...ALICE, roles: ['admin'], assurance: { acr: 'phr', amr: ['mfa'] } } as const
    const lost = explainedBy({ identity }, { maxFlips: 50 }).flips.filter(
      ({ changes }) => changes.length === 1 && ['group', 'fact'].includes(changes[0]?.type ?? ''),
    )
    expect(lost.map(({ text }) => text.split(':')[0])).toEqual([
      'leave group "ml"',
      'set fact "disk.encrypted" to false',
      'drop fact "disk.encrypted"',
      'set fact "zta.overall" to 69',
      'drop fact "zta.overall"',
    ])
    for (const { request, text } of lost) {
      const { decision, flips } = explainedBy(request)
      expect(decision.allowed, text).toBe(false)
      expect(
        flips.map(({ changes }) => changes.length),
        text,
      ).toContain(1)
    }
  })

  it('asks the engine no more often than it may, and says that it stopped', () => {
    const request = { posture: null, identity: { kind: 'user', id: 'bob' } } as const
    expect(explainedBy(request).flips.map(({ changes }) => changes.length)).toEqual([3])
    const bounded = explainedBy(request, { maxDecisions: 2 })
    expect(bounded.search).toEqual({ decisions: 2, cutOff: true })
    expect(bounded.flips).toEqual([])
    expect(bounded.text).toContain('the search stopped after asking for 2 decisions: there may be more')
  })

  it('takes warm facts as the engine does', () => {
    const identity = createIdentity({ kind: 'user', id: 'bob', groups: ['eng'] })
    const explanation = explainedBy({ identity, posture: createPosture(HEALTHY) })
    expect(explanation.problem).toBeNull()
    expect(explanation.flips.map(({ text }) => text)).toEqual(['join group "ml": allowed by rule "chat"'])
  })
})

describe('what is wrong with the request itself', () => {
  it.each<[string, object, string]>([
    ['a time', { at: Number.NaN }, 'the clock did not give a finite time: NaN'],
    ['no identity', { identity: undefined }, 'the identity is missing or malformed: undefined'],
    [
      'an unknown key',
      { identity: { ...ALICE, group: 'ml' } },
      'the identity is missing or malformed: an object of kind,id,groups,group',
    ],
    [
      'an actor',
      { identity: { ...ALICE, actor: { kind: 'agent', id: '' } } },
      'the identity is missing or malformed: an object of kind,id,groups,actor',
    ],
    ['a posture', { posture: [] }, 'the posture argument is malformed: an object of '],
    ['an address', { src: '010.1.1.1' }, 'the source does not parse as an endpoint: "010.1.1.1"'],
    ['a port', { dst: '10.30.0.1:0443' }, 'the destination does not parse as an endpoint: "10.30.0.1:0443"'],
    ['a segment', { dst: 'inferense' }, 'the destination names a segment that the policy does not define: "inferense"'],
    [
      'a credential',
      { identity: { ...ALICE, expiresAt: NOON - MINUTE } },
      'the credential of the identity or of an actor has expired: identity, 2026-05-01T11:59:00.000Z (1m ago)',
    ],
  ])('%s', (_name, request, problem) => {
    expect(explainedBy(request).problem).toBe(problem)
  })

  it('survives members that throw, and text that would write into a terminal', () => {
    const hostile = {
      kind: 'user',
      get id(): string {
        throw new Error('no')
      },
    }
    expect(explainedBy({ identity: hostile as never }).decision.allowed).toBe(false)
    const colour = String.fromCharCode(27)
    expect(explainedBy({ dst: `${colour}[31mred` }).text).toMatch(/^[\x20-\x7e\n]+$/)
  })

  it('refuses options that make no sense', () => {
    expect(() => explainedBy({}, { nearest: -1 })).toThrow('"nearest" option must be an integer from 0 to 1000')
    expect(() => explainedBy({}, { maxChanges: 4 })).toThrow('"maxChanges" option must be an integer from 1 to 3')
  })

  it('notes when the engine knows what the policy text does not say', () => {
    const { decision } = explainedBy({})
    const request = { identity: ALICE, posture: HEALTHY, src: '10.99.0.1', dst: '10.30.0.1:443', at: NOON }
    const { note } = explainRequest(MODEL, () => decision, request, { maxDecisions: 0 })
    expect(note).toMatch(/^rule "chat" decided, but this trace does not see it match/)
  })
})

describe('the text', () => {
  it('begins with the decision and ends with what would turn it', () => {
    const { text } = explainedBy(
      { posture: { facts: { ...HEALTHY.facts, 'disk.encrypted': fact(true, 20 * MINUTE) } } },
      { nearest: 1 },
    )
    expect(text.split('\n')).toEqual([
      'DENY DENY_DEFAULT',
      'at 2026-05-01T12:00:00.000Z',
      'allow rule "chat" misses by 1 dimension, 1 condition',
      '  posture unknown: posture "healthy": fact disk.encrypted was observed 20m ago, believed for 15m: renew it',
      'what would make it allow',
      '  1. renew fact "disk.encrypted" (true): allowed by rule "chat"',
    ])
  })

  it('is part of what JSON holds', () => {
    const explanation = explainedBy({})
    expect(JSON.parse(JSON.stringify(explanation))).toMatchObject({ text: explanation.text })
  })
})
