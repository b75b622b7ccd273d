import { quote } from './diagnostics.ts'
import type { Report } from './report.ts'

/** One item or a list of them, as a list. */
export function asList<T>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value]
}

/** `Array.isArray` that also narrows readonly lists. */
export function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

/**
 * Runs `read` on each item of one or a list with the report standing at it, and keeps what it answers. An empty list is
 * reported: it is nobody, which is seldom meant.
 */
export function readEach<T, R>(
  key: string,
  value: T | readonly T[],
  read: (item: NonNullable<T>) => R | undefined,
  report: Report,
): R[] {
  const { path } = report
  const results: R[] = []
  path.push(key)
  if (isList(value)) {
    const depth = path.length
    if (value.length === 0)
      report.add('POLICY_LIST_EMPTY', `an empty list of ${quote(key)} matches nothing`, {
        fix: `leave ${quote(key)} out to mean any`,
      })
    path.push(0)
    for (let index = 0; index < value.length; index++) {
      const item = value[index]
      if (item === undefined || item === null) continue
      path[depth] = index
      const result = read(item)
      if (result !== undefined) results.push(result)
    }
    path.pop()
  } else if (value !== undefined && value !== null) {
    const result = read(value as NonNullable<T>)
    if (result !== undefined) results.push(result)
  }
  path.pop()
  return results
}

/** Compares by code units, the same on every machine. */
export function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
