import { compareFact } from '../engine/posture-index.ts'
import { isScalar } from '../engine/read-identity.ts'
import type { FactValue, PostureFact } from '../facts/posture.ts'
import { FALSE, TRUE, UNKNOWN } from '../facts/truth.ts'
import {
  ANY_SEGMENT,
  type FactComparison,
  type RuleModel,
  type ServiceEntry,
  type WhoPredicate,
} from '../policy/model.ts'
import type { FactChange } from './change.ts'
import { type Condition, claimOf, nextEdge, type ServicePart, type Situation } from './conditions.ts'
import { placeIn } from './places.ts'

/** Make a condition true, make one of an allow rule no longer true, or make one of a deny rule false. */
export type Goal = 'gain' | 'lose' | 'escape'

/** Where the nearest allow rules lead: what to come from, go to or ask for instead. */
export interface Offers {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly services: readonly ServiceEntry[]
}

const OFFERED = 4

/** Collects what rules accept. */
export function offersOf(rules: readonly RuleModel[]): Offers {
  const collect = <T>(of: (rule: RuleModel) => readonly T[]): T[] => [...new Set(rules.flatMap(of))].slice(0, OFFERED)
  return {
    from: collect((rule) => rule.from ?? [ANY_SEGMENT]),
    to: collect((rule) => rule.to ?? [ANY_SEGMENT]),
    services: collect((rule) => rule.services ?? []),
  }
}

/** Single changes that can bring one condition to a goal. Nothing is promised: the engine is asked about each. */
export function candidateChanges(
  condition: Condition,
  goal: Goal,
  situation: Situation,
  hop: number,
  offers: Offers,
): readonly FactChange[] {
  switch (condition.type) {
    case 'segment': {
      const { end, segment } = condition
      if (goal === 'gain') return moves(end, [segment], situation)
      // Being somewhere else ends every access: nothing is learnt from that.
      return goal === 'lose' ? [] : moves(end, offers[end], situation, segment)
    }
    case 'service': {
      const { part, entry } = condition
      if (goal === 'gain') return serviceChanges(part, entry, situation)
      if (goal === 'lose') return []
      const other = part === 'ports' ? (entry.ports ?? []).slice(0, 1) : []
      return [
        ...offers.services.flatMap((offered) => serviceChanges(part, offered, situation)),
        ...other.map(({ from, to }) => ({ type: 'port', value: to < 65535 ? to + 1 : from - 1 }) as const),
      ]
    }
    case 'who':
      return goal === 'gain'
        ? whoGains(condition.predicate, situation, hop)
        : whoLosses(condition.predicate, situation, hop)
    case 'fact':
      return factChanges(condition, goal, situation)
    case 'valid': {
      const at = nextEdge(condition.valid, situation.at)
      return at === null ? [] : [{ type: 'at', at }]
    }
    case 'when':
      return [] // Nothing can be derived from a free condition.
    default:
      return condition satisfies never
  }
}

/** Moves an end of the flow into segments. */
export function moves(
  end: 'from' | 'to',
  segments: readonly number[],
  { model }: Situation,
  notIn?: number,
): FactChange[] {
  return segments.flatMap((index) => {
    const endpoint = placeIn(model, index, notIn)
    if (endpoint === null) return []
    const type = end === 'from' ? 'source' : 'destination'
    return [{ type, segment: model.segments[index]?.name ?? '', endpoint } as const]
  })
}

/** A name that a pattern with a `*` at its end stands for. */
function instance(pattern: string): string {
  return pattern.endsWith('*') ? `${pattern.slice(0, -1)}example` : pattern
}

function serviceChanges(part: ServicePart, entry: ServiceEntry, { dst }: Situation): readonly FactChange[] {
  const { protocol, http, grpc } = entry
  const { method, route } = dst.asked
  switch (part) {
    case 'protocol':
      return protocol === null ? [] : [{ type: part, value: protocol }]
    case 'ports':
    case 'sourcePorts': {
      const type = part === 'ports' ? 'port' : 'sourcePort'
      return (entry[part] ?? []).slice(0, 1).map(({ from }) => ({ type, value: from }))
    }
    case 'models':
    case 'tools': {
      const type = part === 'models' ? 'model' : 'tool'
      return (entry[part] ?? []).slice(0, 1).map((name) => ({ type, value: instance(name) }))
    }
    case 'grpc': {
      if (grpc === null) return []
      return [
        { type: part, value: { service: grpc.service, method: grpc.methods?.[0] ?? dst.asked.grpcMethod ?? 'Call' } },
      ]
    }
    case 'http': {
      if (http === null || http.methods?.length === 0 || http.routes?.length === 0) return []
      const kept = method !== null && (http.methods?.includes(method) ?? true) ? method : (http.methods?.[0] ?? 'GET')
      const wanted = http.routes?.[0] === undefined ? route : instance(http.routes[0])
      // First what is asked already with only the method mended, then both.
      return [route, wanted].map((one) => ({
        type: part,
        value: one === null ? { method: kept } : { method: kept, route: one },
      }))
    }
    default:
      return part satisfies never
  }
}

