import { quote } from './diagnostics.ts'
import type { InvariantDocument, Loose, PolicyDocument, RuleDocument } from './document.ts'
import { ANY_SEGMENT, type Combining, type Obligation, type RuleModel, type WhoSelector } from './model.ts'
import { checkName } from './names.ts'
import { readPlainData } from './plain-data.ts'
import type { GroupTable } from './read-identities.ts'
import { readWho } from './read-identities.ts'
import type { PostureTable } from './read-postures.ts'
import type { SegmentTable } from './read-segments.ts'
import type { ServiceSelection, ServiceTable } from './read-services.ts'
import { byCodeUnit, isList, readAt, readEach, readItems, readPart, reportTwice } from './reading.ts'
import type { Report } from './report.ts'
import { readDuration, readValidity } from './times.ts'

/** Everything a rule refers to. */
export interface Tables {
  readonly segments: SegmentTable
  readonly groups: GroupTable
  readonly services: ServiceTable
  readonly postures: PostureTable
  /** Highest first. */
  readonly tiers: readonly string[]
  /** `null` when a CEL text is sound, else what is wrong with it. */
  readonly checkCondition: ((text: string) => string | null) | undefined
}

type LooseRule = Loose<RuleDocument>

/** The rules of a document with the places where they stand. */
export type LooseRules = readonly (LooseRule | undefined)[]

/** The places of the rules in the order in which they are tried; rules that are off come last. */
export function evaluationOrder(rules: LooseRules, tiers: readonly string[], combining: Combining): number[] {
  const tierOf = new Map(tiers.map((tier, index) => [tier, index]))
  const lowest = Math.max(0, tiers.length - 1)
  const off = 2 * tiers.length + 2
  const weights = rules.map((rule) => {
    if (rule === undefined || rule.mode === 'off') return off
    const tier = rule.tier === undefined ? lowest : (tierOf.get(rule.tier) ?? lowest)
    return tier * 2 + (combining === 'deny-overrides' && rule.effect !== 'deny' ? 1 : 0)
  })
  const order = rules.map((_, index) => index)
  const idOf = (index: number): string => rules[index]?.id ?? ''
  return order.sort(
    (a, b) =>
      (weights[a] ?? 0) - (weights[b] ?? 0) || (combining === 'first-match' ? a - b : byCodeUnit(idOf(a), idOf(b))),
  )
}

/** Checks that ids are plain and used once; answers the set of ids. */
export function checkRuleIds(rules: LooseRules, report: Report): ReadonlySet<string> {
  const ids = new Set<string>()
  const { path } = report
  path.push('rules', 0, 'id')
  const depth = path.length - 2
  for (let index = 0; index < rules.length; index++) {
    const id = rules[index]?.id
    if (id === undefined) continue
    path[depth] = index
    checkName('rule', id, report, 'value')
    if (ids.has(id))
      report.add('POLICY_NAME_DUPLICATE', `rule id ${quote(id)} is used already`, { fix: 'give each rule its own id' })
    ids.add(id)
  }
  path.length = depth - 1
  return ids
}

/** Reads one rule with the report standing at it. */
export function readRule(document: LooseRule, tables: Tables, report: Report): RuleModel {
  const { from, to } = readEnds(document, tables, report)
  const services = readServiceSelection(document.services, tables, report)
  const who = readWhoList(document.who, tables, report)
  const posture = readPostureNames(document.posture, tables, report)
  if (
    document.effect === 'allow' &&
    document.mode !== 'off' &&
    from === null &&
    to === null &&
    who === null &&
    posture === null &&
    document.when === undefined
  ) {
    report.add('POLICY_RULE_BROAD', 'the rule allows everybody to go from anywhere to anywhere', {
      fix: 'narrow it with from, to, who or posture',
    })
  }
  if (document.when !== undefined) checkWhen(document.when, tables, report)
  return {
    id: document.id ?? '',
    description: document.description ?? null,
    effect: document.effect ?? 'deny',
    tier: readTier(document.tier, tables.tiers, report),
    mode: document.mode === 'shadow' ? 'shadow' : 'enforce',
    from,
    to,
    services: services.entries,
    serviceNames: services.names,
    who,
    posture,
    when: document.when ?? null,
    valid: readPart('valid', document.valid, readValidity, null, report),
    obligations: document.obligations === undefined ? NO_OBLIGATIONS : readObligations(document.obligations, report),
    leaseMs: readPart('lease', document.lease, readDuration, 0, report) ?? 0,
  }
}

const NO_OBLIGATIONS: readonly Obligation[] = Object.freeze([])

function readTier(name: string | undefined, tiers: readonly string[], report: Report): number {
  if (name === undefined) return Math.max(0, tiers.length - 1)
  const index = tiers.indexOf(name)
  if (index === -1)
    report.add('POLICY_TIER_UNKNOWN', `tier ${quote(name)} is not defined`, {
      below: ['tier'],
      nearest: report.nearest(name, tiers),
    })
  return Math.max(0, index)
}

