/** Kleene's three values. Unknown never satisfies an allow and always satisfies a deny. */
export type Truth = boolean | 'unknown'

/** False when any is false, else unknown when any is unknown, else true (also for an empty list). */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes('unknown') ? 'unknown' : true
}

/** True when any is true, else unknown when any is unknown, else false (also for an empty list). */
export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true
  return truths.includes('unknown') ? 'unknown' : false
}
