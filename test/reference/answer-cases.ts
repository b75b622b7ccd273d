import type { ReferenceAnswer, Request } from './interpreter.ts'
import { NOON } from './match-cases.ts'
import type { PolicySketch } from './model-builder.ts'

/** A whole policy, one request, and what must be in the answer. */
export interface AnswerCase {
  readonly name: string
  readonly sketch: PolicySketch
  readonly request: Partial<Request>
  readonly expected: Partial<ReferenceAnswer>
}

const OPEN: PolicySketch = {
  maxDelegationDepth: 2,
  segments: { corp: { cidrs: ['10.1.0.0/16'] }, hidden: { anonymous: true } },
  rules: [{}],
}
const alice = (more: object = {}) => ({ kind: 'user', id: 'alice', ...more })
const agent = (more: object = {}) => ({ kind: 'agent', id: 'bot', ...more })
const anonymous = { kind: 'anonymous' }

const step = (name: string, request: Partial<Request>, code: ReferenceAnswer['code']): AnswerCase => ({
  name: `${name} gives ${code}`,
  sketch: OPEN,
  request,
  expected: { code, effect: code === 'ALLOW_RULE' ? 'allow' : 'deny', rule: code === 'ALLOW_RULE' ? 'rule-0' : null },
})

const isAgent = { type: 'kind', kind: 'agent' } as const
const isUser = { type: 'kind', kind: 'user' } as const
const log = { type: 'log' }
const mask = { type: 'mask', fields: ['ssn'] }
const never = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

