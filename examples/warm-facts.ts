/**
 * Facts kept warm. A plain object is read anew at every call, since it may have been changed in between; a checked and
 * frozen copy is read once. Make it where the token is verified, and keep it with the connection.
 */
import { compile, createIdentity, createPosture, definePolicy } from '../src/index.ts'

const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'shop',
    segments: { staff: { cidrs: ['10.3.0.0/16'] }, admin: { cidrs: ['10.4.0.0/24'] } },
    groups: { ops: { names: ['idp-ops'] } },
    postures: { encrypted: { maxAge: '1h', all: [{ fact: 'disk.encrypted', equals: true }] } },
    rules: [
      { id: 'ops-admin', effect: 'allow', from: 'staff', to: 'admin', who: { group: 'ops' }, posture: 'encrypted' },
    ],
  }),
)

const at = Date.UTC(2026, 4, 6, 9)
const plain = { kind: 'user', id: 'alice', groups: ['idp-ops'] } as const
const seen = { facts: { 'disk.encrypted': { value: true, observedAt: at, verification: 'signature' } } } as const

const alice = createIdentity(plain)
const laptop = createPosture(seen)
console.log(policy.authorize(alice, laptop, '10.3.0.5', '10.4.0.1:443', at).allowed) // true
console.log(policy.authorize(plain, seen, '10.3.0.5', '10.4.0.1:443', at).allowed) // true

// What is malformed is refused when it is made, not when it is used.
try {
  createIdentity({ kind: 'user', id: '' })
} catch (error) {
  console.log((error as { code?: string }).code) // ERR_OPTION_INVALID
}

// A copy: taking the group away from the original takes nothing from what was verified.
console.log(Object.isFrozen(alice)) // true
