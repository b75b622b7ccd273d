import type { Identity } from '../../src/facts/identity.ts'
import {
  ANY_SEGMENT,
  type Comparison,
  type FactComparison,
  INTERNET_SEGMENT,
  type PolicyModel,
  type RuleModel,
  type Selector,
  type Validity,
  type WhoPredicate,
} from '../../src/policy/model.ts'
import { isGloballyReachable, isInPrefix } from './address.ts'
import type { ReadEndpoint } from './endpoint.ts'
import { isFiniteNumber, isScalar } from './plain-object.ts'
import { isInWindow } from './schedule.ts'
import { isServed } from './service.ts'
import { every, some, type Truth } from './truth.ts'

/** What a `when` condition sees as `request`. */
export interface ConditionRequest {
  readonly identity: Identity
  readonly src: ReadEndpoint
  readonly dst: ReadEndpoint
  readonly context: unknown
}

/** Gives the CEL value of a condition, or `'unknown'` for an error or a value that is not a boolean. */
export type Evaluator = (when: string, request: ConditionRequest) => Truth

/** All that a rule is matched against. */
export interface Question {
  readonly model: PolicyModel
  readonly identity: Identity
  /** Facts by name, as they came. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly src: ReadEndpoint
  readonly dst: ReadEndpoint
  readonly at: number
  readonly evaluate: Evaluator
}

/** Semantics section 4: an allow needs every dimension true, a deny needs none false. */
export function matches(rule: RuleModel, question: Question): boolean {
  const truth = truthOf(rule, question)
  return rule.effect === 'allow' ? truth === true : truth !== false
}

function truthOf(rule: RuleModel, { model, identity, facts, src, dst, at, evaluate }: Question): Truth {
  return every([
    rule.from === null || rule.from.some((segment) => isIn(model, src, segment)),
    rule.to === null || rule.to.some((segment) => isIn(model, dst, segment)),
    rule.services === null || some(rule.services.map((entry) => isServed(entry, src, dst))),
    rule.who === null ||
      some(rule.who.map((selector) => every(selector.map((predicate) => satisfies(identity, predicate, at))))),
    rule.posture === null || some(rule.posture.map((index) => isPosture(model, index, facts, at))),
    rule.valid === null || isValid(rule.valid, at),
    rule.when === null || evaluate(rule.when, { identity, src, dst, context: dst.context }),
  ])
}

/** Membership in a segment by its index. */
export function isIn(model: PolicyModel, endpoint: ReadEndpoint, index: number): boolean {
  if (index === ANY_SEGMENT) return true
  const segment = model.segments[index]
  if (segment === undefined) throw new RangeError(`the model has no segment ${index}`)
  const declared = endpoint.segment !== undefined && endpoint.segment === segment.name && !segment.anonymous
  if (index === INTERNET_SEGMENT) {
    return declared || (endpoint.address !== undefined && isGloballyReachable(endpoint.address))
  }
  return (declared || isSelected(model, endpoint, segment.include)) && !isSelected(model, endpoint, segment.except)
}

function isSelected(model: PolicyModel, endpoint: ReadEndpoint, selector: Selector): boolean {
  const { address, workload, labels = {} } = endpoint
  return (
    (address !== undefined && selector.prefixes.some((prefix) => isInPrefix(address, prefix))) ||
    (workload !== undefined && selector.workloads.some(({ id, below }) => isNamed(workload, id, below))) ||
    selector.labels.some((set) => Object.entries(set).every(([key, value]) => own(labels, key) === value)) ||
    selector.segments.some((index) => isIn(model, endpoint, index))
  )
}

function isNamed(name: string, id: string, below: boolean): boolean {
  return below ? name.startsWith(`${id}/`) : name === id
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function satisfies(identity: Identity, predicate: WhoPredicate, at: number): Truth {
  if (predicate.type === 'kind') return identity.kind === predicate.kind
  const {
    id,
    groups = [],
    roles = [],
    claims = {},
    assurance = {},
  } = identity.kind === 'anonymous' ? { id: null } : identity
  const { acr, amr, authenticatedAt } = assurance
  switch (predicate.type) {
    case 'id':
      return id !== null && isNamed(id, predicate.id, predicate.below)
    case 'group':
      return predicate.names.some((name) => groups.includes(name)) || (id !== null && predicate.members.includes(id))
    case 'role':
      return roles.includes(predicate.role)
    case 'claim': {
      const claim = own(claims, predicate.claim)
      if (claim === undefined) return 'unknown'
      return predicate.values.some((value) => (Array.isArray(claim) ? claim.includes(value) : claim === value))
    }
    case 'acr':
      return acr === undefined ? 'unknown' : predicate.values.includes(acr)
    case 'amr':
      return amr === undefined ? 'unknown' : predicate.methods.every((method) => amr.includes(method))
    case 'authAge': {
      if (authenticatedAt === undefined) return 'unknown'
      return authenticatedAt <= at && at < authenticatedAt + predicate.maxAgeMs ? true : 'unknown'
    }
  }
}

function isPosture(model: PolicyModel, index: number, facts: Readonly<Record<string, unknown>>, at: number): Truth {
  const posture = model.postures[index]
  if (posture === undefined) throw new RangeError(`the model has no posture ${index}`)
  return every(posture.all.map((comparison) => isFact(comparison, own(facts, comparison.fact), at)))
}

function isFact(comparison: FactComparison, fact: unknown, at: number): Truth {
  const value = usableValue(fact, comparison.maxAgeMs, at)
  if (comparison.op === 'present') return fact === undefined ? false : value !== undefined || 'unknown'
  if (comparison.op === 'absent') return fact === undefined ? true : value !== undefined ? false : 'unknown'
  return value === undefined ? 'unknown' : compares(comparison, value)
}

/** The value of a fact that is well formed, verified and fresh. */
function usableValue(fact: unknown, maxAgeMs: number, at: number): string | number | boolean | undefined {
  if (typeof fact !== 'object' || fact === null) return undefined
  const { value, observedAt, verification } = fact as Readonly<Record<string, unknown>>
  const verified = verification === 'signature' || verification === 'attestation' || verification === 'channel'
  if (!isScalar(value) || !isFiniteNumber(observedAt) || !verified) return undefined
  return observedAt <= at && at < observedAt + maxAgeMs ? value : undefined
}

function compares(
  comparison: Exclude<Comparison, { op: 'present' | 'absent' }>,
  value: string | number | boolean,
): Truth {
  switch (comparison.op) {
    case 'equals':
      return typeof value === typeof comparison.value ? value === comparison.value : 'unknown'
    case 'notEquals':
      return typeof value === typeof comparison.value ? value !== comparison.value : 'unknown'
    case 'oneOf':
    case 'noneOf': {
      if (!comparison.values.some((operand) => typeof operand === typeof value)) return 'unknown'
      return comparison.values.includes(value) === (comparison.op === 'oneOf')
    }
    case 'atLeast':
      return typeof value === 'number' ? value >= comparison.value : 'unknown'
    case 'atMost':
      return typeof value === 'number' ? value <= comparison.value : 'unknown'
    case 'above':
      return typeof value === 'number' ? value > comparison.value : 'unknown'
    case 'below':
      return typeof value === 'number' ? value < comparison.value : 'unknown'
    case 'atLeastVersion':
    case 'atMostVersion': {
      const order = compareVersions(value, comparison.value)
      if (order === null) return 'unknown'
      return comparison.op === 'atLeastVersion' ? order >= 0 : order <= 0
    }
  }
}

/** Negative, zero or positive; parts that are not written are zero. `null` when either is not a version. */
function compareVersions(left: unknown, right: string): number | null {
  const leftParts = versionParts(left)
  const rightParts = versionParts(right)
  if (leftParts === null || rightParts === null) return null
  for (let index = 0; index < 8; index++) {
    const difference = (leftParts[index] ?? 0) - (rightParts[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function versionParts(version: unknown): number[] | null {
  if (typeof version !== 'string' || !/^\d{1,9}(\.\d{1,9}){0,7}$/.test(version)) return null
  return version.split('.').map(Number)
}

function isValid({ from, until, schedule }: Validity, at: number): boolean {
  return from <= at && at < until && (schedule === null || schedule.some((window) => isInWindow(window, at)))
}
