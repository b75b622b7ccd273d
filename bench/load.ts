import { median } from './measure.ts'
import { ask, startWorker, stopWorker } from './worker-process.ts'

/** What one load process does. */
export type LoadJob =
  | {
      readonly kind: 'load'
      /** `segmentation`, or the name of a ClassBench set. */
      readonly source: string
      readonly rules: number
      readonly shape: 'plain' | 'wide'
      /** `document` includes checking it. */
      readonly route: 'model' | 'document'
      readonly repeats: number
    }
  | { readonly kind: 'update'; readonly rules: number }

/** Compile time and weight of one policy. */
export interface LoadResult {
  readonly job: Extract<LoadJob, { kind: 'load' }>
  readonly rules: number
  /** In a process that has compiled nothing before: what a service waits for when it starts. */
  readonly coldMs: number
  readonly warmMs: number | null
  readonly heapBytes: number
  readonly typedArrayBytes: number
}

/** What a runtime change of a segment costs. */
export interface UpdateResult {
  readonly job: Extract<LoadJob, { kind: 'update' }>
  readonly addUs: number
  readonly addP99Us: number
  /** The first decision after an addition, which pays for what it put off. */
  readonly nextDecisionUs: number
  readonly removeUs: number
}

/** The jobs of a run. */
export function loadJobs(options: { readonly quick: boolean; readonly corpora: boolean }): LoadJob[] {
  const job = (
    source: string,
    rules: number,
    shape: 'plain' | 'wide',
    route: 'model' | 'document',
    repeats: number,
  ): LoadJob => ({
    kind: 'load',
    source,
    rules,
    shape,
    route,
    repeats,
  })
  const sets = options.corpora
    ? ['ipv4/acl1_10k', 'ipv4/fw1_10k', 'ipv4/fw1_59k', 'ipv4/acl1_100k']
    : ['own/acl/4/10000', 'own/fw/4/10000', 'own/acl/4/100000']
  return [
    job('segmentation', 10_000, 'plain', 'model', 7),
    job('segmentation', 10_000, 'plain', 'document', 5),
    job('segmentation', 10_000, 'wide', 'model', 7),
    job('segmentation', 100_000, 'plain', 'model', 3),
    ...(options.quick
      ? []
      : [job('segmentation', 100_000, 'plain', 'document', 2), job('segmentation', 1_000_000, 'plain', 'model', 1)]),
    ...sets.filter((set) => !options.quick || set.includes('10')).map((set) => job(set, 0, 'plain', 'model', 2)),
    { kind: 'update', rules: 100_000 },
  ]
}

/** Runs a job in fresh processes and takes the median of each figure. */
export async function runLoadJob(job: LoadJob, processes: number): Promise<LoadResult | UpdateResult> {
  const results: (LoadResult | UpdateResult)[] = []
  for (let turn = 0; turn < processes; turn++) {
    const worker = startWorker('load-worker.ts')
    try {
      const answer = await ask<LoadJob, { type: 'done'; result: LoadResult | UpdateResult }>(worker, job)
      results.push(answer.result)
    } finally {
      await stopWorker(worker)
    }
  }
  return combine(results)
}

/** Whether a result is of a load job. */
export function isLoad(result: LoadResult | UpdateResult): result is LoadResult {
  return result.job.kind === 'load'
}

function combine(results: readonly (LoadResult | UpdateResult)[]): LoadResult | UpdateResult {
  const loads = results.filter(isLoad)
  const first = loads[0]
  if (first !== undefined) {
    const warm = loads.flatMap((load) => (load.warmMs === null ? [] : [load.warmMs]))
    return {
      ...first,
      coldMs: median(loads.map((load) => load.coldMs)),
      warmMs: warm.length === 0 ? null : median(warm),
      heapBytes: median(loads.map((load) => load.heapBytes)),
      typedArrayBytes: median(loads.map((load) => load.typedArrayBytes)),
    }
  }
  const updates = results as readonly UpdateResult[]
  return {
    job: (updates[0] as UpdateResult).job,
    addUs: median(updates.map((update) => update.addUs)),
    addP99Us: median(updates.map((update) => update.addP99Us)),
    nextDecisionUs: median(updates.map((update) => update.nextDecisionUs)),
    removeUs: median(updates.map((update) => update.removeUs)),
  }
}
