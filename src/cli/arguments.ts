import { parseArgs } from 'node:util'
import { nearestName } from '../policy/nearest.ts'
import { printable } from './output.ts'

/** An option of a command, as `--help` shows it. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** Stands for the value in the help. */
  readonly value?: string
  readonly about: string
}

/** Options by their long names. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What was written on the command line, checked against the options of the command. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly texts: ReadonlyMap<string, string>
  /** Everything that is wrong, a line each; nothing may be run then. */
  readonly problems: readonly string[]
}

/** Reads arguments. All problems are found at once, each with the nearest option there is. */
export function readArguments(args: readonly string[], specs: OptionSpecs): Arguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(specs).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const positionals: string[] = []
  const flags = new Set<string>()
  const texts = new Map<string, string>()
  const problems: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
    if (spec === undefined) {
      const written = printable(rawName)
      const nearest = nearestName(name, Object.keys(specs), 100)
      problems.push(usageProblem('USAGE_OPTION_UNKNOWN', `there is no option "${written}"`, nearest && `--${nearest}`))
    } else if (spec.type === 'boolean') {
      if (value !== undefined) problems.push(usageProblem('USAGE_OPTION_VALUE', `option --${name} takes no value`))
      flags.add(name)
    } else if (value === undefined) {
      problems.push(usageProblem('USAGE_OPTION_VALUE', `option --${name} needs a value`))
    } else if (texts.has(name)) {
      problems.push(usageProblem('USAGE_OPTION_TWICE', `option --${name} is written twice`))
    } else texts.set(name, value)
  }
  return { positionals, flags, texts, problems }
}

/** One line about the command line itself; it has no file, so the program stands in its place. */
export function usageProblem(code: string, message: string, nearest?: string): string {
  const hint = nearest === undefined ? 'see sallyport --help' : `did you mean "${nearest}"?`
  return `sallyport:1:1 ${code} ${message} (${hint})`
}
