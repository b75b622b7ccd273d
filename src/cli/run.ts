import { nearestName } from '../policy/nearest.ts'
import { readArguments, usageProblem } from './arguments.ts'
import type { Command } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { type ExitStatus, HOLDS, UNUSABLE } from './exit-status.ts'
import { COMMON_OPTIONS, commandHelp, GLOBAL_OPTIONS, programHelp } from './help.ts'
import { Output, type Outputs, printable } from './output.ts'
import type { Streams } from './streams.ts'
import { packageVersion } from './version.ts'

/**
 * Runs the program.
 *
 * @param args - Arguments without the program itself.
 * @returns The exit status.
 */
export async function run(args: readonly string[], streams: Streams): Promise<ExitStatus> {
  const outputs = { out: new Output(streams.stdout), err: new Output(streams.stderr) }
  const [verb, ...rest] = args
  if (verb === undefined) {
    await outputs.err.line(programHelp(COMMANDS))
    return UNUSABLE
  }
  if (verb.startsWith('-')) return runOptions(args, outputs)
  const command = COMMANDS.find(({ name }) => name === verb)
  if (command !== undefined) return runCommand(command, rest, streams, outputs)
  const names = COMMANDS.map(({ name }) => name)
  const problem = `there is no command "${printable(verb)}"`
  await outputs.err.line(usageProblem('USAGE_COMMAND_UNKNOWN', problem, nearestName(verb, names, names.length)))
  return UNUSABLE
}

async function runOptions(args: readonly string[], { out, err }: Outputs): Promise<ExitStatus> {
  const { flags, problems, positionals } = readArguments(args, GLOBAL_OPTIONS)
  if (problems.length === 0 && positionals.length === 0 && flags.size > 0) {
    await out.line(flags.has('help') ? programHelp(COMMANDS) : packageVersion())
    return HOLDS
  }
  const last = usageProblem('USAGE_COMMAND_MISSING', 'the command must be the first argument')
  await err.write([...problems, ...(positionals.length > 0 ? [last] : [])].map((line) => `${line}\n`).join(''))
  return UNUSABLE
}

async function runCommand(
  command: Command,
  args: readonly string[],
  { stdin }: Streams,
  { out, err }: Outputs,
): Promise<ExitStatus> {
  const { positionals, flags, texts, problems } = readArguments(args, { ...command.options, ...COMMON_OPTIONS })
  if (flags.has('help')) {
    await out.line(commandHelp(command))
    return HOLDS
  }
  const [file, ...more] = positionals
  const all = [
    ...problems,
    ...(file === undefined ? [usageProblem('USAGE_POLICY_MISSING', `${command.name} needs a policy file`)] : []),
    ...more.map((one) => usageProblem('USAGE_ARGUMENT_UNEXPECTED', `"${printable(one)}" is one argument too many`)),
    ...(command.required ?? [])
      .filter((name) => !texts.has(name) && !problems.some((line) => line.includes(`--${name} `)))
      .map((name) => usageProblem('USAGE_OPTION_MISSING', `${command.name} needs --${name}`)),
  ]
  if (file === undefined || all.length > 0) {
    await err.write(all.map((line) => `${line}\n`).join(''))
    return UNUSABLE
  }
  return command.run({ file, flags, texts, stdin, out, err })
}
