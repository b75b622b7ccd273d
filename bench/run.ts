/**
 * `npm run bench`: measures everything and writes docs/performance.md and docs/img/bench-rules.svg.
 *
 * --quick        fewer sizes, fewer and shorter rounds
 * --only NAME    only these groups: `rules`, `forms`, `working-set`, `uncached`, `facts`, `peers`, `classbench`, `load`, or one of them in
 *                full, such as `rules 10000` or `classbench ipv4/acl1_1k`; repeatable; prints, and writes no page
 * --json FILE    also writes every figure to FILE
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CellResult } from './cell.ts'
import { corpusFolder } from './classbench/load.ts'
import { allGroups } from './groups.ts'
import { isLoad, type LoadResult, loadJobs, runLoadJob, type UpdateResult } from './load.ts'
import { judgeGoals, nanoseconds, times } from './report/goals.ts'
import { renderPage } from './report/markdown.ts'
import { renderPlot, type Series } from './report/plot.ts'
import { describeMachine, describeVersions, type RunReport } from './report/run-report.ts'
import { type Plan, runGroup } from './run-group.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
  },
})
const quick = options.quick
const plan: Plan = quick
  ? { rounds: 3, effort: { timeMs: 80, warmupMs: 60 } }
  : { rounds: 7, effort: { timeMs: 250, warmupMs: 100 } }
const wanted = (name: string): boolean =>
  options.only === undefined || options.only.some((part) => name === part || name.startsWith(`${part} `))
const log = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const startLoad = loadavg()[0] ?? 0
const corpora = corpusFolder() !== null
if (!corpora) log('no published rule sets (SALLYPORT_CORPORA): using our own generator')

const cells: CellResult[] = []
for (const group of allGroups({ quick, corpora }).filter(({ name }) => wanted(name))) {
  for (const result of await runGroup(group, plan, log)) {
    cells.push(result)
    const traffic =
      result.cell.kind === 'classbench'
        ? result.cell.workload.traffic
        : `${result.cell.workload.shape} ${result.cell.workload.distribution}`
    log(
      `  ${result.cell.contestant}, ${traffic}: ${nanoseconds(result.ns)}, ${times(result.ratio)} the floor (${nanoseconds(result.floorNs)})`,
    )
  }
}
const loads: LoadResult[] = []
const updates: UpdateResult[] = []
for (const job of wanted('load') ? loadJobs({ quick, corpora }) : []) {
  const result = await runLoadJob(job, quick || (job.kind === 'load' && job.rules > 100_000) ? 1 : 3)
  if (isLoad(result)) loads.push(result)
  else updates.push(result)
  log(`load: ${JSON.stringify(result)}`)
}

const report: RunReport = {
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run bench', ...(quick ? ['-- --quick'] : [])].join(' '),
  quick,
  machine: describeMachine(),
  versions: describeVersions(),
  loadAverage: [startLoad, loadavg()[0] ?? 0],
  cells,
  loads,
  updates,
}
for (const { goal, found, reached } of judgeGoals(report)) {
  if (reached !== null) log(`${reached ? 'reached    ' : 'NOT REACHED'} ${goal}: ${found}`)
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
if (options.only === undefined) {
  const docs = join(import.meta.dirname, '../docs')
  mkdirSync(join(docs, 'img'), { recursive: true })
  writeFileSync(join(docs, 'performance.md'), renderPage(report))
  writeFileSync(
    join(docs, 'img/bench-rules.svg'),
    renderPlot('nanoseconds a decision, by number of rules', seriesOf(cells)),
  )
}

/** Ours by form, the floor, and each contestant of the peers' groups. */
function seriesOf(results: readonly CellResult[]): Series[] {
  const lines = new Map<string, { points: [number, number][]; strong: boolean }>()
  const add = (name: string, rules: number, ns: number, strong: boolean): void => {
    const line = lines.get(name) ?? { points: [], strong }
    line.points.push([rules, ns])
    lines.set(name, line)
  }
  for (const { group, cell, rules, ns, floorNs } of results) {
    if (cell.kind !== 'segmentation') continue
    if (group.startsWith('rules ') && cell.workload.distribution === 'zipf') {
      add(cell.contestant, rules, ns, true)
      if (cell.contestant === 'sallyport, strings') add('floor: two parses, one Map.get', rules, floorNs, false)
    }
    if (group.startsWith('peers ') && cell.contestant !== 'sallyport, strings') add(cell.contestant, rules, ns, false)
  }
  return [...lines].map(([name, { points, strong }]) => ({ name, points, strong }))
}
