import type { CellResult } from '../cell.ts'
import { isLoad, type LoadResult } from '../load.ts'
import type { RunReport } from './run-report.ts'
import { classbench, classbenchSetsOf, segmentation } from './select.ts'

/** One goal with what this run found. `reached` is `null` when the run did not measure it. */
export interface GoalOutcome {
  readonly goal: string
  readonly found: string
  readonly reached: boolean | null
}

const MIXED = { family: 4, mix: 'mixed', distinct: false } as const
const STRINGS = 'sallyport, strings'
const MEGABYTE = 1e6

/** Every goal, in the order of the plan. */
export function judgeGoals(report: RunReport): GoalOutcome[] {
  return [
    ...speedGoals(report.cells),
    ...peerGoals(report.cells),
    ...classbenchGoals(report),
    ...factGoals(report.cells),
    ...loadGoals(report),
  ]
}

function speedGoals(cells: readonly CellResult[]): GoalOutcome[] {
  const zipf = segmentation(cells, STRINGS, { ...MIXED, rules: 10_000, shape: 'plain', distribution: 'zipf' })
  const uniform = (['plain', 'wide'] as const).flatMap((shape) => {
    const found = segmentation(cells, STRINGS, { ...MIXED, rules: 10_000, shape, distribution: 'uniform' })
    return found === undefined ? [] : [{ shape, found }]
  })
  const hardest = uniform.sort((left, right) => right.found.ratio - left.found.ratio)[0]
  const small = segmentation(cells, STRINGS, { ...MIXED, rules: 100, shape: 'plain', distribution: 'zipf' })
  const large = segmentation(cells, STRINGS, { ...MIXED, rules: 100_000, shape: 'plain', distribution: 'zipf' })
  const million = segmentation(cells, STRINGS, { ...MIXED, rules: 1_000_000, shape: 'plain', distribution: 'zipf' })
  const uncached = segmentation(cells, STRINGS, { distinct: true, shape: 'plain' })
  const cacheHit = segmentation(cells, 'string-keyed decision cache, all hits', { distinct: true }, 'uncached')
  const hotHit = segmentation(cells, 'string-keyed decision cache, all hits', { distinct: false }, 'uncached')
  const growth = small && large ? large.ns / small.ns : undefined
  return [
    goal('10,000 rules, strings, warm, Zipf: at most 1.5 times the floor', zipf?.ratio, (value) => value <= 1.5, times),
    goal(
      '10,000 rules, strings, warm, uniform, hardest shape: at most 4 times the floor',
      hardest?.found.ratio,
      (value) => value <= 4,
      (value) => `${times(value)} (${hardest?.shape})`,
    ),
    goal('growth from 100 to 100,000 rules, Zipf: at most 2 times', growth, (value) => value <= 2, times),
    goal('a million rules load and decide', million?.ns, () => true, nanoseconds),
    goal('under 370 ns at 10,000 rules', zipf?.ns, (value) => value < 370, nanoseconds),
    goal(
      'a decision on 131,072 distinct questions is faster than a hit on them in a string-keyed cache',
      uncached && cacheHit ? uncached.ns / cacheHit.ns : undefined,
      (value) => value < 1,
      () =>
        `${nanoseconds(uncached?.ns ?? 0)} against ${nanoseconds(cacheHit?.ns ?? 0)} (a hit among 2,000 questions: ${nanoseconds(hotHit?.ns ?? 0)})`,
    ),
  ]
}

function peerGoals(cells: readonly CellResult[]): GoalOutcome[] {
  const against = (peer: string, rules: number): number | undefined => {
    const us = segmentation(cells, STRINGS, {}, `peers ${rules}`)
    const them = segmentation(cells, peer, {}, `peers ${rules}`)
    return us && them ? them.ns / us.ns : undefined
  }
  const bitset = [1_000, 10_000].flatMap((rules) => {
    const found = against('flat bitset AND', rules)
    return found === undefined ? [] : [found]
  })
  return [
    goal(
      '1,000 rules: at least 5,000 times as fast as cedar-wasm',
      against('cedar-wasm, stateful', 1_000),
      (value) => value >= 5_000,
      times,
    ),
    goal(
      '1,000 rules: at least 20 times as fast as CASL per caller',
      against('CASL, one ability per caller', 1_000),
      (value) => value >= 20,
      times,
    ),
    goal(
      '1,000 rules: faster than a cached hit of casbin',
      against('casbin, CachedEnforcer, all hits', 1_000),
      (value) => value > 1,
      times,
    ),
    goal(
      'above 100 rules: faster than a flat bitset AND',
      bitset.length === 0 ? undefined : Math.min(...bitset),
      (value) => value > 1,
      times,
    ),
  ]
}

