/** What an attacker, a worm or a mistake sends. Each is one line of the stream, and each is denied, for its own reason. */
import {
  agent,
  BEGIN,
  CONTRACTOR,
  customer,
  DATA,
  gpu,
  grpc,
  HOUR,
  https,
  image,
  laptop,
  MINUTE,
  ML,
  person,
  SRE,
  tcp,
  through,
  workload,
} from './cast.ts'
import type { Scene } from './record.ts'

type Question = (at: number) => Record<string, unknown>

function attack(about: string, code: string, rule: string | null, question: Question | string): Scene {
  return (at) => ({
    about: `attack: ${about}`,
    code,
    rule,
    request: typeof question === 'string' ? question : question(at),
  })
}

const JOBS = grpc('10.30.0.2', 8443, 'train.v1.Jobs', 'Submit')
const WEIGHTS = https('10.40.0.2', 'GET', '/v1/weights/:model')
const GENERATE = grpc('10.50.3.1', 8443, 'inference.v1.Generate', 'Run')
const CHAT = https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-large' })

/** All of them. */
export function attacks(): readonly Scene[] {
  return [
    ...addresses(),
    ...names(),
    ...identities(),
    ...postures(),
    ...delegation(),
    ...operations(),
    ...movement(),
    ...lines(),
  ]
}

/** One request that is allowed from 10.10.4.30, with the source spelt otherwise. */
function addresses(): readonly Scene[] {
  const from = (src: unknown): Question => {
    return (at) => ({ identity: person('alice', at, ML), posture: laptop(at), src, dst: JOBS })
  }
  const malformed = ['012.10.4.30', '0x0a.10.4.30', '10.10.1054', '168428574', '10.10.4.30/32', '10.10.4.030']
  const odd = [
    'fd5a:11ce:7000:1004::1e%eth0',
    '::ffff:10.10.4.30:443',
    '10.10.4.30:0443',
    '10.10.4.30\n',
    '',
    '[10.10.4.30]',
  ]
  return [
    ...malformed.map((src) =>
      attack('address in a form that parsers disagree on', 'DENY_SOURCE_INVALID', null, from(src)),
    ),
    ...odd.map((src) => attack('address with something added', 'DENY_SOURCE_INVALID', null, from(src))),
    // No digit of ours begins it, so it is the name of a segment, and there is none.
    attack('address in foreign digits', 'DENY_SOURCE_UNKNOWN', null, from('\uff11\uff10.10.4.30')),
    // The mapped form is the IPv4 address: the machine in quarantine stays there however it is spelt.
    attack('quarantined machine spelt as mapped IPv6', 'DENY_RULE', 'no-quarantine-out', from('::ffff:10.10.66.7')),
    attack('quarantined machine spelt as mapped IPv6', 'DENY_RULE', 'no-quarantine-out', from('::FFFF:0a0a:4207')),
    attack('IPv4 embedded in a transition prefix', 'DENY_DEFAULT', null, from('64:ff9b::a0a:41e')),
    attack('IPv4 embedded in a transition prefix', 'DENY_DEFAULT', null, from('2002:a0a:41e::')),
    attack('credentials of the machine', 'DENY_RULE', 'no-metadata', (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '169.254.169.254:80',
    })),
    attack('credentials of the machine', 'DENY_RULE', 'no-metadata', (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '[::ffff:a9fe:a9fe]:443',
    })),
    attack('credentials of the machine', 'DENY_RULE', 'no-metadata', (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '[fd00:ec2::254]:443',
    })),
    attack('request forged to a private address', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '192.168.0.1:443',
    })),
    attack('request forged to loopback', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '[::1]:443',
    })),
    attack('request forged to loopback', 'DENY_DESTINATION_INVALID', null, (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      posture: image(at),
      src: '10.20.1.1',
      dst: '127.1:443',
    })),
  ]
}

