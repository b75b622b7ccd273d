import type { FactComparison, ScheduleWindow, ServiceEntry, WhoPredicate } from '../../src/policy/model.ts'
import type { Request } from './interpreter.ts'
import type { PolicySketch, RuleSketch } from './model-builder.ts'
import type { Truth } from './truth.ts'

/** One dimension of a rule, one request, and whether the one accepts the other. */
export interface MatchCase {
  readonly name: string
  readonly sketch?: Omit<PolicySketch, 'rules'>
  readonly rule: RuleSketch
  readonly request: Partial<Request>
  readonly truth: Truth
}

/** Noon, a Wednesday, in UTC. */
export const NOON = Date.UTC(2026, 4, 6, 12)

/** The rest of every request. */
export const PLAIN_REQUEST: Request = {
  identity: { kind: 'user', id: 'alice' },
  posture: null,
  src: '10.1.2.3:5000',
  dst: '10.9.0.1:443',
  at: NOON,
}

const SEGMENTS: Required<Pick<PolicySketch, 'segments'>> = {
  segments: {
    corp: { cidrs: ['10.1.0.0/16', 'fd00:1::/32'], except: { cidrs: ['10.1.9.0/24'] } },
    lab: { workloads: [{ id: 'spiffe://td.example/lab', below: true }] },
    web: { labels: [{ app: 'web', tier: 'front' }] },
    inner: { segments: ['corp', 'lab'], except: { segments: ['web'] } },
    hidden: { cidrs: ['10.1.0.0/16'], anonymous: true },
    world6: { cidrs: ['::/0'] },
  },
}

const from = (name: string, segment: string, src: unknown, truth: Truth): MatchCase => ({
  name: `from: ${name}`,
  sketch: SEGMENTS,
  rule: { from: [segment] },
  request: { src },
  truth,
})

const service = (
  name: string,
  entry: Partial<ServiceEntry>,
  dst: unknown,
  truth: Truth,
  src: unknown = '10.1.2.3',
): MatchCase => ({
  name: `services: ${name}`,
  rule: { services: [entry] },
  request: { src, dst },
  truth,
})

const http = (method: string, more: object = {}) => ({ address: '10.9.0.1', http: { method, ...more } })
const routes = (...list: string[]): Partial<ServiceEntry> => ({ http: { methods: null, routes: list } })

const who = (name: string, predicate: WhoPredicate, identity: object, truth: Truth): MatchCase => ({
  name: `who: ${name}`,
  rule: { who: [[predicate]] },
  request: { identity },
  truth,
})
const alice = (more: object = {}) => ({ kind: 'user', id: 'alice', ...more })
const anonymous = { kind: 'anonymous' }

const HOUR = 3_600_000
type Operation = FactComparison extends infer C ? (C extends unknown ? Omit<C, 'fact' | 'maxAgeMs'> : never) : never
const fact = (name: string, operation: Operation, given: unknown, truth: Truth): MatchCase => ({
  name: `posture: ${name}`,
  sketch: { postures: { only: [{ ...operation, fact: 'f', maxAgeMs: HOUR } as FactComparison] } },
  rule: { posture: ['only'] },
  request: { posture: { facts: given === undefined ? {} : { f: given } } },
  truth,
})
const seen = (value: unknown, more: object = {}) => ({
  value,
  observedAt: NOON - 1,
  verification: 'signature',
  ...more,
})

const window = (name: string, slot: Partial<ScheduleWindow>, at: number, truth: Truth): MatchCase => ({
  name: `schedule: ${name}`,
  rule: {
    valid: {
      from: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      schedule: [{ days: [3], fromMinute: 0, toMinute: 1440, zone: 'UTC', ...slot }],
    },
  },
  request: { at },
  truth,
})
const valid = (name: string, start: number, end: number, truth: Truth): MatchCase => ({
  name: `valid: ${name}`,
  rule: { valid: { from: start, until: end, schedule: null } },
  request: {},
  truth,
})

