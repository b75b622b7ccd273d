import type { PolicyModel } from '../policy/model.ts'
import type { Arguments, OptionSpecs } from './arguments.ts'
import type { ExitStatus } from './exit-status.ts'
import { isNoFile, loadPolicyFile, type PolicyFile, problemLines } from './load-policy.ts'
import type { Outputs } from './output.ts'
import type { Streams } from './streams.ts'

/** One call of a command, its arguments checked. */
export interface Invocation extends Outputs {
  /** The policy file. */
  readonly file: string
  readonly flags: Arguments['flags']
  readonly texts: Arguments['texts']
  readonly stdin: Streams['stdin']
}

/** One verb. All of them take one policy file. */
export interface Command {
  readonly name: string
  /** Behind the name in the usage line. */
  readonly usage: string
  /** One line for the list of commands. */
  readonly about: string
  /** What `sallyport VERB --help` says beside the options. */
  readonly details: string
  readonly options: OptionSpecs
  /** Options that must be given. */
  readonly required?: readonly string[]
  readonly run: (invocation: Invocation) => Promise<ExitStatus>
}

/** A policy that can be decided from. */
export interface UsablePolicy {
  readonly loaded: PolicyFile
  readonly model: PolicyModel
}

/** Loads the policy of a call; writes every problem to standard error and answers `null` when it cannot be used. */
export async function usablePolicy({ file, err }: Pick<Invocation, 'file' | 'err'>): Promise<UsablePolicy | null> {
  const loaded = await loadPolicyFile(file)
  if (isNoFile(loaded)) {
    await err.line(loaded.failure)
    return null
  }
  if (loaded.model === null) {
    await err.write(problemLines(loaded))
    return null
  }
  return { loaded, model: loaded.model }
}
