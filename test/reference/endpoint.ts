import type { GrpcOperation, HttpOperation } from '../../src/facts/endpoint.ts'
import { type IpAddress, isAddressObject, parseIp, readAddressObject } from './address.ts'
import { hasOnlyKeys, isPlainObject, type PlainObject } from './plain-object.ts'

/** An endpoint as it was said, in one shape. The segment is a name that nobody has looked up yet. */
export interface ReadEndpoint {
  readonly address?: IpAddress | undefined
  readonly workload?: string | undefined
  readonly segment?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly port?: number | undefined
  /** IANA number. */
  readonly protocol?: number | undefined
  readonly http?: HttpOperation | undefined
  readonly grpc?: GrpcOperation | undefined
  readonly model?: string | undefined
  readonly tool?: string | undefined
  readonly context?: PlainObject | undefined
}

/** The protocols that the tests name; any other name is taken to be unknown. */
const PROTOCOLS: ReadonlyMap<unknown, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['icmpv6', 58],
  ['sctp', 132],
])

const OBJECT_KEYS = [
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

/** Semantics section 3. `null` is an endpoint that does not parse. A port without a protocol is TCP. */
export function readEndpoint(input: unknown): ReadEndpoint | null {
  const endpoint = readMembers(input)
  if (endpoint === null || endpoint.port === undefined || endpoint.protocol !== undefined) return endpoint
  return { ...endpoint, protocol: 6 }
}

function readMembers(input: unknown): ReadEndpoint | null {
  if (typeof input === 'string') return readString(input)
  if (isAddressObject(input)) return { address: readAddressObject(input) }
  return isPlainObject(input) ? readObject(input) : null
}

function readString(text: string): ReadEndpoint | null {
  if (text.startsWith('spiffe://')) return isSpiffeId(text) ? { workload: text } : null
  if (/^[0-9[]/.test(text) || text.split(':').length > 2) return readAddressAndPort(text)
  const [segment = '', portText, ...more] = text.split(':')
  if (segment === '' || more.length > 0) return null
  if (portText === undefined) return { segment }
  const port = readPort(portText)
  return port === null ? null : { segment, port }
}

function readAddressAndPort(text: string): ReadEndpoint | null {
  const bare = parseIp(text)
  if (bare !== null) return { address: bare }
  const match = /^\[([^\]]*:[^\]]*)\]:(.*)$/.exec(text) ?? /^([^:]*):([^:]*)$/.exec(text)
  const address = parseIp(match?.[1] ?? '')
  const port = readPort(match?.[2] ?? '')
  return address === null || port === null ? null : { address, port }
}

function readPort(text: string): number | null {
  return /^(0|[1-9][0-9]{0,4})$/.test(text) && isPort(Number(text)) ? Number(text) : null
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && 0 <= value && value <= 65535
}

/** SPIFFE-ID section 2, with section 2.4's limit of 2048 bytes. Only ASCII gets through, so characters are bytes. */
function isSpiffeId(text: string): boolean {
  const [trustDomain = '', ...segments] = text.slice('spiffe://'.length).split('/')
  return (
    text.length <= 2048 &&
    /^[a-z0-9._-]+$/.test(trustDomain) &&
    segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && segment !== '.' && segment !== '..')
  )
}

function readObject(input: PlainObject): ReadEndpoint | null {
  if (Object.keys(input).length === 0 || !hasOnlyKeys(input, OBJECT_KEYS)) return null
  const { address, workload, segment, labels, port, protocol, http, grpc, model, tool, context } = input
  const wellFormed =
    (address === undefined || isAddressObject(address) || (typeof address === 'string' && parseIp(address) !== null)) &&
    (workload === undefined || isWorkload(workload)) &&
    (segment === undefined || typeof segment === 'string') &&
    (labels === undefined || (isPlainObject(labels) && Object.values(labels).every(isString))) &&
    (port === undefined || isPort(port)) &&
    (protocol === undefined || readProtocol(protocol) !== null) &&
    (http === undefined || isHttp(http)) &&
    (grpc === undefined || (isPlainObject(grpc) && isString(grpc.service) && isString(grpc.method))) &&
    (model === undefined || isString(model)) &&
    (tool === undefined || isString(tool)) &&
    (context === undefined || isPlainObject(context))
  if (!wellFormed) return null
  return {
    ...(input as ReadEndpoint),
    address: (isAddressObject(address) ? readAddressObject(address) : parseIp(String(address))) ?? undefined,
    protocol: readProtocol(protocol) ?? undefined,
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isWorkload(value: unknown): boolean {
  return isString(value) && value.startsWith('spiffe://') && isSpiffeId(value)
}

function readProtocol(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && 0 <= value && value <= 255 ? value : null
  return PROTOCOLS.get(value) ?? null
}

function isHttp(http: unknown): boolean {
  if (!isPlainObject(http)) return false
  const { method, route, path } = http
  return isString(method) && (route === undefined || isString(route)) && (path === undefined || isString(path))
}
