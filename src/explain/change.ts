import type { EndpointObject, GrpcOperation, HttpOperation } from '../facts/endpoint.ts'
import type { ClaimValue, Identity, PrincipalIdentity } from '../facts/identity.ts'
import type { FactValue, Posture, PostureFact } from '../facts/posture.ts'
import type { Facts } from './posture-outcome.ts'
import { chained } from './read-identity.ts'
import { assuranceOf, groupsOf, rolesOf } from './who-outcome.ts'

/** One thing that could be otherwise. `hop` 0 is the identity, 1 its actor, and so on. */
export type FactChange =
  | { readonly type: 'at'; readonly at: number }
  /** The chain keeps this many actors. */
  | { readonly type: 'actors'; readonly keep: number }
  | { readonly type: 'identity'; readonly hop: number; readonly kind: PrincipalIdentity['kind']; readonly id: string }
  | { readonly type: 'anonymous' }
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
  /** `null` takes the claim away. */
  | { readonly type: 'claim'; readonly hop: number; readonly claim: string; readonly value: ClaimValue | null }
  | { readonly type: 'acr'; readonly hop: number; readonly value: string | null }
  | { readonly type: 'amr'; readonly hop: number; readonly methods: readonly string[] | null }
  /** Now, or no longer known. */
  | { readonly type: 'authentication'; readonly hop: number; readonly action: 'renew' | 'forget' }
  | {
      readonly type: 'fact'
      readonly action: 'set' | 'renew' | 'verify'
      readonly fact: string
      readonly value: FactValue
    }
  | { readonly type: 'fact'; readonly action: 'drop'; readonly fact: string }
  /** `segment` is the one that is entered, or `null` when one is left. */
  | {
      readonly type: 'source' | 'destination'
      readonly segment: string | null
      readonly endpoint: Pick<EndpointObject, 'address' | 'workload' | 'segment' | 'labels'>
    }
  | { readonly type: 'protocol' | 'port' | 'sourcePort'; readonly value: number }
  | { readonly type: 'http'; readonly value: HttpOperation }
  | { readonly type: 'method' | 'route' | 'model' | 'tool'; readonly value: string }
  | { readonly type: 'grpc'; readonly value: GrpcOperation }

/** A request taken apart, so that single facts can be changed. */
export interface RequestFacts {
  readonly hops: readonly Identity[]
  readonly facts: Facts
  readonly src: EndpointObject
  readonly dst: EndpointObject
  readonly at: number
}

/** A request as `authorize` takes it. */
export interface ChangedRequest {
  readonly identity: Identity
  readonly posture: Posture
  readonly src: EndpointObject
  readonly dst: EndpointObject
  readonly at: number
}

/** Puts a request together again. */
export function asRequest({ hops, facts, src, dst, at }: RequestFacts): ChangedRequest {
  return { identity: chained(hops), posture: { facts: facts as Posture['facts'] }, src, dst, at }
}

/** How long the credential of a `credential` change holds. */
const RENEWED_MS = 3_600_000

/** Types in the order in which they are applied: a renewed fact must be renewed at the new time, by the new identity. */
const ORDER: readonly FactChange['type'][] = ['at', 'actors', 'anonymous', 'identity']

function order({ type }: FactChange): number {
  const place = ORDER.indexOf(type)
  return place === -1 ? ORDER.length : place
}

/** Two changes with the same slot exclude one another. */
export function slotOf(change: FactChange): string {
  switch (change.type) {
    case 'group':
      return `${change.hop} group ${change.group}`
    case 'role':
      return `${change.hop} role ${change.role}`
    case 'claim':
      return `${change.hop} claim ${change.claim}`
    case 'fact':
      return `fact ${change.fact}`
    case 'anonymous':
      return '0 identity'
    default:
      return 'hop' in change ? `${change.hop} ${change.type}` : change.type
  }
}

/** The same text for the same set of changes, in whatever order they were found. */
export function keyOf(changes: readonly FactChange[]): string {
  return changes
    .map((change) => JSON.stringify(change))
    .sort()
    .join('\n')
}

