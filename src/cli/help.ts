import type { OptionSpecs } from './arguments.ts'
import type { Command } from './command.ts'

/** Options of the program itself. */
export const GLOBAL_OPTIONS: OptionSpecs = {
  help: { type: 'boolean', short: 'h', about: 'show this help' },
  version: { type: 'boolean', short: 'V', about: 'show the version' },
}

/** Options that every verb has beside its own. */
export const COMMON_OPTIONS: OptionSpecs = {
  help: { type: 'boolean', short: 'h', about: 'show this help' },
}

/** `sallyport --help`. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return `sallyport: zero-trust policies of segments, identity and posture

Usage: sallyport COMMAND POLICY [options]

Commands:
${commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}

Options:
${optionLines(GLOBAL_OPTIONS)}

POLICY is a .yaml, .yml or .json file. \`sallyport COMMAND --help\` says more.
Exit status: 0 holds, 1 does not hold, 2 unusable input, with every problem on standard error.`
}

/** `sallyport VERB --help`. */
export function commandHelp(command: Command): string {
  return `sallyport ${command.name}: ${command.about}

Usage: sallyport ${command.name} ${command.usage}

${command.details}

Options:
${optionLines({ ...command.options, ...COMMON_OPTIONS })}`
}

function optionLines(specs: OptionSpecs): string {
  const rows = Object.entries(specs).map(([name, { short, value, about }]) => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`
    return [short === undefined ? `    ${long}` : `-${short}, ${long}`, about] as const
  })
  const width = Math.max(...rows.map(([option]) => option.length))
  return rows.map(([option, about]) => `  ${option.padEnd(width)}  ${about}`).join('\n')
}
