import { COMMANDS } from '../../src/cli/commands/index.ts'
import { commandHelp, programHelp } from '../../src/cli/help.ts'
import { GENERATED, page } from './markdown.ts'

const FENCE = '```'

/** docs/cli.md: what `--help` prints, so that the two cannot differ. */
export function commandLinePage(): string {
  return page(
    GENERATED,
    '# Command line',
    'Everything reads and writes plain JSON, YAML or JSON Lines, so that it can be scripted. Problems are written to standard error, one a line, as `file:line:column code message (hint)`.',
    block(programHelp(COMMANDS)),
    ...COMMANDS.map((command) => `## sallyport ${command.name}\n\n${block(commandHelp(command))}`),
  )
}

function block(text: string): string {
  return `${FENCE}text\n${text.trimEnd()}\n${FENCE}`
}