/** How much a change asks of people, roughly: facts are renewed every day, groups are joined, places are left last. */
const EFFORT: Readonly<Record<FactChange['type'], number>> = {
  fact: 1,
  authentication: 1,
  credential: 1,
  amr: 2,
  acr: 2,
  group: 3,
  role: 3,
  claim: 3,
  at: 4,
  method: 5,
  route: 5,
  port: 5,
  sourcePort: 5,
  protocol: 5,
  http: 5,
  grpc: 5,
  model: 5,
  tool: 5,
  source: 6,
  destination: 6,
  identity: 7,
  anonymous: 8,
  actors: 8,
}

/** Orders sets of the same size: what is done more easily comes first. */
export function effortOf(changes: readonly FactChange[]): number {
  return changes.reduce((sum, { type }) => sum + EFFORT[type], 0)
}

/** The request after all the changes. */
export function applyChanges(facts: RequestFacts, changes: readonly FactChange[]): RequestFacts {
  return [...changes].sort((a, b) => order(a) - order(b)).reduce(applyChange, facts)
}

function applyChange(request: RequestFacts, change: FactChange): RequestFacts {
  const { src, dst, hops, at } = request
  switch (change.type) {
    case 'at':
      return { ...request, at: change.at }
    case 'actors':
      return { ...request, hops: hops.slice(0, change.keep + 1) }
    case 'anonymous':
      return { ...request, hops: [{ kind: 'anonymous' }] }
    case 'fact':
      return { ...request, facts: changeFact(request, change) }
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
    case 'method':
    case 'route':
      return { ...request, dst: { ...dst, http: { method: 'GET', ...dst.http, [change.type]: change.value } } }
    default:
      return { ...request, hops: hops.map((hop, index) => (index === change.hop ? changeHop(hop, change, at) : hop)) }
  }
}

function moved(endpoint: EndpointObject, place: EndpointObject): EndpointObject {
  const { address: _address, workload: _workload, segment: _segment, labels: _labels, ...asked } = endpoint
  return { ...asked, ...place }
}

function changeFact({ facts, at }: RequestFacts, change: FactChange & { type: 'fact' }): Facts {
  const { [change.fact]: _previous, ...others } = facts
  if (change.action === 'drop') return others
  const fact: PostureFact = { value: change.value, observedAt: at, verification: 'attestation' }
  // Not an object literal with a computed key alone: a fact may be called `__proto__`.
  return Object.defineProperty({ ...others }, change.fact, { value: fact, enumerable: true, configurable: true })
}

type HopChange = Extract<FactChange, { readonly hop: number }>

/** Nobody can give the anonymous caller a group or a claim: only signing in helps it. */
function changeHop(hop: Identity, change: HopChange, at: number): Identity {
  if (change.type === 'identity') return { ...hop, kind: change.kind, id: change.id }
  if (hop.kind === 'anonymous') return hop
  switch (change.type) {
    case 'credential':
      return { ...without(hop, 'notBefore'), expiresAt: at + RENEWED_MS }
    case 'group': {
      const others = groupsOf(hop).filter((group) => !change.names.includes(group))
      return { ...hop, groups: change.action === 'join' ? [...others, ...change.names.slice(0, 1)] : others }
    }
    case 'role': {
      const others = rolesOf(hop).filter((role) => role !== change.role)
      return { ...hop, roles: change.action === 'gain' ? [...others, change.role] : others }
    }
    case 'claim': {
      const claims = { ...hop.claims }
      delete claims[change.claim]
      if (change.value === null) return { ...hop, claims }
      const property = { value: change.value, enumerable: true, configurable: true, writable: true }
      return { ...hop, claims: Object.defineProperty(claims, change.claim, property) }
    }
    case 'acr':
    case 'amr':
    case 'authentication':
      return { ...hop, assurance: changeAssurance(hop, change, at) }
    default:
      return change satisfies never
  }
}

function changeAssurance(
  hop: PrincipalIdentity,
  change: Extract<HopChange, { readonly type: 'acr' | 'amr' | 'authentication' }>,
  at: number,
): NonNullable<PrincipalIdentity['assurance']> {
  const assurance = assuranceOf(hop)
  switch (change.type) {
    case 'acr':
      return change.value === null ? without(assurance, 'acr') : { ...assurance, acr: change.value }
    case 'amr':
      return change.methods === null ? without(assurance, 'amr') : { ...assurance, amr: change.methods }
    case 'authentication':
      return change.action === 'forget' ? without(assurance, 'authenticatedAt') : { ...assurance, authenticatedAt: at }
    default:
      return change satisfies never
  }
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value
  return rest
}
