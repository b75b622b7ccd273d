/** A policy is tested like code, and a test that fails says what to do. Works the same in vitest, jest and here. */
import assert from 'node:assert/strict'
import { type CompiledPolicy, compile, definePolicy } from '../src/index.ts'

const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'wiki',
    segments: { office: { cidrs: ['10.10.0.0/16'] }, wiki: { cidrs: ['10.20.0.0/24'] } },
    groups: { writers: {} },
    services: { edit: { protocol: 'tcp', ports: [443], http: { methods: ['PUT'], routes: ['/pages/:id'] } } },
    rules: [
      { id: 'writers-edit', effect: 'allow', from: 'office', to: 'wiki', services: 'edit', who: { group: 'writers' } },
    ],
  }),
)

type Question = Parameters<CompiledPolicy['authorize']>

function assertAllowed(...question: Question): void {
  const { decision, text } = policy.explain(...question)
  assert.ok(decision.allowed, text)
}

const edit = { address: '10.20.0.1', port: 443, http: { method: 'PUT', route: '/pages/:id' } }
const at = Date.UTC(2026, 4, 6, 9)

assertAllowed({ kind: 'user', id: 'ann', groups: ['writers'] }, null, '10.10.0.5', edit, at)

try {
  assertAllowed({ kind: 'user', id: 'bob' }, null, '10.10.0.5', edit, at)
} catch (error) {
  console.log((error as Error).message)
}
// DENY DENY_DEFAULT
// at 2026-05-06T09:00:00.000Z
// allow rule "writers-edit" misses by 1 dimension, 1 condition
//   who false: wanted group "writers", it has no groups
// what would make it allow
//   1. join group "writers": allowed by rule "writers-edit"