/** What section 4 of the semantics says, one line each. */
export const MATCH_CASES: readonly MatchCase[] = [
  { name: 'absent dimensions are true', rule: {}, request: {}, truth: true },
  { name: 'an empty from is false', rule: { from: [] }, request: {}, truth: false },
  { name: 'an empty to is false', rule: { to: [] }, request: {}, truth: false },
  { name: 'empty services are false', rule: { services: [] }, request: {}, truth: false },
  { name: 'an empty who is false', rule: { who: [] }, request: {}, truth: false },
  { name: 'an empty posture is false', rule: { posture: [] }, request: {}, truth: false },
  {
    name: 'one false dimension beats an unknown one',
    rule: { from: [], when: '1 / 0 == 1' },
    request: {},
    truth: false,
  },

  from('inside', 'corp', '10.1.2.3', true),
  from('first address', 'corp', '10.1.0.0', true),
  from('last address', 'corp', '10.1.255.255', true),
  from('just outside', 'corp', '10.2.0.0', false),
  from('subtracted', 'corp', '10.1.9.7', false),
  from('mapped address', 'corp', '::ffff:10.1.2.3', true),
  from('IPv6', 'corp', '[fd00:1::5]:443', true),
  from('IPv4 is not in ::/0', 'world6', '10.1.2.3', false),
  from('mapped address is not in ::/0', 'world6', '::ffff:a01:203', false),
  from('declared segment', 'corp', 'corp', true),
  from('declared segment with a port', 'corp', 'corp:443', true),
  from('declared segment and a subtracted address', 'corp', { segment: 'corp', address: '10.1.9.7' }, false),
  from('anonymous segment by its prefix', 'hidden', '10.1.2.3', true),
  from('below a SPIFFE path', 'lab', 'spiffe://td.example/lab/x', true),
  from('the SPIFFE path itself is not below it', 'lab', 'spiffe://td.example/lab', false),
  from('a longer name is not below', 'lab', 'spiffe://td.example/labs/x', false),
  from('all labels', 'web', { labels: { app: 'web', tier: 'front', more: 'x' } }, true),
  from('some labels', 'web', { labels: { app: 'web' } }, false),
  from('nested segment', 'inner', '10.1.2.3', true),
  from('nested segment keeps its own subtraction', 'inner', '10.1.9.7', false),
  from('nested segment, declared', 'inner', 'lab', true),
  from(
    'nested segment, subtracted by a segment',
    'inner',
    { address: '10.1.2.3', labels: { app: 'web', tier: 'front' } },
    false,
  ),
  from('any holds a workload', 'any', 'spiffe://other.example', true),
  from('internet holds a public address', 'internet', '8.8.8.8', true),
  from('internet holds a public IPv6 address', 'internet', '2606:4700::1111', true),
  from('internet holds no private address', 'internet', '192.168.0.1', false),
  from('internet holds no workload', 'internet', 'spiffe://other.example', false),
  from('internet, declared', 'internet', 'internet', true),

  service('protocol equal', { protocol: 6 }, { segment: 'any', protocol: 'tcp' }, true),
  service('protocol by number', { protocol: 6 }, { segment: 'any', protocol: 6 }, true),
  service('protocol differs', { protocol: 6 }, { segment: 'any', protocol: 'udp' }, false),
  service('protocol not said', { protocol: 6 }, '10.9.0.1', 'unknown'),
  service('a port without a protocol is TCP', { protocol: 6 }, '10.9.0.1:443', true),
  service('a port without a protocol is not UDP', { protocol: 17 }, { segment: 'any', port: 53 }, false),
  service('port in a range', { ports: [{ from: 440, to: 443 }] }, '10.9.0.1:443', true),
  service('port outside', { ports: [{ from: 444, to: 450 }] }, '10.9.0.1:443', false),
  service('port not said', { ports: [{ from: 443, to: 443 }] }, '10.9.0.1', 'unknown'),
  service('port 0 is a port', { ports: [{ from: 0, to: 0 }] }, '10.9.0.1:0', true),
  service('source port', { sourcePorts: [{ from: 53, to: 53 }] }, '10.9.0.1', true, '10.1.2.3:53'),
  service('source port not said', { sourcePorts: [{ from: 53, to: 53 }] }, '10.9.0.1:53', 'unknown'),
  service(
    'a known false part beats an unknown one',
    { protocol: 6, ports: [{ from: 444, to: 444 }] },
    '10.9.0.1:443',
    false,
  ),
  service('not an http request', { http: { methods: null, routes: null } }, '10.9.0.1:443', false),
  service('any http request', { http: { methods: null, routes: null } }, http('PATCH'), true),
  service('method', { http: { methods: ['POST'], routes: null } }, http('POST'), true),
  service('another method', { http: { methods: ['POST'], routes: null } }, http('GET'), false),
  service('HEAD counts as GET', { http: { methods: ['GET'], routes: null } }, http('HEAD'), true),
  service('GET does not count as HEAD', { http: { methods: ['HEAD'], routes: null } }, http('GET'), false),
  service('route equal', routes('/v1/models/:id'), http('GET', { route: '/v1/models/:id' }), true),
  service('parameters lose their names', routes('/v1/models/:id'), http('GET', { route: '/v1/models/{name}' }), true),
  service('a route is not its parameter', routes('/v1/models/:id'), http('GET', { route: '/v1/models/7' }), false),
  service('route below', routes('/admin/*'), http('GET', { route: '/admin/users/:id' }), true),
  service('the prefix is not below itself', routes('/admin/*'), http('GET', { route: '/admin' }), false),
  service('a longer segment is not below', routes('/admin/*'), http('GET', { route: '/administrator/x' }), false),
  service('the route decides, not the path', routes('/admin'), http('GET', { route: '/x', path: '/admin' }), false),
  service('path with a parameter', routes('/v1/models/:id'), http('GET', { path: '/v1/models/7' }), true),
  service('path too long', routes('/v1/models/:id'), http('GET', { path: '/v1/models/7/run' }), false),
  service('path below', routes('/admin/*'), http('GET', { path: '/admin/a/b' }), true),
  service('path with two slashes', routes('/v1/models'), http('GET', { path: '/v1//models' }), 'unknown'),
  service('path with dots', routes('/v1/models'), http('GET', { path: '/v1/../models' }), 'unknown'),
  service('path with an escaped slash', routes('/v1/models'), http('GET', { path: '/v1%2fmodels' }), 'unknown'),
  service('neither route nor path', routes('/v1/models'), http('GET'), 'unknown'),
  service(
    'another method is false although the route is unknown',
    { http: { methods: ['POST'], routes: ['/v1'] } },
    http('GET'),
    false,
  ),
  service(
    'grpc method',
    { grpc: { service: 'a.B', methods: ['Run'] } },
    { segment: 'any', grpc: { service: 'a.B', method: 'Run' } },
    true,
  ),
  service(
    'grpc other method',
    { grpc: { service: 'a.B', methods: ['Run'] } },
    { segment: 'any', grpc: { service: 'a.B', method: 'Stop' } },
    false,
  ),
  service(
    'grpc any method',
    { grpc: { service: 'a.B', methods: null } },
    { segment: 'any', grpc: { service: 'a.B', method: 'Stop' } },
    true,
  ),
  service('not grpc', { grpc: { service: 'a.B', methods: null } }, '10.9.0.1', false),
  service('model', { models: ['llama'] }, { segment: 'any', model: 'llama' }, true),
  service('model by prefix', { models: ['embed-*'] }, { segment: 'any', model: 'embed-small' }, true),
  service('model prefix alone', { models: ['embed-*'] }, { segment: 'any', model: 'embed-' }, true),
  service('model outside', { models: ['embed-*'] }, { segment: 'any', model: 'embed' }, false),
  service('no model', { models: ['*'] }, '10.9.0.1', false),
  service('tool', { tools: ['web.search'] }, { segment: 'any', tool: 'web.search' }, true),
  service('no tool', { tools: ['web.search'] }, '10.9.0.1', false),
  {
    name: 'services: any of them is enough',
    rule: { services: [{ protocol: 17 }, { ports: [{ from: 443, to: 443 }] }] },
    request: { dst: '10.9.0.1:443' },
    truth: true,
  },
  {
    name: 'services: unknown or false is unknown',
    rule: { services: [{ protocol: 17 }, { ports: [{ from: 1, to: 1 }] }] },
    request: { dst: { segment: 'any', protocol: 'tcp' } },
    truth: 'unknown',
  },

  { name: 'who: an empty selector is everybody', rule: { who: [[]] }, request: { identity: anonymous }, truth: true },
  who('kind', { type: 'kind', kind: 'user' }, alice(), true),
  who('other kind', { type: 'kind', kind: 'agent' }, alice(), false),
  who('anonymous kind', { type: 'kind', kind: 'anonymous' }, anonymous, true),
  who('id', { type: 'id', id: 'alice', below: false }, alice(), true),
  who('other id', { type: 'id', id: 'bob', below: false }, alice(), false),
  who('anonymous has no id', { type: 'id', id: 'alice', below: false }, anonymous, false),
  who(
    'id below',
    { type: 'id', id: 'spiffe://td/ns', below: true },
    { kind: 'workload', id: 'spiffe://td/ns/a' },
    true,
  ),
  who(
    'id not below itself',
    { type: 'id', id: 'spiffe://td/ns', below: true },
    { kind: 'workload', id: 'spiffe://td/ns' },
    false,
  ),
  who(
    'group under another name',
    { type: 'group', group: 'ml', names: ['ml', 'idp-ml'], members: [] },
    alice({ groups: ['idp-ml'] }),
    true,
  ),
  who('group by membership', { type: 'group', group: 'ml', names: ['ml'], members: ['alice'] }, alice(), true),
  who(
    'not in the group',
    { type: 'group', group: 'ml', names: ['ml'], members: ['bob'] },
    alice({ groups: ['x'] }),
    false,
  ),
  who('anonymous is in no group', { type: 'group', group: 'ml', names: ['ml'], members: [] }, anonymous, false),
  who('role', { type: 'role', role: 'admin' }, alice({ roles: ['admin'] }), true),
  who('no role', { type: 'role', role: 'admin' }, alice(), false),
  who('claim', { type: 'claim', claim: 't', values: ['a', 'b'] }, alice({ claims: { t: 'b' } }), true),
  who('claim of another type', { type: 'claim', claim: 't', values: [3] }, alice({ claims: { t: '3' } }), false),
  who('list claim', { type: 'claim', claim: 't', values: ['b'] }, alice({ claims: { t: ['a', 'b'] } }), true),
  who('empty list claim', { type: 'claim', claim: 't', values: ['b'] }, alice({ claims: { t: [] } }), false),
  who('no such claim', { type: 'claim', claim: 't', values: ['b'] }, alice({ claims: {} }), 'unknown'),
  who(
    'a claim that only the prototype has',
    { type: 'claim', claim: 'toString', values: ['b'] },
    alice({ claims: {} }),
    'unknown',
  ),
  who('anonymous claim', { type: 'claim', claim: 't', values: ['b'] }, anonymous, 'unknown'),
  who('acr', { type: 'acr', values: ['phr'] }, alice({ assurance: { acr: 'phr' } }), true),
  who('other acr', { type: 'acr', values: ['phr'] }, alice({ assurance: { acr: 'pwd' } }), false),
  who('no acr', { type: 'acr', values: ['phr'] }, alice(), 'unknown'),
  who('amr', { type: 'amr', methods: ['mfa', 'pwd'] }, alice({ assurance: { amr: ['pwd', 'mfa'] } }), true),
  who('amr in part', { type: 'amr', methods: ['mfa', 'pwd'] }, alice({ assurance: { amr: ['pwd'] } }), false),
  who('no amr', { type: 'amr', methods: ['mfa'] }, alice({ assurance: {} }), 'unknown'),
  who('authenticated now', { type: 'authAge', maxAgeMs: 10 }, alice({ assurance: { authenticatedAt: NOON } }), true),
  who(
    'authenticated just in time',
    { type: 'authAge', maxAgeMs: 10 },
    alice({ assurance: { authenticatedAt: NOON - 9 } }),
    true,
  ),
  who(
    'authenticated too long ago',
    { type: 'authAge', maxAgeMs: 10 },
    alice({ assurance: { authenticatedAt: NOON - 10 } }),
    'unknown',
  ),
  who(
    'authenticated in the future',
    { type: 'authAge', maxAgeMs: 10 },
    alice({ assurance: { authenticatedAt: NOON + 1 } }),
    'unknown',
  ),
  who('no time of authentication', { type: 'authAge', maxAgeMs: 10 }, alice(), 'unknown'),

  fact('equal', { op: 'equals', value: true }, seen(true), true),
  fact('not equal', { op: 'equals', value: true }, seen(false), false),
  fact('of another type', { op: 'equals', value: true }, seen('true'), 'unknown'),
  fact('no fact', { op: 'equals', value: true }, undefined, 'unknown'),
  fact('self-asserted', { op: 'equals', value: true }, seen(true, { verification: 'none' }), 'unknown'),
  fact('observed now', { op: 'equals', value: true }, seen(true, { observedAt: NOON }), true),
  fact('last millisecond', { op: 'equals', value: true }, seen(true, { observedAt: NOON - HOUR + 1 }), true),
  fact('stale', { op: 'equals', value: true }, seen(true, { observedAt: NOON - HOUR }), 'unknown'),
  fact('from the future', { op: 'equals', value: true }, seen(true, { observedAt: NOON + 1 }), 'unknown'),
  fact('malformed', { op: 'equals', value: true }, { value: true }, 'unknown'),
  fact('not a fact at all', { op: 'equals', value: true }, true, 'unknown'),
  fact('not a number', { op: 'atLeast', value: 1 }, seen(Number.NaN), 'unknown'),
  fact('notEquals', { op: 'notEquals', value: 'linux' }, seen('macos'), true),
  fact('notEquals of another type', { op: 'notEquals', value: 'linux' }, seen(7), 'unknown'),
  fact('oneOf', { op: 'oneOf', values: ['a', 7] }, seen(7), true),
  fact('oneOf, none of them', { op: 'oneOf', values: ['a', 7] }, seen('b'), false),
  fact('oneOf, another type', { op: 'oneOf', values: ['a', 'b'] }, seen(7), 'unknown'),
  fact('noneOf', { op: 'noneOf', values: ['a', 7] }, seen('b'), true),
  fact('noneOf, one of them', { op: 'noneOf', values: ['a', 7] }, seen('a'), false),
  fact('noneOf, another type', { op: 'noneOf', values: ['a'] }, seen(true), 'unknown'),
  fact('atLeast at the border', { op: 'atLeast', value: 70 }, seen(70), true),
  fact('above at the border', { op: 'above', value: 70 }, seen(70), false),
  fact('atMost at the border', { op: 'atMost', value: 70 }, seen(70), true),
  fact('below at the border', { op: 'below', value: 70 }, seen(70), false),
  fact('a number in a string', { op: 'atLeast', value: 70 }, seen('71'), 'unknown'),
  fact('versions are numbers, not text', { op: 'atLeastVersion', value: '14.2' }, seen('14.10'), true),
  fact('missing parts of a version are zero', { op: 'atLeastVersion', value: '14.0.0' }, seen('14'), true),
  fact('older version', { op: 'atLeastVersion', value: '14.2' }, seen('13.9.9'), false),
  fact('atMostVersion', { op: 'atMostVersion', value: '14.2' }, seen('14.2.1'), false),
  fact('not a version', { op: 'atLeastVersion', value: '14' }, seen('14-beta'), 'unknown'),
  fact('a version that is a number', { op: 'atLeastVersion', value: '14' }, seen(14), 'unknown'),
  fact('nine parts are no version', { op: 'atLeastVersion', value: '1' }, seen('2.2.2.2.2.2.2.2.2'), 'unknown'),
  fact('present', { op: 'present' }, seen(0), true),
  fact('present, and there is none', { op: 'present' }, undefined, false),
  fact('present, and it is stale', { op: 'present' }, seen(0, { observedAt: NOON - HOUR }), 'unknown'),
  fact('absent', { op: 'absent' }, undefined, true),
  fact('absent, and there is one', { op: 'absent' }, seen(false), false),
  fact('absent, and it is stale', { op: 'absent' }, seen(0, { observedAt: NOON - HOUR }), 'unknown'),
  fact('absent, and it is malformed', { op: 'absent' }, null, 'unknown'),
  {
    name: 'posture: a fact that only the prototype has',
    sketch: { postures: { only: [{ op: 'absent', fact: 'constructor', maxAgeMs: HOUR }] } },
    rule: { posture: ['only'] },
    request: { posture: { facts: {} } },
    truth: true,
  },
  {
    name: 'posture: any of them is enough',
    sketch: {
      postures: {
        bad: [{ op: 'equals', value: 1, fact: 'f', maxAgeMs: HOUR }],
        good: [{ op: 'equals', value: 2, fact: 'f', maxAgeMs: HOUR }],
      },
    },
    rule: { posture: ['bad', 'good'] },
    request: { posture: { facts: { f: seen(2) } } },
    truth: true,
  },

  valid('first instant', NOON, NOON + 1, true),
  valid('too early', NOON + 1, NOON + 2, false),
  valid('until is exclusive', NOON - 1, NOON, false),
  window('on the day', {}, NOON, true),
  window('on another day', { days: [2, 4] }, NOON, false),
  window('first minute', { fromMinute: 720 }, NOON, true),
  window('before the first minute', { fromMinute: 720 }, NOON - 1, false),
  window('last millisecond', { toMinute: 721 }, NOON + 59_999, true),
  window('the last minute is exclusive', { toMinute: 721 }, NOON + 60_000, false),
  window('in local time', { zone: 'Europe/Berlin', fromMinute: 14 * 60, toMinute: 15 * 60 }, NOON, true),
  window('in local time, a day on', { zone: 'Asia/Kolkata', days: [4], toMinute: 60 }, Date.UTC(2026, 4, 6, 19), true),

  { name: 'when: true', rule: { when: "request.identity.kind == 'user'" }, request: {}, truth: true },
  {
    name: 'when: false',
    rule: { when: "request.identity.id == 'alice'" },
    request: { identity: { kind: 'user', id: 'bob' } },
    truth: false,
  },
  { name: 'when: an error', rule: { when: '1 / 0 == 1' }, request: {}, truth: 'unknown' },
  {
    name: 'when: a missing member',
    rule: { when: "request.dst.http.method == 'POST'" },
    request: {},
    truth: 'unknown',
  },
  { name: 'when: not a boolean', rule: { when: 'request.identity.kind' }, request: {}, truth: 'unknown' },
  {
    name: 'when: sees the context of the destination',
    rule: { when: "request.context.ticket == 'T1'" },
    request: { dst: { segment: 'any', context: { ticket: 'T1' } } },
    truth: true,
  },
]
