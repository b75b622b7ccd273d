import type { PolicyDocument } from '../../src/policy/document.ts'

/** A document that uses every key once. */
export const WHOLE: PolicyDocument = {
  sallyport: 1,
  name: 'ai-platform',
  description: 'text',
  combining: 'deny-overrides',
  delegation: { maxDepth: 2 },
  tiers: ['guardrails', 'platform'],
  segments: {
    training: {
      description: 'jobs',
      cidrs: ['10.20.0.0/16', 'FD00:20:0::/48'],
      workloads: ['spiffe://prod.example/training/*', 'spiffe://prod.example/trainer'],
      labels: { tier: 'training' },
      segments: ['batch'],
      except: { cidrs: ['10.20.9.0/24'], workloads: [], labels: {}, segments: ['quarantine'] },
    },
    batch: { cidrs: ['10.21.0.1'] },
    quarantine: { labels: [{ state: 'bad' }, { state: 'unknown', zone: 'a' }] },
  },
  groups: { ml: { description: 'text', names: ['ml', 'idp-ml'], members: ['alice'] }, ops: {} },
  services: {
    api: [
      {
        protocol: 'tcp',
        ports: ['8000-8100', 443, '8101', 443],
        sourcePorts: ['1024-65535'],
        http: { methods: ['post', 'GET'], routes: ['/v1/{id}', '/v1/:name/*'] },
      },
      { grpc: { service: 'inference.v1.Generate', methods: ['Run'] } },
    ],
    model: { models: ['llama-3-70b', 'embed-*'] },
    search: { tools: ['web.search'], protocol: 132 },
  },
  postures: {
    healthy: {
      maxAge: '15m',
      all: [
        { fact: 'disk.encrypted', equals: true },
        { fact: 'zta.overall', atLeast: 70, maxAge: '5m' },
        { fact: 'os.version', atLeastVersion: '14.2' },
        { fact: 'vendor', oneOf: ['b', 'a', 1] },
        { fact: 'agent', present: true },
        { fact: 'malware', absent: true },
      ],
    },
    attested: { maxAge: '1h', all: [{ fact: 'tee', notEquals: 'none' }] },
  },
  rules: [
    {
      id: 'chat',
      description: 'text',
      effect: 'allow',
      tier: 'platform',
      mode: 'shadow',
      from: ['training', '10.1.0.0/16', 'spiffe://td/x'],
      to: ['batch'],
      services: ['model', { protocol: 'udp', ports: [53] }, 'api'],
      who: [
        {
          kind: 'workload',
          id: 'spiffe://prod.example/gateway/*',
          group: ['ops', 'ml'],
          role: 'admin',
          claims: { tenant: 'acme', level: [4, 3] },
          assurance: { acr: ['phr'], amr: 'mfa', maxAge: '1h' },
        },
      ],
      posture: ['healthy', 'attested'],
      when: "request.dst.http.method == 'POST'",
      valid: {
        from: '2026-01-01T00:00:00Z',
        until: '2027-01-01T00:00:00+01:00',
        schedule: [{ days: ['fri', 'sat'], hours: '22:00-06:00', zone: 'Europe/Berlin' }],
      },
      obligations: [{ type: 'log', level: 'full' }],
      lease: '5m',
    },
    { id: 'b', effect: 'allow', to: 'any', who: { kind: 'user' } },
    { id: 'a', effect: 'allow', from: 'internet', services: 'any', posture: 'healthy' },
    { id: 'z', effect: 'deny', from: '10.1.0.0/16', services: 'search' },
    { id: 'top', effect: 'allow', tier: 'guardrails', from: [] },
    { id: 'gone', effect: 'deny', mode: 'off', from: '192.0.2.0/24' },
  ],
  tests: [
    { name: 'one', src: '10.1.2.3', dst: { segment: 'batch' }, at: '2026-05-01T12:00:00Z', expect: 'allow' },
    {
      name: 'two',
      identity: { kind: 'user', id: 'alice' },
      posture: null,
      src: '10.1.2.3',
      dst: 'batch',
      expect: { effect: 'deny', code: 'DENY_RULE', rule: 'z' },
    },
  ],
  invariants: [
    {
      name: 'no way out',
      never: { from: ['training'], to: ['internet'], services: ['search'] },
      except: { from: 'batch' },
    },
  ],
}
