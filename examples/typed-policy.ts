/** A policy in TypeScript: a segment, service or posture that is misspelt fails the type check, not the night. */
import { compile, definePolicy } from '../src/index.ts'

const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'shop',
    segments: { web: { cidrs: ['10.1.0.0/16'] }, db: { cidrs: ['10.2.0.0/24', 'fd00:2::/64'] } },
    services: { postgres: { protocol: 'tcp', ports: [5432] } },
    rules: [
      { id: 'web-reads', effect: 'allow', from: 'web', to: 'db', services: 'postgres', who: { kind: 'workload' } },
      // to: 'bd' would not compile.
      { id: 'no-guests', effect: 'deny', to: 'db', who: { kind: 'anonymous' } },
    ],
  }),
)

const web = { kind: 'workload', id: 'spiffe://shop.example/web' } as const
console.log(policy.authorize(web, null, '10.1.0.7', '10.2.0.9:5432').code) // ALLOW_RULE
console.log(policy.authorize(web, null, '10.1.0.7', '[fd00:2::9]:5432').rule) // web-reads
console.log(policy.authorize(web, null, '10.1.0.7', '10.2.0.9:22').code) // DENY_DEFAULT
console.log(policy.authorize({ kind: 'anonymous' }, null, '10.1.0.7', '10.2.0.9:5432').rule) // no-guests