function names(): readonly Scene[] {
  const to = (dst: unknown): Question => {
    return (at) => ({ identity: workload('gateway/pod-0', at + HOUR), posture: image(at), src: '10.60.0.4', dst })
  }
  const from = (src: unknown): Question => {
    return (at) => ({ identity: workload('gateway/pod-0', at + HOUR), posture: image(at), src, dst: GENERATE })
  }
  return [
    attack('segment that does not exist', 'DENY_DESTINATION_UNKNOWN', null, to('inferense:8443')),
    attack('segment that does not exist', 'DENY_DESTINATION_UNKNOWN', null, to('constructor:8443')),
    attack('segment that does not exist', 'DENY_SOURCE_UNKNOWN', null, from('Gateway')),
    attack('unknown member of an endpoint', 'DENY_SOURCE_INVALID', null, from({ address: '10.60.0.4', trusted: true })),
    attack('empty endpoint', 'DENY_DESTINATION_INVALID', null, to({})),
    attack(
      'workload id with a climbing path',
      'DENY_SOURCE_INVALID',
      null,
      from('spiffe://prod.acme.example/edge/../gateway/x'),
    ),
    attack(
      'workload id of another trust domain',
      'DENY_DEFAULT',
      null,
      from('spiffe://prod.acme.example.evil.test/gateway/x'),
    ),
    attack(
      'workload id that only begins alike',
      'DENY_DEFAULT',
      null,
      from('spiffe://prod.acme.example/gateway-shadow/x'),
    ),
  ]
}

function identities(): readonly Scene[] {
  const as = (identity: (at: number) => unknown): Question => {
    return (at) => ({ identity: identity(at), posture: laptop(at), src: '10.10.4.30', dst: JOBS })
  }
  return [
    attack('no identity', 'DENY_IDENTITY_INVALID', null, (at) => ({
      posture: laptop(at),
      src: '10.10.4.30',
      dst: JOBS,
    })),
    attack(
      'empty principal',
      'DENY_IDENTITY_INVALID',
      null,
      as(() => ({})),
    ),
    attack(
      'identity without an id',
      'DENY_IDENTITY_INVALID',
      null,
      as(() => ({ kind: 'user', id: '', groups: ['idp-ml'] })),
    ),
    attack(
      'unknown member of an identity',
      'DENY_IDENTITY_INVALID',
      null,
      as((at) => ({ ...person('eve', at, ML), admin: true })),
    ),
    attack(
      'anonymous with a group',
      'DENY_IDENTITY_INVALID',
      null,
      as(() => ({ kind: 'anonymous', groups: ['idp-ml'] })),
    ),
    attack(
      'expired token',
      'DENY_IDENTITY_EXPIRED',
      null,
      as((at) => ({ ...person('alice', at, ML), expiresAt: at - 1 })),
    ),
    attack(
      'expired token',
      'DENY_IDENTITY_EXPIRED',
      null,
      as((at) => ({ ...person('alice', at, ML), expiresAt: at })),
    ),
    attack(
      'token from the future',
      'DENY_IDENTITY_NOT_YET_VALID',
      null,
      as((at) => ({ ...person('alice', at, ML), notBefore: at + 1 })),
    ),
    attack(
      'expiry that is a text',
      'DENY_IDENTITY_INVALID',
      null,
      as((at) => ({ ...person('alice', at, ML), expiresAt: '2099-01-01' })),
    ),
    attack(
      'second factor too long ago',
      'DENY_DEFAULT',
      null,
      as((at) => person('alice', at, ML, 481)),
    ),
    attack(
      'no second factor',
      'DENY_DEFAULT',
      null,
      as((at) => ({ ...person('alice', at, ML), assurance: { amr: ['pwd'], authenticatedAt: at } })),
    ),
    attack(
      'log-in from the future',
      'DENY_DEFAULT',
      null,
      as((at) => person('alice', at, ML, -5)),
    ),
    attack(
      'group that only looks like one',
      'DENY_DEFAULT',
      null,
      as((at) => person('eve', at, { groups: ['IDP-ML', 'idp-ml ', 'ml'] })),
    ),
    attack('claim as a list of lists', 'DENY_IDENTITY_INVALID', null, (at) => ({
      identity: { ...customer('tenant-1', at, 'free'), claims: { plan: [['pro']] } },
      src: '10.5.0.10',
      dst: CHAT,
    })),
    attack('anonymous inside', 'DENY_RULE', 'no-anonymous-inside', () => ({
      identity: { kind: 'anonymous' },
      src: '10.91.0.5',
      dst: '10.50.3.1:443',
    })),
    attack('person with a workload id', 'DENY_DEFAULT', null, (at) => ({
      identity: { ...person('x', at), id: 'spiffe://prod.acme.example/gateway/pod-0' },
      posture: image(at),
      src: '10.60.0.4',
      dst: GENERATE,
    })),
  ]
}

