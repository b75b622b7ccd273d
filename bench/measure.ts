import { Bench } from 'tinybench'
import type { Prepared } from './peers/contestant.ts'

/** Runs `size` questions from `start` on, wrapping around, and gives back something that depends on every answer. */
export type Batch = (start: number, size: number) => number
/** The same for contestants that answer with promises. */
export type BatchLater = (start: number, size: number) => Promise<number>

/** How long one measurement lasts. */
export interface Effort {
  readonly timeMs: number
  readonly warmupMs: number
}

/** One measurement of one contestant. */
export interface Sample {
  /** Median nanoseconds per question over the batches. */
  readonly ns: number
  readonly batch: number
  readonly batches: number
  /** What tinybench said of the timer, or `null`. */
  readonly warning: string | null
}

/** A batch lasts about this long: thousands of times the resolution of the timer. */
const BATCH_NS = 400_000
const LARGEST_BATCH = 2_000

/** Everything read out of a batch ends here, so that no answer can be optimised away. */
let sink = 0

/** The value that depends on every answer so far; print it to be sure that it is computed. */
export function consumed(): number {
  return sink
}

/** The loop around a synchronous contestant. One process times one contestant, so the call in it stays monomorphic. */
export function batchOf(decide: (index: number) => boolean, count: number): Batch {
  return (start, size) => {
    let allowed = 0
    let index = start
    for (let step = 0; step < size; step++) {
      if (decide(index)) allowed++
      if (++index === count) index = 0
    }
    return allowed
  }
}

/** The loop around a contestant that answers with promises: each question awaits the one before, as a caller would. */
export function batchLaterOf(decide: (index: number) => Promise<boolean>, count: number): BatchLater {
  return async (start, size) => {
    let allowed = 0
    let index = start
    for (let step = 0; step < size; step++) {
      if (await decide(index)) allowed++
      if (++index === count) index = 0
    }
    return allowed
  }
}

/** Times a batch: median over batches, divided by the number of questions in a batch. */
export function measure(batch: Batch, count: number, effort: Effort): Sample {
  const size = batchSize(batch, count)
  let start = 0
  const bench = new Bench({
    time: effort.timeMs,
    warmupTime: effort.warmupMs,
    iterations: 5,
    warmupIterations: 2,
    throws: true,
  })
  const state = { warning: null as string | null }
  bench.addEventListener('warning', (event) => {
    state.warning = event.reason ?? 'timer saturation'
  })
  bench.add(
    'batch',
    () => {
      sink += batch(start, size)
      start = (start + size) % count
    },
    { async: false },
  )
  bench.runSync()
  return sampleOf(bench, size, state.warning)
}

/** {@link measure} for contestants that answer with promises. */
export async function measureLater(batch: BatchLater, count: number, effort: Effort): Promise<Sample> {
  const size = Math.min(LARGEST_BATCH, count)
  let start = 0
  const bench = new Bench({
    time: effort.timeMs,
    warmupTime: effort.warmupMs,
    iterations: 5,
    warmupIterations: 2,
    throws: true,
  })
  bench.add(
    'batch',
    async () => {
      sink += await batch(start, size)
      start = (start + size) % count
    },
    { async: true },
  )
  await bench.run()
  return sampleOf(bench, size, null)
}

/** Times a contestant of either kind over `count` requests. */
export function measurePrepared(prepared: Prepared, count: number): (effort: Effort) => Promise<Sample> {
  if (prepared.kind === 'later') {
    const batch = batchLaterOf(prepared.decide, count)
    return (effort) => measureLater(batch, count, effort)
  }
  const batch = batchOf(prepared.decide, count)
  return (effort) => Promise.resolve(measure(batch, count, effort))
}

/** Grows the batch until it lasts long enough for the timer, and no further: slow contestants get small batches. */
function batchSize(batch: Batch, count: number): number {
  let size = 1
  let start = 0
  for (;;) {
    const before = process.hrtime.bigint()
    sink += batch(start, size)
    const elapsed = Number(process.hrtime.bigint() - before)
    start = (start + size) % count
    if (elapsed >= BATCH_NS || size >= LARGEST_BATCH) return Math.min(size, LARGEST_BATCH)
    size = Math.min(LARGEST_BATCH, size * 4)
  }
}

function sampleOf(bench: Bench, batch: number, warning: string | null): Sample {
  const result = bench.tasks[0]?.result
  if (result?.state !== 'completed') throw new Error(`the measurement ended as ${result?.state ?? 'nothing'}`)
  return { ns: (result.latency.p50 * 1e6) / batch, batch, batches: result.latency.samplesCount, warning }
}

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >>> 1
  if (sorted.length === 0) throw new Error('no values')
  if (sorted.length % 2 === 1) return sorted[middle] as number
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
