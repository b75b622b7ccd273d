import { SallyportError } from '../errors.ts'
import { quoteAscii } from '../net/address-error.ts'
import type { ProblemCode, Severity } from './codes.ts'

/** Way from the root of a document to one of its values. */
export type Path = readonly (string | number)[]

/** Line and column in the text, both from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A place in a document: a value, or the key in front of it. */
export interface Target {
  readonly path: Path
  readonly at: 'key' | 'value'
}

/** Finds the places of a document in the text it was read from. */
export interface Positions {
  /** One answer per target, in order; the nearest place around a target that is not in the text. */
  locate(targets: readonly Target[]): readonly (Position | null)[]
}

/** One thing that is wrong with a policy. */
export interface Problem {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly path: Path
  /** One sentence on one line. */
  readonly message: string
  readonly line?: number
  readonly column?: number
  /** What would have been accepted. */
  readonly expected?: string
  /** The nearest name or word that is accepted. */
  readonly nearest?: string
  /** What to write or to do instead. */
  readonly fix?: string
}

const PLAIN = /^[A-Za-z0-9 ._:/@*-]*$/

/** Quotes a text of the user for a message: one line, plain ASCII, shortened. */
export function quote(text: string): string {
  if (text.length < 80 && PLAIN.test(text)) return `"${text}"`
  return quoteAscii(text.length > 80 ? `${text.slice(0, 77)}...` : text)
}

/** `rules[3].from`, for problems of a document that has no text. */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${quote(part)}]`
  }
  return text
}

/** One line, `file:line:column code message hint`. Without a position the path in the document stands in for it. */
export function formatProblem(problem: Problem, file: string): string {
  const place = problem.line === undefined ? formatPath(problem.path) || '-' : `${problem.line}:${problem.column ?? 1}`
  const hints: string[] = []
  if (problem.nearest !== undefined) hints.push(`did you mean ${quote(problem.nearest)}?`)
  if (problem.fix !== undefined) hints.push(problem.fix)
  else if (problem.expected !== undefined) hints.push(`expected ${problem.expected}`)
  const hint = hints.length === 0 ? '' : ` (${hints.join('; ')})`
  return `${file}:${place} ${problem.code} ${problem.message}${hint}`
}

/** A policy that cannot be loaded. `problems` has all of them; the message lists them one a line. */
export class PolicyError extends SallyportError {
  override readonly name = 'PolicyError'
  readonly code = 'ERR_POLICY_INVALID'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], file = 'policy') {
    const errors = problems.filter((problem) => problem.severity === 'error')
    super(
      [
        `the policy has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`,
        ...errors.map((problem) => formatProblem(problem, file)),
      ].join('\n'),
    )
    this.problems = Object.freeze([...problems])
  }
}
