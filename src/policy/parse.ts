import { type CheckOptions, type CheckResult, checkPolicy } from './check.ts'
import type { Positions, Problem } from './diagnostics.ts'
import { readJsonText, type TextDocument } from './json-text.ts'
import { type Limits, limitsOf } from './limits.ts'
import { readYamlText } from './yaml-text.ts'

/** Options of {@link parsePolicy}. */
export interface ParseOptions {
  readonly format: 'json' | 'yaml'
  readonly limits?: Partial<Limits>
}

/** Answer of {@link parsePolicy}. */
export interface ParseResult {
  /**
   * The document as plain data; `undefined` when there is a problem. A document with a key that is written twice must not
   * be decided from, whichever of the two was meant.
   */
  readonly document: unknown
  readonly positions: Positions
  readonly problems: readonly Problem[]
}

/**
 * Reads the text of a policy. Never throws; what is too large, too deep or not JSON or YAML is a problem. To check the
 * document as well and get all problems at once, use {@link checkPolicyText}.
 *
 * @example
 * ```ts
 * const { document, problems } = parsePolicy('sallyport: 1\nname: lab\nrules: []\n', { format: 'yaml' })
 * document         // { sallyport: 1, name: 'lab', rules: [] }
 * problems.length  // 0
 * ```
 */
export function parsePolicy(text: string, options: ParseOptions): ParseResult {
  const { document, positions, problems } = readText(text, options)
  return { document: problems.length > 0 ? undefined : document, positions, problems }
}

/**
 * Reads and checks the text of a policy: {@link parsePolicy} and {@link checkPolicy} in one, with the problems of both.
 *
 * @example
 * ```ts
 * const { problems } = checkPolicyText('sallyport: 1\nname: lab\nruls: []\n', { format: 'yaml' })
 * problems.map(({ line, nearest, message }) => [line, nearest ?? null, message])
 * // [[1, null, 'key "rules" is missing'], [3, 'rules', 'unknown key "ruls"']]
 * ```
 */
export function checkPolicyText(text: string, options: ParseOptions & Omit<CheckOptions, 'positions'>): CheckResult {
  const { document, positions, problems } = readText(text, options)
  if (document === undefined) return { model: null, problems }
  const { checkCondition } = options
  const checked = checkPolicy(document, { positions, ...(checkCondition !== undefined && { checkCondition }) })
  if (problems.length === 0) return checked
  const all = [...problems, ...checked.problems]
  all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  return { model: null, problems: Object.freeze(all) }
}

function readText(text: string, options: ParseOptions): TextDocument {
  const limits = limitsOf(options.limits)
  if (typeof text !== 'string') return refused('POLICY_UNREADABLE', 'the policy is not text')
  if (text.length > limits.size) return refused('POLICY_TOO_LARGE', `the text is longer than ${limits.size} units`)
  if (options.format !== 'json' && options.format !== 'yaml')
    return refused('POLICY_UNREADABLE', 'the format is neither json nor yaml')
  return options.format === 'json' ? readJsonText(text, limits) : readYamlText(text, limits)
}

function refused(code: 'POLICY_UNREADABLE' | 'POLICY_TOO_LARGE', message: string): TextDocument {
  const problem: Problem = { code, severity: 'error', path: [], message, line: 1, column: 1 }
  return { document: undefined, positions: { locate: (targets) => targets.map(() => null) }, problems: [problem] }
}
