import type { PortRange, ServiceEntry } from '../policy/model.ts'
import type { FactChange } from './change.ts'
import type { Operation, ServicePart } from './service-outcome.ts'

const MAX_PORT = 65535

/** Single changes of what is asked that make one part of a service true. */
export function serviceGains(part: ServicePart, entry: ServiceEntry, operation: Operation): FactChange[] {
  const { protocol, ports, sourcePorts, http, grpc, models, tools } = entry
  switch (part) {
    case 'protocol':
      return protocol === null ? [] : [{ type: 'protocol', value: protocol }]
    case 'ports':
      return (ports ?? []).slice(0, 1).map(({ from }) => ({ type: 'port', value: from }))
    case 'sourcePorts':
      return (sourcePorts ?? []).slice(0, 1).map(({ from }) => ({ type: 'sourcePort', value: from }))
    case 'http': {
      const method = http?.methods?.[0] ?? 'GET'
      const route = http?.routes?.[0]
      return [{ type: 'http', value: route === undefined ? { method } : { method, route: concreteRoute(route) } }]
    }
    case 'http.methods':
      return (http?.methods ?? []).slice(0, 1).map((value) => ({ type: 'method', value }))
    case 'http.routes':
      return (http?.routes ?? []).slice(0, 1).map((route) => ({ type: 'route', value: concreteRoute(route) }))
    case 'grpc':
      if (grpc === null) return []
      return [
        {
          type: 'grpc',
          value: { service: grpc.service, method: grpc.methods?.[0] ?? operation.grpc?.method ?? 'Call' },
        },
      ]
    case 'models':
      return (models ?? []).slice(0, 1).map((name) => ({ type: 'model', value: concreteName(name) }))
    case 'tools':
      return (tools ?? []).slice(0, 1).map((name) => ({ type: 'tool', value: concreteName(name) }))
    default:
      return part satisfies never
  }
}

/**
 * Single changes of what is asked that make one part of a service false: what the rules would allow instead, and
 * for ports simply another one.
 */
export function serviceLosses(part: ServicePart, entry: ServiceEntry, offers: readonly ServiceEntry[]): FactChange[] {
  switch (part) {
    case 'protocol':
      return offers.flatMap(({ protocol }) =>
        protocol === null || protocol === entry.protocol ? [] : [{ type: 'protocol', value: protocol } as const],
      )
    case 'ports':
      return otherPorts(
        entry.ports ?? [],
        offers.flatMap((offer) => offer.ports ?? []),
      ).map((value) => ({
        type: 'port',
        value,
      }))
    case 'sourcePorts':
      return otherPorts(entry.sourcePorts ?? [], []).map((value) => ({ type: 'sourcePort', value }))
    case 'http.methods':
      return offers.flatMap(({ http }) =>
        (http?.methods ?? [])
          .filter((method) => !entry.http?.methods?.includes(method))
          .map((value) => ({ type: 'method', value }) as const),
      )
    case 'http.routes':
      return offers.flatMap(({ http }) =>
        (http?.routes ?? [])
          .filter((route) => !entry.http?.routes?.includes(route))
          .map((route) => ({ type: 'route', value: concreteRoute(route) }) as const),
      )
    case 'models':
      return offers.flatMap(({ models }) =>
        otherNames(models, entry.models).map((value) => ({ type: 'model', value }) as const),
      )
    case 'tools':
      return offers.flatMap(({ tools }) =>
        otherNames(tools, entry.tools).map((value) => ({ type: 'tool', value }) as const),
      )
    case 'http':
    case 'grpc':
      return [] // Already false, or another service altogether.
    default:
      return part satisfies never
  }
}

function otherNames(offered: readonly string[] | null, taken: readonly string[] | null): string[] {
  return (offered ?? []).filter((name) => !taken?.includes(name)).map(concreteName)
}

function otherPorts(taken: readonly PortRange[], offered: readonly PortRange[]): number[] {
  const isFree = (port: number): boolean =>
    port >= 0 && port <= MAX_PORT && !taken.some(({ from, to }) => from <= port && port <= to)
  const ports = offered.flatMap(({ from, to }) => [from, to]).filter(isFree)
  if (ports.length > 0) return [...new Set(ports)].slice(0, 2)
  return taken
    .flatMap(({ from, to }) => [to + 1, from - 1])
    .filter(isFree)
    .slice(0, 1)
}

function concreteRoute(route: string): string {
  return route.endsWith('/*') ? `${route.slice(0, -1)}example` : route
}

function concreteName(name: string): string {
  return name.endsWith('*') ? `${name.slice(0, -1)}1` : name
}
