import fc from 'fast-check'
import { instant } from './instants.ts'

export const IDS = [
  'alice',
  'bob',
  'spiffe://td.example/ns',
  'spiffe://td.example/ns/a',
  'spiffe://td.example/ns/a/b',
  'spiffe://td.example/nsx',
]
export const GROUPS = ['eng', 'ml', 'idp-ml', 'constructor']
export const ROLES = ['admin', 'viewer']
export const CLAIMS = ['tenant', 'level', 'toString']
export const CLAIM_VALUES = ['acme', 'beta', 3, 4, '3', true]
export const ACRS = ['phr', 'pwd']
export const AMRS = ['mfa', 'pwd', 'hwk']

const claims = fc.dictionary(
  fc.constantFrom(...CLAIMS),
  fc.oneof(fc.constantFrom(...CLAIM_VALUES), fc.array(fc.constantFrom(...CLAIM_VALUES), { maxLength: 2 })),
  { maxKeys: 2, noNullPrototype: true },
)

const assurance = fc.record(
  { acr: fc.constantFrom(...ACRS), amr: fc.subarray(AMRS), authenticatedAt: instant },
  { requiredKeys: [], noNullPrototype: true },
)

/** Most credentials hold at most instants: the rest of the policy would not be reached otherwise. */
const life = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ expiresAt: instant }, { noNullPrototype: true }) },
  { weight: 1, arbitrary: fc.record({ notBefore: instant }, { noNullPrototype: true }) },
)

const hop = fc
  .tuple(
    fc.record(
      {
        kind: fc.constantFrom('user', 'workload', 'agent'),
        id: fc.constantFrom(...IDS),
        groups: fc.subarray(GROUPS),
        roles: fc.subarray(ROLES),
        claims,
        assurance,
      },
      { requiredKeys: ['kind', 'id'], noNullPrototype: true },
    ),
    life,
  )
  .map(([facts, when]): Record<string, unknown> => ({ ...facts, ...when }))

/** A user, workload or agent, alone or with up to four actors. */
export const principal: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(
    hop,
    fc.oneof(
      { weight: 12, arbitrary: fc.constant([]) },
      { weight: 5, arbitrary: fc.array(hop, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(hop, { minLength: 3, maxLength: 4 }) },
    ),
  )
  .map(([first, actors]) => withActors([first, ...actors]))

/** Identities that the engine has to take. */
export const wellFormedIdentity: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  { weight: 9, arbitrary: principal },
  { weight: 1, arbitrary: fc.constant({ kind: 'anonymous' }) },
)

/** Faults in one member; each is laid over an identity that is otherwise fine. */
const faults = fc.constantFrom<Record<string, unknown>>(
  { kind: 'root' },
  { kind: 'anonymous' },
  { kind: undefined },
  { id: '' },
  { id: 7 },
  { id: undefined },
  { groups: 'eng' },
  { groups: [1] },
  { groups: null },
  { roles: [['admin']] },
  { roles: { 0: 'admin' } },
  { claims: null },
  { claims: [] },
  { claims: { tenant: { acme: true } } },
  { claims: { tenant: [['acme']] } },
  { claims: { tenant: null } },
  { assurance: 'mfa' },
  { assurance: { acr: 1 } },
  { assurance: { amr: 'mfa' } },
  { assurance: { authenticatedAt: '2026' } },
  { assurance: { mfa: true } },
  { expiresAt: Number.NaN },
  { expiresAt: Number.POSITIVE_INFINITY },
  { expiresAt: '2030-01-01' },
  { notBefore: null },
  { notBefore: Number.NEGATIVE_INFINITY },
  { admin: true },
  { actor: null },
  { actor: 'bob' },
  { actor: { kind: 'anonymous' } },
  { actor: { kind: 'agent', id: '' } },
  { actor: { kind: 'agent', id: 'bob', actor: { kind: 'agent', id: 'bob', groups: 'eng' } } },
)

/** What must be refused as an identity. */
export const malformedIdentity: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', 'alice', 7, true, [], {}, new Map([['kind', 'anonymous']])),
  fc.constant(Object.create({ kind: 'user', id: 'alice' })),
  fc.constantFrom<unknown>({ kind: 'anonymous', id: 'alice' }, { kind: 'anonymous', groups: ['eng'] }),
  fc.tuple(principal, faults).map(([whole, fault]) => ({ ...whole, ...fault })),
)

/** Mostly well formed. */
export const identity: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 24, arbitrary: wellFormedIdentity },
  { weight: 1, arbitrary: malformedIdentity },
)

function withActors([first, ...actors]: readonly Record<string, unknown>[]): Record<string, unknown> {
  return actors.length === 0 ? { ...first } : { ...first, actor: withActors(actors) }
}
