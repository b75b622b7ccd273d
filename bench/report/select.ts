import type { CellResult } from '../cell.ts'
import type { WorkloadSpec } from '../workloads/workload.ts'

/** The first segmentation result of a group with this contestant and these parts of the workload. */
export function segmentation(
  cells: readonly CellResult[],
  contestant: string,
  parts: Partial<WorkloadSpec>,
  group?: string,
): CellResult | undefined {
  return cells.find(({ group: ownGroup, cell }) => {
    if (cell.kind !== 'segmentation' || cell.contestant !== contestant) return false
    if (group !== undefined && ownGroup !== group) return false
    return Object.entries(parts).every(([key, value]) => cell.workload[key as keyof WorkloadSpec] === value)
  })
}

/** The result of a classifier on a set. */
export function classbench(
  cells: readonly CellResult[],
  set: string,
  contestant: string,
  traffic: string,
): CellResult | undefined {
  return cells.find(
    ({ cell }) =>
      cell.kind === 'classbench' &&
      cell.workload.set === set &&
      cell.contestant === contestant &&
      cell.workload.traffic === traffic,
  )
}

/** Names of the ClassBench sets that were run, in order. */
export function classbenchSetsOf(cells: readonly CellResult[]): string[] {
  return [...new Set(cells.flatMap(({ cell }) => (cell.kind === 'classbench' ? [cell.workload.set] : [])))]
}
