import type { ClassbenchSpec, Classifier } from './classbench/contestants.ts'
import type { Effort, Sample } from './measure.ts'
import type { WorkloadSpec } from './workloads/workload.ts'

/** One figure to measure: a contestant on a workload. */
export type Cell =
  | { readonly kind: 'segmentation'; readonly contestant: string; readonly workload: WorkloadSpec }
  | { readonly kind: 'classbench'; readonly contestant: Classifier; readonly workload: ClassbenchSpec }

/** Cells that are measured in turns, round by round, so that a noisy minute hits all of them. */
export interface Group {
  readonly name: string
  readonly cells: readonly Cell[]
}

/** What the parent tells a worker. */
export type ToWorker =
  | { readonly type: 'prepare'; readonly cell: Cell }
  | { readonly type: 'measure'; readonly effort: Effort }

/** What a worker tells its parent. */
export type FromWorker =
  | { readonly type: 'ready'; readonly rules: number; readonly requests: number; readonly allowedShare: number }
  | { readonly type: 'measured'; readonly sample: Sample; readonly floor: Sample }
  | { readonly type: 'failed'; readonly message: string }

/** A measured cell: medians over the rounds. */
export interface CellResult {
  readonly group: string
  readonly cell: Cell
  readonly rules: number
  readonly requests: number
  readonly allowedShare: number
  readonly ns: number
  readonly floorNs: number
  /** Median over the rounds of the ratio to the floor of the same process and round. */
  readonly ratio: number
  readonly rounds: readonly number[]
  readonly warning: string | null
}
