import fc from 'fast-check'
import { parsePrefix } from '../../src/net/prefix.ts'
import { INTERNET_PREFIXES } from '../../src/net/special.ts'
import type {
  Comparison,
  FactComparison,
  Obligation,
  PolicyModel,
  PostureModel,
  RuleModel,
  ScheduleWindow,
  SegmentModel,
  Selector,
  ServiceEntry,
  Validity,
  WhoPredicate,
} from '../../src/policy/model.ts'
import { CONDITIONS } from '../reference/conditions.ts'
import { prefixText } from './addresses.ts'
import { GRPC_METHODS, GRPC_SERVICES, LABEL_SETS, METHODS, SEGMENT_NAMES, WORKLOADS } from './endpoint.ts'
import { ACRS, AMRS, CLAIM_VALUES, CLAIMS, GROUPS, IDS, ROLES } from './identity.ts'
import { age, instant } from './instants.ts'
import { FACTS, factValue } from './posture.ts'

/** What a policy may contain; a property that is about less asks for less. */
export interface PolicyShape {
  readonly schedules: boolean
  readonly shadows: boolean
  readonly leases: boolean
  readonly combining: readonly PolicyModel['combining'][]
}

const FULL: PolicyShape = { schedules: true, shadows: true, leases: true, combining: ['deny-overrides', 'first-match'] }

export const NOTHING: Selector = { prefixes: [], workloads: [], labels: [], segments: [] }
export const ANY: SegmentModel = { name: 'any', anonymous: false, include: NOTHING, except: NOTHING }
export const INTERNET: SegmentModel = {
  name: 'internet',
  anonymous: false,
  include: { ...NOTHING, prefixes: INTERNET_PREFIXES },
  except: NOTHING,
}
// A counterexample is read by people: the hundred prefixes say nothing.
Object.defineProperty(INTERNET, fc.toStringMethod, { value: () => 'INTERNET' })

/** `null` three times as often as a value: most rules leave most dimensions open, or nothing would ever match. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, nulls = 3): fc.Arbitrary<T | null> {
  return fc.oneof({ withCrossShrink: true }, { weight: nulls, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

function few<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  )
}

function some<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.subarray([...items], { minLength: 1, maxLength: 2 })
}

function selector(below: number, emptiness: number): fc.Arbitrary<Selector> {
  const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(
      { weight: emptiness, arbitrary: fc.constant<T[]>([]) },
      { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
    )
  return fc.record({
    prefixes: fc.oneof(
      { weight: 3, arbitrary: fc.array(prefixText.map(parsePrefix), { minLength: 1, maxLength: 3 }) },
      { weight: emptiness, arbitrary: fc.constant([]) },
    ),
    workloads: sometimes(fc.record({ id: fc.constantFrom(...WORKLOADS), below: fc.boolean() })),
    labels: sometimes(fc.constantFrom<Record<string, string>>(...LABEL_SETS)),
    segments: sometimes(fc.nat({ max: below - 1 })),
  })
}

const EXCEPT_NOTHING = fc.constant(NOTHING)

/** Named segments, then anonymous ones; a segment refers only to those before it, so there is no cycle. */
const segments: fc.Arbitrary<SegmentModel[]> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.nat({ max: 2 }))
  .chain(([named, anonymous]) =>
    fc.tuple(
      ...Array.from({ length: named + anonymous }, (_, index) =>
        fc.record({
          name: fc.constant(index < named ? (SEGMENT_NAMES[index] ?? '') : `10.1.${index}.0/24`),
          anonymous: fc.constant(index >= named),
          include: selector(index + 2, 2),
          except: fc.oneof({ weight: 3, arbitrary: EXCEPT_NOTHING }, { weight: 1, arbitrary: selector(index + 2, 6) }),
        }),
      ),
    ),
  )
  .map((own) => [ANY, INTERNET, ...own])

const ports = some([
  { from: 443, to: 443 },
  { from: 0, to: 1023 },
  { from: 8000, to: 8100 },
  { from: 1024, to: 65535 },
  { from: 0, to: 65535 },
])

const entry: fc.Arbitrary<ServiceEntry> = fc.record({
  protocol: rarely(fc.constantFrom(6, 17, 1), 1),
  ports: rarely(ports, 1),
  sourcePorts: rarely(ports, 8),
  http: rarely(
    fc.record({
      methods: rarely(some(METHODS), 1),
      routes: rarely(some(['/v1/models/:id', '/v1/models', '/v1/*', '/admin/*', '/admin', '/:area/users']), 1),
    }),
    4,
  ),
  grpc: rarely(fc.record({ service: fc.constantFrom(...GRPC_SERVICES), methods: rarely(some(GRPC_METHODS), 1) }), 8),
  models: rarely(some(['llama-3-70b', 'embed-*', 'embed', '*']), 8),
  tools: rarely(some(['web.search', 'web*', 'shell']), 8),
})

const predicate: fc.Arbitrary<WhoPredicate> = fc.oneof(
  fc.record({ type: fc.constant('kind'), kind: fc.constantFrom('user', 'workload', 'agent', 'anonymous') }),
  fc.record({ type: fc.constant('id'), id: fc.constantFrom(...IDS), below: fc.constant(false) }),
  fc.record({ type: fc.constant('id'), id: fc.constantFrom(...IDS.slice(2)), below: fc.boolean() }),
  fc.record({
    type: fc.constant('group'),
    group: fc.constant('team'),
    names: some(GROUPS),
    members: fc.oneof(fc.constant([]), some(IDS)),
  }),
  fc.record({ type: fc.constant('role'), role: fc.constantFrom(...ROLES) }),
  fc.record({ type: fc.constant('claim'), claim: fc.constantFrom(...CLAIMS), values: some(CLAIM_VALUES) }),
  fc.record({ type: fc.constant('acr'), values: some(ACRS) }),
  fc.record({ type: fc.constant('amr'), methods: some(AMRS) }),
  fc.record({ type: fc.constant('authAge'), maxAgeMs: age }),
)

