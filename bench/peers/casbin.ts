import { type Enforcer, newCachedEnforcer, newEnforcer, newModelFromString } from 'casbin'
import { groupName } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Contestant } from './contestant.ts'

const MODEL = `
[request_definition]
r = sub, src, dst, port, score, managed
[policy_definition]
p = sub, src, dst, first, last, score
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.port >= p.first && r.port <= p.last && r.score >= p.score && r.managed == "yes" && ipMatch(r.src, p.src) && ipMatch(r.dst, p.dst)
`

/** casbin compares the strings of policies as strings, so numbers are padded to make the order of both the same. */
const padded = (value: number): string => String(value).padStart(5, '0')

/** `enforceSync`, the quickest uncached call. */
export const casbinSync: Contestant = {
  name: 'casbin, enforceSync',
  what: 'casbin, ipMatch, roles as groups',
  requestLimit: (rules) => (rules <= 100 ? 2_000 : rules <= 1_000 ? 200 : 20),
  async prepare(workload: Workload) {
    const enforcer = await load(await newEnforcer(newModelFromString(MODEL)), workload)
    const questions = questionsOf(workload)
    return { kind: 'now', decide: (index) => enforcer.enforceSync(...(questions[index] as string[])) }
  },
}

/** `CachedEnforcer` with every answer in its cache; it answers with promises only. */
export const casbinCached: Contestant = {
  name: 'casbin, CachedEnforcer, all hits',
  what: 'casbin, unbounded cache, awaited',
  requestLimit: (rules) => (rules <= 100 ? 2_000 : rules <= 1_000 ? 400 : 100),
  async prepare(workload: Workload) {
    const enforcer = await newCachedEnforcer(newModelFromString(MODEL))
    await load(enforcer, workload)
    const questions = questionsOf(workload)
    return { kind: 'later', decide: (index) => enforcer.enforce(...(questions[index] as string[])) }
  },
}

async function load(enforcer: Enforcer, { policy }: Workload): Promise<Enforcer> {
  const rows = policy.rules.map((rule) => {
    const posture = policy.postures[rule.posture]
    if (rule.effect === 'deny' || rule.group < 0 || rule.from === null || rule.to === null || posture === undefined) {
      throw new Error('the casbin model is written for the plain workload only')
    }
    return [
      groupName(rule.group),
      rule.from.text,
      rule.to.text,
      padded(rule.firstPort),
      padded(rule.lastPort),
      padded(posture.minimumScore),
    ]
  })
  // Equal rules may occur twice in a workload; casbin refuses a batch with a row it knows.
  const distinct = [...new Map(rows.map((row) => [row.join(), row])).values()]
  if (!(await enforcer.addPolicies(distinct))) throw new Error('casbin refused the policies')
  const memberships = policy.users.flatMap((user) => user.groups.map((group) => [user.id, groupName(group)]))
  if (!(await enforcer.addGroupingPolicies(memberships))) throw new Error('casbin refused the groups')
  return enforcer
}

function questionsOf({ policy, requests, src, dst }: Workload): string[][] {
  return requests.map((request, index) => {
    const device = policy.devices[request.device]
    return [
      policy.users[request.user]?.id ?? '',
      src[index] as string,
      dst[index] as string,
      padded(request.port),
      padded(device?.score ?? 0),
      device?.managed ? 'yes' : 'no',
    ]
  })
}
