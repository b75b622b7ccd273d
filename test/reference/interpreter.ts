import type { DecisionCode } from '../../src/engine/codes.ts'
import type { ShadowOutcome } from '../../src/engine/decision.ts'
import type { Identity } from '../../src/facts/identity.ts'
import type { Effect, Obligation, PolicyModel, RuleModel } from '../../src/policy/model.ts'
import { type ReadEndpoint, readEndpoint } from './endpoint.ts'
import { hopsOf, isWellFormedIdentity } from './identity.ts'
import { type Evaluator, matches, type Question } from './match.ts'
import { isFiniteNumber, isPlainObject } from './plain-object.ts'
import { windowEdges } from './schedule.ts'

/** What the compiled engine must answer, too. */
export interface ReferenceAnswer {
  readonly effect: Effect
  readonly code: DecisionCode
  readonly rule: string | null
  readonly obligations: readonly Obligation[]
  readonly validUntil: number
  readonly shadow: ShadowOutcome | null
}

/** One question, as the caller put it. */
export interface Request {
  readonly identity: unknown
  readonly posture: unknown
  readonly src: unknown
  readonly dst: unknown
  readonly at: number
}

type Outcome = Omit<ReferenceAnswer, 'validUntil'> & { readonly leaseMs: number }

/** A week of schedule edges twice over: a window that a change to summer time swallows comes back in the next week. */
const SCHEDULE_CYCLE_MS = 16 * 24 * 60 * 60 * 1000

/**
 * The meaning of a policy, written down as plainly as possible from docs/semantics.md. It is slow on purpose: nothing is
 * compiled, nothing is kept, and `validUntil` is found by asking again at every instant at which anything can change.
 */
export function referenceAuthorize(model: PolicyModel, request: Request, evaluate: Evaluator): ReferenceAnswer {
  return referenceAuthorizeOver({ modelAt: () => model, edits: [] }, request, evaluate)
}

/** A policy whose segments change at known instants. */
export interface ChangingModel {
  modelAt(at: number): PolicyModel
  /** The instants at which it changes. */
  readonly edits: readonly number[]
}

/** The same for a policy that changes. */
export function referenceAuthorizeOver(
  changing: ChangingModel,
  request: Request,
  evaluate: Evaluator,
): ReferenceAnswer {
  const answerAt = (at: number) => decide(changing.modelAt(at), { ...request, at }, evaluate)
  const { leaseMs, ...outcome } = answerAt(request.at)
  const lease = leaseMs > 0 ? request.at + leaseMs : Number.POSITIVE_INFINITY
  return { ...outcome, validUntil: Math.min(lease, firstChange(changing, request, answerAt)) }
}

/** Section 1, steps 1 to 8. */
function decide(model: PolicyModel, request: Request, evaluate: Evaluator): Outcome {
  const { identity, posture, at } = request

  // 1. The clock.
  if (!Number.isFinite(at)) return refusal('DENY_CLOCK_INVALID')

  // 2. The identity.
  if (!isWellFormedIdentity(identity)) return refusal('DENY_IDENTITY_INVALID')

  // 3. The length of the chain.
  const [first, ...actors] = hopsOf(identity)
  if (first === undefined || actors.length > model.maxDelegationDepth) return refusal('DENY_DELEGATION_DEPTH')

  // 4. The life of every hop.
  for (const hop of [first, ...actors]) {
    const { notBefore, expiresAt } = lifeOf(hop)
    if (at < notBefore) return refusal('DENY_IDENTITY_NOT_YET_VALID')
    if (at >= expiresAt) return refusal('DENY_IDENTITY_EXPIRED')
  }

  // 5. The posture.
  const facts = readFacts(posture)
  if (facts === null) return refusal('DENY_POSTURE_INVALID')

  // 6. The endpoints.
  const src = readEndpoint(request.src)
  if (src === null) return refusal('DENY_SOURCE_INVALID')
  if (!isSegmentKnown(model, src)) return refusal('DENY_SOURCE_UNKNOWN')
  const dst = readEndpoint(request.dst)
  if (dst === null) return refusal('DENY_DESTINATION_INVALID')
  if (!isSegmentKnown(model, dst)) return refusal('DENY_DESTINATION_UNKNOWN')

  // 7. The rules for the identity.
  const question: Question = { model, identity: first, facts, src, dst, at, evaluate }
  const deciding = firstMatch(question, false)
  const withShadows = firstMatch(question, true)
  const shadow = withShadows?.mode === 'shadow' ? { effect: withShadows.effect, rule: withShadows.id } : null
  if (deciding === null) return { ...refusal('DENY_DEFAULT'), shadow }
  if (deciding.effect === 'deny') return { ...ruling('DENY_RULE', [deciding]), shadow }

  // 8. The rules for the actors.
  const allows = [deciding]
  for (const actor of actors) {
    const rule = firstMatch({ ...question, identity: actor }, false)
    if (rule === null) return { ...refusal('DENY_DELEGATION'), shadow }
    if (rule.effect === 'deny') return { ...ruling('DENY_DELEGATION', [rule]), shadow }
    allows.push(rule)
  }
  return { ...ruling('ALLOW_RULE', allows), shadow }
}

