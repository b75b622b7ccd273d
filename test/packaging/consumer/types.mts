import { compile, type Decision, definePolicy, Gate, type Identity } from 'sallyport'
import { loadPolicy } from 'sallyport/engine'
import { parseAddress } from 'sallyport/net'
import { parsePolicy } from 'sallyport/policy'

const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'types',
    segments: { a: { cidrs: ['10.0.0.0/8'] } },
    rules: [{ id: 'r', effect: 'allow', from: 'a', to: 'a' }],
  }),
)
const caller: Identity = { kind: 'user', id: 'alice' }
const decision: Decision = policy.authorize(caller, null, '10.1.0.1', '10.2.0.1')
export const allowed: boolean = new Gate(policy).authorize(caller, null, 'a', 'a').allowed && decision.allowed
export const used = [loadPolicy, parseAddress, parsePolicy]

// @ts-expect-error a caller is never an empty object
policy.authorize({}, null, 'a', 'a')
// @ts-expect-error an effect is allow or deny
definePolicy({ sallyport: 1, name: 'types', rules: [{ id: 'r', effect: 'permit' }] })
