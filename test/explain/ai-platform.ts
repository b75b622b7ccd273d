import { type CompiledPolicy, compileModel } from '../../src/compiled-policy.ts'
import {
  type ExplainOptions,
  type ExplainRequest,
  type Explanation,
  explainRequest,
} from '../../src/explain/explain.ts'
import type { PostureFact } from '../../src/facts/posture.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { modelOf, type PolicySketch } from '../reference/model-builder.ts'

/** Noon, a Friday, in UTC. */
export const NOON = Date.UTC(2026, 4, 1, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** A fact observed some time ago. */
export function fact(value: PostureFact['value'], ago = 0, verification: PostureFact['verification'] = 'attestation') {
  return { value, observedAt: NOON - ago, verification }
}

const ALWAYS = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

/** A small policy in which every dimension is used. */
export const AI_PLATFORM: PolicySketch = {
  maxDelegationDepth: 1,
  segments: {
    corp: { cidrs: ['10.1.0.0/16'] },
    training: { cidrs: ['10.20.0.0/16'] },
    inference: { cidrs: ['10.30.0.0/16'] },
    quarantine: { cidrs: ['10.1.9.0/24'] },
    lab: { labels: [{ site: 'lab' }] },
  },
  postures: {
    healthy: [
      { fact: 'disk.encrypted', op: 'equals', value: true, maxAgeMs: 15 * MINUTE },
      { fact: 'zta.overall', op: 'atLeast', value: 70, maxAgeMs: 15 * MINUTE },
    ],
    infected: [{ fact: 'edr.alert', op: 'equals', value: true, maxAgeMs: 15 * MINUTE }],
  },
  rules: [
    { id: 'no-quarantine', effect: 'deny', from: ['quarantine'] },
    { id: 'no-infected', effect: 'deny', to: ['training'], posture: ['infected'] },
    {
      id: 'chat',
      from: ['corp'],
      to: ['inference'],
      services: [{ protocol: 6, ports: [{ from: 443, to: 443 }] }],
      serviceNames: ['https'],
      who: [[{ type: 'group', group: 'ml', names: ['idp-ml', 'ml'], members: [] }]],
      posture: ['healthy'],
    },
    {
      id: 'night',
      from: ['corp'],
      to: ['training'],
      who: [
        [
          { type: 'authAge', maxAgeMs: HOUR },
          { type: 'amr', methods: ['mfa'] },
        ],
      ],
      valid: { ...ALWAYS, schedule: [{ days: [1, 2, 3, 4, 5], fromMinute: 0, toMinute: 360, zone: 'UTC' }] },
    },
    {
      id: 'experiment',
      from: ['lab'],
      who: [[{ type: 'claim', claim: 'tenant', values: ['acme'] }], [{ type: 'role', role: 'admin' }]],
      when: "request.dst.http.method == 'POST'",
    },
  ],
}

export const MODEL: PolicyModel = modelOf(AI_PLATFORM)
const POLICY: CompiledPolicy = compileModel(MODEL)

export const ALICE = { kind: 'user', id: 'alice', groups: ['ml'] } as const
export const HEALTHY = { facts: { 'disk.encrypted': fact(true), 'zta.overall': fact(80) } }

/** Explains one request of the policy through the compiled engine. */
export function explainedBy(request: Partial<ExplainRequest>, options: ExplainOptions = {}): Explanation {
  const whole = { identity: ALICE, posture: HEALTHY, src: '10.1.2.3', dst: '10.30.0.1:443', at: NOON, ...request }
  return explainRequest(
    MODEL,
    (identity, posture, src, dst, at) => POLICY.authorize(identity, posture, src, dst, at),
    whole,
    { when: (_text, { dst }) => (dst.http === undefined ? 'unknown' : dst.http.method === 'POST'), ...options },
  )
}