const STEPS: readonly AnswerCase[] = [
  step('a plain request', {}, 'ALLOW_RULE'),
  step('the anonymous identity', { identity: anonymous }, 'ALLOW_RULE'),
  step('a clock that is not a number', { at: Number.NaN, identity: null }, 'DENY_CLOCK_INVALID'),
  step('an infinite clock', { at: Number.POSITIVE_INFINITY }, 'DENY_CLOCK_INVALID'),
  step('no identity, although the source is malformed too', { identity: undefined, src: '' }, 'DENY_IDENTITY_INVALID'),
  step('an empty identity', { identity: {} }, 'DENY_IDENTITY_INVALID'),
  step('an unknown kind', { identity: { kind: 'root', id: 'alice' } }, 'DENY_IDENTITY_INVALID'),
  step('an empty id', { identity: { kind: 'user', id: '' } }, 'DENY_IDENTITY_INVALID'),
  step('an unknown key', { identity: alice({ group: ['eng'] }) }, 'DENY_IDENTITY_INVALID'),
  step('an anonymous identity with a group', { identity: { kind: 'anonymous', groups: [] } }, 'DENY_IDENTITY_INVALID'),
  step('an identity that inherits its members', { identity: Object.create(alice()) }, 'DENY_IDENTITY_INVALID'),
  step('groups that are no list', { identity: alice({ groups: 'eng' }) }, 'DENY_IDENTITY_INVALID'),
  step('a nested claim', { identity: alice({ claims: { a: { b: 1 } } }) }, 'DENY_IDENTITY_INVALID'),
  step('an expiry that is not finite', { identity: alice({ expiresAt: Number.NaN }) }, 'DENY_IDENTITY_INVALID'),
  step('an anonymous actor', { identity: alice({ actor: anonymous }) }, 'DENY_IDENTITY_INVALID'),
  step(
    'a malformed actor in a chain that is too long',
    { identity: alice({ actor: agent({ actor: agent({ actor: agent({ id: '' }) }) }) }) },
    'DENY_IDENTITY_INVALID',
  ),
  step('two actors', { identity: alice({ actor: agent({ actor: agent() }) }) }, 'ALLOW_RULE'),
  step(
    'three actors, although the first identity has expired',
    { identity: alice({ expiresAt: 0, actor: agent({ actor: agent({ actor: agent() }) }) }) },
    'DENY_DELEGATION_DEPTH',
  ),
  step('notBefore in the future', { identity: alice({ notBefore: NOON + 1 }) }, 'DENY_IDENTITY_NOT_YET_VALID'),
  step('notBefore now', { identity: alice({ notBefore: NOON }) }, 'ALLOW_RULE'),
  step('expiry now', { identity: alice({ expiresAt: NOON }) }, 'DENY_IDENTITY_EXPIRED'),
  step('expiry in a millisecond', { identity: alice({ expiresAt: NOON + 1 }) }, 'ALLOW_RULE'),
  step(
    'both expired and not yet valid',
    { identity: alice({ expiresAt: NOON - 9, notBefore: NOON + 9 }) },
    'DENY_IDENTITY_NOT_YET_VALID',
  ),
  step(
    'an expired identity with an actor who is not yet valid',
    { identity: alice({ expiresAt: NOON, actor: agent({ notBefore: NOON + 1 }) }) },
    'DENY_IDENTITY_EXPIRED',
  ),
  step(
    'an actor who has expired, and a malformed posture',
    { identity: alice({ actor: agent({ expiresAt: NOON }) }), posture: 7 },
    'DENY_IDENTITY_EXPIRED',
  ),
  step('no posture', { posture: undefined }, 'ALLOW_RULE'),
  step('a posture without facts', { posture: {} }, 'DENY_POSTURE_INVALID'),
  step(
    'a posture with null facts, and a malformed source',
    { posture: { facts: null }, src: '' },
    'DENY_POSTURE_INVALID',
  ),
  step('a posture with one malformed fact', { posture: { facts: { a: 7 } } }, 'ALLOW_RULE'),
  step('a source with an octal part', { src: '010.1.2.3', dst: '' }, 'DENY_SOURCE_INVALID'),
  step('a source that is a number', { src: 167838211 }, 'DENY_SOURCE_INVALID'),
  step('a source that is an empty object', { src: {} }, 'DENY_SOURCE_INVALID'),
  step(
    'an unknown source segment, and a malformed destination',
    { src: 'nowhere', dst: '1.2.3' },
    'DENY_SOURCE_UNKNOWN',
  ),
  step('an anonymous source segment', { src: 'hidden' }, 'DENY_SOURCE_UNKNOWN'),
  step('a segment that only the prototype has', { src: 'toString' }, 'DENY_SOURCE_UNKNOWN'),
  step('an object with an unknown key', { dst: { address: '10.1.2.3', url: 'x' } }, 'DENY_DESTINATION_INVALID'),
  step('an address with a port in an object', { dst: { address: '10.1.2.3:443' } }, 'DENY_DESTINATION_INVALID'),
  step('a port with a leading zero', { dst: '10.1.2.3:0443' }, 'DENY_DESTINATION_INVALID'),
  step('a port that is too large', { dst: 'corp:65536' }, 'DENY_DESTINATION_INVALID'),
  step('an IPv4 address in brackets', { dst: '[10.1.2.3]:443' }, 'DENY_DESTINATION_INVALID'),
  step('an address with a zone', { dst: 'fe80::1%eth0' }, 'DENY_DESTINATION_INVALID'),
  step('a SPIFFE id with a trailing slash', { dst: 'spiffe://td.example/' }, 'DENY_DESTINATION_INVALID'),
  step('a SPIFFE id with an upper case trust domain', { dst: 'spiffe://TD/a' }, 'DENY_DESTINATION_INVALID'),
  step('a SPIFFE id with dots', { dst: 'spiffe://td/a/..' }, 'DENY_DESTINATION_INVALID'),
  step('a SPIFFE id of 2048 bytes', { dst: `spiffe://td/${'a'.repeat(2036)}` }, 'ALLOW_RULE'),
  step('a SPIFFE id of 2049 bytes', { dst: `spiffe://td/${'a'.repeat(2037)}` }, 'DENY_DESTINATION_INVALID'),
  step('an unknown destination segment in an object', { dst: { segment: 'nowhere' } }, 'DENY_DESTINATION_UNKNOWN'),
  step(
    'an object whose members are undefined, all but one',
    { dst: { segment: 'corp', port: undefined } },
    'ALLOW_RULE',
  ),
]

