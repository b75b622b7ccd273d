/**
 * Changes the source in small ways, one at a time, and counts the changes that no test notices.
 *
 *   npm run mutation -- [--only src/net/] [--limit 100] [--seed 1] [--min 80]
 *
 * Works on a copy: the checkout is never touched. A change that makes the suite hang counts as noticed.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applyMutant, type Mutant, mutantsOf } from './mutation/mutants.ts'
import { TARGETS, type Target } from './mutation/targets.ts'
import { readSourceTree } from './source-graph.ts'

const ROOT = new URL('..', import.meta.url).pathname
const TIMEOUT_MS = 180_000
const COPIED = [
  'src',
  'test',
  'scripts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'bench',
  'examples',
  'docs',
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'src/' },
    limit: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    min: { type: 'string', default: '0' },
  },
})

function targetOf(path: string): Target | undefined {
  return TARGETS.find((target) => path.startsWith(target.source))
}

/** Mulberry32: the same seed picks the same mutants. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const result = [...items]
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = result[at]!
    result[at] = result[other]!
    result[other] = kept
  }
  return result
}

function runTests(copy: string, tests: readonly string[]): boolean {
  const vitest = join(ROOT, 'node_modules/.bin/vitest')
  const run = spawnSync(vitest, ['run', '--bail', '1', ...tests], { cwd: copy, timeout: TIMEOUT_MS, stdio: 'ignore' })
  return run.status === 0
}

function main(): number {
  const files = readSourceTree(ROOT, 'src').filter((file) => file.path.startsWith(values.only) && targetOf(file.path))
  const all = files.flatMap((file) => mutantsOf(file.path, file.text))
  const chosen = shuffled(all, Number(values.seed)).slice(0, Number(values.limit))
  process.stdout.write(`${all.length} mutants in ${files.length} files, ${chosen.length} tried\n`)

  const copy = mkdtempSync(join(tmpdir(), 'sallyport-mutation-'))
  try {
    for (const path of COPIED)
      if (existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    const suites = new Map(chosen.map((mutant) => [targetOf(mutant.path)!.source, targetOf(mutant.path)!]))
    // A suite that is red already would count every mutant as noticed.
    for (const target of suites.values()) {
      if (runTests(copy, target.tests)) continue
      process.stderr.write(`the tests of ${target.source} fail without any change: ${target.tests.join(' ')}\n`)
      return 2
    }
    return report(
      chosen.filter((mutant) => survives(copy, mutant)),
      chosen.length,
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function survives(copy: string, mutant: Mutant): boolean {
  const file = join(copy, mutant.path)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, applyMutant(text, mutant))
  const unnoticed = runTests(copy, targetOf(mutant.path)!.tests)
  writeFileSync(file, text)
  process.stdout.write(
    unnoticed ? `\nsurvived ${mutant.path}:${mutant.line}  ${mutant.before}  ->  ${mutant.after}\n` : '.',
  )
  return unnoticed
}

function report(survived: readonly Mutant[], tried: number): number {
  const score = tried === 0 ? 0 : Math.round((100 * (tried - survived.length)) / tried)
  process.stdout.write(`\n${tried - survived.length} of ${tried} noticed: ${score} %\n`)
  return score >= Number(values.min) && tried > 0 ? 0 : 1
}

process.exitCode = main()