/** A value of the same type that is not the given one. */
function otherValues(value: FactValue): readonly FactValue[] {
  if (typeof value === 'boolean') return [!value]
  return typeof value === 'number'
    ? [value + 1, value - 1]
    : [`not-${value}`, '0', String(Number.parseInt(value, 10) + 1)]
}

/** The id of somebody who signs in, where a rule asks for no id. */
const SOMEBODY = 'somebody'

function whoGains(predicate: WhoPredicate, situation: Situation, hop: number): readonly FactChange[] {
  const { kind, id, amr } = situation.hop
  const known = id === '' ? SOMEBODY : id
  if (predicate.type === 'id') {
    const wanted = predicate.below ? `${predicate.id}/workload` : predicate.id
    const principal = kind === 'anonymous' ? 'user' : kind
    return [{ type: 'identity', hop, kind: wanted.startsWith('spiffe://') ? 'workload' : principal, id: wanted }]
  }
  if (predicate.type === 'kind') {
    return predicate.kind === 'anonymous' ? [] : [{ type: 'identity', hop, kind: predicate.kind, id: known }]
  }
  // An anonymous caller has nothing that could be changed before it has signed in.
  if (kind === 'anonymous') return [{ type: 'identity', hop, kind: 'user', id: known }]
  switch (predicate.type) {
    case 'group': {
      const { group, names } = predicate
      return names.length === 0 ? [] : [{ type: 'group', hop, action: 'join', group, names }]
    }
    case 'role':
      return [{ type: 'role', hop, action: 'gain', role: predicate.role }]
    case 'claim': {
      const { claim, values } = predicate
      const present = claimOf(situation.hop, claim)
      return values.slice(0, 1).map((value) => {
        return { type: 'claim', hop, claim, value: typeof present === 'object' ? [...present, value] : value }
      })
    }
    case 'acr':
      return predicate.values.slice(0, 1).map((value) => ({ type: 'acr', hop, value }))
    case 'amr':
      return [{ type: 'amr', hop, methods: [...new Set([...(amr ?? []), ...predicate.methods])] }]
    case 'authAge':
      return [{ type: 'authentication', hop }]
    default:
      return predicate satisfies never
  }
}

function whoLosses(predicate: WhoPredicate, situation: Situation, hop: number): readonly FactChange[] {
  const { groups, amr } = situation.hop
  switch (predicate.type) {
    case 'group': {
      const { group, names } = predicate
      return groups.some((name) => names.includes(name)) ? [{ type: 'group', hop, action: 'leave', group, names }] : []
    }
    case 'role':
      return [{ type: 'role', hop, action: 'lose', role: predicate.role }]
    case 'claim': {
      const { claim, values } = predicate
      const present = claimOf(situation.hop, claim)
      const value =
        typeof present === 'object'
          ? present.filter((item) => !values.includes(item))
          : values.flatMap(otherValues).find((other) => !values.includes(other))
      return value === undefined ? [] : [{ type: 'claim', hop, claim, value }]
    }
    case 'acr':
      return predicate.values.slice(0, 1).map((value) => ({ type: 'acr', hop, value: `not-${value}` }))
    case 'amr':
      return [{ type: 'amr', hop, methods: (amr ?? []).filter((method) => !predicate.methods.includes(method)) }]
    default:
      return [] // Somebody else is not a change of facts, and an authentication ages by itself.
  }
}

function factChanges(
  { comparison, together }: Condition & { readonly type: 'fact' },
  goal: Goal,
  { request: { facts } }: Situation,
): readonly FactChange[] {
  const { fact, op } = comparison
  const present = Object.hasOwn(facts, fact)
  const given = (present ? facts[fact] : null) as Partial<PostureFact> | null | undefined
  const known = given?.value
  const asked = goal === 'gain' ? together : [comparison]
  const value = [...(isScalar(known) ? [known] : []), ...asked.flatMap(valuesNear)].find((one) =>
    asked.every((other) => compareFact(other, one) === (goal === 'gain' ? TRUE : FALSE)),
  )
  const changes: FactChange[] = []
  if (value !== undefined) {
    const believed = given?.verification === 'none' ? 'verify' : 'renew'
    changes.push({ type: 'fact', action: value === known ? believed : 'set', fact, value })
  }
  const dropped = op === 'absent' ? TRUE : op === 'present' ? FALSE : UNKNOWN
  const helps = goal === 'gain' ? dropped === TRUE : goal === 'lose' ? dropped !== TRUE : dropped === FALSE
  if (present && helps) changes.push({ type: 'fact', action: 'drop', fact })
  return changes
}

/** Values of which one meets a comparison and one does not. */
function valuesNear(comparison: FactComparison): readonly FactValue[] {
  const values = 'values' in comparison ? comparison.values : 'value' in comparison ? [comparison.value] : [true]
  return [...values, ...values.flatMap(otherValues)]
}
