import { wordMask } from '../workloads/blocks.ts'
import { satisfies } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import { addressNumber } from './address-number.ts'
import { type Contestant, NO_LIMIT } from './contestant.ts'

/** Every rule in order, over typed arrays, cheapest tests first; caller and device are looked up, not computed. */
export const linearScan: Contestant = {
  name: 'linear scan',
  what: 'typed arrays, strict parse, groups and postures precomputed per caller',
  requestLimit: NO_LIMIT,
  prepare(workload: Workload) {
    const { policy, requests, src, dst } = workload
    const count = policy.rules.length
    const fromValue = new Int32Array(count)
    const fromMask = new Int32Array(count)
    const toValue = new Int32Array(count)
    const toMask = new Int32Array(count)
    const firstPort = new Uint16Array(count)
    const lastPort = new Uint16Array(count)
    const group = new Int32Array(count)
    const posture = new Int8Array(count)
    const allow = new Uint8Array(count)
    policy.rules.forEach((rule, index) => {
      fromValue[index] = rule.from?.words[0] ?? 0
      fromMask[index] = wordMask(rule.from?.length ?? 0, 0)
      toValue[index] = rule.to?.words[0] ?? 0
      toMask[index] = wordMask(rule.to?.length ?? 0, 0)
      firstPort[index] = rule.firstPort
      lastPort[index] = rule.lastPort
      group[index] = rule.group
      posture[index] = rule.posture
      allow[index] = Number(rule.effect === 'allow')
    })
    const inGroup = policy.users.map((user) => {
      const member = new Uint8Array(policy.groups)
      for (const index of user.groups) member[index] = 1
      return member
    })
    const inPosture = policy.devices.map((device) =>
      Uint8Array.from(policy.postures, (entry) => Number(satisfies(device, entry))),
    )
    return {
      kind: 'now',
      decide(index) {
        const request = requests[index] as (typeof requests)[number]
        const from = addressNumber(src[index] as string) | 0
        const to = addressNumber(dst[index] as string) | 0
        const port = request.port
        const groups = inGroup[request.user] as Uint8Array
        const postures = inPosture[request.device] as Uint8Array
        for (let rule = 0; rule < count; rule++) {
          if ((to & (toMask[rule] as number)) !== toValue[rule]) continue
          if ((from & (fromMask[rule] as number)) !== fromValue[rule]) continue
          if (port < (firstPort[rule] as number) || port > (lastPort[rule] as number)) continue
          const wantedGroup = group[rule] as number
          if (wantedGroup >= 0 && groups[wantedGroup] === 0) continue
          const wantedPosture = posture[rule] as number
          if (wantedPosture >= 0 && postures[wantedPosture] === 0) continue
          return allow[rule] === 1
        }
        return false
      },
    }
  },
}
