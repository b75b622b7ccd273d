import { holds } from './blocks.ts'
import { type FlowPolicy, type FlowRequest, type FlowRule, satisfies } from './flow-rule.ts'

/** Index of the first rule that matches, or -1: every rule looked at in order. The reference of all contestants. */
export function firstMatch(policy: FlowPolicy, request: FlowRequest): number {
  return policy.rules.findIndex((rule) => matches(policy, rule, request))
}

/**
 * The same answer from the rules of the caller's groups only, for policies too large to scan once per request.
 * Rules come out in evaluation order because each bucket keeps it.
 */
export function createOracle(policy: FlowPolicy): (request: FlowRequest) => number {
  const buckets = new Map<number, number[]>()
  policy.rules.forEach((rule, index) => {
    const bucket = buckets.get(rule.group)
    if (bucket === undefined) buckets.set(rule.group, [index])
    else bucket.push(index)
  })
  return (request) => {
    let best = -1
    for (const group of [-1, ...(policy.users[request.user]?.groups ?? [])]) {
      for (const index of buckets.get(group) ?? []) {
        if (best >= 0 && index >= best) break
        const rule = policy.rules[index]
        if (rule !== undefined && matches(policy, rule, request)) {
          best = index
          break
        }
      }
    }
    return best
  }
}

function matches(policy: FlowPolicy, rule: FlowRule, request: FlowRequest): boolean {
  if (request.port < rule.firstPort || request.port > rule.lastPort) return false
  if (rule.group >= 0 && !policy.users[request.user]?.groups.includes(rule.group)) return false
  if (rule.to !== null && !holds(rule.to, request.dst)) return false
  if (rule.from !== null && !holds(rule.from, request.src)) return false
  if (rule.posture < 0) return true
  const posture = policy.postures[rule.posture]
  const device = policy.devices[request.device]
  return posture !== undefined && device !== undefined && satisfies(device, posture)
}
