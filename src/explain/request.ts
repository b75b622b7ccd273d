import type { AskedOperation } from '../engine/operation-index.ts'
import { readPosture } from '../engine/posture-index.ts'
import { type Hop, readIdentity } from '../engine/read-identity.ts'
import { readAsked } from '../engine/read-operation.ts'
import type { EndpointObject } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import { protocolNumber, TCP } from '../facts/protocol.ts'
import { isWorkloadId } from '../facts/workload-id.ts'
import { Address, tryParseAddress } from '../net/address.ts'

/** A request taken apart, so that single facts can be changed. */
export interface RequestFacts {
  readonly hops: readonly Hop[]
  /** As they were given: each may be malformed. */
  readonly facts: Readonly<Record<string, unknown>>
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

/** Takes a request apart; `null` when a part of it is malformed. What it holds may be anything, getters that throw included. */
export function readRequest(request: Readonly<Record<keyof ChangedRequest, unknown>>): RequestFacts | null {
  try {
    const { at, posture } = request
    const hops = readIdentity(request.identity)
    const src = writtenEndpoint(request.src)
    const dst = writtenEndpoint(request.dst)
    if (hops === null || readPosture(posture) === null || src === null || dst === null || !Number.isFinite(at))
      return null
    return { hops, facts: { ...(posture as Posture | null)?.facts }, src, dst, at: at as number }
  } catch {
    return null
  }
}

/** Puts a request together again. */
export function asRequest({ hops, facts, src, dst, at }: RequestFacts): ChangedRequest {
  return { identity: asIdentity(hops), posture: { facts: facts as Posture['facts'] }, src, dst, at }
}

/** Puts a chain together again. */
export function asIdentity(hops: readonly Hop[]): Identity {
  return hops.reduceRight<object | undefined>((actor, hop) => {
    if (hop.kind === 'anonymous') return { kind: hop.kind }
    const { kind, id, groups, roles, claims, acr, amr, authenticatedAt, notBefore, expiresAt } = hop
    const assurance = known({ acr, amr, authenticatedAt })
    return known({
      kind,
      id,
      groups: groups.length > 0 ? groups : null,
      roles: roles.length > 0 ? roles : null,
      claims: claims === null ? null : { ...claims },
      assurance: Object.keys(assurance).length > 0 ? assurance : null,
      notBefore: Number.isFinite(notBefore) ? notBefore : null,
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
      actor: actor ?? null,
    })
  }, undefined) as Identity
}

function known(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

/**
 * An endpoint as an object; `null` when it is malformed. An object may still hold members that the engine refuses: they
 * stay in it, so that it goes on refusing them.
 */
function writtenEndpoint(input: unknown): EndpointObject | null {
  if (Address.is(input)) return { address: input }
  const written = typeof input === 'string' ? endpointOfText(input) : input
  return typeof written === 'object' && written !== null ? { ...written } : null
}

function endpointOfText(text: string): EndpointObject | null {
  if (text.startsWith('spiffe://')) return { workload: text }
  if (tryParseAddress(text) !== null) return { address: text }
  const match = /^(?:\[([^\]]*:[^\]]*)\]|([^:[]+))(?::(0|[1-9]\d{0,4}))?$/.exec(text)
  if (match === null) return null
  const [, bracketed, plain = '', digits] = match
  const port = digits === undefined ? {} : { port: Number(digits) }
  if (bracketed !== undefined) return { address: bracketed, ...port }
  return { [/^\d/.test(plain) ? 'address' : 'segment']: plain, ...port }
}

/** What rules look at in an endpoint; nothing known is `null`. */
export interface ReadEnd {
  readonly address: Address | null
  readonly port: number | null
  readonly protocol: number | null
  readonly asked: AskedOperation
  readonly written: EndpointObject
}

/** Reads an endpoint object; `null` when it is malformed. */
export function readEnd(written: EndpointObject): ReadEnd | null {
  const { address, workload, port, protocol, http, grpc, model, tool } = written
  const ip = typeof address === 'string' ? tryParseAddress(address) : (address ?? null)
  const asked = readAsked(http, grpc, model, tool)
  const number = protocol === undefined ? (port === undefined ? null : TCP) : protocolNumber(protocol)
  if (asked === null || number === -1 || (ip === null && address !== undefined)) return null
  if (workload !== undefined && !isWorkloadId(workload)) return null
  return { address: ip, port: port ?? null, protocol: number, asked, written }
}
