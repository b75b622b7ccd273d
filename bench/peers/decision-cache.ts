import { firstMatch } from '../workloads/oracle.ts'
import type { Workload } from '../workloads/workload.ts'
import { type Contestant, NO_LIMIT } from './contestant.ts'

/** A Map from the composed question to the answer, every one a hit: what a perfect decision cache costs. */
export const decisionCache: Contestant = {
  name: 'string-keyed decision cache, all hits',
  what: 'Map keyed by caller, device, source and destination in one string',
  requestLimit: NO_LIMIT,
  prepare(workload: Workload) {
    const { policy, requests, src, dstEndpoint } = workload
    const callers = requests.map((request) => policy.users[request.user]?.id ?? '')
    // One short id per state of a device: a cache that left it out would answer with facts that have changed.
    const devices = requests.map((request) => `d${request.device}`)
    const cache = new Map<string, boolean>()
    const keyOf = (index: number): string => `${callers[index]}|${devices[index]}|${src[index]}|${dstEndpoint[index]}`
    const scanned = policy.rules.length <= 10_000
    requests.forEach((request, index) => {
      const rule = scanned && index < 500 ? firstMatch(policy, request) : (workload.expected[index] as number)
      cache.set(keyOf(index), policy.rules[rule]?.effect === 'allow')
    })
    return { kind: 'now', decide: (index) => cache.get(keyOf(index)) === true }
  },
}
