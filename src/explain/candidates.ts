import { ANY_SEGMENT, type RuleModel, type ServiceEntry } from '../policy/model.ts'
import { postureChanges } from './candidates-posture.ts'
import { serviceGains, serviceLosses } from './candidates-service.ts'
import { whoChanges } from './candidates-who.ts'
import type { FactChange } from './change.ts'
import type { Condition } from './condition.ts'
import { nextEnd, nextStart } from './instant.ts'
import type { Target } from './outcome.ts'
import { believe } from './posture-outcome.ts'
import { placeOutside, representative } from './representative.ts'
import type { Situation } from './situation.ts'
import { assuranceOf } from './who-outcome.ts'

/** Where the nearest allow rules lead: what to come from, go to or ask for instead. */
export interface Offers {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly services: readonly ServiceEntry[]
}

const OFFERED_SEGMENTS = 4
const OFFERED_ENTRIES = 8

/** Collects what rules accept. */
export function offersOf(rules: readonly RuleModel[]): Offers {
  const segments = (end: 'from' | 'to'): number[] => {
    const all = new Set(rules.flatMap((rule) => rule[end] ?? []))
    all.delete(ANY_SEGMENT)
    return [...all].slice(0, OFFERED_SEGMENTS)
  }
  const services = new Set(rules.flatMap((rule) => rule.services ?? []))
  return { from: segments('from'), to: segments('to'), services: [...services].slice(0, OFFERED_ENTRIES) }
}

/** Single changes that can bring one condition to what is wanted. None of them is promised to: ask again. */
export function candidateChanges(
  condition: Condition,
  target: Target,
  situation: Situation,
  hop: number,
  offers: Offers,
): FactChange[] {
  const gain = target === 'true' || target === 'notFalse'
  const { identity, facts, at, model, operation } = situation
  switch (condition.type) {
    case 'segment': {
      const { end, segment } = condition
      if (gain) return moves(end, [segment], situation)
      // Coming from or going to somewhere else ends every access: nothing is learnt from that.
      if (target === 'notTrue') return []
      const place = placeOutside(model, [segment])
      const elsewhere = moves(end, offers[end], situation, segment)
      return place === null ? elsewhere : [...elsewhere, { type: moveType(end), segment: null, endpoint: place }]
    }
    case 'service':
      if (gain) return serviceGains(condition.part, condition.entry, operation)
      return target === 'notTrue' ? [] : serviceLosses(condition.part, condition.entry, offers.services)
    case 'who':
      return [
        ...whoChanges(condition.predicate, target, identity, hop),
        ...agedAuthentication(condition, target, situation),
      ]
    case 'fact':
      return [...postureChanges(condition, target, facts, at), ...agedFact(condition, target, situation)]
    case 'period':
    case 'schedule': {
      const instant = gain ? nextStart(condition.valid, at) : nextEnd(condition.valid, at)
      return instant === null ? [] : [{ type: 'at', at: instant }]
    }
    case 'when':
      return [] // Nothing can be derived from a free condition.
    default:
      return condition satisfies never
  }
}

function moveType(end: 'from' | 'to'): 'source' | 'destination' {
  return end === 'from' ? 'source' : 'destination'
}

/** Moves an end of the flow into segments. */
export function moves(
  end: 'from' | 'to',
  segments: readonly number[],
  { model }: Pick<Situation, 'model'>,
  notIn?: number,
): FactChange[] {
  return segments.flatMap((segment) => {
    const endpoint = representative(model, { in: segment, notIn })
    const name = model.segments[segment]?.name ?? ''
    return endpoint === null ? [] : [{ type: moveType(end), segment: name, endpoint } as const]
  })
}

/** The instant at which a fact stops being believed, or starts to be. */
function agedFact(
  { comparison }: Condition & { type: 'fact' },
  target: Target,
  { facts, at }: Situation,
): FactChange[] {
  const belief = believe(facts, comparison.fact, comparison.maxAgeMs, at)
  if (belief.reason === null && (target === 'notTrue' || target === 'notFalse')) {
    return later(belief.fact.observedAt + comparison.maxAgeMs, at)
  }
  return belief.reason === 'future' ? later(belief.fact.observedAt, at) : []
}

/** The instant at which an authentication is too long ago. */
function agedAuthentication(
  { predicate }: Condition & { type: 'who' },
  target: Target,
  situation: Situation,
): FactChange[] {
  const { authenticatedAt } = assuranceOf(situation.identity)
  if (predicate.type !== 'authAge' || authenticatedAt === undefined) return []
  return target === 'notTrue'
    ? later(authenticatedAt + predicate.maxAgeMs, situation.at)
    : later(authenticatedAt, situation.at)
}

/** Asking at a later instant; what lies in the past cannot be asked for any more. */
export function later(instant: number, at: number): FactChange[] {
  return Number.isFinite(instant) && instant > at ? [{ type: 'at', at: instant }] : []
}
