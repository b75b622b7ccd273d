import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { FALSE, TRUE, type Truth, UNKNOWN } from '../facts/truth.ts'
import { REQUEST_SCHEMA, type RequestParts, viewOf } from './request-view.ts'

/** Bounds on a condition's text and tree; with the cap on list lengths they bound the cost of one evaluation. */
const MAX_TEXT = 4096
const LIMITS = { maxAstNodes: 512, maxDepth: 32, maxListElements: 256, maxMapEntries: 64, maxCallArguments: 8 }
/** Loops inside loops inside loops would make the cost a power of the caller's list lengths. */
const MAX_LOOPS = 2
const LOOPS: ReadonlySet<string> = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'filter',
  'map',
  'transformList',
  'transformMap',
])

/** A compiled condition: true, false, or unknown when it errs or is not a boolean. Never throws. */
export type CompiledCondition = (request: RequestParts) => Truth

/** Compiles CEL conditions against the shape of a request, through `@marcbachmann/cel-js`. */
export class ConditionCompiler {
  readonly #environment: Environment

  constructor() {
    this.#environment = new Environment({ enableOptionalTypes: true, limits: LIMITS }).registerVariable({
      name: 'request',
      schema: REQUEST_SCHEMA,
    })
  }

  /** What is wrong with a condition, in one line, or `null`. */
  problem(text: string): string | null {
    if (text.length > MAX_TEXT) return `longer than ${MAX_TEXT} characters`
    try {
      const parsed = this.#environment.parse(text)
      const checked = parsed.check()
      if (!checked.valid) return firstLine(checked.error?.message ?? 'does not type-check')
      if (checked.type !== 'bool' && checked.type !== 'dyn') return `is of type ${checked.type}, expected bool`
      return costProblem(parsed.ast, 0)
    } catch (error) {
      return firstLine(error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Compiles a condition. One in which {@link problem} finds something is unknown for every request: the checker has
   * refused such a policy, and a program that comes from elsewhere must not turn it into anything else.
   */
  compile(text: string): CompiledCondition {
    if (this.problem(text) !== null) return () => UNKNOWN
    const evaluate = this.#environment.parse(text)
    return (request) => {
      try {
        const view = viewOf(request)
        if (view === null) return UNKNOWN
        const value: unknown = evaluate({ request: view })
        return value === true ? TRUE : value === false ? FALSE : UNKNOWN
      } catch {
        // An absent member, a wrong type, a division by zero: by the meaning of a policy, all of these are unknown.
        return UNKNOWN
      }
    }
  }
}

/** Refuses what is not bounded: regular expressions over callers' text, and deeply nested loops. */
function costProblem(node: ASTNode, loops: number): string | null {
  let inside = loops
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0]
    if (name === 'matches') return 'matches() is not bounded in time; use startsWith(), endsWith(), contains() or =='
    if (LOOPS.has(name)) inside++
    if (inside > MAX_LOOPS) return `loops nested deeper than ${MAX_LOOPS}`
  }
  for (const child of childrenOf(node)) {
    const problem = costProblem(child, inside)
    if (problem !== null) return problem
  }
  return null
}

function childrenOf(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = []
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) collect(item)
    else if (isNode(value)) found.push(value)
  }
  collect(node.args)
  return found
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string
}
