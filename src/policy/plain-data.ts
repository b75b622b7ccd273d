import type { Report } from './report.ts'

/** Free data (obligations, the identity of a test) is nested no deeper than this below the place where it begins. */
const DEEPEST = 32

/**
 * A frozen copy of free data, or `undefined` after a report. Free data goes out with decisions, so it must be nothing but
 * data and nobody may change it afterwards.
 */
export function readPlainData(value: unknown, report: Report, depth = 0): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (depth > DEEPEST) {
    report.add('POLICY_TOO_DEEP', `free data is nested deeper than ${DEEPEST}`)
    return undefined
  }
  const { path } = report
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    const at = path.length
    path.push(0)
    for (let index = 0; index < value.length; index++) {
      path[at] = index
      copy.push(readPlainData(value[index], report, depth + 1))
    }
    path.pop()
    return Object.freeze(copy)
  }
  if (typeof value === 'object' && isDataObject(value)) return readDataObject(value, report, depth)
  report.add(
    'POLICY_UNREADABLE',
    `${typeof value === 'object' ? 'an object with a class' : `a ${typeof value}`} is not data`,
    { expected: 'text, finite numbers, true, false, null, lists and plain objects' },
  )
  return undefined
}

function isDataObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function readDataObject(value: object, report: Report, depth: number): unknown {
  const { path } = report
  const copy: Record<string, unknown> = {}
  const at = path.length
  path.push('')
  for (const [key, member] of Object.entries(value)) {
    path[at] = key
    if (key === '__proto__')
      report.add('POLICY_NAME_RESERVED', 'a key of free data must not be "__proto__"', { at: 'key' })
    else copy[key] = readPlainData(member, report, depth + 1)
  }
  path.pop()
  return Object.freeze(copy)
}
