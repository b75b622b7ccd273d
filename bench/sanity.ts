/**
 * `npm run bench:sanity`: runs every bench for a moment and checks answers, never times. Fast enough for CI, and noise
 * cannot fail it.
 */
import assert from 'node:assert/strict'
import { mustAgree } from './agree.ts'
import type { CellResult, Group } from './cell.ts'
import { type Classifier, createRuleSet, prepareClassifier } from './classbench/contestants.ts'
import { CONTESTANTS } from './contestants.ts'
import { allGroups } from './groups.ts'
import { isLoad, type LoadJob, runLoadJob } from './load.ts'
import { median } from './measure.ts'
import { judgeGoals } from './report/goals.ts'
import { renderPage } from './report/markdown.ts'
import { renderPlot } from './report/plot.ts'
import { describeMachine, describeVersions, type RunReport } from './report/run-report.ts'
import { runGroup } from './run-group.ts'
import { firstMatch } from './workloads/oracle.ts'
import { createWorkload, expectedAllowed, type WorkloadSpec } from './workloads/workload.ts'

const SMALL: WorkloadSpec = {
  rules: 60,
  family: 4,
  shape: 'plain',
  distribution: 'zipf',
  mix: 'mixed',
  requests: 200,
  distinct: false,
}

checkWorkloads()
await checkContestants()
checkClassifiers()
const cells = await checkProcesses()
await checkLoads()
checkReport(cells)
console.log('bench sanity: every contestant agrees with the reference, and every bench runs')

/** The oracle is a shortcut: it must be the linear scan, and the traffic must be worth measuring. */
function checkWorkloads(): void {
  for (const family of [4, 6] as const) {
    for (const shape of ['plain', 'wide'] as const) {
      const workload = createWorkload({ ...SMALL, rules: 300, family, shape, distribution: 'uniform', requests: 500 })
      workload.requests.forEach((request, index) => {
        assert.equal(
          workload.expected[index],
          firstMatch(workload.policy, request),
          `oracle, IPv${family}, ${shape}, request ${index}`,
        )
      })
      assert.ok(
        workload.allowedShare > 0.2 && workload.allowedShare < 0.9,
        `IPv${family} ${shape}: ${workload.allowedShare} allowed`,
      )
    }
  }
  const distinct = createWorkload({ ...SMALL, requests: 1_000, distinct: true })
  assert.equal(new Set(distinct.requests.map((request) => JSON.stringify(request))).size, 1_000)
  assert.deepEqual(createWorkload(SMALL).src, createWorkload(SMALL).src, 'the same seed gives the same workload')
}

async function checkContestants(): Promise<void> {
  const shapes = [
    SMALL,
    { ...SMALL, shape: 'wide' },
    { ...SMALL, family: 6 },
    { ...SMALL, family: 6, shape: 'wide' },
  ] as const
  for (const contestant of CONTESTANTS) {
    // Peers are written for plain IPv4; ours takes everything.
    for (const spec of contestant.name.startsWith('sallyport') ? shapes : [SMALL]) {
      const workload = createWorkload(spec)
      const prepared = await contestant.prepare(workload)
      const name = `${contestant.name}, IPv${spec.family}, ${spec.shape}`
      await mustAgree(prepared, workload.requests.length, (index) => expectedAllowed(workload, index), name)
    }
  }
  // A contestant that always says yes, or no, must be caught: otherwise the checks above check nothing.
  const workload = createWorkload(SMALL)
  for (const answer of [true, false]) {
    const liar = { kind: 'now', decide: () => answer } as const
    await assert.rejects(mustAgree(liar, workload.requests.length, (index) => expectedAllowed(workload, index), 'liar'))
  }
}

function checkClassifiers(): void {
  for (const style of ['acl', 'fw', 'ipc']) {
    for (const family of [4, 6]) {
      for (const traffic of ['trace', 'distinct', 'many'] as const) {
        const set = createRuleSet({ set: `own/${style}/${family}/150`, traffic, manyHeaders: 500 })
        const classifiers: Classifier[] =
          family === 4 ? ['sallyport', 'linear scan', 'packed linear scan'] : ['sallyport', 'packed linear scan']
        // Each asks every header and throws on the first wrong line.
        for (const classifier of classifiers) assert.equal(typeof prepareClassifier(set, classifier), 'function')
      }
    }
  }
}

/** The path of the real run: processes, messages, rounds, floor. */
async function checkProcesses(): Promise<CellResult[]> {
  const group: Group = {
    name: 'rules 60',
    cells: [
      { kind: 'segmentation', contestant: 'sallyport, strings', workload: SMALL },
      { kind: 'segmentation', contestant: 'casbin, CachedEnforcer, all hits', workload: SMALL },
      {
        kind: 'classbench',
        contestant: 'sallyport',
        workload: { set: 'own/acl/4/150', traffic: 'many', manyHeaders: 500 },
      },
    ],
  }
  const results = await runGroup(group, { rounds: 2, effort: { timeMs: 5, warmupMs: 5 } }, () => {})
  assert.equal(results.length, 3)
  for (const result of results) {
    assert.equal(result.rounds.length, 2)
    assert.equal(result.ns, median(result.rounds))
    assert.ok(result.ns > 0 && result.floorNs > 0)
  }
  return results
}

async function checkLoads(): Promise<void> {
  const jobs: LoadJob[] = [
    { kind: 'load', source: 'segmentation', rules: 200, shape: 'plain', route: 'model', repeats: 2 },
    { kind: 'load', source: 'segmentation', rules: 200, shape: 'wide', route: 'document', repeats: 1 },
    { kind: 'load', source: 'own/fw/4/200', rules: 0, shape: 'plain', route: 'model', repeats: 1 },
    { kind: 'update', rules: 200 },
  ]
  for (const job of jobs) {
    const result = await runLoadJob(job, 1)
    assert.equal(isLoad(result), job.kind === 'load')
    if (isLoad(result)) assert.equal(result.rules, 200)
  }
}

function checkReport(results: readonly CellResult[]): void {
  const report: RunReport = {
    date: '2026-01-01',
    command: 'npm run bench',
    quick: true,
    machine: describeMachine(),
    versions: describeVersions(),
    loadAverage: [0, 0],
    cells: results,
    loads: [],
    updates: [],
  }
  assert.ok(
    judgeGoals(report).some((goal) => goal.reached === null),
    'a goal that was not measured is not judged',
  )
  const page = renderPage(report)
  assert.match(page, /^# Performance\n/)
  assert.doesNotMatch(page, /undefined|NaN/)
  const plot = renderPlot('rules', [
    {
      name: 'a < b',
      points: [
        [10, 100],
        [1_000, 2_000],
      ],
      strong: true,
    },
  ])
  assert.match(plot, /^<svg /)
  assert.doesNotMatch(plot, /undefined|NaN|a < b/)
  assert.equal(
    new Set(allGroups({ quick: false, corpora: true }).map((group) => group.name)).size,
    allGroups({ quick: false, corpora: true }).length,
  )
}
