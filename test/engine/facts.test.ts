import { describe, expect, it } from 'vitest'
import { Phases } from '../../src/engine/phases.ts'
import { compareFact, PostureIndex, readPosture } from '../../src/engine/posture-index.ts'
import { readIdentity } from '../../src/engine/read-identity.ts'
import { IdentityRecord } from '../../src/engine/records.ts'
import { WhoIndex } from '../../src/engine/who-index.ts'
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/facts/truth.ts'
import type { Comparison, FactComparison, WhoPredicate } from '../../src/policy/model.ts'

const USER = { kind: 'user', id: 'alice' }

/** The truth of each predicate alone, for one hop at an instant, and the stretch over which that holds. */
function whoTruths(predicates: readonly WhoPredicate[], identity: object, at = 0) {
  const tables = {
    predicates,
    selectors: predicates.map((_, atom) => [atom]),
    conditions: predicates.flatMap((_, atom) => [
      { anyOf: [atom], deny: false },
      { anyOf: [atom], deny: true },
    ]),
  }
  const { from, until, who } = new WhoIndex(tables).phase((readIdentity(identity) ?? [])[0] as never, at)
  const truths = predicates.map(
    (_, atom): Truth => (who.ids.includes(2 * atom) ? TRUE : who.ids.includes(2 * atom + 1) ? UNKNOWN : FALSE),
  )
  return { from, until, truths }
}

describe('who', () => {
  it.each<readonly [WhoPredicate, object, Truth]>([
    [{ type: 'kind', kind: 'user' }, USER, TRUE],
    [{ type: 'kind', kind: 'agent' }, USER, FALSE],
    [{ type: 'kind', kind: 'anonymous' }, { kind: 'anonymous' }, TRUE],
    [{ type: 'id', id: 'alice', below: false }, USER, TRUE],
    [{ type: 'id', id: 'alic', below: false }, USER, FALSE],
    [{ type: 'id', id: '', below: false }, { kind: 'anonymous' }, FALSE],
    [{ type: 'id', id: 'spiffe://td/a', below: true }, { kind: 'workload', id: 'spiffe://td/a/b/c' }, TRUE],
    [{ type: 'id', id: 'spiffe://td/a', below: true }, { kind: 'workload', id: 'spiffe://td/a' }, FALSE],
    [{ type: 'id', id: 'spiffe://td/a', below: true }, { kind: 'workload', id: 'spiffe://td/ab/c' }, FALSE],
    [{ type: 'id', id: 'spiffe://td/a', below: false }, { kind: 'workload', id: 'spiffe://td/a/b' }, FALSE],
    [{ type: 'id', id: 'spiffe://td', below: true }, { kind: 'workload', id: 'spiffe://td/a' }, TRUE],
    [{ type: 'group', group: 'g', names: ['x', 'y'], members: [] }, { ...USER, groups: ['a', 'y'] }, TRUE],
    [{ type: 'group', group: 'g', names: ['x', 'x'], members: ['bob', 'alice', 'alice'] }, USER, TRUE],
    [{ type: 'group', group: 'g', names: ['x'], members: ['bob'] }, { ...USER, groups: ['g'] }, FALSE],
    [{ type: 'role', role: 'r' }, { ...USER, roles: ['q', 'r'] }, TRUE],
    [{ type: 'role', role: 'r' }, { ...USER, groups: ['r'] }, FALSE],
    [{ type: 'claim', claim: 'c', values: [1, 'a'] }, { ...USER, claims: { c: 'a' } }, TRUE],
    [{ type: 'claim', claim: 'c', values: [1] }, { ...USER, claims: { c: '1' } }, FALSE],
    [{ type: 'claim', claim: 'c', values: [1] }, { ...USER, claims: { c: [2, 1] } }, TRUE],
    [{ type: 'claim', claim: 'c', values: [1] }, { ...USER, claims: { c: [] } }, FALSE],
    [{ type: 'claim', claim: 'c', values: [1] }, { ...USER, claims: { d: 1 } }, UNKNOWN],
    [{ type: 'claim', claim: 'c', values: [1] }, { ...USER, claims: { c: undefined } }, UNKNOWN],
    [{ type: 'claim', claim: 'toString', values: [1] }, { ...USER, claims: {} }, UNKNOWN],
    [{ type: 'claim', claim: 'c', values: [1] }, USER, UNKNOWN],
    [{ type: 'claim', claim: 'c', values: [false] }, { ...USER, claims: { c: false } }, TRUE],
    [{ type: 'acr', values: ['a', 'b'] }, { ...USER, assurance: { acr: 'b' } }, TRUE],
    [{ type: 'acr', values: ['a'] }, { ...USER, assurance: { acr: 'b' } }, FALSE],
    [{ type: 'acr', values: ['a'] }, { ...USER, assurance: {} }, UNKNOWN],
    [{ type: 'amr', methods: ['a', 'b'] }, { ...USER, assurance: { amr: ['b', 'c', 'a'] } }, TRUE],
    [{ type: 'amr', methods: ['a', 'b'] }, { ...USER, assurance: { amr: ['a'] } }, FALSE],
    [{ type: 'amr', methods: ['a'] }, USER, UNKNOWN],
  ])('%j, %j', (predicate, identity, truth) => {
    expect(whoTruths([predicate], identity)).toEqual({
      from: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      truths: [truth],
    })
    expect(whoTruths([predicate, { type: 'role', role: 'z' }, predicate], identity).truths).toEqual([
      truth,
      FALSE,
      truth,
    ])
  })

  it.each([
    [99, Number.NEGATIVE_INFINITY, 100, [UNKNOWN, UNKNOWN]],
    [100, 100, 110, [TRUE, TRUE]],
    [109, 100, 110, [TRUE, TRUE]],
    [110, 110, 150, [UNKNOWN, TRUE]],
    [150, 150, Number.POSITIVE_INFINITY, [UNKNOWN, UNKNOWN]],
  ])('ages of an authentication at %i', (at, from, until, truths) => {
    const ages = [10, 50].map((maxAgeMs) => ({ type: 'authAge', maxAgeMs }) as const)
    expect(whoTruths(ages, { ...USER, assurance: { authenticatedAt: 100 } }, at)).toEqual({ from, until, truths })
    expect(whoTruths(ages, USER, at).truths).toEqual([UNKNOWN, UNKNOWN])
  })
})

