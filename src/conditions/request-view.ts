import { protocolNumber, TCP } from '../facts/protocol.ts'
import { Address, tryParseAddress } from '../net/address.ts'

/** A list that a caller may make long and a condition may loop over is not shown beyond this. */
const MAX_LIST = 1000

/** The members of a request that a `when` may read, and their CEL types. Absent members are absent, so that reading one is an error. */
export const REQUEST_SCHEMA = {
  identity: {
    kind: 'string',
    id: 'string',
    groups: 'list<string>',
    roles: 'list<string>',
    claims: 'map<string, dyn>',
    acr: 'string',
    amr: 'list<string>',
  },
  src: endpointSchema(),
  dst: {
    ...endpointSchema(),
    http: { method: 'string', route: 'string', path: 'string' },
    grpc: { service: 'string', method: 'string' },
    model: 'string',
    tool: 'string',
  },
  context: 'map<string, dyn>',
} as const

function endpointSchema() {
  return {
    address: 'string',
    workload: 'string',
    segment: 'string',
    labels: 'map<string, string>',
    port: 'int',
    protocol: 'int',
  } as const
}

/** One hop of the caller's chain, read from what was passed. */
export interface CallerFacts {
  readonly kind: string
  /** Empty for nobody. */
  readonly id: string
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  readonly claims: Readonly<Record<string, unknown>> | null
  readonly acr: string | null
  readonly amr: readonly string[] | null
}

/** A request whose endpoints the engine found well formed. */
export interface RequestParts {
  readonly identity: CallerFacts
  readonly src: unknown
  readonly dst: unknown
}

/** Plain data for CEL: addresses in canonical text, integers as CEL integers. `null` when a list is too long to show. */
export function viewOf(parts: RequestParts): Record<string, unknown> | null {
  const identity = viewOfIdentity(parts.identity)
  if (identity === null) return null
  const dst = viewOfEndpoint(parts.dst)
  const given = typeof parts.dst === 'object' && parts.dst !== null ? (parts.dst as Record<string, unknown>) : {}
  copyPresent(given, dst, ['http', 'grpc', 'model', 'tool'])
  const context = Object.hasOwn(given, 'context') ? given.context : undefined
  return { identity, src: viewOfEndpoint(parts.src), dst, context: context ?? {} }
}

function viewOfIdentity(identity: CallerFacts): Record<string, unknown> | null {
  const { kind, id, groups, roles, acr, amr } = identity
  const claims = identity.claims ?? {}
  if ([groups, roles, amr, ...Object.values(claims)].some((list) => Array.isArray(list) && list.length > MAX_LIST))
    return null
  const view: Record<string, unknown> = { kind, groups, roles, claims }
  if (id !== '') view.id = id
  if (acr !== null) view.acr = acr
  if (amr !== null) view.amr = amr
  return view
}

function viewOfEndpoint(input: unknown): Record<string, unknown> {
  if (input instanceof Address) return { address: input.toString() }
  if (typeof input === 'string') return viewOfText(input)
  const given = input as Record<string, unknown>
  const view: Record<string, unknown> = {}
  copyPresent(given, view, ['workload', 'segment', 'labels'])
  const address = Object.hasOwn(given, 'address') ? given.address : undefined
  if (address !== undefined)
    view.address = address instanceof Address ? address.toString() : String(tryParseAddress(address))
  const port = Object.hasOwn(given, 'port') ? given.port : undefined
  const protocol = Object.hasOwn(given, 'protocol') ? given.protocol : undefined
  if (port !== undefined) view.port = BigInt(port as number)
  if (protocol !== undefined) view.protocol = BigInt(protocolNumber(protocol))
  else if (port !== undefined) view.protocol = BigInt(TCP)
  return view
}

/** The engine has read the text already, so its form only has to be told apart. */
function viewOfText(text: string): Record<string, unknown> {
  if (text.startsWith('spiffe://')) return { workload: text }
  const whole = tryParseAddress(text)
  if (whole !== null) return { address: whole.toString() }
  const colon = text.lastIndexOf(':')
  const close = text.lastIndexOf(']')
  const hasPort = colon > close
  const host = hasPort ? text.slice(0, colon) : text
  const view: Record<string, unknown> = hasPort ? { port: BigInt(text.slice(colon + 1)), protocol: BigInt(TCP) } : {}
  const address = tryParseAddress(host.startsWith('[') ? host.slice(1, -1) : host)
  if (address !== null) view.address = address.toString()
  else view.segment = host
  return view
}

function copyPresent(from: Record<string, unknown>, to: Record<string, unknown>, keys: readonly string[]): void {
  for (const key of keys) if (Object.hasOwn(from, key) && from[key] !== undefined) to[key] = from[key]
}
