import type { Positions, Problem } from './diagnostics.ts'
import type { Loose, PolicyDocument } from './document.ts'
import { SHAPE_ROWS } from './generated/shape.ts'
import type { PolicyModel } from './model.ts'
import { normalise } from './normalise.ts'
import { Report, TooManyProblems } from './report.ts'
import { readShape, type Shape } from './shape.ts'

/** Options of {@link checkPolicy}. */
export interface CheckOptions {
  /** Places in the text the document was read from, as `parsePolicy` gives them. */
  readonly positions?: Positions
  /** `null` when a CEL text is sound, else what is wrong with it on one line. Without it conditions are not looked into. */
  readonly checkCondition?: (text: string) => string | null
}

/** Answer of {@link checkPolicy}. */
export interface CheckResult {
  /** `null` when there is an error; warnings do not stop a policy. */
  readonly model: PolicyModel | null
  readonly problems: readonly Problem[]
}

let shape: Shape | undefined

/**
 * Checks a policy document and normalises it. Never throws; finds all problems at once, up to a fixed number.
 *
 * @example
 * ```ts
 * const { model, problems } = checkPolicy({ sallyport: 1, name: 'lab', rules: [{ id: 'ssh', efect: 'allow' }] })
 * model                                    // null
 * problems.map((problem) => problem.code)  // ['POLICY_UNKNOWN_KEY', 'POLICY_MISSING_KEY']
 * ```
 */
export function checkPolicy(input: unknown, options: CheckOptions = {}): CheckResult {
  const report = new Report()
  let model: PolicyModel | null = null
  try {
    model = readDocument(input, options, report)
  } catch (error) {
    if (!(error instanceof TooManyProblems)) {
      // A getter or a proxy of the caller: nothing in our own passes throws on plain data.
      report.path.length = 0
      report.add('POLICY_UNREADABLE', `the document cannot be read: ${describe(error)}`, { expected: 'plain data' })
    }
  }
  const problems = report.finish(options.positions)
  return { model: report.failed ? null : model, problems }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : typeof error
}

function readDocument(input: unknown, options: CheckOptions, report: Report): PolicyModel | null {
  shape ??= readShape(SHAPE_ROWS)
  const sound = shape(input, report)
  if (sound === undefined) return null
  return normalise(sound as Loose<PolicyDocument>, options.checkCondition, report)
}