describe('identities', () => {
  it.each([
    [null],
    [undefined],
    ['alice'],
    [[]],
    [{}],
    [{ kind: 'user' }],
    [{ kind: 'user', id: '' }],
    [{ kind: 'user', id: 5 }],
    [{ kind: 'root', id: 'a' }],
    [{ ...USER, other: undefined }],
    [{ ...USER, groups: 'a' }],
    [{ ...USER, groups: [5] }],
    [{ ...USER, roles: { 0: 'a', length: 1 } }],
    [{ ...USER, roles: ['a', null] }],
    [{ ...USER, claims: null }],
    [{ ...USER, claims: [] }],
    [{ ...USER, claims: 'x' }],
    [{ ...USER, claims: { a: null } }],
    [{ ...USER, claims: { a: { b: 1 } } }],
    [{ ...USER, claims: { a: [1, [2]] } }],
    [{ ...USER, claims: { a: Number.NaN } }],
    [{ ...USER, claims: { a: Array(1) } }],
    [{ ...USER, assurance: null }],
    [{ ...USER, assurance: [] }],
    [{ ...USER, assurance: 'x' }],
    [{ ...USER, assurance: { other: 1 } }],
    [{ ...USER, assurance: { acr: 5 } }],
    [{ ...USER, assurance: { amr: 'mfa' } }],
    [{ ...USER, assurance: { authenticatedAt: Number.NaN } }],
    [{ ...USER, assurance: { authenticatedAt: '5' } }],
    [{ ...USER, notBefore: Number.NEGATIVE_INFINITY }],
    [{ ...USER, notBefore: '5' }],
    [{ ...USER, expiresAt: Number.POSITIVE_INFINITY }],
    [{ ...USER, expiresAt: null }],
    [{ ...USER, actor: null }],
    [{ ...USER, actor: [] }],
    [{ ...USER, actor: 'bot' }],
    [{ ...USER, actor: { kind: 'anonymous' } }],
    [{ ...USER, actor: { kind: 'agent', id: '' } }],
    [{ kind: 'anonymous', id: 'x' }],
    [{ kind: 'anonymous', actor: undefined }],
  ])('%j is malformed', (input) => {
    expect(readIdentity(input)).toBeNull()
  })

  it('are read in full', () => {
    const assurance = { acr: 'phr', amr: ['mfa'], authenticatedAt: 0 }
    const claims = { s: 'a', n: 0, b: false, l: ['a', 1, true] }
    const input = {
      ...USER,
      groups: ['g'],
      roles: ['r'],
      claims,
      assurance,
      notBefore: 0,
      expiresAt: 9,
      actor: { kind: 'agent', id: 'bot' },
    }
    const [first, second, ...more] = readIdentity(input) ?? []
    expect(first).toEqual({
      ...USER,
      groups: ['g'],
      roles: ['r'],
      claims: { ...claims },
      ...assurance,
      notBefore: 0,
      expiresAt: 9,
    })
    expect(second).toEqual({
      kind: 'agent',
      id: 'bot',
      groups: [],
      roles: [],
      claims: null,
      acr: null,
      amr: null,
      authenticatedAt: null,
      notBefore: Number.NEGATIVE_INFINITY,
      expiresAt: Number.POSITIVE_INFINITY,
    })
    expect(more).toEqual([])
    expect(readIdentity({ kind: 'anonymous' })).toEqual([
      expect.objectContaining({ kind: 'anonymous', id: '', groups: [], claims: null }),
    ])
    expect(readIdentity({ ...USER, claims: { a: undefined }, groups: undefined })?.[0]?.claims).toEqual({})
  })

  it('are cut off where no policy could allow them', () => {
    const cyclic: Record<string, unknown> = { ...USER }
    cyclic['actor'] = cyclic
    expect(readIdentity(cyclic)).toHaveLength(18)
  })
})

