import type { Hop } from '../engine/read-identity.ts'
import type { EndpointObject, GrpcOperation, HttpOperation } from '../facts/endpoint.ts'
import type { ClaimValue, PrincipalIdentity } from '../facts/identity.ts'
import type { FactValue, PostureFact } from '../facts/posture.ts'
import type { RequestFacts } from './request.ts'

/** One thing that could be otherwise. `hop` 0 is the identity, 1 its actor, and so on. */
export type FactChange =
  | { readonly type: 'at'; readonly at: number }
  /** The chain keeps this many actors. */
  | { readonly type: 'actors'; readonly keep: number }
  | { readonly type: 'identity'; readonly hop: number; readonly kind: PrincipalIdentity['kind']; readonly id: string }
  /** A credential that holds now. */
  | { readonly type: 'credential'; readonly hop: number }
  | {
      readonly type: 'group'
      readonly hop: number
      readonly action: 'join' | 'leave'
      readonly group: string
      /** The names the group goes by. */
      readonly names: readonly string[]
    }
  | { readonly type: 'role'; readonly hop: number; readonly action: 'gain' | 'lose'; readonly role: string }
  | { readonly type: 'claim'; readonly hop: number; readonly claim: string; readonly value: ClaimValue }
  | { readonly type: 'acr'; readonly hop: number; readonly value: string }
  | { readonly type: 'amr'; readonly hop: number; readonly methods: readonly string[] }
  /** Authenticated now. */
  | { readonly type: 'authentication'; readonly hop: number }
  /** Observed and attested now. */
  | {
      readonly type: 'fact'
      readonly action: 'set' | 'renew' | 'verify'
      readonly fact: string
      readonly value: FactValue
    }
  | { readonly type: 'fact'; readonly action: 'drop'; readonly fact: string }
  | {
      readonly type: 'source' | 'destination'
      /** The segment that is entered. */
      readonly segment: string
      readonly endpoint: Place
    }
  | { readonly type: 'protocol' | 'port' | 'sourcePort'; readonly value: number }
  | { readonly type: 'http'; readonly value: HttpOperation }
  | { readonly type: 'grpc'; readonly value: GrpcOperation }
  | { readonly type: 'model' | 'tool'; readonly value: string }

/** The members of an endpoint that say where it is. */
export type Place = Pick<EndpointObject, 'address' | 'workload' | 'segment' | 'labels'>

/** How long the credential of a `credential` change holds. */
const RENEWED_MS = 3_600_000

/** A fact must be renewed at the new time, by the new identity: those are changed first. */
const FIRST: readonly FactChange['type'][] = ['identity', 'actors', 'at']

/** Two changes with the same slot exclude one another. */
export function slotOf(change: FactChange): string {
  const {
    type,
    hop = '',
    group = '',
    role = '',
    claim = '',
    fact = '',
  } = change as Partial<Record<'type' | 'hop' | 'group' | 'role' | 'claim' | 'fact', string>>
  return [type, hop, group, role, claim, fact].join(' ')
}

/** The same text for the same set of changes, in whatever order they were found. */
export function keyOf(changes: readonly FactChange[]): string {
  return changes
    .map((change) => JSON.stringify(change))
    .sort()
    .join('\n')
}

/** The request after all the changes. */
export function applyChanges(facts: RequestFacts, changes: readonly FactChange[]): RequestFacts {
  return [...changes].sort((a, b) => FIRST.indexOf(b.type) - FIRST.indexOf(a.type)).reduce(applyChange, facts)
}

function applyChange(request: RequestFacts, change: FactChange): RequestFacts {
  const { src, dst, hops, at, facts } = request
  switch (change.type) {
    case 'at':
      return { ...request, at: change.at }
    case 'actors':
      return { ...request, hops: hops.slice(0, change.keep + 1) }
    case 'fact': {
      const { [change.fact]: _previous, ...others } = facts
      if (change.action === 'drop') return { ...request, facts: others }
      const fact: PostureFact = { value: change.value, observedAt: at, verification: 'attestation' }
      return { ...request, facts: { ...others, [change.fact]: fact } }
    }
    case 'source':
      return { ...request, src: moved(src, change.endpoint) }
    case 'destination':
      return { ...request, dst: moved(dst, change.endpoint) }
    case 'sourcePort':
      return { ...request, src: { ...src, port: change.value } }
    case 'port':
    case 'protocol':
    case 'http':
    case 'grpc':
    case 'model':
    case 'tool':
      return { ...request, dst: { ...dst, [change.type]: change.value } }
    default:
      return { ...request, hops: hops.map((hop, index) => (index === change.hop ? changeHop(hop, change, at) : hop)) }
  }
}

function moved(endpoint: EndpointObject, place: EndpointObject): EndpointObject {
  const { address: _address, workload: _workload, segment: _segment, labels: _labels, ...asked } = endpoint
  return { ...asked, ...place }
}

/** Nobody can give the anonymous caller a group or a claim: only signing in helps it. */
function changeHop(hop: Hop, change: Extract<FactChange, { readonly hop: number }>, at: number): Hop {
  if (change.type === 'identity') return { ...hop, kind: change.kind, id: change.id }
  if (hop.kind === 'anonymous') return hop
  switch (change.type) {
    case 'credential':
      return { ...hop, notBefore: Number.NEGATIVE_INFINITY, expiresAt: at + RENEWED_MS }
    case 'group': {
      const groups = hop.groups.filter((group) => !change.names.includes(group))
      return { ...hop, groups: change.action === 'join' ? [...groups, ...change.names.slice(0, 1)] : groups }
    }
    case 'role': {
      const roles = hop.roles.filter((role) => role !== change.role)
      return { ...hop, roles: change.action === 'gain' ? [...roles, change.role] : roles }
    }
    case 'claim':
      return { ...hop, claims: { ...hop.claims, [change.claim]: change.value } }
    case 'acr':
      return { ...hop, acr: change.value }
    case 'amr':
      return { ...hop, amr: change.methods }
    case 'authentication':
      return { ...hop, authenticatedAt: at }
    default:
      return change satisfies never
  }
}
