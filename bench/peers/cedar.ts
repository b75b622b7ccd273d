import { createRequire } from 'node:module'
import { groupName } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Contestant } from './contestant.ts'

// The package's CommonJS build: its ESM build needs a loader for wasm modules that Node does not have.
type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs')

/** cedar-wasm on a pre-parsed policy set, addresses as `ip` extension values. */
export const cedarStateful: Contestant = {
  name: 'cedar-wasm, stateful',
  what: '@cedar-policy/cedar-wasm, preparsed policy set, ip().isInRange',
  requestLimit: (rules) => (rules <= 100 ? 2_000 : rules <= 1_000 ? 200 : 20),
  prepare(workload: Workload) {
    const { policy, requests, src, dst } = workload
    const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as Cedar
    const staticPolicies = Object.fromEntries(
      policy.rules.map((rule) => {
        const conditions = [`context.port >= ${rule.firstPort}`, `context.port <= ${rule.lastPort}`]
        if (rule.from !== null) conditions.push(`context.src.isInRange(ip("${rule.from.text}"))`)
        if (rule.to !== null) conditions.push(`context.dst.isInRange(ip("${rule.to.text}"))`)
        const posture = policy.postures[rule.posture]
        if (posture !== undefined) conditions.push(`context.score >= ${posture.minimumScore}`, 'context.managed')
        const principal = rule.group < 0 ? 'principal' : `principal in Group::"${groupName(rule.group)}"`
        const effect = rule.effect === 'allow' ? 'permit' : 'forbid'
        return [
          rule.id,
          `${effect}(${principal}, action == Action::"connect", resource) when { ${conditions.join(' && ')} };`,
        ]
      }),
    )
    const parsed = cedar.preparsePolicySet('bench', { staticPolicies })
    if (parsed.type === 'failure') throw new Error(`cedar refused the policies: ${parsed.errors[0]?.message}`)
    const entities = policy.users.map((user) => [
      {
        uid: { type: 'User', id: user.id },
        attrs: {},
        parents: user.groups.map((group) => ({ type: 'Group', id: groupName(group) })),
      },
    ])
    const action = { type: 'Action', id: 'connect' }
    const resource = { type: 'Network', id: 'bench' }
    return {
      kind: 'now',
      decide(index) {
        const request = requests[index] as (typeof requests)[number]
        const device = policy.devices[request.device] as (typeof policy.devices)[number]
        const answer = cedar.statefulIsAuthorized({
          principal: { type: 'User', id: (policy.users[request.user] as (typeof policy.users)[number]).id },
          action,
          resource,
          context: {
            src: { __extn: { fn: 'ip', arg: src[index] as string } },
            dst: { __extn: { fn: 'ip', arg: dst[index] as string } },
            port: request.port,
            score: device.score,
            managed: device.managed,
          },
          preparsedPolicySetId: 'bench',
          entities: entities[request.user] as (typeof entities)[number],
        })
        if (answer.type === 'failure') throw new Error(`cedar failed: ${answer.errors[0]?.message}`)
        return answer.response.decision === 'allow'
      },
    }
  },
}
