import type { GrpcOperation, HttpOperation } from '../facts/endpoint.ts'
import type { HttpService, PortRange, ServiceEntry } from '../policy/model.ts'
import type { Outcome } from './outcome.ts'

/** What a destination says is asked of it, and the port it is asked from. */
export interface Operation {
  readonly protocol: number | null
  readonly port: number | null
  readonly sourcePort: number | null
  readonly http: HttpOperation | null
  readonly grpc: GrpcOperation | null
  readonly model: string | null
  readonly tool: string | null
}

/** One part of a service entry that can fail by itself. `http` is there only when the destination carries no HTTP operation. */
export type ServicePart =
  | 'protocol'
  | 'ports'
  | 'sourcePorts'
  | 'http'
  | 'http.methods'
  | 'http.routes'
  | 'grpc'
  | 'models'
  | 'tools'

function inRanges(port: number | null, ranges: readonly PortRange[]): Outcome {
  if (port === null) return 'unknown'
  return ranges.some(({ from, to }) => from <= port && port <= to)
}

function nameMatches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function namedBy(name: string | null, patterns: readonly string[]): boolean {
  return name !== null && patterns.some((pattern) => nameMatches(name, pattern))
}

function methodOutcome(given: string, methods: readonly string[]): boolean {
  const method = given.toUpperCase()
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':') || (segment.startsWith('{') && segment.endsWith('}'))
}

/** Segments of a template, parameters without their names. */
function templateSegments(template: string): string[] {
  return template.split('/').map((segment) => (isParameter(segment) ? ':' : segment))
}

function matchesTemplate(route: string, pattern: string): boolean {
  const wanted = templateSegments(pattern)
  const given = templateSegments(route)
  const below = wanted.at(-1) === '*'
  if (below) wanted.pop()
  if (below ? given.length <= wanted.length : given.length !== wanted.length) return false
  return wanted.every((segment, index) => segment === given[index])
}

/** Text that a router and this engine could read differently. */
const AMBIGUOUS_PATH = /^[^/]|^$|\/\/|[\\;%?#]|\/\.{1,2}(?:\/|$)|[^\x21-\x7e]/

const LONGEST_PATH = 4096

/** Whether a concrete path can be read in more than one way, so that nothing is decided on it. */
export function isAmbiguousPath(path: string): boolean {
  return path.length > LONGEST_PATH || AMBIGUOUS_PATH.test(path)
}

function matchesPath(path: string, pattern: string): boolean {
  const wanted = templateSegments(pattern)
  const given = path.split('/')
  const below = wanted.at(-1) === '*'
  if (below) wanted.pop()
  if (below ? given.length <= wanted.length : given.length !== wanted.length) return false
  return wanted.every((segment, index) => (segment === ':' ? given[index] !== '' : segment === given[index]))
}

function routeOutcome(http: HttpOperation, routes: readonly string[]): Outcome {
  const { route, path } = http
  if (route !== undefined) return routes.some((pattern) => matchesTemplate(route, pattern))
  if (path === undefined || isAmbiguousPath(path)) return 'unknown'
  return routes.some((pattern) => matchesPath(path, pattern))
}

function httpOutcomes(wanted: HttpService, http: HttpOperation | null, report: ReportPart): void {
  if (http === null) {
    report('http', false)
    return
  }
  if (wanted.methods !== null) report('http.methods', methodOutcome(http.method, wanted.methods))
  if (wanted.routes !== null) report('http.routes', routeOutcome(http, wanted.routes))
}

type ReportPart = (part: ServicePart, outcome: Outcome) => void

/** Reports what each part of one service entry comes to; the entry is the Kleene and of them. */
export function entryOutcomes(entry: ServiceEntry, operation: Operation, report: ReportPart): void {
  const { protocol, grpc } = operation
  if (entry.protocol !== null) report('protocol', protocol === null ? 'unknown' : protocol === entry.protocol)
  if (entry.ports !== null) report('ports', inRanges(operation.port, entry.ports))
  if (entry.sourcePorts !== null) report('sourcePorts', inRanges(operation.sourcePort, entry.sourcePorts))
  if (entry.http !== null) httpOutcomes(entry.http, operation.http, report)
  if (entry.grpc !== null) {
    const { service, methods } = entry.grpc
    report('grpc', grpc !== null && grpc.service === service && (methods === null || methods.includes(grpc.method)))
  }
  if (entry.models !== null) report('models', namedBy(operation.model, entry.models))
  if (entry.tools !== null) report('tools', namedBy(operation.tool, entry.tools))
}