function refusal(code: DecisionCode): Outcome {
  return { effect: 'deny', code, rule: null, obligations: [], shadow: null, leaseMs: 0 }
}

/** The answer that these rules give; the first of them is named. */
function ruling(code: DecisionCode, rules: readonly RuleModel[]): Outcome {
  const obligations: Obligation[] = []
  for (const obligation of rules.flatMap((rule) => rule.obligations)) {
    if (!obligations.some((earlier) => canonical(earlier) === canonical(obligation))) obligations.push(obligation)
  }
  const leases = rules.map((rule) => rule.leaseMs).filter((lease) => lease > 0)
  return {
    effect: code === 'ALLOW_RULE' ? 'allow' : 'deny',
    code,
    rule: rules[0]?.id ?? null,
    obligations,
    shadow: null,
    leaseMs: leases.length === 0 ? 0 : Math.min(...leases),
  }
}

function firstMatch(question: Question, withShadows: boolean): RuleModel | null {
  const candidates = question.model.rules.filter((rule) => withShadows || rule.mode === 'enforce')
  return candidates.find((rule) => matches(rule, question)) ?? null
}

function lifeOf(hop: Identity): { notBefore: number; expiresAt: number } {
  const { notBefore = Number.NEGATIVE_INFINITY, expiresAt = Number.POSITIVE_INFINITY } =
    hop.kind === 'anonymous' ? {} : hop
  return { notBefore, expiresAt }
}

function readFacts(posture: unknown): Readonly<Record<string, unknown>> | null {
  if (posture === null || posture === undefined) return {}
  return isPlainObject(posture) && isPlainObject(posture.facts) ? posture.facts : null
}

function isSegmentKnown(model: PolicyModel, endpoint: ReadEndpoint): boolean {
  return (
    endpoint.segment === undefined ||
    model.segments.some((segment) => !segment.anonymous && segment.name === endpoint.segment)
  )
}

/** Section 5, without the lease: the first instant after `at` at which the answer is another one. */
function firstChange(changing: ChangingModel, request: Request, answerAt: (at: number) => Outcome): number {
  const now = answerText(answerAt(request.at))
  const instants = instantsOf(changing.modelAt(request.at), request, { also: changing.edits })
  return instants.find((at) => answerText(answerAt(at)) !== now) ?? Number.POSITIVE_INFINITY
}

function answerText({ effect, code, rule, obligations }: Outcome): string {
  return canonical([effect, code, rule, obligations])
}

/**
 * Every instant after `at` at which anything can change, in order. Schedules have no end: their edges are given for one
 * cycle after `at`, after each other instant, and up to `until`.
 */
export function instantsOf(
  model: PolicyModel,
  { identity, posture, at }: Request,
  { until = at, also = [] }: { readonly until?: number; readonly also?: readonly number[] } = {},
): number[] {
  if (!Number.isFinite(at)) return []
  const instants = new Set<number>([at, ...also])
  if (isWellFormedIdentity(identity)) for (const hop of hopsOf(identity)) addIdentityInstants(model, hop, instants)
  for (const { fact, maxAgeMs } of model.postures.flatMap((one) => one.all)) {
    const observedAt = (readFacts(posture)?.[fact] as { observedAt?: unknown } | null | undefined)?.observedAt
    if (isFiniteNumber(observedAt)) instants.add(observedAt).add(observedAt + maxAgeMs)
  }
  for (const { valid } of model.rules) if (valid !== null) instants.add(valid.from).add(valid.until)
  const cycles = Math.max(0, Math.ceil((until - at) / SCHEDULE_CYCLE_MS))
  for (let cycle = 1; cycle <= cycles; cycle++) instants.add(at + cycle * SCHEDULE_CYCLE_MS)
  const later = [...instants].filter((instant) => at <= instant && instant < Number.POSITIVE_INFINITY)
  for (const [from, end] of cyclesFrom(later)) {
    for (const window of model.rules.flatMap((rule) => rule.valid?.schedule ?? [])) {
      for (const edge of windowEdges(window, from, end)) instants.add(edge)
    }
  }
  return [...instants].filter((instant) => at < instant && instant < Number.POSITIVE_INFINITY).sort((a, b) => a - b)
}

/** One cycle from each instant on, as spans that do not overlap. */
function cyclesFrom(instants: readonly number[]): [from: number, end: number][] {
  const spans: [number, number][] = []
  for (const instant of [...instants].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last !== undefined && instant <= last[1]) last[1] = instant + SCHEDULE_CYCLE_MS
    else spans.push([instant, instant + SCHEDULE_CYCLE_MS])
  }
  return spans
}

function addIdentityInstants(model: PolicyModel, hop: Identity, instants: Set<number>): void {
  const { notBefore, expiresAt } = lifeOf(hop)
  instants.add(notBefore).add(expiresAt)
  const authenticatedAt = hop.kind === 'anonymous' ? undefined : hop.assurance?.authenticatedAt
  if (authenticatedAt === undefined) return
  instants.add(authenticatedAt)
  for (const predicate of model.rules.flatMap((rule) => rule.who ?? []).flat()) {
    if (predicate.type === 'authAge') instants.add(authenticatedAt + predicate.maxAgeMs)
  }
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isPlainObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}
