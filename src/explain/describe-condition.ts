import type { Comparison, Effect, FactComparison, PortRange, ServiceEntry, Validity } from '../policy/model.ts'
import type { Condition } from './condition.ts'
import { describePredicate } from './describe-who.ts'
import { nextEnd, nextStart } from './instant.ts'
import { quote, typeName } from './plain-data.ts'
import { believe, compareValue, type Disbelief } from './posture-outcome.ts'
import type { ServicePart } from './service-outcome.ts'
import type { Situation } from './situation.ts'
import { awayText, durationText, listText, protocolName } from './wording.ts'

/** One condition in words: what is, what is wanted, and what to do about it where that is not plain. */
export function describeCondition(condition: Condition, situation: Situation, effect: Effect = 'allow'): string {
  const text = textOf(condition, situation, effect)
  // What an allow rule wants is what a deny rule denies.
  return effect === 'allow' ? text : text.replaceAll(', wanted ', ', denied ')
}

function textOf(condition: Condition, situation: Situation, effect: Effect): string {
  const { at, identity, model } = situation
  switch (condition.type) {
    case 'segment': {
      const end = condition.end === 'from' ? 'source' : 'destination'
      const name = quote(model.segments[condition.segment]?.name ?? '')
      return `${end} is ${condition.outcome === true ? '' : 'not '}in segment ${name}`
    }
    case 'service':
      return describeService(condition.part, condition.entry, situation)
    case 'who':
      return describePredicate(condition.predicate, identity, at)
    case 'fact':
      return describeFact(condition.comparison, situation, effect)
    case 'period':
      return describePeriod(condition.valid, at)
    case 'schedule':
      return describeSchedule(condition.valid, condition.outcome === true, at)
    case 'when':
      return `condition is ${condition.outcome}: ${quote(condition.when)}`
    default:
      return condition satisfies never
  }
}

function wantedText(comparison: Comparison): string {
  switch (comparison.op) {
    case 'equals':
      return quote(comparison.value)
    case 'notEquals':
      return `anything but ${quote(comparison.value)}`
    case 'atLeast':
    case 'atLeastVersion':
      return `at least ${quote(comparison.value)}`
    case 'atMost':
    case 'atMostVersion':
      return `at most ${quote(comparison.value)}`
    case 'above':
      return `above ${comparison.value}`
    case 'below':
      return `below ${comparison.value}`
    case 'oneOf':
      return listText(comparison.values)
    case 'noneOf':
      return `none of ${listText(comparison.values)}`
    case 'present':
      return 'it to be present'
    case 'absent':
      return 'it to be absent'
    default:
      return comparison satisfies never
  }
}

function describeFact(comparison: FactComparison, { facts, at }: Situation, effect: Effect): string {
  const name = `fact ${/^[\w.-]+$/.test(comparison.fact) ? comparison.fact : quote(comparison.fact)}`
  const belief = believe(facts, comparison.fact, comparison.maxAgeMs, at)
  const wanted = wantedText(comparison)
  if (belief.reason !== null) return `${name} ${describeDisbelief(belief, comparison, at, effect)}`
  const { value } = belief.fact
  if (compareValue(comparison, value) !== 'unknown') return `${name} is ${quote(value)}, wanted ${wanted}`
  return `${name} is ${quote(value)}, ${typeName(value)} that cannot be compared: report one that can, wanted ${wanted}`
}

function describeDisbelief(belief: Disbelief, comparison: FactComparison, at: number, effect: Effect): string {
  const wanted = wantedText(comparison)
  if (belief.reason === 'absent')
    return comparison.op === 'absent' ? 'is absent, as wanted' : `is absent: report it, wanted ${wanted}`
  if (belief.reason === 'malformed')
    return `is malformed: report a scalar value, observedAt and verification, wanted ${wanted}`
  const { value, observedAt } = belief.fact
  // Renewing the fact is not enough when it already says the wrong thing.
  const enough = compareValue(comparison, value) === (effect === 'allow')
  const also = enough ? '' : `, and it was ${quote(value)}, wanted ${wanted}`
  switch (belief.reason) {
    case 'stale':
      return `was observed ${durationText(at - observedAt)} ago, believed for ${durationText(comparison.maxAgeMs)}: renew it${also}`
    case 'future':
      return `was observed ${durationText(observedAt - at)} in the future: renew it, and check the clock of its source${also}`
    case 'unverified':
      return `is only self-asserted: have it verified by signature, attestation or channel${also}`
    default:
      return belief satisfies never
  }
}

function describePeriod({ from, until }: Validity, at: number): string {
  if (at < from) return `rule is not valid before ${awayText(from, at)}`
  if (at >= until) return `rule ended at ${awayText(until, at)}: extend it in the policy`
  return until === Number.POSITIVE_INFINITY ? 'rule is valid' : `rule is valid until ${awayText(until, at)}`
}

function describeSchedule(valid: Validity, open: boolean, at: number): string {
  const edge = open ? nextEnd(valid, at) : nextStart(valid, at)
  if (open) return edge === null ? 'schedule is open' : `schedule is open until ${awayText(edge, at)}`
  return edge === null
    ? 'schedule is closed and does not open again'
    : `schedule is closed: it opens at ${awayText(edge, at)}`
}

function rangesText(ranges: readonly PortRange[] | null): string {
  return (ranges ?? []).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** `is not known: say it` or what it is. */
function given(value: unknown): string {
  return value === null ? 'is not known' : `is ${quote(value)}`
}

function describeService(part: ServicePart, entry: ServiceEntry, { operation, dst }: Situation): string {
  const { http, grpc } = operation
  switch (part) {
    case 'protocol': {
      const known = operation.protocol === null ? null : protocolName(operation.protocol)
      return `protocol ${given(known)}, wanted ${protocolName(entry.protocol ?? 0)}`
    }
    case 'ports':
      return `port ${given(operation.port)}, wanted ${rangesText(entry.ports)}`
    case 'sourcePorts':
      return `source port ${given(operation.sourcePort)}, wanted ${rangesText(entry.sourcePorts)}`
    case 'http':
      return `destination carries no HTTP request, wanted ${httpText(entry)}`
    case 'http.methods':
      return `method is ${quote(http?.method)}, wanted ${listText(entry.http?.methods ?? [])}`
    case 'http.routes':
      return describeRoute(entry, dst.http)
    case 'grpc': {
      const wanted = `${quote(entry.grpc?.service)}${entry.grpc?.methods == null ? '' : ` ${listText(entry.grpc.methods)}`}`
      if (grpc === null) return `destination carries no gRPC call, wanted ${wanted}`
      return `gRPC call is ${quote(grpc.service)} ${quote(grpc.method)}, wanted ${wanted}`
    }
    case 'models':
      return `model ${given(operation.model)}, wanted ${listText(entry.models ?? [])}`
    case 'tools':
      return `tool ${given(operation.tool)}, wanted ${listText(entry.tools ?? [])}`
    default:
      return part satisfies never
  }
}

function httpText({ http }: ServiceEntry): string {
  const methods = http?.methods == null ? 'any method' : listText(http.methods)
  return http?.routes == null ? methods : `${methods} on ${listText(http.routes)}`
}

function describeRoute(entry: ServiceEntry, http: Situation['dst']['http']): string {
  const wanted = `wanted ${listText(entry.http?.routes ?? [])}`
  if (http?.route !== undefined) return `route is ${quote(http.route)}, ${wanted}`
  if (http?.path === undefined) return `route is not known: give the template the router matched, ${wanted}`
  return `path is ${quote(http.path)}, ${wanted}`
}