function comparisonOf(name: (typeof FACTS)[number]): fc.Arbitrary<Comparison> {
  const value = factValue(name)
  const values = fc.array(value, { minLength: 1, maxLength: 2 })
  const forNumbers = fc.record({
    op: fc.constantFrom('atLeast', 'atMost', 'above', 'below'),
    value: fc.constantFrom(70, 69.5, 0, 71),
  })
  const forVersions = fc.record({
    op: fc.constantFrom('atLeastVersion', 'atMostVersion'),
    value: fc.constantFrom('14', '14.2', '14.10', '13.9.9'),
  })
  const ordered = name === 'os.version' ? forVersions : forNumbers
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('equals', 'notEquals'), value }) },
    { weight: 4, arbitrary: ordered },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('oneOf', 'noneOf'), values }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('present', 'absent') }) },
  )
}

const factComparison: fc.Arbitrary<FactComparison> = fc
  .constantFrom(...FACTS)
  .chain((fact) =>
    fc.tuple(comparisonOf(fact), age).map(([what, maxAgeMs]): FactComparison => ({ ...what, fact, maxAgeMs })),
  )

const postures: fc.Arbitrary<PostureModel[]> = fc
  .array(fc.array(factComparison, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
  .map((all) => all.map((comparisons, index) => ({ name: `posture-${index}`, all: comparisons })))

const window: fc.Arbitrary<ScheduleWindow> = fc
  .record({
    days: some([0, 1, 6]),
    hours: fc.constantFrom([0, 1440], [60, 150], [120, 180], [540, 1020], [1320, 1440]),
    zone: fc.constantFrom('UTC', 'Europe/Berlin'),
  })
  .map(({ hours: [fromMinute = 0, toMinute = 0], ...rest }) => ({ ...rest, fromMinute, toMinute }))

function validity(schedules: boolean): fc.Arbitrary<Validity> {
  return fc.record({
    from: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), instant),
    until: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), instant),
    schedule: schedules ? rarely(fc.array(window, { minLength: 1, maxLength: 2 }), 1) : fc.constant(null),
  })
}

const OBLIGATIONS: readonly Obligation[] = [
  { type: 'log' },
  { type: 'log', level: 'full' },
  { type: 'mask', fields: ['ssn'] },
]

function ruleBody(
  segmentCount: number,
  postureCount: number,
  shape: PolicyShape,
): fc.Arbitrary<Omit<RuleModel, 'id' | 'serviceNames'>> {
  const places = rarely(few(fc.nat({ max: segmentCount - 1 })), 1)
  return fc.record({
    description: fc.constant(null),
    effect: fc.constantFrom('allow', 'allow', 'deny'),
    tier: fc.nat({ max: 1 }),
    mode: shape.shadows
      ? fc.constantFrom('enforce', 'enforce', 'enforce', 'enforce', 'shadow')
      : fc.constant('enforce'),
    from: places,
    to: places,
    services: rarely(few(entry)),
    who: rarely(few(fc.array(predicate, { maxLength: 2 })), 2),
    posture: rarely(few(fc.nat({ max: postureCount - 1 }))),
    when: rarely(fc.constantFrom(...CONDITIONS), 8),
    valid: rarely(validity(shape.schedules), 6),
    obligations: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray([...OBLIGATIONS]) },
    ),
    leaseMs: shape.leases
      ? fc.oneof({ withCrossShrink: true }, { weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: age })
      : fc.constant(0),
  })
}

const RULE_IDS = ['a', 'B', 'a.b', 'a-b', 'a/b', 'Z9', 'm', 'n', '0']

/** Policies of at most `RULE_IDS.length` rules over a few segments, in evaluation order. */
export function policyModel(shape: Partial<PolicyShape> = {}): fc.Arbitrary<PolicyModel> {
  const whole = { ...FULL, ...shape }
  return fc
    .tuple(segments, postures)
    .chain(([ownSegments, ownPostures]) =>
      fc.record({
        name: fc.constant('small'),
        combining: fc.constantFrom(...whole.combining),
        maxDelegationDepth: fc.constantFrom(3, 3, 3, 2, 1, 0),
        tiers: fc.constant(['high', 'low']),
        segments: fc.constant(ownSegments),
        postures: fc.constant(ownPostures),
        rules: fc
          .tuple(
            fc.array(ruleBody(ownSegments.length, ownPostures.length, whole), { maxLength: RULE_IDS.length }),
            fc.shuffledSubarray(RULE_IDS, { minLength: RULE_IDS.length }),
          )
          .map(([bodies, ids]) =>
            bodies.map((body, index) => ({
              ...body,
              id: ids[index] ?? '',
              serviceNames: body.services === null ? [] : ['inline'],
            })),
          ),
        tests: fc.constant([]),
        invariants: fc.constant([]),
      }),
    )
    .map((model) => ({ ...model, rules: inEvaluationOrder(model.combining, model.rules) }))
}

/** Semantics section 2. The order given is the order of the file. */
export function inEvaluationOrder(combining: PolicyModel['combining'], rules: readonly RuleModel[]): RuleModel[] {
  const effects = ['deny', 'allow']
  return [...rules].sort((a, b) => {
    if (a.tier !== b.tier) return a.tier - b.tier
    if (combining === 'first-match') return 0
    return effects.indexOf(a.effect) - effects.indexOf(b.effect) || (a.id < b.id ? -1 : 1)
  })
}