function postures(): readonly Scene[] {
  const on = (posture: (at: number) => unknown): Question => {
    return (at) => ({ identity: person('alice', at, ML), posture: posture(at), src: '10.10.4.30', dst: JOBS })
  }
  const onGpu = (posture: (at: number) => unknown): Question => {
    return (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: posture(at),
      src: '10.30.1.1',
      dst: https('10.40.0.2', 'PUT', '/v1/weights/:model'),
    })
  }
  const fact = (at: number, name: string, change: Record<string, unknown>) => {
    const { facts } = laptop(at)
    return { facts: { ...facts, [name]: { ...facts[name], ...change } } }
  }
  return [
    attack(
      'stale posture',
      'DENY_DEFAULT',
      null,
      on((at) => laptop(at, {}, 15 * 60)),
    ),
    attack(
      'score that is too old though the rest is not',
      'DENY_DEFAULT',
      null,
      on((at) => laptop(at, {}, 5 * 60)),
    ),
    attack(
      'unencrypted disk',
      'DENY_DEFAULT',
      null,
      on((at) => laptop(at, { 'disk.encrypted': false })),
    ),
    attack(
      'fact of the wrong type',
      'DENY_DEFAULT',
      null,
      on((at) => laptop(at, { 'disk.encrypted': 'true' })),
    ),
    attack(
      'version that sorts higher as text',
      'DENY_DEFAULT',
      null,
      on((at) => laptop(at, { 'os.version': '9.9' })),
    ),
    attack(
      'fact that the device says of itself',
      'DENY_DEFAULT',
      null,
      on((at) => fact(at, 'disk.encrypted', { verification: 'none' })),
    ),
    attack(
      'fact from the future',
      'DENY_DEFAULT',
      null,
      on((at) => fact(at, 'disk.encrypted', { observedAt: at + MINUTE })),
    ),
    attack(
      'infected device',
      'DENY_RULE',
      'no-threatened-device',
      on((at) => laptop(at, { 'edr.threat': 'high' })),
    ),
    attack(
      'silenced sensor',
      'DENY_RULE',
      'no-threatened-device',
      on((at) => laptop(at, {}, 61 * 60)),
    ),
    attack(
      'no posture at all',
      'DENY_RULE',
      'no-threatened-device',
      on(() => null),
    ),
    attack(
      'posture that is a list',
      'DENY_POSTURE_INVALID',
      null,
      on(() => ({ facts: [] })),
    ),
    attack(
      'posture without facts',
      'DENY_POSTURE_INVALID',
      null,
      on(() => ({ healthy: true })),
    ),
    attack(
      'accelerator whose attestation ran out',
      'DENY_DEFAULT',
      null,
      onGpu((at) => gpu(at, {}, 60)),
    ),
    attack(
      'accelerator that failed attestation',
      'DENY_DEFAULT',
      null,
      onGpu((at) => gpu(at, { 'gpu.attestation': 'debug' })),
    ),
    attack('unsigned image', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('gateway/pod-0', at + HOUR),
      posture: image(at, { 'image.signed': false }),
      src: '10.60.0.4',
      dst: GENERATE,
    })),
  ]
}

