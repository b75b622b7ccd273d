/**
 * Runs the calls of the `console` blocks of a page and puts what they print below them.
 *
 *     npx tsx test/examples/console-blocks.ts examples/README.md
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const ROOT = new URL('../..', import.meta.url).pathname
const BLOCK = /```console\n\$ (.*)\n([\s\S]*?)```/g

/** Both outputs of a call, as a terminal shows them. */
function printed(command: string): string {
  const program = `sallyport() { "${process.execPath}" --import tsx src/cli/main.ts "$@"; }`
  const { stdout, error } = spawnSync('bash', ['-c', `${program}; { ${command}\n} 2>&1`], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  return stdout
}

/** The page with the outputs of today, and the number of its calls. */
export function rendered(page: string): { readonly text: string; readonly calls: number } {
  let calls = 0
  const text = page.replace(BLOCK, (_, command: string) => {
    calls++
    return `\`\`\`console\n$ ${command}\n${printed(command)}\`\`\``
  })
  return { text, calls }
}

if (process.argv[1] === import.meta.filename) {
  for (const path of process.argv.slice(2)) writeFileSync(path, rendered(readFileSync(path, 'utf8')).text)
}
