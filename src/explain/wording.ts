import { compareFact } from '../engine/posture-index.ts'
import { isScalar } from '../engine/read-identity.ts'
import type { PostureFact } from '../facts/posture.ts'
import { PROTOCOL_NUMBERS } from '../facts/protocol.ts'
import { TRUE, UNKNOWN } from '../facts/truth.ts'
import type { Comparison, Effect, FactComparison, PortRange, WhoPredicate } from '../policy/model.ts'
import type { FactChange } from './change.ts'
import { type Condition, claimOf, nextEdge, type Situation } from './conditions.ts'

const LONGEST_QUOTE = 80
const LONGEST_LIST = 5
const LAST_INSTANT = 8.64e15
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** Names come from policies and requests: nothing but printable ASCII reaches a terminal. */
export function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Any value as one short line of printable ASCII. */
export function quote(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : Object(value) === value
        ? `an object of ${Object.keys(value as object)}`
        : String(value)
  const line = ascii(text)
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 4)}..."`
}

/** A duration in its two largest units: `20m`, `1h 30m`, `250ms`. */
export function durationText(ms: number): string {
  let rest = Math.abs(Math.round(ms))
  const first = UNITS.findIndex(([, unit]) => rest >= unit)
  if (first === -1) return '0ms'
  const parts = UNITS.slice(first, first + 2).map(([name, unit]) => {
    const count = Math.floor(rest / unit)
    rest %= unit
    return count === 0 ? '' : `${count}${name}`
  })
  return parts.join(' ').trim()
}

/** An instant as ISO 8601 in UTC, or as the number it is when no calendar has it. */
export function instantText(at: number): string {
  return Math.abs(at) <= LAST_INSTANT ? new Date(at).toISOString() : String(at)
}

/** An instant and how far it is away. */
export function awayText(instant: number, now: number): string {
  const distance = durationText(instant - now)
  return `${instantText(instant)} (${instant >= now ? `in ${distance}` : `${distance} ago`})`
}

/** `"a", "b" or "c"`, cut short when there are many. */
export function listText(values: readonly unknown[], conjunction = 'or'): string {
  const shown = values.slice(0, LONGEST_LIST).map(quote)
  if (values.length > LONGEST_LIST) shown.push(`${values.length - LONGEST_LIST} more`)
  const last = shown.pop() ?? 'nothing'
  return shown.length === 0 ? last : `${shown.join(', ')} ${conjunction} ${last}`
}

/** A whole number of things. */
export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function protocolName(protocol: number | null): string | number | null {
  return [...PROTOCOL_NUMBERS].find(([, number]) => number === protocol)?.[0] ?? protocol
}

