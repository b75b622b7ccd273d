import { ipv4, ipv6 } from '../../src/net/address.ts'
import { maskedPrefix, type Prefix } from '../../src/net/prefix.ts'
import type { PolicyModel, PostureModel, RuleModel, SegmentModel, Selector } from '../../src/policy/model.ts'
import type { Block } from './blocks.ts'
import { FACT_MAX_AGE_MS } from './document.ts'
import { type FlowPolicy, type FlowRule, groupName } from './flow-rule.ts'

const NOTHING: Selector = { prefixes: [], workloads: [], labels: [], segments: [] }

/** What every model of the bench shares: the two built-in segments and empty lists. */
export function modelOf(
  parts: Pick<PolicyModel, 'name' | 'combining' | 'segments' | 'postures' | 'rules'>,
): PolicyModel {
  const builtIn = (name: string): SegmentModel => ({ name, anonymous: false, include: NOTHING, except: NOTHING })
  return {
    name: parts.name,
    combining: parts.combining,
    maxDelegationDepth: 3,
    tiers: ['default'],
    segments: [builtIn('any'), builtIn('internet'), ...parts.segments],
    postures: parts.postures,
    rules: parts.rules,
    tests: [],
    invariants: [],
  }
}

/** A segment of one prefix. */
export function prefixSegment(name: string, anonymous: boolean, prefix: Prefix): SegmentModel {
  return { name, anonymous, include: { ...NOTHING, prefixes: [prefix] }, except: NOTHING }
}

/** A rule with every dimension open. */
export function openRule(id: string, effect: RuleModel['effect']): RuleModel {
  return {
    id,
    description: null,
    effect,
    tier: 0,
    mode: 'enforce',
    from: null,
    to: null,
    services: null,
    serviceNames: [],
    who: null,
    posture: null,
    when: null,
    valid: null,
    obligations: [],
    leaseMs: 0,
  }
}

/** The prefix of a block. */
export function prefixOfBlock(block: Block): Prefix {
  const [a = 0, b = 0, c = 0, d = 0] = block.words
  return maskedPrefix(block.family === 4 ? ipv4(a) : ipv6(a, b, c, d), block.length)
}

/** What checking the document of the policy gives, built without a document: for sizes at which a document is a burden. */
export function toModel(policy: FlowPolicy): PolicyModel {
  // 0 and 1 are the built-in segments.
  const segmentOf = new Map(policy.blocks.map((block, index) => [block, index + 2]))
  const places = (block: Block | null): number[] | null => (block === null ? null : [segmentOf.get(block) as number])
  const postures = policy.postures.map(
    (posture): PostureModel => ({
      name: posture.name,
      all: [
        { fact: 'zta.score', op: 'atLeast', value: posture.minimumScore, maxAgeMs: FACT_MAX_AGE_MS },
        { fact: 'device.managed', op: 'equals', value: true, maxAgeMs: FACT_MAX_AGE_MS },
      ],
    }),
  )
  return modelOf({
    name: 'bench',
    combining: 'deny-overrides',
    segments: policy.blocks.map((block, index) => prefixSegment(`s${index}`, false, prefixOfBlock(block))),
    postures,
    rules: policy.rules.map(
      (rule): RuleModel => ({
        ...openRule(rule.id, rule.effect),
        from: places(rule.from),
        to: places(rule.to),
        ...portsOf(rule),
        who: rule.group < 0 ? null : [[groupPredicate(rule.group)]],
        posture: rule.posture < 0 ? null : [rule.posture],
      }),
    ),
  })
}

function groupPredicate(group: number): { type: 'group'; group: string; names: string[]; members: string[] } {
  const name = groupName(group)
  return { type: 'group', group: name, names: [name], members: [] }
}

function portsOf(rule: FlowRule): Partial<Pick<RuleModel, 'services' | 'serviceNames'>> {
  if (rule.firstPort === 0 && rule.lastPort === 65_535) return {}
  const ports = [{ from: rule.firstPort, to: rule.lastPort }]
  const entry = { protocol: null, ports, sourcePorts: null, http: null, grpc: null, models: null, tools: null }
  return { services: [entry], serviceNames: ['inline'] }
}
