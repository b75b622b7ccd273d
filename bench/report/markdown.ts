import type { CellResult } from '../cell.ts'
import { CONTESTANTS } from '../contestants.ts'
import { workloadName } from '../workloads/workload.ts'
import { judgeGoals, nanoseconds, times } from './goals.ts'
import type { RunReport } from './run-report.ts'
import { classbench, classbenchSetsOf, segmentation } from './select.ts'

/** The page `docs/performance.md`. Written by `npm run bench`, never by hand. */
export function renderPage(report: RunReport): string {
  return [
    heading(report),
    goals(report),
    ruleTable(report.cells),
    table('How the question is asked', ['forms'], report.cells),
    workingSet(report.cells),
    table('Questions that are all distinct', ['uncached'], report.cells),
    table('Fresh facts', ['facts'], report.cells),
    peers(report.cells),
    classbenchTable(report.cells),
    loads(report),
    method(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function heading(report: RunReport): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`)
  return [
    '# Performance',
    '',
    `Measured on ${report.date} by \`${report.command}\`${report.quick ? ' (a quick run: fewer and shorter rounds)' : ''}.`,
    `Machine: ${report.machine}; load ${report.loadAverage[0].toFixed(1)} before and ${report.loadAverage[1].toFixed(1)} after. Versions: ${versions.join(', ')}.`,
    '',
    'Nanoseconds belong to this machine and this minute. **Ratios** carry over: the floor is the strict parse of two IPv4',
    'addresses and one `Map.get`, measured in the same process and the same round as the figure beside it.',
    'This page is generated; do not edit it.',
    '',
    '![nanoseconds a decision by number of rules](img/bench-rules.svg)',
  ].join('\n')
}

function goals(report: RunReport): string {
  const rows = judgeGoals(report).map(({ goal, found, reached }) => [
    goal,
    found,
    reached === null ? '-' : reached ? 'yes' : '**no**',
  ])
  return `## Goals\n\n${grid(['goal', 'found', 'reached'], rows)}`
}

function ruleTable(cells: readonly CellResult[]): string {
  const sizes = [...new Set(cells.filter(({ group }) => group.startsWith('rules ')).map(({ rules }) => rules))]
  if (sizes.length === 0) return ''
  const rows = sizes.map((rules) => {
    const group = `rules ${rules}`
    const zipf = segmentation(cells, 'sallyport, strings', { distribution: 'zipf' }, group)
    const uniform = segmentation(cells, 'sallyport, strings', { distribution: 'uniform', shape: 'plain' }, group)
    const wide = segmentation(cells, 'sallyport, strings', { shape: 'wide' }, group)
    const parsed = segmentation(cells, 'sallyport, parsed', {}, group)
    return [
      rules.toLocaleString('en'),
      zipf ? nanoseconds(zipf.floorNs) : '-',
      ...[zipf, uniform, wide, parsed].map(withRatio),
    ]
  })
  return [
    '## By number of rules',
    '',
    'IPv4, warm identity and posture, half of the requests denied by one broken condition. *wide*: overlapping segments, denies,',
    'port ranges, `any`. In parentheses: times the floor of the same process.',
    '',
    grid(['rules', 'floor', 'strings, Zipf', 'strings, uniform', 'strings, uniform, wide', 'parsed, Zipf'], rows),
  ].join('\n')
}

function workingSet(cells: readonly CellResult[]): string {
  const chosen = cells.filter(({ group }) => group === 'working-set')
  if (chosen.length === 0) return ''
  const rows = chosen.map((result) => [result.requests.toLocaleString('en'), withRatio(result)])
  return [
    '## How many different questions',
    '',
    'Everywhere else 2,000 questions are asked in turn. More of them fill the caches of the processor, and more of them are asked for',
    'the first time in a while: 10,000 rules, strings, Zipf.',
    '',
    grid(['questions', 'median (times the floor)'], rows),
  ].join('\n')
}

function table(title: string, groups: readonly string[], cells: readonly CellResult[]): string {
  const chosen = cells.filter(({ group }) => groups.includes(group))
  if (chosen.length === 0) return ''
  const rows = chosen.map((result) => [
    result.cell.contestant,
    result.cell.kind === 'segmentation' ? workloadName(result.cell.workload) : result.cell.workload.set,
    `${Math.round(result.allowedShare * 100)} %`,
    withRatio(result),
  ])
  return `## ${title}\n\n${grid(['contestant', 'workload', 'allowed', 'median (times the floor)'], rows)}`
}

function peers(cells: readonly CellResult[]): string {
  const sizes = [...new Set(cells.filter(({ group }) => group.startsWith('peers ')).map(({ rules }) => rules))]
  if (sizes.length === 0) return ''
  const names = [...new Set(cells.filter(({ group }) => group.startsWith('peers ')).map(({ cell }) => cell.contestant))]
  const rows = names.map((name) => {
    const what = CONTESTANTS.find((contestant) => contestant.name === name)?.what ?? ''
    const figures = sizes.map((rules) => {
      const us = segmentation(cells, 'sallyport, strings', {}, `peers ${rules}`)
      const them = segmentation(cells, name, {}, `peers ${rules}`)
      if (us === undefined || them === undefined) return '-'
      return name === 'sallyport, strings'
        ? nanoseconds(them.ns)
        : `${nanoseconds(them.ns)} (${times(them.ns / us.ns)})`
    })
    return [name, what, ...figures]
  })
  return [
    '## Beside others',
    '',
    'The same policy, the same uniform requests as strings, the same answers: a contestant that disagrees with the reference on one',
    'request stops the run. Every contestant in a process of its own. In parentheses: times ours at the same number of rules.',
    '',
    grid(['', 'how', ...sizes.map((rules) => `${rules.toLocaleString('en')} rules`)], rows),
    '',
    'Not measured in this run: OPA compiled to WebAssembly. No npm package ships a Rego compiler. An earlier measurement on another',
    'day, with policies compiled by OPA 0.60 and opa-wasm 1.10, gave 8.2 us at 1,000 rules and 9.7 us at 10,000 with data indexed by',
    'destination segment and group by the caller, and 212 us and 4.5 ms scanning its data.',
  ].join('\n')
}

function classbenchTable(cells: readonly CellResult[]): string {
  const sets = classbenchSetsOf(cells)
  if (sets.length === 0) return ''
  const rows = sets.map((set) => {
    const of = (who: string, traffic: string): CellResult | undefined => classbench(cells, set, who, traffic)
    const us = of('sallyport', 'distinct')
    const many = of('sallyport', 'many')
    const against = (them: CellResult | undefined, ours: CellResult | undefined): string =>
      ours && them ? `${nanoseconds(them.ns)} (${times(them.ns / ours.ns)})` : '-'
    const alone = (result: CellResult | undefined): string => (result === undefined ? '-' : nanoseconds(result.ns))
    return [
      set,
      (us?.rules ?? 0).toLocaleString('en'),
      alone(us),
      against(of('linear scan', 'distinct'), us),
      against(of('packed linear scan', 'distinct'), us),
      alone(of('sallyport', 'trace')),
      alone(many),
      against(of('packed linear scan', 'many'), many),
    ]
  })
  return [
    '## ClassBench',
    '',
    '5-tuple rule sets, first match, parsed addresses, endpoint objects made before timing; every header of every trace gets the line of',
    'the trace. *distinct*: the headers of the trace, each once, shuffled; *trace*: as the file has them, in bursts; *many*: 65,536',
    'headers of our own generator, none twice. Two linear scans: one typed array per end of each field in the order of the line, and',
    'the tightest packing we could write. In parentheses: times ours.',
    '',
    grid(
      [
        'set',
        'rules',
        'ours, distinct',
        'linear scan',
        'packed scan',
        'ours, trace',
        'ours, many',
        'packed scan, many',
      ],
      rows,
    ),
  ].join('\n')
}

function loads(report: RunReport): string {
  if (report.loads.length === 0 && report.updates.length === 0) return ''
  const rows = report.loads.map((load) => [
    `${load.job.source === 'segmentation' ? `segmentation, ${load.job.shape}` : load.job.source}, from a ${load.job.route}`,
    load.rules.toLocaleString('en'),
    `${load.coldMs.toFixed(0)} ms`,
    load.warmMs === null ? '-' : `${load.warmMs.toFixed(0)} ms`,
    `${(load.typedArrayBytes / 1e6).toFixed(1)} MB`,
    `${(load.heapBytes / 1e6).toFixed(1)} MB`,
    `${Math.round(load.typedArrayBytes / load.rules)} / ${Math.round((load.typedArrayBytes + load.heapBytes) / load.rules)}`,
  ])
  const updates = report.updates.map(
    (update) =>
      `\nAdding one prefix to a segment of a running gate at ${update.job.rules.toLocaleString('en')} rules: ${update.addUs.toFixed(1)} us (99th percentile ${update.addP99Us.toFixed(0)} us); the first decision after it ${update.nextDecisionUs.toFixed(1)} us; removing it: ${update.removeUs.toFixed(1)} us.`,
  )
  return [
    '## Compiling and weight',
    '',
    '*cold*: the first compilation of a process, nothing optimised yet; *warm*: later ones. Weight is what is left after garbage',
    'collection with the source let go: typed arrays, then the rest of the heap.',
    '',
    grid(['policy', 'rules', 'cold', 'warm', 'typed arrays', 'heap', 'bytes a rule: arrays / all'], rows),
    ...updates,
  ].join('\n')
}

function method(report: RunReport): string {
  const warnings = report.cells.filter((cell) => cell.warning !== null)
  return [
    '## How it is measured',
    '',
    '- Seeded workloads: `bench/workloads/` and `bench/classbench/`. The same command gives the same questions.',
    '- Every contestant runs alone in a process, so that its call sites are as monomorphic as in a service with one engine; the floor',
    '  runs in each of those processes.',
    '- tinybench times batches of up to 2,000 questions, long enough for the timer; a figure is the median batch divided by its size,',
    '  and the median over the rounds. Contestants take turns round by round. Answers are summed up and looked at.',
    '- Before timing, every answer is compared with a linear reference; ours must also name the right rule.',
    warnings.length === 0
      ? '- tinybench raised no warning about the timer.'
      : `- tinybench warned about the timer for: ${warnings.map((cell) => cell.cell.contestant).join(', ')}.`,
    '- The published rule sets are not part of the package; set `SALLYPORT_CORPORA` to a folder that has them. Without it the run uses',
    '  sets of our own generator.',
  ].join('\n')
}

function withRatio(result: CellResult | undefined): string {
  return result === undefined ? '-' : `${nanoseconds(result.ns)} (${times(result.ratio)})`
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
