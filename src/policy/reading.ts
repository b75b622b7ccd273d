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

/** Runs `read` on the value of a key with the report standing at it. */
export function readAt<T, R>(key: string | number, value: T, read: (value: T, report: Report) => R, report: Report): R {
  report.path.push(key)
  const result = read(value, report)
  report.path.pop()
  return result
}

/** {@link readAt}; answers `absent` when there is no value. */
export function readPart<T, R, A>(
  key: string | number,
  value: T | undefined,
  read: (value: T, report: Report) => R,
  absent: A,
  report: Report,
): R | A {
  return value === undefined ? absent : readAt(key, value, read, report)
}

/** Runs `read` on each item of a list with the report standing at it, and keeps what it answers. */
export function readItems<T, R>(
  key: string,
  list: readonly T[],
  read: (item: NonNullable<T>, report: Report) => R | undefined,
  report: Report,
): R[] {
  const { path } = report
  const results: R[] = []
  const depth = path.push(key, 0) - 1
  for (let index = 0; index < list.length; index++) {
    const item = list[index]
    if (item === undefined || item === null) continue
    path[depth] = index
    const result = read(item, report)
    if (result !== undefined) results.push(result)
  }
  path.length = depth - 1
  return results
}

/**
 * Runs `read` on each item of one or a list with the report standing at it, and keeps what it answers. An empty list is
 * reported: it is nobody, which is seldom meant.
 */
export function readEach<T, R>(
  key: string,
  value: T | readonly T[],
  read: (item: NonNullable<T>, report: Report) => R | undefined,
  report: Report,
): R[] {
  if (!isList(value)) {
    const result = readPart(key, value ?? undefined, read, undefined, report)
    return result === undefined ? [] : [result]
  }
  if (value.length === 0)
    report.add('POLICY_LIST_EMPTY', `an empty list of ${quote(key)} matches nothing`, {
      below: [key],
      fix: `leave ${quote(key)} out to mean any`,
    })
  return readItems(key, value, read, report)
}

/** Warns of an entry of a list, shown as it is to be read, that is there a second time. */
export function reportTwice(entry: string, report: Report): void {
  report.add('POLICY_ENTRY_DUPLICATE', `${entry} is in this list already`, { fix: 'remove it' })
}

/** Each text once, in one fixed order. */
export function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

/** Compares by code units, the same on every machine. */
export function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
