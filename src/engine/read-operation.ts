import type { AskedOperation } from './operation-index.ts'

/** A name that a caller asks for; anything longer is refused. */
const MAX_NAME = 4096

/** Checks the operation members of an endpoint; `null` when one is malformed. */
export function readAsked(http: unknown, grpc: unknown, model: unknown, tool: unknown): AskedOperation | null {
  let method: string | null = null
  let route: string | null = null
  let path: string | null = null
  let grpcService: string | null = null
  let grpcMethod: string | null = null
  if (http !== undefined) {
    if (!hasOnly(http, HTTP_KEYS)) return null
    const given = http as { method?: unknown; route?: unknown; path?: unknown }
    if (!isName(given.method) || !isOptionalName(given.route) || !isOptionalName(given.path)) return null
    method = given.method.toUpperCase()
    route = given.route ?? null
    path = given.path ?? null
  }
  if (grpc !== undefined) {
    if (!hasOnly(grpc, GRPC_KEYS)) return null
    const given = grpc as { service?: unknown; method?: unknown }
    if (!isName(given.service) || !isName(given.method)) return null
    grpcService = given.service
    grpcMethod = given.method
  }
  if (!isOptionalName(model) || !isOptionalName(tool)) return null
  return { method, route, path, grpcService, grpcMethod, model: model ?? null, tool: tool ?? null }
}

const HTTP_KEYS: ReadonlySet<string> = new Set(['method', 'route', 'path'])
const GRPC_KEYS: ReadonlySet<string> = new Set(['service', 'method'])

function hasOnly(value: unknown, keys: ReadonlySet<string>): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  for (const key in value) if (Object.hasOwn(value, key) && !keys.has(key)) return false
  return true
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME
}

function isOptionalName(value: unknown): value is string | undefined {
  return value === undefined || isName(value)
}
