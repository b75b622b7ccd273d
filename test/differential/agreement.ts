import type { Decision } from '../../src/engine/decision.ts'
import { INTERNET_PREFIXES } from '../../src/net/special.ts'
import type { Obligation, PolicyModel } from '../../src/policy/model.ts'
import type { Scenario } from '../arbitraries/scenario.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { isWellFormedIdentity } from '../reference/identity.ts'
import { instantsOf, type ReferenceAnswer, type Request, referenceAuthorize } from '../reference/interpreter.ts'
import { isPlainObject } from '../reference/plain-object.ts'

/** The part of a decision that has a meaning in the semantics. */
export type Answer = Pick<Decision, 'allowed' | 'effect' | 'code' | 'rule' | 'obligations' | 'validUntil' | 'shadow'>

/** Anything that decides: a compiled policy, a gate, or a faulty engine that the harness must catch. */
export interface Engine {
  authorize(identity: unknown, posture: unknown, src: unknown, dst: unknown, at?: number): Answer
}

/** Makes an engine that reads this clock. */
export type Compile = (model: PolicyModel, clock: { now(): number }) => Engine

/** Turns raw facts into the frozen ones of the public surface. */
export interface Sealer {
  identity(raw: unknown): unknown
  posture(raw: unknown): unknown
}

/** A question that two engines answer differently. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement'
}

/** Engines may stop looking for a change after this many instants (semantics, section 5). */
const LOOK_AHEAD = 64

/**
 * Asks every question in every way there is and compares with the reference interpreter: twice with the instant given,
 * once by the clock, and once with sealed facts.
 *
 * @returns The number of questions.
 * @throws Disagreement at the first difference.
 */
export function assertAgreement({ model, requests }: Scenario, compile: Compile, sealer: Sealer | null): number {
  const clock = { at: 0, now: () => clock.at }
  const engine = compile(model, clock)
  const seal = sealer === null ? null : sealedOnce(sealer)
  for (const request of requests) {
    const { identity, posture, src, dst, at } = request
    const expected = referenceAuthorize(model, request, evaluateCondition)
    const check = (way: string, answer: Answer) => assertSame(way, model, request, expected, answer)
    check('asked once', engine.authorize(identity, posture, src, dst, at))
    check('asked twice', engine.authorize(identity, posture, src, dst, at))
    clock.at = at
    check('asked by the clock', engine.authorize(identity, posture, src, dst))
    if (seal !== null && isSealable(request)) {
      check('asked with sealed facts', engine.authorize(seal.identity(identity), seal.posture(posture), src, dst, at))
    }
  }
  return requests.length
}

/** The same sealed object for the same raw one, as a caller would keep it. */
function sealedOnce(sealer: Sealer): Sealer {
  const kept = new Map<unknown, unknown>()
  const keep = (raw: unknown, make: (raw: unknown) => unknown) => {
    if (!kept.has(raw)) kept.set(raw, make(raw))
    return kept.get(raw)
  }
  return {
    identity: (raw) => keep(raw, sealer.identity),
    posture: (raw) => keep(raw, sealer.posture),
  }
}

/** Sealing refuses what is malformed; the rest of the harness asks about that. */
function isSealable({ identity, posture }: Request): boolean {
  const isPrincipal = isWellFormedIdentity(identity) && identity.kind !== 'anonymous'
  return isPrincipal && isPlainObject(posture) && isWellFormedPosture(posture)
}

function isWellFormedPosture({ facts }: Readonly<Record<string, unknown>>): boolean {
  return isPlainObject(facts) && Object.values(facts).every((fact) => isPlainObject(fact) && isWellFormedFact(fact))
}

function isWellFormedFact({ value, observedAt, verification }: Readonly<Record<string, unknown>>): boolean {
  return (
    (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) &&
    Number.isFinite(observedAt) &&
    ['signature', 'attestation', 'channel', 'none'].includes(String(verification))
  )
}

/** Compares everything but the words and the hash. */
export function assertSame(
  way: string,
  model: PolicyModel,
  request: Request,
  expected: ReferenceAnswer,
  answer: Answer,
): void {
  const same =
    answer.effect === expected.effect &&
    answer.allowed === (expected.effect === 'allow') &&
    answer.code === expected.code &&
    answer.rule === expected.rule &&
    sameText(answer.obligations, expected.obligations) &&
    sameText(answer.shadow, expected.shadow) &&
    isSameEnd(model, request, expected.validUntil, answer.validUntil)
  if (same) return
  throw new Disagreement(`${way}: ${toJson({ expected, answer, request, model })}`)
}

/** Equal; or earlier, when there were more instants to look at than an engine has to. */
function isSameEnd(model: PolicyModel, request: Request, expected: number, actual: number): boolean {
  if (actual === expected) return true
  if (!Number.isFinite(request.at) || !(request.at < actual && actual < expected)) return false
  return instantsOf(model, request, { until: actual }).filter((instant) => instant <= actual).length >= LOOK_AHEAD
}

function sameText(one: readonly Obligation[] | object | null, other: readonly Obligation[] | object | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** JSON that also shows what JSON has no word for, without the prefixes of `internet`. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) return `<${part}>`
    if (part === undefined) return '<undefined>'
    if (part === INTERNET_PREFIXES) return '<internet>'
    if (typeof part === 'function' || part instanceof Map) return `<${typeof part}>`
    return part
  })
}
