import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConditionCompiler } from '../conditions/condition.ts'
import { formatProblem, type Positions, type Problem } from '../policy/diagnostics.ts'
import { DEFAULT_LIMITS } from '../policy/limits.ts'
import type { PolicyModel } from '../policy/model.ts'
import { checkPolicyText, parsePolicy } from '../policy/parse.ts'
import { printable } from './output.ts'

const FORMATS: Readonly<Record<string, 'yaml' | 'json'>> = { '.yaml': 'yaml', '.yml': 'yaml', '.json': 'json' }

/** A policy file that was read, whatever is in it. */
export interface PolicyFile {
  /** As the user wrote it, safe to print. */
  readonly file: string
  /** `null` when there is an error. */
  readonly model: PolicyModel | null
  readonly problems: readonly Problem[]
  /** Places in the file; reads the text once more. */
  readonly positions: () => Positions
}

/** A file that cannot be read as text, and the line that says so. */
export interface NoFile {
  readonly failure: string
}

/** Reads and checks a policy file. */
export async function loadPolicyFile(path: string): Promise<PolicyFile | NoFile> {
  const file = printable(path)
  const fail = (code: string, message: string, hint: string): NoFile => ({
    failure: `${file}:1:1 ${code} ${message} (${hint})`,
  })
  const format = FORMATS[extname(path).toLowerCase()]
  if (format === undefined)
    return fail('FILE_FORMAT_UNKNOWN', 'the format of the file is not known', 'name it .yaml, .yml or .json')
  let bytes: Uint8Array
  try {
    // A text unit takes at most three bytes: a larger file need not be read to be refused.
    if ((await stat(path)).size > DEFAULT_LIMITS.size * 3)
      return fail('FILE_TOO_LARGE', 'the file is too large for a policy', `at most ${DEFAULT_LIMITS.size} characters`)
    bytes = await readFile(path)
  } catch (error) {
    return fail('FILE_UNREADABLE', reasonOf(error), 'check the path and the permissions of the file')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return fail('FILE_NOT_UTF8', 'the file is not UTF-8', 'save it in that encoding')
  }
  const conditions = new ConditionCompiler()
  const checked = checkPolicyText(text, { format, checkCondition: (condition) => conditions.problem(condition) })
  return { file, ...checked, positions: () => parsePolicy(text, { format }).positions }
}

/** Whether the file could not even be read. */
export function isNoFile(loaded: PolicyFile | NoFile): loaded is NoFile {
  return 'failure' in loaded
}

/** Problems of a file, one a line. */
export function problemLines(loaded: PolicyFile): string {
  return loaded.problems.map((problem) => `${formatProblem(problem, loaded.file)}\n`).join('')
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'reading it is not permitted',
  ENOTDIR: 'a part of the path is not a directory',
}

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException
  return REASONS[code] ?? `it cannot be read (${printable(code)})`
}
