import { quote } from './diagnostics.ts'
import type { Loose, RuleDocument, ServiceDocument, ServiceEntryDocument } from './document.ts'
import type { GrpcService, HttpService, PortRange, ServiceEntry } from './model.ts'
import { NameTable } from './name-table.ts'
import { checkLookalikes, checkName } from './names.ts'
import { PROTOCOLS } from './protocols.ts'
import { asList, byCodeUnit, readAt, readEach, readPart, reportTwice, unique } from './reading.ts'
import type { Report } from './report.ts'

type EntryDocument = Loose<ServiceEntryDocument>

/** What the `services` of a rule mean: `null` is any. */
export interface ServiceSelection {
  readonly entries: readonly ServiceEntry[] | null
  readonly names: readonly string[]
}

const ANY_SERVICE: ServiceSelection = Object.freeze({ entries: null, names: Object.freeze([]) })

/** The services of a policy by name. */
export class ServiceTable {
  readonly names = new NameTable<ServiceSelection>('service', 'POLICY_SERVICE_UNKNOWN', 'POLICY_SERVICE_UNUSED')

  /** What a list of names and inline entries means. */
  select(document: Loose<NonNullable<RuleDocument['services']>>, report: Report): ServiceSelection {
    const [first] = asList<string | EntryDocument | undefined>(document)
    // Most rules name one service: they share its entries.
    if (typeof first === 'string' && asList<unknown>(document).length === 1) {
      const found = this.names.use(first)
      if (found !== undefined) return found
    }
    let any = false
    const named = new Map<string, readonly ServiceEntry[]>()
    const inline: ServiceEntry[] = []
    readEach<string | EntryDocument | undefined, void>(
      'services',
      document,
      (item) => {
        if (item === 'any') any = true
        else if (typeof item === 'string') this.#name(item, named, report)
        else inline.push(readServiceEntry(item, report))
      },
      report,
    )
    if (any) return ANY_SERVICE
    const names = [...named.keys()].sort()
    const entries = names.flatMap((name) => named.get(name) ?? [])
    if (inline.length > 1) inline.sort((a, b) => byCodeUnit(JSON.stringify(a), JSON.stringify(b)))
    return { entries: [...entries, ...inline], names: [...names, ...inline.map(() => 'inline')] }
  }

  #name(name: string, named: Map<string, readonly ServiceEntry[]>, report: Report): void {
    if (named.has(name)) reportTwice(`service ${quote(name)}`, report)
    else {
      const found = this.names.resolve(name, report)
      if (found !== undefined) named.set(name, found.entries ?? [])
    }
  }
}

/** Reads the named services. */
export function readServices(
  document: Readonly<Record<string, Loose<ServiceDocument> | undefined>>,
  report: Report,
): ServiceTable {
  const table = new ServiceTable()
  const names = Object.keys(document)
  report.path.push('services')
  checkLookalikes('service', names, report, 'key')
  for (const name of names) {
    readAt(name, name, () => checkName('service', name, report, 'key'), report)
    const entries = readEach<EntryDocument | undefined, ServiceEntry>(name, document[name], readServiceEntry, report)
    table.names.set(name, { entries, names: [name] })
  }
  report.path.pop()
  return table
}

/** Reads one entry with the report standing at it. */
export function readServiceEntry(document: EntryDocument, report: Report): ServiceEntry {
  if (Object.keys(document).length === 0)
    report.add('POLICY_SELECTOR_EMPTY', 'an empty service entry would match every service', {
      fix: 'name a protocol, or leave `services` out to mean any',
    })
  const list = <T, R>(
    key: string,
    items: readonly T[] | undefined,
    read: (key: string, items: readonly T[], report: Report) => R,
  ) => (items === undefined ? null : read(key, items, report))
  return {
    protocol: readPart('protocol', document.protocol, readProtocol, null, report),
    ports: list('ports', document.ports, readPorts),
    sourcePorts: list('sourcePorts', document.sourcePorts, readPorts),
    http: readPart('http', document.http, readHttp, null, report),
    grpc: readPart('grpc', document.grpc, readGrpc, null, report),
    models: list('models', document.models, readPatterns),
    tools: list('tools', document.tools, readPatterns),
  }
}

function readProtocol(value: string | number, report: Report): number | null {
  const number = typeof value === 'number' ? value : PROTOCOLS.get(value)
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number <= 255) return number
  const nearest = typeof value === 'string' ? report.nearest(value, PROTOCOLS.keys()) : undefined
  report.add('POLICY_PROTOCOL_UNKNOWN', `${quote(String(value))} is not a protocol`, {
    nearest,
    expected: 'a name such as tcp, udp or icmp, or a number from 0 to 255',
  })
  return null
}

const HIGHEST_PORT = 65_535

