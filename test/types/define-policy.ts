/** Checked by the type checker alone: every line under `@ts-expect-error` must be refused, and everything else accepted. */
import { checkPolicy } from '../../src/policy/check.ts'
import { definePolicy } from '../../src/policy/define.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

const whole = definePolicy({
  sallyport: 1,
  name: 'ai-platform',
  combining: 'deny-overrides',
  delegation: { maxDepth: 2 },
  tiers: ['guardrails', 'platform'],
  segments: {
    corp: { cidrs: ['10.0.0.0/8', 'fd00::/8'], description: 'offices' },
    training: {
      cidrs: ['10.20.0.0/16'],
      workloads: ['spiffe://prod.example/training/*'],
      labels: { tier: 'training' },
      segments: ['corp'],
      except: { cidrs: ['10.20.9.0/24'], segments: ['quarantine', 'internet'] },
    },
    quarantine: { labels: [{ state: 'bad' }, { state: 'unknown' }] },
  },
  groups: { ml: { names: ['idp-ml'], members: ['alice'] }, admins: {} },
  services: {
    api: [{ protocol: 'tcp', ports: [443, '8000-8100'] }, { http: { methods: ['POST'], routes: ['/v1'] } }],
    ssh: { protocol: 'tcp', ports: [22] },
  },
  postures: { healthy: { maxAge: '15m', all: [{ fact: 'disk.encrypted', equals: true }] } },
  rules: [
    {
      id: 'chat',
      effect: 'allow',
      tier: 'platform',
      from: ['corp', '10.1.0.0/16', 'spiffe://td/x', 'fd00::/8', '10.0.0.1', 'fd00::1', 'internet'],
      to: 'training',
      services: ['api', { protocol: 'tcp', ports: [22] }],
      who: [{ kind: 'workload', group: 'ml', claims: { level: [3, 4] }, assurance: { acr: ['phr'], maxAge: '1h' } }],
      posture: ['healthy'],
      valid: { schedule: [{ days: ['mon'], hours: '09:00-17:00', zone: 'UTC' }] },
      obligations: [{ type: 'log', level: 'full' }],
    },
    { id: 'any', effect: 'deny', from: 'any', to: 'quarantine', services: 'any', who: { group: ['ml', 'admins'] } },
  ],
  tests: [
    {
      name: 'test',
      src: '10.0.0.1',
      dst: { segment: 'training', port: 443 },
      expect: { effect: 'allow', rule: 'chat' },
    },
  ],
  invariants: [
    { name: 'no exfiltration', never: { from: ['training'], to: ['internet'] }, except: [{ from: ['corp'] }] },
  ],
})

export const asDocument: PolicyDocument = whole
export const result = checkPolicy(whole)

const constant = {
  sallyport: 1,
  name: 'constant',
  segments: { a: { cidrs: ['10.0.0.0/8'] }, b: { segments: ['a'] } },
  rules: [{ id: 'r', effect: 'allow', from: ['a'], to: ['b'] }],
} as const
definePolicy(constant)

definePolicy({ sallyport: 1, name: 'smallest', rules: [] })
definePolicy({ sallyport: 1, name: 'inline only', rules: [{ id: 'r', effect: 'allow', from: '10.0.0.0/8' }] })

const base = {
  sallyport: 1,
  name: 'x',
  tiers: ['high', 'low'],
  segments: { web: {}, store: {} },
  groups: { ops: {} },
  services: { api: { protocol: 'tcp' } },
  postures: { healthy: { maxAge: '1h', all: [{ fact: 'a', present: true }] } },
} as const

// @ts-expect-error a misspelt segment in `from`
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', from: 'webb' }] })
// @ts-expect-error a misspelt segment in a list
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', to: ['web', 'stor'] }] })
// @ts-expect-error a misspelt service
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', services: ['apii'] }] })
// @ts-expect-error a misspelt group
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', who: { group: 'op' } }] })
// @ts-expect-error a misspelt group in a list of a list
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', who: [{ group: ['ops', 'op'] }] }] })
// @ts-expect-error a misspelt posture
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', posture: ['healty'] }] })
// @ts-expect-error a misspelt tier
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', tier: 'hihg' }] })
// @ts-expect-error a misspelt effect
definePolicy({ ...base, rules: [{ id: 'r', effect: 'alow' }] })
// @ts-expect-error a misspelt key in a rule
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', form: 'web' }] })
// @ts-expect-error a rule without an effect
definePolicy({ ...base, rules: [{ id: 'r' }] })
// @ts-expect-error a segment that includes one that is not defined
definePolicy({ sallyport: 1, name: 'x', segments: { a: { segments: ['b'] } }, rules: [] })
// @ts-expect-error a segment that excludes one that is not defined
definePolicy({ sallyport: 1, name: 'x', segments: { a: { except: { segments: ['b'] } } }, rules: [] })
// @ts-expect-error a misspelt key in a segment
definePolicy({ sallyport: 1, name: 'x', segments: { a: { cidr: ['10.0.0.0/8'] } }, rules: [] })
// @ts-expect-error a posture without an age
definePolicy({ sallyport: 1, name: 'x', postures: { a: { all: [] } }, rules: [] })
// @ts-expect-error a name where no segments are defined
definePolicy({ sallyport: 1, name: 'x', rules: [{ id: 'r', effect: 'allow', from: 'web' }] })
// @ts-expect-error a misspelt segment in an invariant
definePolicy({ ...base, rules: [], invariants: [{ name: 'i', never: { from: ['webb'] } }] })
// @ts-expect-error a misspelt segment in the exception of an invariant
definePolicy({ ...base, rules: [], invariants: [{ name: 'i', never: {}, except: { to: 'stor' } }] })
// @ts-expect-error a dimension that is there but undefined, which would mean any
definePolicy({ ...base, rules: [{ id: 'r', effect: 'allow', from: undefined }] })
// @ts-expect-error another version of the format
definePolicy({ sallyport: 2, name: 'x', rules: [] })