const RULES: readonly AnswerCase[] = [
  {
    name: 'no rule: the default',
    sketch: { rules: [] },
    request: {},
    expected: {
      effect: 'deny',
      code: 'DENY_DEFAULT',
      rule: null,
      obligations: [],
      validUntil: Number.POSITIVE_INFINITY,
      shadow: null,
    },
  },
  {
    name: 'the first rule that matches decides',
    sketch: { rules: [{ id: 'no', from: [] }, { id: 'deny', effect: 'deny', obligations: [log] }, { id: 'allow' }] },
    request: {},
    expected: { effect: 'deny', code: 'DENY_RULE', rule: 'deny', obligations: [log] },
  },
  {
    name: 'a shadow rule does not decide, and is reported',
    sketch: { rules: [{ id: 'dark', effect: 'deny', mode: 'shadow' }, { id: 'allow' }] },
    request: {},
    expected: { effect: 'allow', rule: 'allow', shadow: { effect: 'deny', rule: 'dark' } },
  },
  {
    name: 'a shadow rule behind the rule that decides is not reported',
    sketch: { rules: [{ id: 'allow' }, { id: 'dark', effect: 'deny', mode: 'shadow' }] },
    request: {},
    expected: { rule: 'allow', shadow: null },
  },
  {
    name: 'a shadow allow turns the default only in the report',
    sketch: { rules: [{ id: 'dark', mode: 'shadow', leaseMs: 5, obligations: [log] }] },
    request: {},
    expected: {
      code: 'DENY_DEFAULT',
      shadow: { effect: 'allow', rule: 'dark' },
      obligations: [],
      validUntil: Number.POSITIVE_INFINITY,
    },
  },
  {
    name: 'a request that is refused earlier has no shadow',
    sketch: { rules: [{ mode: 'shadow' }] },
    request: { src: '' },
    expected: { code: 'DENY_SOURCE_INVALID', shadow: null },
  },
]

const DELEGATION: readonly AnswerCase[] = [
  {
    name: 'every actor is allowed: obligations in hop order, equal ones once, and the smallest lease',
    sketch: {
      rules: [
        { id: 'user', who: [[isUser]], obligations: [log, mask], leaseMs: 9 },
        { id: 'agent', who: [[isAgent]], obligations: [{ ...mask }, { type: 'log', level: 'full' }], leaseMs: 7 },
      ],
    },
    request: { identity: alice({ actor: agent() }) },
    expected: {
      code: 'ALLOW_RULE',
      rule: 'user',
      obligations: [log, mask, { type: 'log', level: 'full' }],
      validUntil: NOON + 7,
    },
  },
  {
    name: 'an actor whom no rule allows',
    sketch: { rules: [{ id: 'user', who: [[isUser]], obligations: [log] }] },
    request: { identity: alice({ actor: agent() }) },
    expected: { effect: 'deny', code: 'DENY_DELEGATION', rule: null, obligations: [] },
  },
  {
    name: 'an actor whom a rule denies',
    sketch: { rules: [{ id: 'no-agents', effect: 'deny', who: [[isAgent]] }, { id: 'all' }] },
    request: { identity: alice({ actor: agent() }) },
    expected: { effect: 'deny', code: 'DENY_DELEGATION', rule: 'no-agents' },
  },
  {
    name: 'the first actor who is not allowed is named',
    sketch: {
      rules: [
        { id: 'no-bob', effect: 'deny', who: [[{ type: 'id', id: 'bob', below: false }]] },
        { id: 'users', who: [[isUser]] },
      ],
    },
    request: { identity: alice({ actor: agent({ actor: agent({ id: 'bob' }) }) }) },
    expected: { code: 'DENY_DELEGATION', rule: null },
  },
  {
    name: 'a denied identity is not a question of delegation',
    sketch: { rules: [{ id: 'no-users', effect: 'deny', who: [[isUser]] }] },
    request: { identity: alice({ actor: agent() }) },
    expected: { code: 'DENY_RULE', rule: 'no-users' },
  },
  {
    name: 'shadow rules are asked about the identity only',
    sketch: { rules: [{ id: 'dark', effect: 'deny', mode: 'shadow', who: [[isAgent]] }, { id: 'all' }] },
    request: { identity: alice({ actor: agent() }) },
    expected: { code: 'ALLOW_RULE', shadow: null },
  },
]

