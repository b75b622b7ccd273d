import { createRandom, createSampler, type Random } from '../random.ts'
import { addressIn, type Block, holds, type Words } from './blocks.ts'
import { type FlowPolicy, type FlowRequest, type FlowRule, satisfies } from './flow-rule.ts'

/** `hit`: inside an allow rule. `miss`: one condition of it broken. `mixed`: half and half. */
export type Mix = 'hit' | 'miss' | 'mixed'

/** Which requests to draw. */
export interface TrafficOptions {
  readonly count: number
  readonly distribution: 'uniform' | 'zipf'
  readonly mix: Mix
  readonly seed: number
  /** Draw again until no two requests are equal. */
  readonly distinct: boolean
}

/**
 * Draws requests around rules. A request made to hit can still be denied by another rule, and one made to miss can be
 * allowed by another: the expected answer always comes from the reference, never from the intention.
 */
export function generateRequests(policy: FlowPolicy, options: TrafficOptions): FlowRequest[] {
  const random = createRandom(options.seed)
  const allows = policy.rules.filter((rule) => rule.effect === 'allow')
  const sample = createSampler(random, allows.length, options.distribution)
  const members = usersByGroup(policy)
  const seen = new Set<string>()
  const requests: FlowRequest[] = []
  let drawn = 0
  while (requests.length < options.count) {
    if (drawn++ > options.count * 50) throw new Error(`cannot draw ${options.count} distinct requests from this policy`)
    const rule = allows[sample()] as FlowRule
    const inside = requestInside(random, policy, rule, members)
    const breaks = options.mix === 'miss' || (options.mix === 'mixed' && requests.length % 2 === 1)
    const request = breaks ? withOneConditionBroken(random, policy, rule, inside) : inside
    if (options.distinct) {
      const key = `${request.user} ${request.device} ${request.src} ${request.dst} ${request.port}`
      if (seen.has(key)) continue
      seen.add(key)
    }
    requests.push(request)
  }
  return requests
}

function requestInside(random: Random, policy: FlowPolicy, rule: FlowRule, members: readonly number[][]): FlowRequest {
  return {
    user: rule.group < 0 ? random.below(policy.users.length) : random.pick(members[rule.group] as number[]),
    device: deviceFor(random, policy, rule.posture, true),
    src: addressNear(random, policy, rule.from),
    dst: addressNear(random, policy, rule.to),
    port: random.between(rule.firstPort, rule.lastPort),
  }
}

function withOneConditionBroken(random: Random, policy: FlowPolicy, rule: FlowRule, request: FlowRequest): FlowRequest {
  switch (random.below(5)) {
    case 0:
      return { ...request, user: userOutside(random, policy, rule.group) }
    case 1:
      return { ...request, src: addressOutside(random, policy, rule.from) }
    case 2:
      return { ...request, dst: addressOutside(random, policy, rule.to) }
    case 3:
      return { ...request, port: portOutside(random, rule) }
    default:
      return { ...request, device: deviceFor(random, policy, rule.posture, false) }
  }
}

function usersByGroup(policy: FlowPolicy): number[][] {
  const members = Array.from({ length: policy.groups }, (): number[] => [])
  policy.users.forEach((user, index) => {
    for (const group of user.groups) members[group]?.push(index)
  })
  return members
}

function userOutside(random: Random, policy: FlowPolicy, group: number): number {
  for (let attempt = 0; attempt < 50; attempt++) {
    const user = random.below(policy.users.length)
    if (!policy.users[user]?.groups.includes(group)) return user
  }
  return random.below(policy.users.length)
}

function deviceFor(random: Random, policy: FlowPolicy, posture: number, satisfied: boolean): number {
  const wanted = policy.postures[posture]
  if (wanted === undefined) return random.below(policy.devices.length)
  for (let attempt = 0; attempt < 50; attempt++) {
    const device = random.below(policy.devices.length)
    const candidate = policy.devices[device]
    if (candidate !== undefined && satisfies(candidate, wanted) === satisfied) return device
  }
  return satisfied ? 0 : 1
}

function addressNear(random: Random, policy: FlowPolicy, within: Block | null): Words {
  return addressIn(random, within ?? random.pick(policy.blocks))
}

function addressOutside(random: Random, policy: FlowPolicy, excluded: Block | null): Words {
  for (let attempt = 0; attempt < 50; attempt++) {
    const address = addressIn(random, random.pick(policy.blocks))
    if (excluded === null || !holds(excluded, address)) return address
  }
  return policy.family === 4 ? [random.word()] : [random.word(), random.word(), random.word(), random.word()]
}

function portOutside(random: Random, rule: FlowRule): number {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = random.below(65_536)
    if (port < rule.firstPort || port > rule.lastPort) return port
  }
  return random.below(65_536)
}
