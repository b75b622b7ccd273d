import { wordMask } from '../workloads/blocks.ts'
import { type FlowRule, satisfies } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import { addressNumber } from './address-number.ts'
import { type Contestant, NO_LIMIT } from './contestant.ts'

interface Candidate {
  readonly order: number
  readonly rule: FlowRule
  readonly fromValue: number
  readonly fromMask: number
}

/** What a careful author writes by hand: a Map per destination prefix length, then a Map by group, then a short list. */
export const nestedMaps: Contestant = {
  name: 'nested Maps',
  what: 'hand-written: destination length, then prefix, then group, then candidates',
  requestLimit: NO_LIMIT,
  prepare(workload: Workload) {
    const { policy, requests, src, dst } = workload
    const byLength = new Map<number, Map<number, Map<number, Candidate[]>>>()
    policy.rules.forEach((rule, order) => {
      const length = rule.to?.length ?? 0
      const byPrefix = obtain(byLength, length, () => new Map<number, Map<number, Candidate[]>>())
      const byGroup = obtain(byPrefix, (rule.to?.words[0] ?? 0) | 0, () => new Map<number, Candidate[]>())
      const list = obtain(byGroup, rule.group, () => [] as Candidate[])
      list.push({
        order,
        rule,
        fromValue: (rule.from?.words[0] ?? 0) | 0,
        fromMask: wordMask(rule.from?.length ?? 0, 0) | 0,
      })
    })
    const levels = [...byLength].map(([length, byPrefix]) => ({ mask: wordMask(length, 0) | 0, byPrefix }))
    const groups = policy.users.map((user) => [-1, ...user.groups])
    const inPosture = policy.devices.map((device) => policy.postures.map((entry) => satisfies(device, entry)))
    return {
      kind: 'now',
      decide(index) {
        const request = requests[index] as (typeof requests)[number]
        const from = addressNumber(src[index] as string) | 0
        const to = addressNumber(dst[index] as string) | 0
        const postures = inPosture[request.device] as boolean[]
        let best: Candidate | undefined
        for (const level of levels) {
          const byGroup = level.byPrefix.get(to & level.mask)
          if (byGroup === undefined) continue
          for (const group of groups[request.user] as number[]) {
            const list = byGroup.get(group)
            if (list === undefined) continue
            for (const candidate of list) {
              if (best !== undefined && candidate.order > best.order) break
              if ((from & candidate.fromMask) !== candidate.fromValue) continue
              const rule = candidate.rule
              if (request.port < rule.firstPort || request.port > rule.lastPort) continue
              if (rule.posture >= 0 && postures[rule.posture] !== true) continue
              best = candidate
              break
            }
          }
        }
        return best !== undefined && best.rule.effect === 'allow'
      },
    }
  },
}

function obtain<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