const fact = { value: true, observedAt: NOON - 10, verification: 'channel' }
const encrypted = { op: 'equals', value: true, fact: 'disk', maxAgeMs: 30 } as const

const VALID_UNTIL: readonly AnswerCase[] = [
  { name: 'nothing in time', sketch: OPEN, request: {}, expected: { validUntil: Number.POSITIVE_INFINITY } },
  {
    name: 'the credential expires',
    sketch: OPEN,
    request: { identity: alice({ expiresAt: NOON + 5 }) },
    expected: { validUntil: NOON + 5 },
  },
  {
    name: 'the credential of an actor expires',
    sketch: OPEN,
    request: { identity: alice({ expiresAt: NOON + 5, actor: agent({ expiresAt: NOON + 3 }) }) },
    expected: { validUntil: NOON + 3 },
  },
  {
    name: 'a deny that a credential would turn',
    sketch: OPEN,
    request: { identity: alice({ notBefore: NOON + 5 }) },
    expected: { code: 'DENY_IDENTITY_NOT_YET_VALID', validUntil: NOON + 5 },
  },
  {
    name: 'an expired credential stays expired',
    sketch: OPEN,
    request: { identity: alice({ expiresAt: NOON, actor: agent({ notBefore: NOON + 5 }) }) },
    expected: { code: 'DENY_IDENTITY_EXPIRED', validUntil: Number.POSITIVE_INFINITY },
  },
  {
    name: 'a malformed source, and a credential that expires: the code changes',
    sketch: OPEN,
    request: { identity: alice({ expiresAt: NOON + 5 }), src: '' },
    expected: { code: 'DENY_SOURCE_INVALID', validUntil: NOON + 5 },
  },
  {
    name: 'a lease',
    sketch: { rules: [{ leaseMs: 7 }] },
    request: { identity: alice({ expiresAt: NOON + 9 }) },
    expected: { validUntil: NOON + 7 },
  },
  {
    name: 'a lease that outlives the credential',
    sketch: { rules: [{ leaseMs: 7 }] },
    request: { identity: alice({ expiresAt: NOON + 5 }) },
    expected: { validUntil: NOON + 5 },
  },
  {
    name: 'a posture fact grows stale',
    sketch: { postures: { safe: [encrypted] }, rules: [{ posture: ['safe'] }] },
    request: { posture: { facts: { disk: fact } } },
    expected: { code: 'ALLOW_RULE', validUntil: NOON + 20 },
  },
  {
    name: 'a posture fact that no rule asks for',
    sketch: { postures: { safe: [encrypted] }, rules: [{}] },
    request: { posture: { facts: { disk: fact } } },
    expected: { code: 'ALLOW_RULE', validUntil: Number.POSITIVE_INFINITY },
  },
  {
    name: 'a posture fact from the future turns a deny',
    sketch: { postures: { safe: [encrypted] }, rules: [{ posture: ['safe'] }] },
    request: { posture: { facts: { disk: { ...fact, observedAt: NOON + 4 } } } },
    expected: { code: 'DENY_DEFAULT', validUntil: NOON + 4 },
  },
  {
    name: 'a deny rule that begins to match when a fact grows stale',
    sketch: {
      postures: { off: [{ ...encrypted, value: false }] },
      rules: [{ id: 'no', effect: 'deny', posture: ['off'] }, { id: 'yes' }],
    },
    request: { posture: { facts: { disk: fact } } },
    expected: { code: 'ALLOW_RULE', rule: 'yes', validUntil: NOON + 20 },
  },
  {
    name: 'another rule takes over: the rule changes, the effect does not',
    sketch: { postures: { safe: [encrypted] }, rules: [{ id: 'first', posture: ['safe'] }, { id: 'second' }] },
    request: { posture: { facts: { disk: fact } } },
    expected: { rule: 'first', validUntil: NOON + 20 },
  },
  {
    name: 'a shadow outcome that changes does not count',
    sketch: {
      postures: { safe: [encrypted] },
      rules: [{ id: 'dark', mode: 'shadow', posture: ['safe'] }, { id: 'yes' }],
    },
    request: { posture: { facts: { disk: fact } } },
    expected: { rule: 'yes', shadow: { effect: 'allow', rule: 'dark' }, validUntil: Number.POSITIVE_INFINITY },
  },
  {
    name: 'the authentication grows old',
    sketch: { rules: [{ who: [[{ type: 'authAge', maxAgeMs: 30 }]] }] },
    request: { identity: alice({ assurance: { authenticatedAt: NOON - 10 } }) },
    expected: { code: 'ALLOW_RULE', validUntil: NOON + 20 },
  },
  {
    name: 'a rule begins',
    sketch: { rules: [{ valid: { ...never, from: NOON + 5, schedule: null } }] },
    request: {},
    expected: { code: 'DENY_DEFAULT', validUntil: NOON + 5 },
  },
  {
    name: 'a rule ends',
    sketch: { rules: [{ valid: { ...never, until: NOON + 5, schedule: null } }] },
    request: {},
    expected: { code: 'ALLOW_RULE', validUntil: NOON + 5 },
  },
  {
    name: 'a window closes',
    sketch: {
      rules: [{ valid: { ...never, schedule: [{ days: [3], fromMinute: 0, toMinute: 13 * 60, zone: 'UTC' }] } }],
    },
    request: {},
    expected: { code: 'ALLOW_RULE', validUntil: NOON + 3_600_000 },
  },
  {
    name: 'a window opens in six days',
    sketch: { rules: [{ valid: { ...never, schedule: [{ days: [2], fromMinute: 0, toMinute: 60, zone: 'UTC' }] } }] },
    request: {},
    expected: { code: 'DENY_DEFAULT', validUntil: Date.UTC(2026, 4, 12) },
  },
  {
    name: 'an hour that is skipped closes a window at its start',
    sketch: {
      rules: [{ valid: { ...never, schedule: [{ days: [0], fromMinute: 60, toMinute: 150, zone: 'Europe/Berlin' }] } }],
    },
    request: { at: Date.UTC(2026, 2, 29, 0, 30) },
    expected: { code: 'ALLOW_RULE', validUntil: Date.UTC(2026, 2, 29, 1) },
  },
  {
    name: 'a window that lies in the skipped hour comes a week later',
    sketch: {
      rules: [
        { valid: { ...never, schedule: [{ days: [0], fromMinute: 120, toMinute: 180, zone: 'Europe/Berlin' }] } },
      ],
    },
    request: { at: Date.UTC(2026, 2, 29) },
    expected: { code: 'DENY_DEFAULT', validUntil: Date.UTC(2026, 3, 5) },
  },
  {
    name: 'an hour that comes twice opens a window twice',
    sketch: {
      rules: [
        { valid: { ...never, schedule: [{ days: [0], fromMinute: 130, toMinute: 150, zone: 'Europe/Berlin' }] } },
      ],
    },
    request: { at: Date.UTC(2026, 9, 25, 0, 30) },
    expected: { code: 'DENY_DEFAULT', validUntil: Date.UTC(2026, 9, 25, 1, 10) },
  },
]

/** What sections 1, 2 and 5 of the semantics say, one line each. */
export const ANSWER_CASES: readonly AnswerCase[] = [
  ...STEPS,
  ...RULES,
  ...DELEGATION,
  ...VALID_UNTIL.map((one) => ({ ...one, name: `validUntil: ${one.name}` })),
]