function readPorts(
  key: string,
  document: readonly (number | string | undefined)[],
  report: Report,
): readonly PortRange[] {
  const ranges = readEach(key, document, readPortRange, report)
  ranges.sort((a, b) => a.from - b.from || a.to - b.to)
  const merged: PortRange[] = []
  for (const range of ranges) {
    const last = merged[merged.length - 1]
    if (last === undefined || range.from > last.to + 1) merged.push(range)
    else if (range.to > last.to) merged[merged.length - 1] = { from: last.from, to: range.to }
  }
  return merged
}

const PORT_RANGE = /^(0|[1-9][0-9]{0,4})(?:-(0|[1-9][0-9]{0,4}))?$/

function readPortRange(value: number | string, report: Report): PortRange | undefined {
  const match = typeof value === 'string' ? PORT_RANGE.exec(value) : null
  const from = typeof value === 'number' ? value : match === null ? -1 : Number(match[1])
  const to = typeof value === 'number' ? value : match === null ? -1 : Number(match[2] ?? match[1])
  const known = isPort(from) && isPort(to)
  if (known && from <= to) return { from, to }
  const expected = 'a port from 0 to 65535, or a range such as "8000-8100"'
  report.add('POLICY_PORT_INVALID', `${quote(String(value))} is not a port or a range of ports`, {
    expected,
    fix: known ? `write "${to}-${from}"` : undefined,
  })
  return undefined
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= HIGHEST_PORT
}

const HTTP_METHOD = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

function readHttp(document: Loose<NonNullable<ServiceEntryDocument['http']>>, report: Report): HttpService {
  const { methods, routes } = document
  return {
    methods: methods === undefined ? null : unique(readEach('methods', methods, readMethod, report)),
    routes: routes === undefined ? null : unique(readEach('routes', routes, readRoute, report)),
  }
}

function readMethod(method: string, report: Report): string | undefined {
  if (HTTP_METHOD.test(method)) return method.toUpperCase()
  report.add('POLICY_METHOD_INVALID', `${quote(method)} is not an HTTP method`, {
    expected: 'one method such as "GET"',
  })
  return undefined
}

/** Letters a literal segment may have: nothing that one router decodes or cuts off and another does not. */
const LITERAL = /^[A-Za-z0-9._~!$&'()+,=:@-]+$/
const PARAMETER = /^(?::([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})$/

/** A template in its one form: parameters as `:id`. */
function readRoute(route: string, report: Report): string | undefined {
  const segments = route.length > 2048 ? [] : route.split('/')
  const last = segments.length - 1
  let sound = last > 0 && segments[0] === ''
  for (let index = 1; sound && index <= last; index++) {
    const segment = segments[index] ?? ''
    const parameter = PARAMETER.exec(segment)
    if (parameter !== null) segments[index] = `:${parameter[1] ?? parameter[2] ?? ''}`
    else if (segment === '' || segment === '*') sound = index === last
    else sound = segment !== '.' && segment !== '..' && !segment.startsWith(':') && LITERAL.test(segment)
  }
  if (sound) return segments.join('/')
  report.add('POLICY_ROUTE_INVALID', `${quote(route)} is not a route template`, {
    expected: 'a path such as "/v1/models/:id" or "/admin/*"',
    fix: route.startsWith('/') || route === '' ? undefined : 'begin it with "/"',
  })
  return undefined
}

const GRPC_SERVICE = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/
const GRPC_METHOD = /^[A-Za-z_][A-Za-z0-9_]*$/

function readGrpc(document: Loose<NonNullable<ServiceEntryDocument['grpc']>>, report: Report): GrpcService {
  const { service = '', methods } = document
  if (document.service !== undefined && !GRPC_SERVICE.test(service))
    report.add('POLICY_METHOD_INVALID', `${quote(service)} is not a gRPC service`, {
      below: ['service'],
      expected: 'a full name such as "inference.v1.Generate"',
    })
  const read = (method: string): string | undefined => {
    if (GRPC_METHOD.test(method)) return method
    report.add('POLICY_METHOD_INVALID', `${quote(method)} is not a gRPC method`, {
      expected: 'a name without slashes such as "Run"',
    })
    return undefined
  }
  const names = methods === undefined ? null : unique(readEach('methods', methods, read, report))
  return { service, methods: names }
}

function readPatterns(key: string, document: readonly (string | undefined)[], report: Report): readonly string[] {
  const read = (name: string): string | undefined => {
    const star = name.indexOf('*')
    if (name !== '' && (star === -1 || star === name.length - 1)) return name
    report.add('POLICY_PATTERN_INVALID', `${quote(name)} is not a name`, {
      expected: 'a name, or its beginning with a * at the end',
    })
    return undefined
  }
  return unique(readEach(key, document, read, report))
}
