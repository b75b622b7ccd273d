import { buildMongoQueryMatcher, createMongoAbility, type MongoAbility, type RawRuleOf, subject } from '@casl/ability'
import { wordMask } from '../workloads/blocks.ts'
import type { FlowRule } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import { addressNumber } from './address-number.ts'
import { type Contestant, type Decide, NO_LIMIT } from './contestant.ts'

/** What `$cidr` is given: a prefix parsed once. */
interface ParsedCidr {
  readonly value: number
  readonly mask: number
}

interface FieldCondition {
  readonly operator: 'cidr'
  readonly field: string
  readonly value: ParsedCidr
}

/** One ability per caller with the rules of the caller's groups, built before timing. */
export const caslPerUser: Contestant = {
  name: 'CASL, one ability per caller',
  what: '@casl/ability, custom $cidr on parsed prefixes; building the ability is not counted',
  requestLimit: NO_LIMIT,
  prepare(workload: Workload) {
    const { policy, requests } = workload
    const byGroup = new Map<number, FlowRule[]>()
    for (const rule of policy.rules) byGroup.set(rule.group, [...(byGroup.get(rule.group) ?? []), rule])
    const abilities = policy.users.map((user) => {
      const rules = user.groups.flatMap((group) => byGroup.get(group) ?? [])
      return createAbility(rules.map((rule) => rawRule(workload, rule, false)))
    })
    return { kind: 'now', decide: decider(workload, (index) => abilities[requests[index]?.user ?? 0] as MongoAbility) }
  },
}

/** One ability that holds every rule, with the caller's groups as a field. */
export const caslAllRules: Contestant = {
  name: 'CASL, all rules in one ability',
  what: '@casl/ability, custom $cidr on parsed prefixes',
  requestLimit: (rules) => (rules <= 1_000 ? 2_000 : 100),
  prepare(workload: Workload) {
    const ability = createAbility(workload.policy.rules.map((rule) => rawRule(workload, rule, true)))
    return { kind: 'now', decide: decider(workload, () => ability) }
  },
}

function decider({ policy, requests, src, dst }: Workload, abilityOf: (index: number) => MongoAbility): Decide {
  return (index) => {
    const request = requests[index] as (typeof requests)[number]
    const device = policy.devices[request.device] as (typeof policy.devices)[number]
    const flow = {
      src: addressNumber(src[index] as string),
      dst: addressNumber(dst[index] as string),
      port: request.port,
      score: device.score,
      managed: device.managed,
      groups: (policy.users[request.user] as (typeof policy.users)[number]).groups,
    }
    return abilityOf(index).can('connect', subject('Flow', flow))
  }
}

function rawRule({ policy }: Workload, rule: FlowRule, withGroup: boolean): RawRuleOf<MongoAbility> {
  const posture = policy.postures[rule.posture]
  const conditions: Record<string, unknown> = { port: { $gte: rule.firstPort, $lte: rule.lastPort } }
  if (rule.from !== null) conditions.src = { $cidr: parsed(rule.from) }
  if (rule.to !== null) conditions.dst = { $cidr: parsed(rule.to) }
  if (posture !== undefined) {
    conditions.score = { $gte: posture.minimumScore }
    conditions.managed = true
  }
  if (withGroup && rule.group >= 0) conditions.groups = rule.group
  return { action: 'connect', subject: 'Flow', inverted: rule.effect === 'deny', conditions }
}

function parsed(block: NonNullable<FlowRule['from']>): ParsedCidr {
  return { value: (block.words[0] as number) | 0, mask: wordMask(block.length, 0) | 0 }
}

function createAbility(rules: RawRuleOf<MongoAbility>[]): MongoAbility {
  // A condition is read by its three members; the class behind it belongs to a dependency of CASL, not to us.
  const instruction = {
    type: 'field',
    parse: (_: unknown, value: ParsedCidr, context: { field: string }): FieldCondition => ({
      operator: 'cidr',
      field: context.field,
      value,
    }),
  }
  const interpreter = (
    condition: FieldCondition,
    flow: unknown,
    tools: { get(flow: unknown, field: string): number },
  ): boolean => (tools.get(flow, condition.field) & condition.value.mask) === condition.value.value
  const matcher = buildMongoQueryMatcher({ $cidr: instruction } as never, { cidr: interpreter } as never)
  return createMongoAbility(rules, { conditionsMatcher: matcher })
}