function classbenchGoals(report: RunReport): GoalOutcome[] {
  const worst = (size: RegExp, baseline: string): { set: string; ratio: number } | undefined =>
    classbenchSetsOf(report.cells)
      .filter((set) => size.test(set) && !/ipv6|\/6\//.test(set))
      .flatMap((set) => {
        const us = classbench(report.cells, set, 'sallyport', 'distinct')
        const them = classbench(report.cells, set, baseline, 'distinct')
        return us && them ? [{ set, ratio: them.ns / us.ns }] : []
      })
      .sort((left, right) => left.ratio - right.ratio)[0]
  const row = (text: string, size: RegExp, wanted: number): GoalOutcome => {
    const plain = worst(size, 'linear scan')
    const packed = worst(size, 'packed linear scan')
    const also = packed === undefined ? '' : `; against the packed scan ${times(packed.ratio)}`
    return goal(
      text,
      plain?.ratio,
      (value) => value >= wanted,
      (value) => `${times(value)} at worst (${plain?.set}${also})`,
    )
  }
  const largest = report.loads.find((load) => /acl1_100k|acl\/4\/100000/.test(load.job.source))
  const perRule = largest === undefined ? undefined : Math.max(largest.typedArrayBytes, 0) / largest.rules
  return [
    row(
      'ClassBench IPv4 at 1,000 rules, headers without repeats: at least 20 times the linear scan',
      /1k$|\/1000$/,
      20,
    ),
    row(
      'ClassBench IPv4 at 10,000 rules, headers without repeats: at least 80 times the linear scan',
      /10k$|\/10000$/,
      80,
    ),
    goal(
      'ClassBench at 100,000 rules: at most 100 bytes a rule',
      perRule,
      (value) => value <= 100,
      (value) => {
        const all = largest === undefined ? 0 : (largest.heapBytes + largest.typedArrayBytes) / largest.rules
        return `${Math.round(value)} bytes of typed arrays; ${Math.round(all)} with rule ids, reasons and everything else`
      },
    ),
  ]
}

function factGoals(cells: readonly CellResult[]): GoalOutcome[] {
  const added = (fresh: string, warm: string): number | undefined => {
    const with_ = segmentation(cells, `sallyport, ${fresh}`, {})
    const without = segmentation(cells, `sallyport, ${warm}`, {})
    return with_ && without ? with_.ns - without.ns : undefined
  }
  return [
    goal(
      'a fresh identity of 20 groups adds at most 1,000 ns',
      added('fresh identity of 20 groups', 'warm identity of 20 groups'),
      (value) => value <= 1_000,
      nanoseconds,
    ),
    goal(
      'a fresh posture of 10 facts adds at most 500 ns',
      added('fresh posture of 10 facts', 'warm posture of 10 facts'),
      (value) => value <= 500,
      nanoseconds,
    ),
  ]
}

function loadGoals(report: RunReport): GoalOutcome[] {
  const row = (rules: number, ms: number, megabytes: number): GoalOutcome => {
    const load = report.loads.find(
      ({ job }) =>
        isLoad({ job } as LoadResult) &&
        job.source === 'segmentation' &&
        job.rules === rules &&
        job.shape === 'plain' &&
        job.route === 'model',
    )
    const weight = load === undefined ? 0 : (load.heapBytes + load.typedArrayBytes) / MEGABYTE
    return goal(
      `${rules.toLocaleString('en')} rules compile in ${ms} ms and ${megabytes} MB`,
      load?.coldMs,
      (value) => value <= ms && weight <= megabytes,
      (value) => `${value.toFixed(0)} ms cold, ${load?.warmMs?.toFixed(0) ?? '-'} ms warm, ${weight.toFixed(1)} MB`,
    )
  }
  const update = report.updates[0]
  return [
    row(10_000, 100, 8),
    row(100_000, 1_500, 100),
    goal(
      'one prefix is added to a segment at 100,000 rules in 20 us',
      update?.addUs,
      (value) => value <= 20,
      (value) =>
        `${value.toFixed(1)} us median, ${update?.addP99Us.toFixed(0)} us at the 99th percentile; the next decision ${update?.nextDecisionUs.toFixed(1)} us`,
    ),
  ]
}

function goal(
  text: string,
  value: number | undefined,
  reached: (value: number) => boolean,
  show: (value: number) => string,
): GoalOutcome {
  if (value === undefined) return { goal: text, found: 'not measured in this run', reached: null }
  return { goal: text, found: show(value), reached: reached(value) }
}

/** `1.42x`, with fewer digits for large ratios. */
export function times(ratio: number): string {
  return ratio >= 100 ? `${Math.round(ratio).toLocaleString('en')}x` : `${ratio.toFixed(ratio >= 10 ? 1 : 2)}x`
}

/** Nanoseconds, or microseconds and milliseconds where they read better. */
export function nanoseconds(ns: number): string {
  if (Math.abs(ns) < 10_000) return `${Math.round(ns).toLocaleString('en')} ns`
  return ns < 1e6 ? `${(ns / 1e3).toFixed(1)} us` : `${(ns / 1e6).toFixed(1)} ms`
}
