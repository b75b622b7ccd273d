import type { HttpOperation } from '../../src/facts/endpoint.ts'
import type { PortRange, ServiceEntry } from '../../src/policy/model.ts'
import type { ReadEndpoint } from './endpoint.ts'
import { every, some, type Truth } from './truth.ts'

/** One entry of a service: every part that is present must match. */
export function isServed(entry: ServiceEntry, src: ReadEndpoint, dst: ReadEndpoint): Truth {
  const parts: Truth[] = []
  if (entry.protocol !== null) parts.push(dst.protocol === undefined ? 'unknown' : dst.protocol === entry.protocol)
  if (entry.ports !== null) parts.push(isPortIn(dst.port, entry.ports))
  if (entry.sourcePorts !== null) parts.push(isPortIn(src.port, entry.sourcePorts))
  if (entry.http !== null) {
    const { methods, routes } = entry.http
    parts.push(dst.http !== undefined && every([isMethod(dst.http, methods), isAnyRoute(dst.http, routes)]))
  }
  if (entry.grpc !== null) {
    const { service, methods } = entry.grpc
    parts.push(dst.grpc?.service === service && (methods === null || methods.includes(dst.grpc.method)))
  }
  if (entry.models !== null) parts.push(isNameIn(dst.model, entry.models))
  if (entry.tools !== null) parts.push(isNameIn(dst.tool, entry.tools))
  return every(parts)
}

function isPortIn(port: number | undefined, ranges: readonly PortRange[]): Truth {
  return port === undefined ? 'unknown' : ranges.some(({ from, to }) => from <= port && port <= to)
}

function isNameIn(name: string | undefined, patterns: readonly string[]): boolean {
  if (name === undefined) return false
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern))
}

function isMethod({ method }: HttpOperation, methods: readonly string[] | null): boolean {
  const asked = method.toUpperCase()
  return methods === null || methods.includes(asked) || (asked === 'HEAD' && methods.includes('GET'))
}

function isAnyRoute({ route, path }: HttpOperation, templates: readonly string[] | null): Truth {
  if (templates === null) return true
  if (route !== undefined) {
    return some(templates.map((template) => isRouteOrUnknown(parameterless(route), parameterless(template))))
  }
  if (path === undefined || isAmbiguous(path)) return 'unknown'
  return some(templates.map((template) => isPath(path.split('/'), parameterless(template))))
}

/** `/v1/{id}/:name` in segments, where every parameter is `:`. */
function parameterless(template: string): string[] {
  return template.split('/').map((segment) => (/^(:.*|\{.*\})$/.test(segment) ? ':' : segment))
}

/** A router's own catch-all may stand for any route below it. */
function isRouteOrUnknown(route: readonly string[], template: readonly string[]): Truth {
  if (isRoute(route, template)) return true
  const above = route.slice(0, -1)
  const mayCover =
    route.at(-1)?.endsWith('*') &&
    template.length > above.length &&
    above.every((part, index) => part === template[index])
  return mayCover ? 'unknown' : false
}

function isRoute(route: readonly string[], template: readonly string[]): boolean {
  if (route.join('/') === template.join('/')) return true
  const prefix = template.slice(0, -1)
  return (
    template.at(-1) === '*' &&
    route.length > prefix.length &&
    prefix.every((segment, index) => segment === route[index])
  )
}

function isPath(path: readonly string[], template: readonly string[]): boolean {
  const wild = template.at(-1) === '*'
  const expected = wild ? template.slice(0, -1) : template
  if (wild ? path.length <= expected.length : path.length !== expected.length) return false
  return expected.every((segment, index) => (segment === ':' ? path[index] !== '' : path[index] === segment))
}

/** Two parsers may disagree about such a path. The tests stay away from what is ambiguous in other ways. */
function isAmbiguous(path: string): boolean {
  return /\/\/|%|;|\\|.\/$/.test(path) || path.split('/').some((segment) => segment === '.' || segment === '..')
}
