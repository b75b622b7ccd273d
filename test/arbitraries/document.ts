import type fc from 'fast-check'
import { INTERNET_PREFIXES } from '../../src/net/special.ts'
import type { PolicyDocument, RuleDocument, SegmentDocument, WhoDocument } from '../../src/policy/document.ts'
import type {
  FactComparison,
  PolicyModel,
  RuleModel,
  ScheduleWindow,
  Selector,
  ServiceEntry,
  Validity,
  WhoPredicate,
  WhoSelector,
} from '../../src/policy/model.ts'
import { isPlainObject } from '../reference/plain-object.ts'
import { policyModel } from './policy.ts'

/** A model, and the document that says the same. */
export interface WrittenPolicy {
  readonly model: PolicyModel
  readonly document: PolicyDocument
}

/** Documents with the models that they must be normalised to, but for the names of inline segments. */
export const writtenPolicy: fc.Arbitrary<WrittenPolicy> = policyModel()
  .map(writable)
  .map((model) => ({ model, document: documentOf(model) }))

/** A document alone. */
export const policyDocument: fc.Arbitrary<PolicyDocument> = writtenPolicy.map(({ document }) => document)

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Names that every object has: the engine must cope with them and a document must not have them. */
const PLAIN_NAMES: Readonly<Record<string, string>> = { constructor: 'builder', toString: 'text' }

/** Takes out what no document can say: a rule that is never valid, a selector that asks twice for one thing, ... */
function writable(model: PolicyModel): PolicyModel {
  const plain = withPlainNames(model) as PolicyModel
  return {
    ...plain,
    segments: plain.segments.map((segment) => (segment.anonymous ? { ...segment, anonymous: false } : segment)),
    rules: plain.rules.map((rule) => ({
      ...rule,
      services: rule.services?.some(isAnyService) ? null : rule.services,
      valid: rule.valid !== null && rule.valid.from < rule.valid.until ? rule.valid : null,
      who: rule.who?.map(onceEach).filter((selector) => selector.length > 0) ?? null,
    })),
  }
}

function withPlainNames(part: unknown): unknown {
  if (typeof part === 'string') return Object.hasOwn(PLAIN_NAMES, part) ? PLAIN_NAMES[part] : part
  if (Array.isArray(part)) return part === INTERNET_PREFIXES ? part : part.map(withPlainNames)
  if (!isPlainObject(part)) return part
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [withPlainNames(key), withPlainNames(value)]))
}

function isAnyService(entry: ServiceEntry): boolean {
  return Object.values(entry).every((part) => part === null)
}

function onceEach(selector: WhoSelector): WhoSelector {
  const keyOf = (one: WhoPredicate) => (one.type === 'claim' ? `claim ${one.claim}` : one.type)
  return selector.filter((one, index) => selector.findIndex((earlier) => keyOf(earlier) === keyOf(one)) === index)
}

/** Writes a model down. Every inline segment gets a name, every group predicate a group. */
function documentOf(model: PolicyModel): PolicyDocument {
  const names = model.segments.map(({ name }) => (/^[0-9]/.test(name) ? `inline-${name.replace(/[./]/g, '-')}` : name))
  const groups: Record<string, { names: string[]; members: string[] }> = {}
  const nameGroup = (names: readonly string[], members: readonly string[]): string => {
    const name = `group-${Object.keys(groups).length}`
    groups[name] = { names: [...names], members: [...members] }
    return name
  }
  const rules = model.rules.map((rule) => ruleDocument(model, names, rule, nameGroup))
  return {
    sallyport: 1,
    name: model.name,
    combining: model.combining,
    delegation: { maxDepth: model.maxDelegationDepth },
    tiers: [...model.tiers],
    segments: Object.fromEntries(
      model.segments
        .slice(2)
        .map(({ include, except }, index): [string, SegmentDocument] => [
          names[index + 2] ?? '',
          { ...selectorDocument(names, include), except: selectorDocument(names, except) },
        ]),
    ),
    groups,
    postures: Object.fromEntries(
      model.postures.map((posture) => [posture.name, { maxAge: '1d', all: posture.all.map(comparisonDocument) }]),
    ),
    rules,
  }
}

