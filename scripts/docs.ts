/** Writes the generated files; with `--check` fails when one is not what it would be. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PAGES } from './docs/pages.ts'

const ROOT = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')
let stale = 0

for (const page of PAGES) {
  const file = join(ROOT, page.path)
  const text = page.render()
  if (text === readIfThere(file)) continue
  stale += 1
  process.stdout.write(`${check ? 'stale' : 'wrote'} ${page.path}\n`)
  if (check) continue
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

if (check && stale > 0) {
  process.stderr.write('generated files are stale: run npm run docs\n')
  process.exitCode = 1
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
