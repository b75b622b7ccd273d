import type { Workload } from '../workloads/workload.ts'

/** Answers request `index` of the workload. */
export type Decide = (index: number) => boolean
/** The same for engines that only answer with a promise. */
export type DecideLater = (index: number) => Promise<boolean>

/** A contestant ready to be timed: the loop of the measurement is chosen by `kind`, once. */
export type Prepared =
  | { readonly kind: 'now'; readonly decide: Decide }
  | { readonly kind: 'later'; readonly decide: DecideLater }

/** One way of answering, behind one interface. */
export interface Contestant {
  readonly name: string
  /** Package and version, or what it is when it is ours. */
  readonly what: string
  /** The most requests of a workload it is asked, for contestants that take milliseconds each. */
  requestLimit(rules: number): number
  prepare(workload: Workload): Prepared | Promise<Prepared>
}

/** For contestants that are quick enough to be asked everything. */
export const NO_LIMIT: Contestant['requestLimit'] = () => Number.POSITIVE_INFINITY