function rangeText({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`
}

/** `is not known`, or what it is. */
function given(value: unknown): string {
  return value === null || value === undefined || value === ''
    ? 'is not known'
    : `is ${listText([value].flat(), 'and')}`
}

/** One condition in words: what is, what is wanted, and what to do about it where that is not plain. */
export function conditionText(condition: Condition, situation: Situation, effect: Effect): string {
  // What an allow rule wants is what a deny rule denies.
  const wanted = effect === 'allow' ? ', wanted ' : ', denied '
  const { at, model } = situation
  switch (condition.type) {
    case 'segment':
      return `${condition.end}${wanted}${model.segments[condition.segment]?.name}`
    case 'service':
      return serviceText(condition, situation).join(wanted)
    case 'who':
      return whoText(condition.predicate, situation).join(wanted)
    case 'fact':
      return factText(condition.comparison, situation, effect, wanted)
    case 'valid': {
      const edge = nextEdge(condition.valid, at)
      const valid = condition.truth === TRUE ? '' : 'not '
      return `rule is ${valid}valid ${edge === null ? 'from now on' : `until ${awayText(edge, at)}`}`
    }
    case 'when':
      return `condition ${quote(condition.when)}`
    default:
      return condition satisfies never
  }
}

/** What is, and what is wanted; or both in one. */
type Words = readonly string[]

function serviceText({ part, entry }: Condition & { readonly type: 'service' }, { src, dst }: Situation): Words {
  const { method, route, path, grpcService, grpcMethod, model, tool } = dst.asked
  const { ports, sourcePorts, protocol, http, grpc, models, tools } = entry
  switch (part) {
    case 'protocol':
      return [`protocol ${given(protocolName(dst.protocol))}`, `${protocolName(protocol)}`]
    case 'ports':
      return [`port ${given(dst.port)}`, (ports ?? []).map(rangeText).join(', ')]
    case 'sourcePorts':
      return [`source port ${given(src.port)}`, (sourcePorts ?? []).map(rangeText).join(', ')]
    case 'http':
      return [
        `HTTP request ${given(method && [method, route ?? path ?? 'unknown route'])}`,
        `${listText(http?.methods ?? ['any method'])} on ${listText(http?.routes ?? ['any route'])}`,
      ]
    case 'grpc':
      return [
        `gRPC call ${given(grpcService && [grpcService, grpcMethod])}`,
        `${quote(grpc?.service)} ${listText(grpc?.methods ?? ['any method'])}`,
      ]
    case 'models':
      return [`model ${given(model)}`, listText(models ?? [])]
    case 'tools':
      return [`tool ${given(tool)}`, listText(tools ?? [])]
    default:
      return part satisfies never
  }
}

function whoText(predicate: WhoPredicate, { hop, at }: Situation): Words {
  const { kind, id, groups, roles, acr, amr, authenticatedAt } = hop
  switch (predicate.type) {
    case 'kind':
      return [`kind ${given(kind)}`, quote(predicate.kind)]
    case 'id':
      return [`id ${given(id)}`, quote(predicate.below ? `${predicate.id}/*` : predicate.id)]
    case 'group': {
      const { group, names } = predicate
      const aliases = names.length === 1 && names[0] === group ? '' : ` (known as ${listText(names)})`
      return [
        `wanted group ${quote(group)}${aliases}, it has ${groups.length === 0 ? 'no groups' : `groups ${listText(groups, 'and')}`}`,
      ]
    }
    case 'role':
      return [`roles are ${listText(roles, 'and')}`, quote(predicate.role)]
    case 'claim':
      return [`claim ${quote(predicate.claim)} ${given(claimOf(hop, predicate.claim))}`, listText(predicate.values)]
    case 'acr':
      return [`authentication class ${given(acr)}`, listText(predicate.values)]
    case 'amr':
      return [`authentication method ${given(amr)}`, listText(predicate.methods, 'and')]
    case 'authAge': {
      const when =
        authenticatedAt === null
          ? 'time of authentication is not known'
          : `authenticated at ${awayText(authenticatedAt, at)}`
      return [when, `at most ${durationText(predicate.maxAgeMs)} ago`]
    }
    default:
      return predicate satisfies never
  }
}

/** `atLeastVersion` is `at least`. */
function operatorText(op: Comparison['op']): string {
  const words = op.replace('Version', '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words === 'equals' || words === 'one of' ? '' : words
}

function factText(
  comparison: FactComparison,
  { facts, request, at }: Situation,
  effect: Effect,
  wantedOr: string,
): string {
  const { fact: name, op, maxAgeMs } = comparison
  const values = 'values' in comparison ? comparison.values : 'value' in comparison ? [comparison.value] : null
  const wanted = `${wantedOr}${operatorText(op)} ${values === null ? '' : listText(values)}`
    .replace(/ +/g, ' ')
    .trimEnd()
  const subject = `fact ${ascii(name)}`
  const fact = facts.get(name)
  if (fact === undefined) return `${subject} is absent${op === 'absent' ? '' : ': report it'}${wanted}`
  const raw = request.facts[name] as Partial<PostureFact> | null | undefined
  const value = raw?.value
  const unverified = raw?.verification === 'none'
  if (!isScalar(value) || !(fact.usable || unverified)) {
    return `${subject} is malformed: report a scalar value, observedAt and verification${wanted}`
  }
  const truth = compareFact(comparison, value)
  const age = at - fact.observedAt
  // Renewing the fact is not enough when it already says the wrong thing.
  const also = (truth === TRUE) === (effect === 'allow') ? '' : `, and it was ${quote(value)}${wanted}`
  if (unverified) return `${subject} is only self-asserted: have it verified${also}`
  if (age < 0) return `${subject} is from ${durationText(age)} in the future: renew it${also}`
  if (at >= fact.observedAt + maxAgeMs) {
    return `${subject} was observed ${durationText(age)} ago, believed for ${durationText(maxAgeMs)}: renew it${also}`
  }
  const odd = truth === UNKNOWN ? `, a ${typeof value} that cannot be compared` : ''
  return `${subject} is ${quote(value)}${odd}${wanted}`
}

/** One change as something to do, seen from the instant of the request. */
export function changeText(change: FactChange, now: number): string {
  const text = changedText(change, now)
  return 'hop' in change && change.hop > 0 ? `actor ${change.hop}: ${text}` : text
}

function changedText(change: FactChange, now: number): string {
  switch (change.type) {
    case 'at':
      return `ask at ${awayText(change.at, now)}`
    case 'actors':
      return change.keep === 0 ? 'act without an actor' : `act through at most ${countText(change.keep, 'actor')}`
    case 'identity':
      return `sign in as ${change.kind} ${quote(change.id)}`
    case 'credential':
      return 'renew the credential'
    case 'group':
      return `${change.action} group ${quote(change.group)}`
    case 'role':
      return `${change.action} role ${quote(change.role)}`
    case 'claim':
      return `have claim ${quote(change.claim)} be ${listText([change.value].flat(), 'and')}`
    case 'acr':
      return `authenticate with class ${quote(change.value)}`
    case 'amr':
      return `authenticate with methods ${listText(change.methods, 'and')}`
    case 'authentication':
      return 'authenticate again'
    case 'fact': {
      const { action, fact } = change
      const value =
        action === 'drop' ? '' : action === 'set' ? ` to ${quote(change.value)}` : ` (${quote(change.value)})`
      return `${action} fact ${quote(fact)}${value}`
    }
    case 'source':
    case 'destination': {
      const { address, workload, segment, labels = {} } = change.endpoint
      const place = address ?? workload ?? segment ?? Object.entries(labels).map((pair) => pair.join('='))
      return `${change.type === 'source' ? 'come from' : 'go to'} segment ${quote(change.segment)} (${place})`
    }
    case 'protocol':
      return `use protocol ${protocolName(change.value)}`
    case 'http':
    case 'grpc':
      return `call ${change.type} ${Object.values(change.value).join(' ')}`
    default:
      return `use ${change.type} ${quote(change.value)}`
  }
}