function selectorDocument(names: readonly string[], { prefixes, workloads, labels, segments }: Selector) {
  return {
    ...(prefixes.length > 0 && { cidrs: prefixes.map(String) }),
    ...(workloads.length > 0 && { workloads: workloads.map(({ id, below }) => (below ? `${id}/*` : id)) }),
    ...(labels.length > 0 && { labels: [...labels] }),
    ...(segments.length > 0 && { segments: segments.map((index) => names[index] ?? '') }),
  }
}

function comparisonDocument({ fact, maxAgeMs, ...comparison }: FactComparison) {
  const { op } = comparison
  const operand = 'value' in comparison ? comparison.value : 'values' in comparison ? [...comparison.values] : true
  return { fact, maxAge: `${maxAgeMs}ms`, [op]: operand }
}

function ruleDocument(
  model: PolicyModel,
  names: readonly string[],
  rule: RuleModel,
  nameGroup: (names: readonly string[], members: readonly string[]) => string,
): RuleDocument {
  return {
    id: rule.id,
    effect: rule.effect,
    tier: model.tiers[rule.tier] ?? '',
    mode: rule.mode,
    ...(rule.from !== null && { from: rule.from.map((index) => names[index] ?? '') }),
    ...(rule.to !== null && { to: rule.to.map((index) => names[index] ?? '') }),
    ...(rule.services !== null && { services: rule.services.map(serviceDocument) }),
    ...(rule.who !== null && { who: rule.who.map((selector) => whoDocument(selector, nameGroup)) }),
    ...(rule.posture !== null && { posture: rule.posture.map((index) => model.postures[index]?.name ?? '') }),
    ...(rule.when !== null && { when: rule.when }),
    ...(rule.valid !== null && { valid: validDocument(rule.valid) }),
    ...(rule.obligations.length > 0 && { obligations: [...rule.obligations] }),
    ...(rule.leaseMs > 0 && { lease: `${rule.leaseMs}ms` }),
  }
}

function serviceDocument(entry: ServiceEntry) {
  const ports = (ranges: ServiceEntry['ports']) =>
    (ranges ?? []).map(({ from, to }) => (from === to ? from : `${from}-${to}`))
  const { protocol, http, grpc, models, tools } = entry
  return {
    ...(protocol !== null && { protocol }),
    ...(entry.ports !== null && { ports: ports(entry.ports) }),
    ...(entry.sourcePorts !== null && { sourcePorts: ports(entry.sourcePorts) }),
    ...(http !== null && {
      http: {
        ...(http.methods !== null && { methods: [...http.methods] }),
        ...(http.routes !== null && { routes: [...http.routes] }),
      },
    }),
    ...(grpc !== null && {
      grpc: { service: grpc.service, ...(grpc.methods !== null && { methods: [...grpc.methods] }) },
    }),
    ...(models !== null && { models: [...models] }),
    ...(tools !== null && { tools: [...tools] }),
  }
}

function whoDocument(
  selector: WhoSelector,
  nameGroup: (names: readonly string[], members: readonly string[]) => string,
): WhoDocument {
  const claims: Record<string, (string | number | boolean)[]> = {}
  const assurance: Record<string, unknown> = {}
  const who: Record<string, unknown> = {}
  for (const one of selector) {
    if (one.type === 'kind') who.kind = one.kind
    if (one.type === 'id') who.id = one.below ? `${one.id}/*` : one.id
    if (one.type === 'group') who.group = nameGroup(one.names, one.members)
    if (one.type === 'role') who.role = one.role
    if (one.type === 'claim') claims[one.claim] = [...one.values]
    if (one.type === 'acr') assurance.acr = [...one.values]
    if (one.type === 'amr') assurance.amr = [...one.methods]
    if (one.type === 'authAge') assurance.maxAge = `${one.maxAgeMs}ms`
  }
  return {
    ...who,
    ...(Object.keys(claims).length > 0 && { claims }),
    ...(Object.keys(assurance).length > 0 && { assurance }),
  }
}

function validDocument({ from, until, schedule }: Validity) {
  return {
    ...(Number.isFinite(from) && { from: new Date(from).toISOString() }),
    ...(Number.isFinite(until) && { until: new Date(until).toISOString() }),
    ...(schedule !== null && { schedule: schedule.map(windowDocument) }),
  }
}

function windowDocument({ days, fromMinute, toMinute, zone }: ScheduleWindow) {
  const time = (minute: number) =>
    [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return { days: days.map((day) => DAYS[day] ?? 'sun'), hours: `${time(fromMinute)}-${time(toMinute)}`, zone }
}