type EndpointsDocument = Loose<NonNullable<RuleDocument['from']>>

/** Both ends of a flow. */
export function readEnds(
  document: { readonly from?: EndpointsDocument | undefined; readonly to?: EndpointsDocument | undefined },
  { segments }: Tables,
  report: Report,
): Pick<RuleModel, 'from' | 'to'> {
  return {
    from: document.from === undefined ? null : readEndpoints('from', document.from, segments, report),
    to: document.to === undefined ? null : readEndpoints('to', document.to, segments, report),
  }
}

/** Indices of segments in ascending order; `null` when one of them is `any`. */
function readEndpoints(
  key: 'from' | 'to',
  document: EndpointsDocument,
  segments: SegmentTable,
  report: Report,
): readonly number[] | null {
  const { path } = report
  if (!isList<string | undefined>(document)) return readOneEndpoint(key, document, segments, report)
  const texts = document
  if (texts.length === 1) return readAt(key, texts[0], (text) => readOneEndpoint(0, text, segments, report), report)
  // In code-unit order: the numbers of new anonymous segments must not follow from the order of the list.
  const order = texts.map((_, index) => index)
  order.sort((a, b) => byCodeUnit(texts[a] ?? '', texts[b] ?? ''))
  if (texts.length === 0)
    report.add('POLICY_LIST_EMPTY', `an empty list of ${quote(key)} is nobody`, {
      below: [key],
      fix: `leave ${quote(key)} out to mean any`,
    })
  const indices = new Set<number>()
  const depth = path.length + 1
  path.push(key, 0)
  for (const at of order) {
    const text = texts[at]
    if (text === undefined) continue
    path[depth] = at
    const index = segments.resolve(text, report)
    if (index === undefined) continue
    if (indices.has(index)) reportTwice(quote(text), report)
    indices.add(index)
  }
  path.length = depth - 1
  return indices.has(ANY_SEGMENT) ? null : [...indices].sort((a, b) => a - b)
}

function readOneEndpoint(
  key: string | number,
  text: string | undefined,
  segments: SegmentTable,
  report: Report,
): readonly number[] | null {
  if (text === undefined) return []
  const index = readAt(key, text, () => segments.resolve(text, report), report)
  return index === ANY_SEGMENT ? null : index === undefined ? [] : [index]
}

const ANY_SERVICE: ServiceSelection = { entries: null, names: [] }

/** The services of a rule or an invariant. */
export function readServiceSelection(
  document: Loose<RuleDocument['services']>,
  tables: Tables,
  report: Report,
): ServiceSelection {
  return document === undefined ? ANY_SERVICE : tables.services.select(document, report)
}

/** The `who` of a rule or an invariant; `null` is everybody. */
export function readWhoList(
  document: Loose<RuleDocument['who'] | InvariantDocument['never']> | Loose<RuleDocument['who']>,
  tables: Tables,
  report: Report,
): readonly WhoSelector[] | null {
  if (document === undefined) return null
  type WhoItem = Parameters<typeof readWho>[0]
  return readEach<WhoItem | undefined, WhoSelector>(
    'who',
    document as WhoItem | readonly (WhoItem | undefined)[],
    (selector) => readWho(selector, tables.groups, report),
    report,
  )
}

/** The postures of a rule or an invariant by index, ascending; `null` asks for none. */
export function readPostureNames(
  document: Loose<RuleDocument['posture']>,
  tables: Tables,
  report: Report,
): readonly number[] | null {
  if (document === undefined) return null
  const indices = readEach<string | undefined, number>(
    'posture',
    document,
    (name) => tables.postures.names.resolve(name, report),
    report,
  )
  return indices.length < 2 ? indices : [...new Set(indices)].sort((a, b) => a - b)
}

/** Conditions are compiled at most this often in a document that is refused anyway. */
function checkWhen(text: string, tables: Tables, report: Report): void {
  if (text.trim() === '') {
    report.add('POLICY_CONDITION_EMPTY', 'the condition has no text', { below: ['when'], fix: 'leave `when` out' })
    return
  }
  if (tables.checkCondition === undefined || report.full) return
  const problem = tables.checkCondition(text)
  if (problem !== null)
    report.add(
      'POLICY_CONDITION_INVALID',
      `the condition is not valid: ${problem.replace(/\s+/g, ' ').slice(0, 300)}`,
      { below: ['when'] },
    )
}

function readObligations(
  document: Loose<NonNullable<RuleDocument['obligations']>>,
  report: Report,
): readonly Obligation[] {
  const read = (obligation: NonNullable<(typeof document)[number]>): Obligation | undefined => {
    if (obligation.type === '')
      report.add('POLICY_VALUE_INVALID', 'the type of an obligation must not be empty', { below: ['type'] })
    return readPlainData(obligation, report) as Obligation | undefined
  }
  return Object.freeze(readItems('obligations', document, read, report))
}

/** Rules of a document, whatever is left of it. */
export function rulesOf(document: Loose<PolicyDocument>): LooseRules {
  return document.rules ?? []
}