function delegation(): readonly Scene[] {
  const owner = (at: number) => person('alice', at, { ...ML, roles: ['tool-approver'] })
  const tool = (name: string, identity: (at: number) => unknown): Question => {
    return (at) => ({ identity: identity(at), src: '10.80.2.1', dst: tcp('10.81.0.2', 443, { tool: name }) })
  }
  return [
    attack(
      'chain of agents that is too long',
      'DENY_DELEGATION_DEPTH',
      null,
      tool('web.search', (at) => through(owner(at), agent('a', at), agent('b', at), agent('c', at))),
    ),
    attack(
      'expired agent in the middle of a chain',
      'DENY_IDENTITY_EXPIRED',
      null,
      tool('web.search', (at) => through(owner(at), { ...agent('a', at), expiresAt: at - 1 }, agent('b', at))),
    ),
    attack(
      'foreign agent at the end of a chain',
      'DENY_DELEGATION',
      null,
      tool('web.search', (at) =>
        through(owner(at), agent('a', at), { kind: 'agent', id: 'spiffe://elsewhere.example/agents/x' }),
      ),
    ),
    attack(
      'agent for a person who may not',
      'DENY_DEFAULT',
      null,
      tool('web.search', (at) => through(person('carl', at, CONTRACTOR), agent('a', at))),
    ),
    attack(
      'anonymous in a chain',
      'DENY_IDENTITY_INVALID',
      null,
      tool('web.search', (at) => ({ ...owner(at), actor: { kind: 'anonymous' } })),
    ),
    attack(
      'token of a person that was not issued for agents',
      'DENY_DEFAULT',
      null,
      tool('web.search', (at) => ({ ...owner(at), actor: agent('a', at) })),
    ),
    attack(
      'dangerous tool',
      'DENY_RULE',
      'no-dangerous-tools',
      tool('shell.exec', (at) => through(owner(at), agent('coder', at, { claims: { reviewed: true } }))),
    ),
    attack(
      'tool in other letters',
      'DENY_DEFAULT',
      null,
      tool('Web.Search', (at) => through(owner(at), agent('a', at))),
    ),
    attack(
      'tool with a tail',
      'DENY_DEFAULT',
      null,
      tool('web.search.raw', (at) => through(owner(at), agent('a', at))),
    ),
    attack(
      'writing with an old log-in',
      'DENY_DEFAULT',
      null,
      tool('code.commit', (at) =>
        through(
          person('alice', at, { ...ML, roles: ['tool-approver'] }, 61),
          agent('coder', at, { claims: { reviewed: true } }),
        ),
      ),
    ),
    attack('agent after a secret', 'DENY_RULE', 'no-agents-to-secrets', (at) => ({
      identity: agent('a', at),
      src: '10.80.2.1',
      dst: grpc('10.90.0.3', 8200, 'secrets.v1.Store', 'Read'),
    })),
  ]
}

function operations(): readonly Scene[] {
  const by = (dst: unknown): Question => {
    return (at) => ({ identity: customer('tenant-1', at, 'pro'), src: '10.5.0.10', dst })
  }
  return [
    // HEAD is GET: what may not be got may not be asked for either.
    attack(
      'HEAD on a route that is closed to GET',
      'DENY_RULE',
      'no-key-listing',
      by(https('10.60.0.4', 'HEAD', '/v1/keys/:id')),
    ),
    attack('GET on a closed route', 'DENY_RULE', 'no-key-listing', by(https('10.60.0.4', 'GET', '/v1/keys'))),
    attack(
      'admin route from the edge',
      'DENY_RULE',
      'no-admin-from-edge',
      by(https('10.60.0.4', 'POST', '/admin/users')),
    ),
    attack(
      'path that routers read in two ways',
      'DENY_RULE',
      'no-admin-from-edge',
      by(tcp('10.60.0.4', 443, { http: { method: 'GET', path: '/v1//admin/users' } })),
    ),
    attack(
      'path that routers read in two ways',
      'DENY_RULE',
      'no-admin-from-edge',
      by(tcp('10.60.0.4', 443, { http: { method: 'GET', path: '/v1/models/..%2fadmin' } })),
    ),
    attack('method that no rule names', 'DENY_DEFAULT', null, by(https('10.60.0.4', 'PURGE', '/v1/chat/completions'))),
    attack(
      'route below an allowed one',
      'DENY_DEFAULT',
      null,
      by(https('10.60.0.4', 'POST', '/v1/chat/completions/batch')),
    ),
    attack(
      'request without a port',
      'DENY_RULE',
      'no-cleartext',
      by({ address: '10.60.0.4', http: { method: 'POST', route: '/v1/chat/completions' } }),
    ),
    attack('right call, wrong transport', 'DENY_DEFAULT', null, by({ ...CHAT, protocol: 'udp' })),
    attack('cleartext', 'DENY_RULE', 'no-cleartext', by({ ...CHAT, port: 80 })),
    attack('port out of range', 'DENY_DESTINATION_INVALID', null, by({ ...CHAT, port: 65979 })),
    attack('gRPC name with a slash in front', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('gateway/pod-0', at + HOUR),
      posture: image(at),
      src: '10.60.0.4',
      dst: grpc('10.50.3.1', 8443, '/inference.v1.Generate', 'Run'),
    })),
    attack('gRPC method that was not granted', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('gateway/pod-0', at + HOUR),
      posture: image(at),
      src: '10.60.0.4',
      dst: grpc('10.50.3.1', 8443, 'inference.v1.Generate', 'Unload'),
    })),
    attack('ticket that is no incident', 'DENY_DEFAULT', null, (at) => ({
      identity: person('alice', at, ML),
      posture: laptop(at),
      src: '10.10.4.30',
      dst: { ...grpc('10.70.0.8', 6334, 'vector.v1.Search', 'Query'), context: { ticket: ['INC-1'] } },
    })),
  ]
}

