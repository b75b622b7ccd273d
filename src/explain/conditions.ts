import { operationTruth } from '../engine/operation-index.ts'
import { compareFact, type ReadFact, readPosture } from '../engine/posture-index.ts'
import type { Hop } from '../engine/read-identity.ts'
import { stretchAt, ZoneOffsets } from '../engine/schedule.ts'
import type { EndpointObject } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import { FALSE, TRUE, type Truth, UNKNOWN } from '../facts/truth.ts'
import type {
  FactComparison,
  PolicyModel,
  PortRange,
  RuleModel,
  ServiceEntry,
  Validity,
  WhoPredicate,
} from '../policy/model.ts'
import { type IsIn, membership } from './places.ts'
import { asIdentity, type ReadEnd, type RequestFacts, readEnd } from './request.ts'

/** What a condition comes to. Unknown never satisfies an allow rule and always satisfies a deny rule. */
export type Outcome = true | false | 'unknown'

/** What a `when` condition sees as `request`. */
export interface WhenRequest {
  /** The hop that is asked about. */
  readonly identity: Identity
  readonly src: EndpointObject
  readonly dst: EndpointObject
  readonly context: Readonly<Record<string, unknown>> | null
}

/** Gives the value of a `when` condition; an error and a value that is no boolean are unknown. */
export type WhenEvaluator = (when: string, request: WhenRequest) => Outcome

/** All that rules are matched against, for one hop. */
export interface Situation {
  readonly model: PolicyModel
  readonly hop: Hop
  readonly request: RequestFacts
  readonly facts: ReadonlyMap<string, ReadFact>
  readonly at: number
  readonly src: ReadEnd
  readonly dst: ReadEnd
  readonly from: IsIn
  readonly to: IsIn
  readonly when: (text: string) => Truth
}

/** What one hop of a request is matched with; `null` when an endpoint is malformed. */
export function situationOf(
  model: PolicyModel,
  request: RequestFacts,
  hopIndex: number,
  evaluate: WhenEvaluator,
): Situation | null {
  const hop = request.hops[hopIndex]
  const src = readEnd(request.src)
  const dst = readEnd(request.dst)
  if (hop === undefined || src === null || dst === null) return null
  return {
    model,
    hop,
    request,
    facts: new Map(readPosture({ facts: request.facts })?.map((fact) => [fact.name, fact])),
    at: request.at,
    src,
    dst,
    from: membership(model, src),
    to: membership(model, dst),
    when: (text) => {
      const { written } = dst
      const asked = { identity: asIdentity([hop]), src: src.written, dst: written, context: written.context ?? null }
      const outcome = evaluate(text, asked)
      return outcome === 'unknown' ? UNKNOWN : truthOf(outcome)
    },
  }
}

/** What a rule can restrict. */
export type Dimension = 'from' | 'to' | 'services' | 'who' | 'posture' | 'valid' | 'when'

/** Every dimension, cheapest to evaluate first. */
export const DIMENSIONS: readonly Dimension[] = ['from', 'to', 'services', 'who', 'posture', 'valid', 'when']

/** Parts of a service entry that are true, false or unknown by themselves. */
export type ServicePart = 'ports' | 'protocol' | 'sourcePorts' | 'http' | 'grpc' | 'models' | 'tools'

/** The smallest part of a rule that can fail by itself. */
export type Condition = { readonly truth: Truth } & (
  | { readonly type: 'segment'; readonly end: 'from' | 'to'; readonly segment: number }
  | { readonly type: 'service'; readonly part: ServicePart; readonly entry: ServiceEntry }
  | { readonly type: 'who'; readonly predicate: WhoPredicate }
  | {
      readonly type: 'fact'
      readonly comparison: FactComparison
      /** What the same posture asks of the same fact, this comparison included: one value has to satisfy them all. */
      readonly together: readonly FactComparison[]
    }
  | { readonly type: 'valid'; readonly valid: Validity }
  | { readonly type: 'when'; readonly when: string }
)

/** One way to satisfy a dimension: all of its conditions. */
export interface Alternative {
  /** Name of the segment, service or posture; empty where there is none. */
  readonly name: string
  readonly truth: Truth
  readonly conditions: readonly Condition[]
}

/** What one dimension of a rule comes to: any of its alternatives. */
export interface DimensionResult {
  readonly dimension: Dimension
  readonly truth: Truth
  readonly alternatives: readonly Alternative[]
}

/** Evaluates one dimension of a rule down to its conditions; `null` when the rule does not restrict it. */
export function evaluateDimension(rule: RuleModel, dimension: Dimension, situation: Situation): DimensionResult | null {
  if (rule[dimension] === null) return null
  const alternatives = alternativesOf(rule, dimension, situation)
  let truth: Truth = FALSE
  for (const one of alternatives) if (one.truth > truth) truth = one.truth
  return { dimension, truth, alternatives }
}

/** Evaluates every dimension that a rule restricts. */
export function evaluateRule(rule: RuleModel, situation: Situation): DimensionResult[] {
  return DIMENSIONS.map((dimension) => evaluateDimension(rule, dimension, situation)).filter(
    (result) => result !== null,
  )
}

/** Whether a rule can match with this: an allow needs every dimension true, a deny needs none false. */
export function satisfies({ effect }: Pick<RuleModel, 'effect'>, truth: Truth): boolean {
  return effect === 'allow' ? truth === TRUE : truth !== FALSE
}

