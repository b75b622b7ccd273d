import type { EndpointObject, GrpcOperation, HttpOperation } from '../facts/endpoint.ts'
import { protocolNumber, TCP } from '../facts/protocol.ts'
import { Address, tryParseAddress } from '../net/address.ts'
import { isRecord, isStringArray, type Malformed, type Members, quote, typeName, unknownKey } from './plain-data.ts'

/** An endpoint in one shape: every absent member is `null`. */
export interface ParsedEndpoint {
  readonly address: Address | null
  readonly workload: string | null
  /** As it was declared: nobody has looked it up yet. */
  readonly segment: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly port: number | null
  readonly protocol: number | null
  readonly http: HttpOperation | null
  readonly grpc: GrpcOperation | null
  readonly model: string | null
  readonly tool: string | null
  readonly context: Readonly<Record<string, unknown>> | null
  /** The same as the caller could have written it, for changes to start from. */
  readonly written: EndpointObject
}

const KEYS = [
  'address',
  'workload',
  'segment',
  'labels',
  'port',
  'protocol',
  'http',
  'grpc',
  'model',
  'tool',
  'context',
]
const MAX_PORT = 65535
const MAX_SPIFFE_LENGTH = 2048

/** Reads an endpoint as `authorize` does, and says what is wrong when it is malformed. */
export function readEndpoint(input: unknown): ParsedEndpoint | Malformed {
  if (typeof input === 'string') return readText(input)
  if (Address.is(input)) return parsed({ address: input }, input)
  return readObject(input)
}

function parsed(written: EndpointObject, address: Address | null): ParsedEndpoint {
  const protocol = written.protocol === undefined ? null : protocolNumber(written.protocol)
  return {
    address,
    workload: written.workload ?? null,
    segment: written.segment ?? null,
    labels: written.labels ?? {},
    port: written.port ?? null,
    protocol: protocol ?? (written.port === undefined ? null : TCP),
    http: written.http ?? null,
    grpc: written.grpc ?? null,
    model: written.model ?? null,
    tool: written.tool ?? null,
    context: written.context ?? null,
    written,
  }
}

function readText(text: string): ParsedEndpoint | Malformed {
  if (text.startsWith('spiffe://')) {
    return isSpiffeId(text) ? parsed({ workload: text }, null) : { problem: `${quote(text)} is not a SPIFFE id` }
  }
  const colons = text.split(':').length - 1
  if (/^[0-9[]/.test(text) || colons >= 2) return readAddress(text)
  const [segment = '', portText] = text.split(':')
  if (segment === '') return { problem: 'an empty text is no endpoint: give an address, a SPIFFE id or a segment name' }
  if (portText === undefined) return parsed({ segment }, null)
  const port = readPort(portText)
  return port === null ? badPort(portText) : parsed({ segment, port }, null)
}

function readAddress(text: string): ParsedEndpoint | Malformed {
  const bare = tryParseAddress(text)
  if (bare !== null) return parsed({ address: text }, bare)
  const bracketed = /^\[([^\]]*)\]$/s.exec(text)
  const plain = bracketed === null ? null : tryParseAddress(bracketed[1])
  if (plain !== null) return parsed({ address: plain }, plain)
  const match = /^\[([^\]]*:[^\]]*)\]:(.*)$/s.exec(text) ?? /^([^:]*):([^:]*)$/s.exec(text)
  const [, host = text, portText] = match ?? []
  const address = tryParseAddress(host)
  if (address === null) return badAddress(host)
  const port = readPort(portText ?? '')
  return port === null ? badPort(portText ?? '') : parsed({ address: host, port }, address)
}

function badAddress(text: unknown): Malformed {
  return { problem: `${quote(text)} is not a canonical IPv4 or IPv6 address` }
}

function badPort(text: unknown): Malformed {
  return { problem: `${quote(text)} is not a port: 0 to ${MAX_PORT}, without leading zeros` }
}

function readPort(text: string): number | null {
  return /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= MAX_PORT ? Number(text) : null
}

/** SPIFFE-ID section 2; only ASCII gets through, so characters are bytes. */
function isSpiffeId(text: string): boolean {
  if (text.length > MAX_SPIFFE_LENGTH || !text.startsWith('spiffe://')) return false
  const [domain = '', ...segments] = text.slice('spiffe://'.length).split('/')
  return (
    /^[a-z0-9._-]+$/.test(domain) &&
    segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && segment !== '.' && segment !== '..')
  )
}

function readObject(input: unknown): ParsedEndpoint | Malformed {
  if (!isRecord(input)) return { problem: `it is ${typeName(input)} and should be a text or a plain object` }
  const extra = unknownKey(input, KEYS)
  if (extra !== null) return { problem: `it has an unknown key ${quote(extra)}: the keys are ${KEYS.join(', ')}` }
  if (Object.keys(input).length === 0) return { problem: 'it is an empty object: say at least an address or a segment' }
  const { address } = input
  const ip = typeof address === 'string' ? tryParseAddress(address) : Address.is(address) ? address : null
  if (address !== undefined && ip === null) return badAddress(address)
  const problem = problemOfPlace(input) ?? problemOfService(input)
  if (problem !== null) return { problem }
  const present = Object.entries(input).filter(([, value]) => value !== undefined)
  return parsed(Object.fromEntries(present) as EndpointObject, ip)
}

function problemOfPlace({ workload, segment, labels, context }: Members): string | null {
  if (workload !== undefined && !(typeof workload === 'string' && isSpiffeId(workload))) {
    return `its workload ${quote(workload)} is not a SPIFFE id`
  }
  if (segment !== undefined && typeof segment !== 'string') return 'its segment should be the name of a segment'
  if (labels !== undefined && !(isRecord(labels) && isStringArray(Object.values(labels)))) {
    return 'its labels should be an object of strings'
  }
  return context === undefined || isRecord(context) ? null : 'its context should be a plain object'
}

function problemOfService({ port, protocol, http, grpc, model, tool }: Members): string | null {
  if (port !== undefined && !(Number.isInteger(port) && (port as number) >= 0 && (port as number) <= MAX_PORT)) {
    return badPort(port).problem
  }
  if (protocol !== undefined && protocolNumber(protocol) === -1) {
    return `its protocol ${quote(protocol)} is neither a protocol name nor a number from 0 to 255`
  }
  if (http !== undefined && !isOperation(http, ['method'], ['route', 'path'])) {
    return 'its http should be { method, route } or { method, path }, all texts'
  }
  if (grpc !== undefined && !isOperation(grpc, ['service', 'method'], [])) {
    return 'its grpc should be { service, method }, both texts'
  }
  if (model !== undefined && typeof model !== 'string') return 'its model should be a text'
  return tool === undefined || typeof tool === 'string' ? null : 'its tool should be a text'
}

function isOperation(value: unknown, required: readonly string[], optional: readonly string[]): boolean {
  return (
    isRecord(value) &&
    required.every((key) => typeof value[key] === 'string') &&
    optional.every((key) => value[key] === undefined || typeof value[key] === 'string')
  )
}