/** Somebody is inside already and looks around. */
function movement(): readonly Scene[] {
  return [
    attack('training that calls home', 'DENY_RULE', 'no-training-to-internet', (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: gpu(at),
      src: '10.30.1.1',
      dst: '93.184.215.14:443',
    })),
    attack('training that calls home', 'DENY_RULE', 'no-training-to-internet', (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: gpu(at),
      src: 'fd5a:11ce:7000:3001::1',
      dst: '[2606:2800:220:1::1]:443',
    })),
    attack('customer straight to inference', 'DENY_DEFAULT', null, (at) => ({
      identity: customer('tenant-1', at, 'enterprise'),
      src: '10.5.0.10',
      dst: GENERATE,
    })),
    attack('weights from a laptop of another team', 'DENY_DEFAULT', null, (at) => ({
      identity: person('dave', at, DATA),
      posture: laptop(at),
      src: '10.10.4.31',
      dst: WEIGHTS,
    })),
    attack('weights for a contractor who is in ml too', 'DENY_RULE', 'no-contractors-to-weights', (at) => ({
      identity: person('carl', at, { groups: ['idp-ml', 'idp-contractors'], roles: ['weights-reader'] }),
      posture: laptop(at),
      src: '10.10.4.32',
      dst: WEIGHTS,
    })),
    attack('ssh from a desk', 'DENY_DEFAULT', null, (at) => ({
      identity: person('sam', at, SRE),
      posture: laptop(at),
      src: '10.10.4.33',
      dst: '10.50.3.1:22',
    })),
    attack('ssh with a weak log-in', 'DENY_DEFAULT', null, (at) => ({
      identity: { ...person('sam', at, SRE), assurance: { acr: 'pwd', amr: ['pwd'], authenticatedAt: at } },
      posture: laptop(at),
      src: '10.10.250.3',
      dst: '10.50.3.1:22',
    })),
    attack('break-glass without the glass', 'DENY_DEFAULT', null, (at) => ({
      identity: person('sam', at, { ...SRE, claims: { breakglass: 'true' } }, 5),
      posture: laptop(at),
      src: '10.10.250.3',
      dst: '10.25.0.9:443',
    })),
    attack('ssh into quarantine', 'DENY_RULE', 'no-quarantine-in', (at) => ({
      identity: person('sam', at, SRE),
      posture: laptop(at),
      src: '10.10.250.3',
      dst: '10.30.66.9:22',
    })),
    attack('quarantined trainer', 'DENY_RULE', 'no-quarantine-out', (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: gpu(at),
      src: '10.30.66.9',
      dst: '10.25.0.9:5432',
    })),
    attack('quarantined by label', 'DENY_RULE', 'no-quarantine-out', (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: gpu(at),
      src: { address: '10.30.1.1', labels: { quarantine: 'true' } },
      dst: '10.25.0.9:5432',
    })),
    attack('part of training that was carved out', 'DENY_DEFAULT', null, (at) => ({
      identity: workload('training/run-0', at + HOUR),
      posture: gpu(at),
      src: '10.30.255.4',
      dst: '10.25.0.9:5432',
    })),
  ]
}

/** Lines that are no requests. The run goes on. */
function lines(): readonly Scene[] {
  const bad = (about: string, text: string): Scene => attack(about, 'DENY_REQUEST_INVALID', null, text)
  const when = JSON.stringify(new Date(BEGIN + 30 * MINUTE).toISOString())
  return [
    bad('line that is cut off', '{"identity":{"kind":"user","id":"alice"},"src":"10.10'),
    bad(
      'key written twice',
      `{"identity":{"kind":"anonymous"},"src":"10.10.66.7","src":"10.10.4.30","dst":"10.30.0.2:8443","at":${when}}`,
    ),
    bad(
      'misspelt member',
      `{"identity":{"kind":"anonymous"},"postrue":null,"src":"10.5.0.10","dst":"10.60.0.4:443","at":${when}}`,
    ),
    bad('list instead of a request', '[{"src":"10.10.4.30"}]'),
    attack(
      'time that is none',
      'DENY_CLOCK_INVALID',
      null,
      '{"identity":{"kind":"anonymous"},"src":"10.5.0.10","dst":"10.60.0.4:443","at":"yesterday"}',
    ),
  ]
}
