import fc from 'fast-check'
import { type Address, ipv4, ipv6, parseAddress } from '../../src/net/address.ts'
import { ipv4Text, ipv6Text, malformedAddressText } from './addresses.ts'

/** Names that endpoints declare; a small policy defines some of them. */
export const SEGMENT_NAMES = ['alpha', 'beta', 'gamma', 'constructor', 'delta']
export const WORKLOADS = [
  'spiffe://td.example',
  'spiffe://td.example/ns',
  'spiffe://td.example/ns/a',
  'spiffe://td.example/ns/a/b',
  'spiffe://td.example/nsx',
  'spiffe://other.example/ns/a',
]
export const LABEL_SETS: readonly Readonly<Record<string, string>>[] = [
  { app: 'web' },
  { app: 'web', tier: 'front' },
  { app: 'db' },
  { tier: 'front' },
  { constructor: 'web' },
]
export const PORTS = [0, 22, 80, 443, 8000, 8050, 8100, 65535]
export const METHODS = ['GET', 'POST', 'HEAD', 'DELETE']
export const GRPC_SERVICES = ['inference.v1.Generate', 'inference.v1.Admin']
export const GRPC_METHODS = ['Run', 'Stop']
export const MODELS = ['llama-3-70b', 'embed-small', 'embed-', 'embed']
export const TOOLS = ['web.search', 'shell', 'web']

const addressText = fc.oneof({ weight: 3, arbitrary: ipv4Text }, { weight: 2, arbitrary: ipv6Text })
const port = fc.constantFrom(...PORTS)

/** An address that the caller has parsed or made already. */
const addressObject: fc.Arbitrary<Address> = fc.oneof(
  addressText.map(parseAddress),
  fc.nat({ max: 15 }).map((host) => ipv4(0x0a010200 + host)),
  fc.nat({ max: 15 }).map((host) => ipv6(0xfd000001, 0, 0, host)),
  fc.nat({ max: 15 }).map((host) => ipv6(0, 0, 0xffff, 0x0a010200 + host)),
)

const segmentName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('alpha', 'beta') },
  { weight: 2, arbitrary: fc.constantFrom(...SEGMENT_NAMES, 'any', 'internet') },
  { weight: 1, arbitrary: fc.constantFrom('nowhere', 'toString', '__proto__') },
)

const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: addressText },
  { weight: 2, arbitrary: fc.tuple(ipv4Text, port).map(([address, number]) => `${address}:${number}`) },
  { weight: 2, arbitrary: fc.tuple(ipv6Text, port).map(([address, number]) => `[${address}]:${number}`) },
  { weight: 2, arbitrary: fc.constantFrom(...WORKLOADS) },
  { weight: 2, arbitrary: segmentName },
  { weight: 1, arbitrary: fc.tuple(segmentName, port).map(([name, number]) => `${name}:${number}`) },
)

const malformedText: fc.Arbitrary<string> = fc.oneof(
  malformedAddressText,
  fc.constantFrom(
    '10.1.2.3:',
    '10.1.2.3:65536',
    '10.1.2.3:0443',
    '10.1.2.3:+1',
    '10.1.2.3:443:1',
    '[10.1.2.3]:443',
    '[fd00::1]443',
    '[fd00::1]:',
    '[fd00::1]:65536',
    '[fd00::1',
    'alpha:',
    'alpha:http',
    'alpha:00',
    'alpha:65536',
    'alpha:443:1',
    'spiffe://',
    'spiffe:///ns',
    'spiffe://TD.example/ns',
    'spiffe://td.example/',
    'spiffe://td.example//ns',
    'spiffe://td.example/ns/',
    'spiffe://td.example/ns/..',
    'spiffe://td.example/./ns',
    'spiffe://td.example/n%73',
    'spiffe://td.example:443/ns',
    'spiffe://td.example/ns?x',
    `spiffe://td.example/${'a'.repeat(2048)}`,
  ),
)

const http = fc.record(
  {
    method: fc.constantFrom(...METHODS),
    route: fc.constantFrom(
      '/v1/models/:id',
      '/v1/models/{name}',
      '/v1/models',
      '/v1/models/:id/run',
      '/admin/users',
      '/admin',
      '/',
    ),
    path: fc.constantFrom(
      '/v1/models/7',
      '/v1/models',
      '/admin/users',
      '/admin',
      '/v1//models',
      '/v1/../admin/x',
      '/admin%2fx',
      '/a;b',
    ),
  },
  { requiredKeys: ['method'], noNullPrototype: true },
)

const grpc = fc.record(
  { service: fc.constantFrom(...GRPC_SERVICES), method: fc.constantFrom(...GRPC_METHODS) },
  { noNullPrototype: true },
)

/** Where an endpoint is: at least one of these. */
const place = fc
  .record(
    {
      address: fc.oneof(addressText, addressObject),
      workload: fc.constantFrom(...WORKLOADS),
      segment: segmentName,
      labels: fc.constantFrom<Record<string, string>>({}, ...LABEL_SETS),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((members) => Object.keys(members).length > 0)

/** What is asked of it, or the port it speaks from. */
const operation = fc.record(
  {
    port,
    protocol: fc.constantFrom('tcp', 'tcp', 'udp', 6, 17, 1, 'icmp', 'icmpv6', 'sctp', 255),
    http,
    grpc,
    model: fc.constantFrom(...MODELS),
    tool: fc.constantFrom(...TOOLS),
    context: fc.constantFrom({ ticket: 'T1' }, { ticket: 'T2' }, { other: 1 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const faults = fc.constantFrom<Record<string, unknown>>(
  { address: '10.1.2.3:443' },
  { address: '10.1.2' },
  { address: 167838211 },
  { address: null },
  { address: { family: 4, a: 0, b: 0, c: 0, d: 0x0a010203 } },
  { workload: 'alpha' },
  { workload: 'spiffe://td.example/' },
  { segment: 7 },
  { segment: null },
  { labels: { app: 7 } },
  { labels: ['app'] },
  { labels: null },
  { port: '443' },
  { port: 443.5 },
  { port: -1 },
  { port: 65536 },
  { port: Number.NaN },
  { protocol: 'carrier-pigeon' },
  { protocol: 256 },
  { protocol: 6.5 },
  { protocol: null },
  { http: 'GET' },
  { http: {} },
  { http: { method: 7 } },
  { http: { method: 'GET', route: 7 } },
  { http: { method: 'GET', path: null } },
  { grpc: { service: 'inference.v1.Generate' } },
  { grpc: 'inference.v1.Generate/Run' },
  { model: 7 },
  { tool: ['shell'] },
  { context: 'T1' },
  { url: 'http://alpha' },
)

/** Endpoints that parse; the segment they name may be unknown. */
export const wellFormedEndpoint: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: addressObject },
  { weight: 5, arbitrary: fc.tuple(place, operation).map(([where, what]) => ({ ...where, ...what })) },
)

/** What does not parse as an endpoint. */
export const malformedEndpoint: fc.Arbitrary<unknown> = fc.oneof(
  malformedText,
  fc.constantFrom<unknown>(null, undefined, 7, true, {}, [], ['10.1.2.3'], () => '10.1.2.3'),
  fc.constant({ family: 4, a: 0, b: 0, c: 0, d: 0x0a010203 }),
  fc.tuple(place, operation, faults).map(([where, what, fault]) => ({ ...where, ...what, ...fault })),
)

/** Mostly well formed. */
export const endpoint: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 40, arbitrary: wellFormedEndpoint },
  { weight: 1, arbitrary: malformedEndpoint },
)