describe('the credentials of a chain', () => {
  const record = (...spans: (readonly [number, number])[]) => {
    const hops = spans.map(([notBefore, expiresAt]) => ({ ...readIdentity(USER)?.[0], notBefore, expiresAt }))
    return new IdentityRecord(1, hops as never, null as never)
  }
  const inf = Number.POSITIVE_INFINITY

  it.each([
    [5, 'DENY_IDENTITY_NOT_YET_VALID', 10],
    [10, 'DENY_IDENTITY_NOT_YET_VALID', 20],
    [20, null, 30],
    [29, null, 30],
    [30, 'DENY_IDENTITY_EXPIRED', 40],
    [40, 'DENY_IDENTITY_EXPIRED', inf],
  ])('at %i', (at, code, edge) => {
    const chain = record([10, 40], [20, 30])
    expect(chain.credentialCode(at)).toBe(code)
    expect(chain.nextCredentialEdge(at)).toBe(edge)
  })

  it('of one hop', () => {
    expect([0, 1, 2, 3].map((at) => record([1, 3]).credentialCode(at))).toEqual([
      'DENY_IDENTITY_NOT_YET_VALID',
      null,
      null,
      'DENY_IDENTITY_EXPIRED',
    ])
    // The narrowest hop counts wherever it stands in the chain.
    const first = record([20, 30], [10, 40])
    expect([19, 20, 29, 30].map((at) => first.credentialCode(at) === null)).toEqual([false, true, true, false])
    expect(record([9, 3]).credentialCode(5)).toBe('DENY_IDENTITY_NOT_YET_VALID')
    expect(record([-inf, inf]).nextCredentialEdge(5)).toBe(inf)
  })
})

