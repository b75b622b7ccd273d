import { compileModel } from '../../src/compiled-policy.ts'
import type { Decision } from '../../src/engine/decision.ts'
import { createIdentity, createPosture } from '../../src/engine/warm-facts.ts'
import type { Endpoint } from '../../src/facts/endpoint.ts'
import type { Identity } from '../../src/facts/identity.ts'
import type { Posture } from '../../src/facts/posture.ts'
import { parseAddress } from '../../src/net/address.ts'
import { type Contestant, NO_LIMIT } from '../peers/contestant.ts'
import type { FlowDevice, FlowUser } from '../workloads/flow-rule.ts'
import { toModel } from '../workloads/model.ts'
import type { Workload } from '../workloads/workload.ts'
import { groupsOf, newPosture, newPrincipal, twentyGroupsOf } from './facts.ts'

/** How source and destination are given. */
type Form = 'strings' | 'objects' | 'parsed'
/** What the caller keeps between questions: handles, or nothing but its own plain data. */
type Keeping = 'handle' | 'handle of 20 groups' | 'fresh, 20 groups' | 'handle of 10 facts' | 'fresh, 10 facts'

interface Variant {
  readonly name: string
  readonly what: string
  readonly form: Form
  readonly identity: Extract<Keeping, 'handle' | 'handle of 20 groups' | 'fresh, 20 groups'>
  readonly posture: Extract<Keeping, 'handle' | 'handle of 10 facts' | 'fresh, 10 facts'>
}

const HANDLES = { identity: 'handle', posture: 'handle' } as const

/** `authorize` in every way the bench asks it. Each variant runs in a process of its own. */
export const SALLYPORT: readonly Contestant[] = [
  contestant({ name: 'sallyport, strings', what: '"10.1.2.3", "10.4.5.6:443"; handles', form: 'strings', ...HANDLES }),
  contestant({
    name: 'sallyport, objects',
    what: '{ address: "10.1.2.3" }, { address, port }; handles',
    form: 'objects',
    ...HANDLES,
  }),
  contestant({
    name: 'sallyport, parsed',
    what: '{ address: Address }, { address: Address, port }; handles',
    form: 'parsed',
    ...HANDLES,
  }),
  contestant({
    name: 'sallyport, warm identity of 20 groups',
    what: 'strings; handles',
    form: 'strings',
    identity: 'handle of 20 groups',
    posture: 'handle',
  }),
  contestant({
    name: 'sallyport, fresh identity of 20 groups',
    what: 'strings; a new identity object for every question, making it is counted',
    form: 'strings',
    identity: 'fresh, 20 groups',
    posture: 'handle',
  }),
  contestant({
    name: 'sallyport, warm posture of 10 facts',
    what: 'strings; handles',
    form: 'strings',
    identity: 'handle',
    posture: 'handle of 10 facts',
  }),
  contestant({
    name: 'sallyport, fresh posture of 10 facts',
    what: 'strings; a new posture object for every question, making it is counted',
    form: 'strings',
    identity: 'handle',
    posture: 'fresh, 10 facts',
  }),
]

function contestant(variant: Variant): Contestant {
  return {
    name: variant.name,
    what: variant.what,
    requestLimit: NO_LIMIT,
    prepare(workload) {
      const decide = decider(workload, variant)
      mustNameTheRule(workload, decide)
      return { kind: 'now', decide: (index) => decide(index).allowed }
    },
  }
}

function decider(workload: Workload, variant: Variant): (index: number) => Decision {
  const { policy } = workload
  const compiled = compileModel(toModel(policy), {})
  const { src, dst } = endpoints(workload, variant.form)
  const users = workload.requests.map((request) => request.user)
  const devices = workload.requests.map((request) => request.device)
  const freshIdentity = variant.identity === 'fresh, 20 groups'
  const freshPosture = variant.posture === 'fresh, 10 facts'
  const groups = policy.users.map(variant.identity === 'handle' ? groupsOf : twentyGroupsOf)
  const identities = policy.users.map((user, index) => createIdentity(newPrincipal(user, groups[index] as string[])))
  const observedAt = Date.now() - 1_000
  const tenFacts = variant.posture !== 'handle'
  const postures = policy.devices.map((device) => createPosture(newPosture(device, observedAt, tenFacts)))
  return (index) => {
    const user = users[index] as number
    const device = devices[index] as number
    const identity = freshIdentity
      ? newPrincipal(policy.users[user] as FlowUser, groups[user] as string[])
      : (identities[user] as Identity)
    const posture = freshPosture
      ? newPosture(policy.devices[device] as FlowDevice, observedAt, true)
      : (postures[device] as Posture)
    return compiled.authorize(identity, posture, src[index] as Endpoint, dst[index] as Endpoint)
  }
}

/** Ours is held to more than the answer: it must name the rule that the reference found. */
function mustNameTheRule({ policy, expected }: Workload, decide: (index: number) => Decision): void {
  const count = Math.min(expected.length, 5_000)
  for (let index = 0; index < count; index++) {
    const wanted = policy.rules[expected[index] as number]?.id ?? null
    const decision = decide(index)
    if (decision.rule !== wanted) {
      throw new Error(`request ${index}: decided by ${decision.rule} (${decision.code}), the reference says ${wanted}`)
    }
  }
}

function endpoints({ src, dst, dstEndpoint, requests }: Workload, form: Form): { src: Endpoint[]; dst: Endpoint[] } {
  if (form === 'strings') return { src: [...src], dst: [...dstEndpoint] }
  const address = form === 'parsed' ? parseAddress : (text: string) => text
  return {
    src: src.map((text) => ({ address: address(text) })),
    dst: dst.map((text, index) => ({ address: address(text), port: requests[index]?.port ?? 0 })),
  }
}
