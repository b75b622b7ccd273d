/** A machine is put into quarantine while everything runs: one edit of a segment, for ten minutes, without compiling anew. */
import { type Clock, compile, definePolicy, Gate, type Identity } from '../src/index.ts'

let now = Date.UTC(2026, 4, 6, 9)
const clock: Clock = { now: () => now }
const MINUTE = 60_000

const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'cluster',
    segments: {
      training: { cidrs: ['10.30.0.0/16'] },
      registry: { cidrs: ['10.40.0.0/24'] },
      quarantine: { labels: { quarantine: 'true' } },
    },
    rules: [
      { id: 'push', effect: 'allow', from: 'training', to: 'registry', who: { kind: 'workload' } },
      { id: 'isolated', effect: 'deny', from: 'quarantine' },
    ],
  }),
)

const gate = new Gate(policy, { clock })
const trainer: Identity = { kind: 'workload', id: 'spiffe://prod.example/training/7' }
const ask = (src: string) => gate.authorize(trainer, null, src, '10.40.0.2:443')

console.log(ask('10.30.0.7').rule) // push
gate.members.add('quarantine', '10.30.0.7', { ttlMs: 10 * MINUTE })
console.log(ask('10.30.0.7').rule) // isolated
console.log((ask('10.30.0.7').validUntil - now) / MINUTE) // 10
console.log(ask('::ffff:10.30.0.7').rule) // isolated
console.log(ask('10.30.0.8').rule) // push

now += 10 * MINUTE
console.log(ask('10.30.0.7').rule) // push
