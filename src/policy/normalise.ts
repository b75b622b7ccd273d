import { quote } from './diagnostics.ts'
import type { Loose, PolicyDocument } from './document.ts'
import type { PolicyModel, RuleModel } from './model.ts'
import { checkLookalikes, checkName } from './names.ts'
import { readInvariants, readTests } from './read-assertions.ts'
import { readGroups } from './read-identities.ts'
import { readPostures } from './read-postures.ts'
import { checkRuleIds, evaluationOrder, type LooseRules, readRule, rulesOf, type Tables } from './read-rules.ts'
import { readSegments } from './read-segments.ts'
import { readServices } from './read-services.ts'
import { readAt, readItems } from './reading.ts'
import type { Report } from './report.ts'

const DEFAULT_DEPTH = 3
const DEEPEST_DELEGATION = 16
const DEFAULT_TIERS: readonly string[] = ['default']

/**
 * Turns a document of the right shape into the model that everything else reads: names resolved, defaults explicit, rules
 * in evaluation order. Reads what is left of a broken document as well, to find all its problems; the answer then means
 * nothing, and the caller drops it.
 */
export function normalise(
  document: Loose<PolicyDocument>,
  checkCondition: Tables['checkCondition'],
  report: Report,
): PolicyModel {
  const combining = document.combining ?? 'deny-overrides'
  const name = document.name ?? ''
  if (document.name?.trim() === '')
    report.add('POLICY_NAME_INVALID', 'the name of the policy must not be empty', { below: ['name'] })
  const tables: Tables = {
    segments: readSegments(document.segments ?? {}, report),
    groups: readGroups(document.groups ?? {}, report),
    services: readServices(document.services ?? {}, report),
    postures: readPostures(document.postures ?? {}, report),
    tiers: readTiers(document.tiers, report),
    checkCondition,
  }
  const documents = rulesOf(document)
  const ids = checkRuleIds(documents, report)
  const order = evaluationOrder(documents, tables.tiers, combining)
  const isOff = (index: number): boolean => documents[index]?.mode === 'off'
  const rules = readRules(
    documents,
    order.filter((index) => !isOff(index)),
    tables,
    report,
  )
  const invariants = readInvariants(document.invariants ?? [], tables, report)
  const named = tables.segments.segments.length
  // Rules that are off do not exist for the model, but their mistakes would come alive with them.
  readRules(documents, order.filter(isOff), tables, report)
  tables.segments.truncate(named)
  tables.segments.names.reportUnused(report)
  tables.groups.reportUnused(report)
  tables.services.names.reportUnused(report)
  tables.postures.names.reportUnused(report)
  return {
    name,
    combining,
    maxDelegationDepth: readDepth(document.delegation?.maxDepth, report),
    tiers: tables.tiers,
    segments: tables.segments.segments,
    postures: tables.postures.postures,
    rules,
    tests: readTests(document.tests ?? [], ids, report),
    invariants,
  }
}

function readTiers(document: Loose<PolicyDocument>['tiers'], report: Report): readonly string[] {
  if (document === undefined) return DEFAULT_TIERS
  const tiers = new Set<string>()
  if (document.length === 0)
    report.add('POLICY_VALUE_INVALID', 'the list of tiers is empty', { below: ['tiers'], fix: 'leave `tiers` out' })
  const read = (tier: string): void => {
    checkName('tier', tier, report, 'value')
    if (tiers.has(tier))
      report.add('POLICY_NAME_DUPLICATE', `tier ${quote(tier)} is in this list already`, { fix: 'remove it' })
    tiers.add(tier)
  }
  readItems('tiers', document, read, report)
  readAt('tiers', tiers, () => checkLookalikes('tier', tiers, report, 'value'), report)
  return tiers.size === 0 ? DEFAULT_TIERS : [...tiers]
}

function readDepth(depth: number | undefined, report: Report): number {
  if (depth === undefined) return DEFAULT_DEPTH
  if (Number.isInteger(depth) && depth >= 0 && depth <= DEEPEST_DELEGATION) return depth
  report.add('POLICY_VALUE_INVALID', `${depth} is not a depth of delegation`, {
    below: ['delegation', 'maxDepth'],
    expected: `a whole number from 0 to ${DEEPEST_DELEGATION}`,
  })
  return DEFAULT_DEPTH
}

/** Reads the rules at some places of the list. */
function readRules(
  documents: LooseRules,
  places: readonly number[],
  tables: Tables,
  report: Report,
): readonly RuleModel[] {
  const { path } = report
  const rules: RuleModel[] = []
  const depth = path.push('rules', 0) - 1
  for (const index of places) {
    const document = documents[index]
    if (document === undefined) continue
    path[depth] = index
    rules.push(readRule(document, tables, report))
  }
  path.length = depth - 1
  return rules
}