describe('postures', () => {
  it.each<readonly [Comparison, string | number | boolean, Truth]>([
    [{ op: 'present' }, 0, TRUE],
    [{ op: 'absent' }, 0, FALSE],
    [{ op: 'equals', value: 1 }, 1, TRUE],
    [{ op: 'equals', value: 1 }, 2, FALSE],
    [{ op: 'equals', value: 1 }, '1', UNKNOWN],
    [{ op: 'notEquals', value: 1 }, 1, FALSE],
    [{ op: 'notEquals', value: 1 }, 2, TRUE],
    [{ op: 'notEquals', value: 1 }, true, UNKNOWN],
    [{ op: 'oneOf', values: [1, 'a'] }, 'a', TRUE],
    [{ op: 'oneOf', values: [1, 'a'] }, 'b', FALSE],
    [{ op: 'oneOf', values: [1, 'a'] }, true, UNKNOWN],
    [{ op: 'noneOf', values: [1, 'a'] }, 'a', FALSE],
    [{ op: 'noneOf', values: [1, 'a'] }, 'b', TRUE],
    [{ op: 'noneOf', values: [1, 'a'] }, true, UNKNOWN],
    ...(['atLeast', 'atMost', 'above', 'below'] as const).flatMap((op) => [
      [{ op, value: 5 }, 4, op === 'atMost' || op === 'below' ? TRUE : FALSE] as const,
      [{ op, value: 5 }, 5, op === 'atMost' || op === 'atLeast' ? TRUE : FALSE] as const,
      [{ op, value: 5 }, 6, op === 'atLeast' || op === 'above' ? TRUE : FALSE] as const,
      [{ op, value: 5 }, '6', UNKNOWN] as const,
    ]),
    [{ op: 'atLeastVersion', value: '1.2' }, '1.1', FALSE],
    [{ op: 'atLeastVersion', value: '1.2' }, '1.2', TRUE],
    [{ op: 'atLeastVersion', value: '1.2' }, '1.3', TRUE],
    [{ op: 'atLeastVersion', value: '1.2' }, 'x', UNKNOWN],
    [{ op: 'atLeastVersion', value: '1.2' }, 2, UNKNOWN],
    [{ op: 'atMostVersion', value: '1.2' }, '1.1', TRUE],
    [{ op: 'atMostVersion', value: '1.2' }, '1.2', TRUE],
    [{ op: 'atMostVersion', value: '1.2' }, '1.3', FALSE],
  ])('%j of %j', (comparison, value, truth) => {
    expect(compareFact({ ...comparison, fact: 'f', maxAgeMs: 1 }, value)).toBe(truth)
  })

  it('are read, and what is malformed in them is unknown', () => {
    for (const bad of [5, 'x', true, [], {}, { facts: null }, { facts: [] }, { facts: 5 }])
      expect(readPosture(bad)).toBeNull()
    expect([readPosture(null), readPosture(undefined), readPosture({ facts: {} })]).toEqual([[], [], []])
    const good = { value: 1, observedAt: 5, source: 'x' }
    const usable = (fact: unknown) => readPosture({ facts: { f: fact } })?.[0]?.usable
    expect(['signature', 'attestation', 'channel'].map((verification) => usable({ ...good, verification }))).toEqual([
      true,
      true,
      true,
    ])
    const signed = { ...good, verification: 'signature' }
    for (const bad of [
      undefined,
      null,
      5,
      {},
      good,
      { ...good, verification: 'none' },
      { ...signed, value: null },
      { ...signed, value: Number.NaN },
      { ...signed, value: [1] },
      { ...signed, observedAt: '5' },
      { ...signed, observedAt: Number.POSITIVE_INFINITY },
    ])
      expect(usable(bad)).toBe(false)
  })

  const comparisons: FactComparison[] = [
    { fact: 'a', op: 'equals', value: 1, maxAgeMs: 10 },
    { fact: 'a', op: 'present', maxAgeMs: 50 },
    { fact: 'b', op: 'absent', maxAgeMs: 10 },
    { fact: 'b', op: 'present', maxAgeMs: 10 },
    { fact: 'b', op: 'equals', value: 1, maxAgeMs: 10 },
  ]
  const indexOf = () =>
    new PostureIndex({
      comparisons,
      postures: comparisons.map((_, atom) => [atom]),
      conditions: comparisons.flatMap((_, atom) => [
        { anyOf: [atom], deny: false },
        { anyOf: [atom], deny: true },
      ]),
    })
  const truths = (facts: Record<string, unknown>, at: number, index: PostureIndex) => {
    const { from, until, posture } = index.phase(readPosture({ facts }) ?? [], at)
    const list = comparisons.map((_, atom) =>
      posture.ids.includes(2 * atom) ? 'T' : posture.ids.includes(2 * atom + 1) ? '?' : 'F',
    )
    return [from, until, list.join('')]
  }
  const fact = (value: unknown, verification = 'channel') => ({ value, observedAt: 100, verification, source: 'x' })
  const inf = Number.POSITIVE_INFINITY

  it.each([
    [{}, 0, -inf, inf, '?FTF?'],
    [{ a: fact(1) }, 99, -inf, 100, '??TF?'],
    [{ a: fact(1) }, 100, 100, 110, 'TTTF?'],
    [{ a: fact(1) }, 109, 100, 110, 'TTTF?'],
    [{ a: fact(1) }, 110, 110, 150, '?TTF?'],
    [{ a: fact(1) }, 150, 150, inf, '??TF?'],
    [{ a: fact(2) }, 100, 100, 110, 'FTTF?'],
    [{ b: fact(1) }, 100, 100, 110, '?FFTT'],
    [{ a: fact(1), b: fact(2) }, 100, 100, 110, 'TTFTF'],
    [{ b: fact(2), a: fact(1) }, 120, 110, 150, '?T???'],
    [{ b: fact(1, 'none') }, 100, -inf, inf, '?F???'],
    [{ c: fact(1), d: fact(1), e: fact(1) }, 100, -inf, inf, '?FTF?'],
  ])('%j at %i', (facts, at, from, until, expected) => {
    const index = indexOf()
    expect(truths(facts, at, index)).toEqual([from, until, expected])
    expect(truths({ a: fact(1), b: fact(1) }, 100, index)).toEqual([100, 110, 'TTFTT'])
    expect(truths(facts, at, index)).toEqual([from, until, expected])
  })
})

describe('Phases', () => {
  it('finds the phase an instant lies in, first or later', () => {
    const phases = new Phases<{ readonly from: number; readonly until: number }>()
    expect(phases.find(0)).toBeUndefined()
    const made = [0, 1, 2, 3].map((index) => phases.keep({ from: 10 * index, until: 10 * index + 10 }))
    expect([0, 9, 10, 19, 20, 29, 30, 39].map((at) => phases.find(at) === made[Math.floor(at / 10)])).not.toContain(
      false,
    )
    expect([phases.find(-1), phases.find(40)]).toEqual([undefined, undefined])
    for (let index = 4; index < 100; index++) phases.keep({ from: 10 * index, until: 10 * index + 10 })
    expect(phases.find(995)?.from).toBe(990)
    expect(phases.find(5) === made[0]).toBe(true)
    expect(phases.find(15)).toBeUndefined()
  })
})
