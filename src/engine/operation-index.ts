import { FALSE, TRUE, type Truth, UNKNOWN } from '../facts/truth.ts'
import type { Operation } from '../program/program.ts'
import type { SatisfiedConditions } from './condition-evaluator.ts'
import { isPlainPath, pathMatches, templateTruth } from './route.ts'

/** What a request asks for beyond addresses and ports. `null` parts are absent. */
export interface AskedOperation {
  /** Upper case. */
  readonly method: string | null
  readonly route: string | null
  readonly path: string | null
  readonly grpcService: string | null
  readonly grpcMethod: string | null
  readonly model: string | null
  readonly tool: string | null
}

/** A distinct operation and the policy's operations that it satisfies. */
export interface OperationClass extends SatisfiedConditions {
  readonly id: number
}

/** Distinct operations are forgotten, all at once, beyond this many: paths are chosen by callers. */
const MAX_CLASSES = 16_384
/** Longest texts, together, of an operation that is remembered. */
const MAX_KEPT_LENGTH = 512

/** Finds the policy's operations that a request satisfies; repeated operations are found by a walk through nested maps. */
export class OperationIndex {
  readonly #operations: readonly Operation[]
  /** Candidates by what an operation names first; the rest must always be looked at. */
  readonly #byModel = new Map<string, number[]>()
  readonly #byTool = new Map<string, number[]>()
  readonly #byGrpc = new Map<string, number[]>()
  readonly #others: number[] = []
  readonly #none: OperationClass
  #root = new Map<string | null, unknown>()
  #count = 1
  #kept = 0

  constructor(operations: readonly Operation[]) {
    this.#operations = operations
    operations.forEach((operation, index) => {
      if (index > 0) this.#index(operation, index)
    })
    this.#none = this.#classOf([0], 0)
  }

  /** The class of a request that asks for no operation. */
  get none(): OperationClass {
    return this.#none
  }

  find(asked: AskedOperation): OperationClass {
    const { method, route, path, grpcService, grpcMethod, model, tool } = asked
    // Callers choose these texts: long ones are looked at anew each time rather than kept.
    if (
      lengthOf(path) +
        lengthOf(route) +
        lengthOf(model) +
        lengthOf(tool) +
        lengthOf(method) +
        lengthOf(grpcService) +
        lengthOf(grpcMethod) >
      MAX_KEPT_LENGTH
    ) {
      return this.#classOf(this.#satisfied(asked), this.#count++)
    }
    let node = step(this.#root, method)
    if (method !== null) node = step(step(node, route), route === null ? path : null)
    node = step(node, grpcService)
    if (grpcService !== null) node = step(node, grpcMethod)
    node = step(node, model)
    const known = node.get(tool) as OperationClass | undefined
    if (known !== undefined) return known
    const made = this.#classOf(this.#satisfied(asked), this.#count)
    this.#count++
    if (++this.#kept > MAX_CLASSES) {
      this.#root = new Map()
      this.#kept = 0
    } else node.set(tool, made)
    return made
  }

  #index(operation: Operation, index: number): void {
    const exactModels = operation.models?.every((model) => !model.endsWith('*')) ?? false
    const exactTools = operation.tools?.every((tool) => !tool.endsWith('*')) ?? false
    if (exactModels) for (const model of operation.models ?? []) append(this.#byModel, model, index)
    else if (exactTools) for (const tool of operation.tools ?? []) append(this.#byTool, tool, index)
    else if (operation.grpc !== null) append(this.#byGrpc, operation.grpc.service, index)
    else this.#others.push(index)
  }

  #satisfied(asked: AskedOperation): number[] {
    const ids = [0]
    const consider = (candidates: readonly number[] | undefined): void => {
      for (const index of candidates ?? []) {
        const operation = this.#operations[index] as Operation
        const truth = operationTruth(operation, asked)
        if (truth === TRUE || (truth === UNKNOWN && operation.deny)) ids.push(index)
      }
    }
    if (asked.model !== null) consider(this.#byModel.get(asked.model))
    if (asked.tool !== null) consider(this.#byTool.get(asked.tool))
    if (asked.grpcService !== null) consider(this.#byGrpc.get(asked.grpcService))
    consider(this.#others)
    return [...new Set(ids)].sort((x, y) => x - y)
  }

  #classOf(ids: readonly number[], id: number): OperationClass {
    const bits = new Int32Array((this.#operations.length + 31) >>> 5)
    for (const index of ids) bits[index >>> 5] = (bits[index >>> 5] as number) | (1 << (index & 31))
    return { id, bits, ids: Int32Array.from(ids) }
  }
}

/** Kleene and of the parts of an operation. */
export function operationTruth(operation: Operation, asked: AskedOperation): Truth {
  let truth: Truth = TRUE
  if (operation.models !== null) truth = both(truth, named(operation.models, asked.model))
  if (operation.tools !== null) truth = both(truth, named(operation.tools, asked.tool))
  if (operation.grpc !== null) {
    const { service, methods } = operation.grpc
    const matches = asked.grpcService === service && (methods === null || methods.includes(asked.grpcMethod as string))
    truth = both(truth, matches ? TRUE : FALSE)
  }
  if (operation.http !== null) {
    if (asked.method === null) return FALSE
    const { methods, routes } = operation.http
    if (methods !== null && !methods.includes(asked.method) && !(asked.method === 'HEAD' && methods.includes('GET')))
      return FALSE
    if (routes !== null) truth = both(truth, routeTruth(routes, asked))
  }
  return truth
}

function routeTruth(routes: readonly string[], asked: AskedOperation): Truth {
  const { route, path } = asked
  if (routes.length === 0) return FALSE
  if (route !== null) return routes.reduce<Truth>((best, pattern) => either(best, templateTruth(pattern, route)), FALSE)
  if (path === null || !isPlainPath(path)) return UNKNOWN
  return routes.some((pattern) => pathMatches(pattern, path)) ? TRUE : FALSE
}

function named(names: readonly string[], asked: string | null): Truth {
  if (asked === null) return FALSE
  return names.some((name) => (name.endsWith('*') ? asked.startsWith(name.slice(0, -1)) : name === asked))
    ? TRUE
    : FALSE
}

function lengthOf(text: string | null): number {
  return text === null ? 0 : text.length
}

function both(left: Truth, right: Truth): Truth {
  return left < right ? left : right
}

function either(left: Truth, right: Truth): Truth {
  return left > right ? left : right
}

function step(node: Map<string | null, unknown>, key: string | null): Map<string | null, unknown> {
  let next = node.get(key) as Map<string | null, unknown> | undefined
  if (next === undefined) {
    next = new Map()
    node.set(key, next)
  }
  return next
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [index])
  else list.push(index)
}