function alternativesOf(rule: RuleModel, dimension: Dimension, situation: Situation): Alternative[] {
  const { model, hop, at, when } = situation
  switch (dimension) {
    case 'from':
    case 'to':
      return (rule[dimension] ?? []).map((segment) => {
        const truth = truthOf(situation[dimension](segment))
        return alternative(model.segments[segment]?.name, [{ type: 'segment', end: dimension, segment, truth }])
      })
    case 'services': {
      const name = rule.serviceNames.length === 1 ? rule.serviceNames[0] : ''
      return (rule.services ?? []).map((entry) => alternative(name, serviceConditions(entry, situation)))
    }
    case 'who':
      return (rule.who ?? []).map((selector) =>
        alternative(
          '',
          selector.map((predicate) => ({ type: 'who', predicate, truth: predicateTruth(predicate, hop, at) })),
        ),
      )
    case 'posture':
      return (rule.posture ?? []).map((index) => {
        const { name, all = [] } = model.postures[index] ?? {}
        return alternative(
          name,
          all.map((comparison) => ({
            type: 'fact',
            comparison,
            together: all.filter(({ fact }) => fact === comparison.fact),
            truth: comparisonTruth(comparison, situation),
          })),
        )
      })
    case 'valid': {
      const valid = rule.valid as Validity
      return [alternative('', [{ type: 'valid', valid, truth: truthOf(openAt(valid, at)) }])]
    }
    case 'when': {
      const text = rule.when as string
      return [alternative('', [{ type: 'when', when: text, truth: when(text) }])]
    }
    default:
      return dimension satisfies never
  }
}

function alternative(name = '', conditions: readonly Condition[]): Alternative {
  let truth: Truth = TRUE
  for (const condition of conditions) if (condition.truth < truth) truth = condition.truth
  return { name, conditions, truth }
}

function truthOf(holds: boolean): Truth {
  return holds ? TRUE : FALSE
}

const NO_OPERATION = { http: null, grpc: null, models: null, tools: null, deny: false }

function serviceConditions(entry: ServiceEntry, { src, dst }: Situation): Condition[] {
  const conditions: Condition[] = []
  const add = (part: ServicePart, truth: Truth): void => {
    conditions.push({ type: 'service', part, entry, truth })
  }
  if (entry.ports !== null) add('ports', portTruth(entry.ports, dst.port))
  if (entry.protocol !== null)
    add('protocol', dst.protocol === null ? UNKNOWN : truthOf(dst.protocol === entry.protocol))
  if (entry.sourcePorts !== null) add('sourcePorts', portTruth(entry.sourcePorts, src.port))
  for (const part of ['http', 'grpc', 'models', 'tools'] as const) {
    if (entry[part] !== null) add(part, operationTruth({ ...NO_OPERATION, [part]: entry[part] }, dst.asked))
  }
  return conditions
}

function portTruth(ranges: readonly PortRange[], port: number | null): Truth {
  return port === null ? UNKNOWN : truthOf(ranges.some(({ from, to }) => from <= port && port <= to))
}

/** One predicate of a selector. */
export function predicateTruth(predicate: WhoPredicate, hop: Hop, at: number): Truth {
  switch (predicate.type) {
    case 'kind':
      return truthOf(hop.kind === predicate.kind)
    case 'id':
      return truthOf(predicate.below ? hop.id.startsWith(`${predicate.id}/`) : hop.id === predicate.id)
    case 'group':
      return truthOf(predicate.members.includes(hop.id) || hop.groups.some((group) => predicate.names.includes(group)))
    case 'role':
      return truthOf(hop.roles.includes(predicate.role))
    case 'claim': {
      const value = claimOf(hop, predicate.claim)
      if (value === undefined) return UNKNOWN
      return truthOf([value].flat().some((item) => predicate.values.includes(item)))
    }
    case 'acr':
      return hop.acr === null ? UNKNOWN : truthOf(predicate.values.includes(hop.acr))
    case 'amr': {
      const { amr } = hop
      return amr === null ? UNKNOWN : truthOf(predicate.methods.every((method) => amr.includes(method)))
    }
    case 'authAge': {
      const age = hop.authenticatedAt === null ? Number.NaN : at - hop.authenticatedAt
      return age >= 0 && at < (hop.authenticatedAt ?? 0) + predicate.maxAgeMs ? TRUE : UNKNOWN
    }
    default:
      return predicate satisfies never
  }
}

/** One claim, or `undefined`. Never something inherited. */
export function claimOf({ claims }: Hop, claim: string) {
  return claims !== null && Object.hasOwn(claims, claim) ? claims[claim] : undefined
}

/** One comparison of a posture. */
export function comparisonTruth(comparison: FactComparison, { facts, at }: Pick<Situation, 'facts' | 'at'>): Truth {
  const { fact: name, op, maxAgeMs } = comparison
  const fact = facts.get(name)
  if (fact === undefined) return op === 'absent' ? TRUE : op === 'present' ? FALSE : UNKNOWN
  const believed = fact.usable && fact.observedAt <= at && at < fact.observedAt + maxAgeMs
  return believed ? compareFact(comparison, fact.value) : UNKNOWN
}

const zones = new ZoneOffsets()
/** What `Date` can hold, less the days that are looked ahead: beyond it no calendar exists. */
const LAST_INSTANT = 8.63e15
const MAX_STRETCHES = 16

function openAt(valid: Validity, at: number): boolean {
  if (valid.schedule === null || Math.abs(at) > LAST_INSTANT)
    return valid.schedule === null && valid.from <= at && at < valid.until
  return stretchAt(valid, at, zones).holds
}

/** First instant after `at` at which a rule is valid again, or no longer valid; `null` when none is found. */
export function nextEdge(valid: Validity, at: number): number | null {
  const open = openAt(valid, at)
  let edge = at
  for (let i = 0; i < MAX_STRETCHES && Math.abs(edge) <= LAST_INSTANT; i++) {
    edge = stretchAt(valid, edge, zones).until
    if (!Number.isFinite(edge)) return null
    if (openAt(valid, edge) !== open) return edge
  }
  return null
}
