import { parsePrefix } from '../../src/net/prefix.ts'
import type {
  FactComparison,
  PolicyModel,
  RuleModel,
  SegmentModel,
  Selector,
  ServiceEntry,
} from '../../src/policy/model.ts'
import { ANY, INTERNET, NOTHING } from '../arbitraries/policy.ts'

/** A selector in the short form of the tests. */
export interface SelectorSketch extends Partial<Omit<Selector, 'prefixes' | 'segments'>> {
  readonly cidrs?: readonly string[]
  /** Names of earlier segments. */
  readonly segments?: readonly string[]
}

/** A rule in the short form of the tests: segments and postures by name. */
export interface RuleSketch extends Partial<Omit<RuleModel, 'from' | 'to' | 'services' | 'posture'>> {
  readonly from?: readonly string[]
  readonly to?: readonly string[]
  readonly services?: readonly Partial<ServiceEntry>[]
  readonly posture?: readonly string[]
}

/** A policy in the short form of the tests. Rules are listed in evaluation order. */
export interface PolicySketch {
  readonly maxDelegationDepth?: number
  readonly segments?: Readonly<
    Record<string, SelectorSketch & { readonly except?: SelectorSketch; readonly anonymous?: boolean }>
  >
  readonly postures?: Readonly<Record<string, readonly FactComparison[]>>
  readonly rules: readonly RuleSketch[]
}

/** Fills in everything that a sketch leaves out: an open dimension, an enforced rule, an allow. */
export function modelOf(sketch: PolicySketch): PolicyModel {
  const segmentNames = ['any', 'internet', ...Object.keys(sketch.segments ?? {})]
  const postureNames = Object.keys(sketch.postures ?? {})
  const selector = ({ cidrs = [], segments = [], ...rest }: SelectorSketch = {}): Selector => ({
    prefixes: cidrs.map(parsePrefix),
    workloads: rest.workloads ?? [],
    labels: rest.labels ?? [],
    segments: segments.map((name) => indexOf(segmentNames, name)),
  })
  const segments = Object.entries(sketch.segments ?? {}).map(
    ([name, { except, anonymous = false, ...include }]): SegmentModel => ({
      name,
      anonymous,
      include: selector(include),
      except: except === undefined ? NOTHING : selector(except),
    }),
  )
  return {
    name: 'sketch',
    combining: 'first-match',
    maxDelegationDepth: sketch.maxDelegationDepth ?? 3,
    tiers: ['default'],
    segments: [ANY, INTERNET, ...segments],
    postures: Object.entries(sketch.postures ?? {}).map(([name, all]) => ({ name, all })),
    rules: sketch.rules.map(
      (rule, index): RuleModel => ({
        id: `rule-${index}`,
        description: null,
        effect: 'allow',
        tier: 0,
        mode: 'enforce',
        who: null,
        when: null,
        valid: null,
        obligations: [],
        leaseMs: 0,
        serviceNames: [],
        ...rule,
        from: rule.from?.map((name) => indexOf(segmentNames, name)) ?? null,
        to: rule.to?.map((name) => indexOf(segmentNames, name)) ?? null,
        services: rule.services?.map((entry) => ({ ...ANY_SERVICE, ...entry })) ?? null,
        posture: rule.posture?.map((name) => indexOf(postureNames, name)) ?? null,
      }),
    ),
    tests: [],
    invariants: [],
  }
}

const ANY_SERVICE: ServiceEntry = {
  protocol: null,
  ports: null,
  sourcePorts: null,
  http: null,
  grpc: null,
  models: null,
  tools: null,
}

function indexOf(names: readonly string[], name: string): number {
  const index = names.indexOf(name)
  if (index < 0) throw new RangeError(`the sketch names ${JSON.stringify(name)}, which it does not define`)
  return index
}
