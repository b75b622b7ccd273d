import { quote } from './diagnostics.ts'
import type { Report } from './report.ts'

/**
 * One node of the document's shape: a kind of scalar, a closed list of words, a list or a record of another node,
 * alternatives, or an object with its keys, of which those that end in `?` may be missing. Numbers are earlier rows.
 */
export type ShapeRow =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | { readonly words: readonly (string | number | boolean)[] }
  | { readonly list: number }
  | { readonly record: number }
  | { readonly any: readonly number[] }
  | { readonly keys: Readonly<Record<string, number>>; readonly loose?: true }

/**
 * Checks plain data. zod, from whose schema the rows are made, says yes or no to a document; this says where, in our
 * codes, stops looking when nobody can read more problems, and keeps what is sound so that later passes can go on. A test
 * holds both to the same verdict.
 *
 * A shape answers the value itself when it is sound, a copy without the broken parts when it is not, and `undefined` when
 * nothing is left of it.
 */
export type Shape = (value: unknown, report: Report) => unknown

type Kind = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object'

interface Node {
  readonly kinds: readonly Kind[]
  readonly expected: string
  readonly check: Shape
}

/** The check that rows describe; the last row is the document. */
export function readShape(rows: readonly ShapeRow[]): Shape {
  const nodes: Node[] = []
  const at = (row: number): Node => nodes[row]!
  for (const row of rows) nodes.push(readRow(row, at))
  return at(rows.length - 1).check
}

function readRow(row: ShapeRow, at: (row: number) => Node): Node {
  if (typeof row === 'string') return scalar(row)
  if ('words' in row) return words(row.words)
  if ('list' in row) return arrayOf(at(row.list))
  if ('record' in row) return objectOf(new Map(), [], at(row.record))
  if ('any' in row) return oneOf(row.any.map(at))
  const members = new Map<string, Node>()
  const required: string[] = []
  for (const [written, member] of Object.entries(row.keys)) {
    const key = written.replace('?', '')
    members.set(key, at(member))
    if (key === written) required.push(key)
  }
  return objectOf(members, required, row.loose === true ? ANYTHING : null)
}

const ANYTHING: Node = { kinds: [], expected: '', check: (value) => value }

/** Names the kind of a value for a message. */
function kindOf(value: unknown): Kind | string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
}

function refuseType(value: unknown, expected: string, report: Report): undefined {
  const kind = kindOf(value)
  const fix =
    kind === 'undefined'
      ? 'leave the key out'
      : kind === 'number' && !Number.isFinite(value)
        ? 'write a finite number'
        : undefined
  report.add('POLICY_TYPE_INVALID', `${WORDS[kind] ?? kind} where ${expected} is expected`, { expected, fix })
  return undefined
}

function scalar(kind: 'string' | 'number' | 'boolean' | 'null'): Node {
  const expected = kind === 'null' ? kind : (WORDS[kind] ?? kind)
  // A number that is not finite has no kind of its own, and is no number of a document.
  const check: Shape = (value, report) =>
    kindOf(value) === kind && (kind !== 'number' || Number.isFinite(value))
      ? value
      : refuseType(value, expected, report)
  return { kinds: [kind], expected, check }
}

function words(values: readonly (string | number | boolean)[]): Node {
  const permitted: ReadonlySet<unknown> = new Set(values)
  const kinds = [...new Set(values.map((value) => typeof value as Kind))]
  const expected = values.map((value) => String(value)).join(' or ')
  const check: Shape = (value, report) => {
    if (permitted.has(value)) return value
    if (!kinds.includes(typeof value as Kind)) return refuseType(value, expected, report)
    const nearest =
      typeof value === 'string'
        ? report.nearest(
            value,
            values.filter((word) => typeof word === 'string'),
          )
        : undefined
    report.add('POLICY_VALUE_INVALID', `${quote(String(value))} is not one of the values permitted here`, {
      expected,
      nearest,
    })
    return undefined
  }
  return { kinds, expected, check }
}

function arrayOf(item: Node): Node {
  const expected = 'a list'
  const check: Shape = (value, report) => {
    if (!Array.isArray(value)) return refuseType(value, expected, report)
    let kept: unknown[] | null = null
    const path = report.path
    const depth = path.length
    path.push(0)
    for (let index = 0; index < value.length; index++) {
      path[depth] = index
      const sound = item.check(value[index], report)
      if (kept !== null) kept.push(sound)
      else if (sound !== value[index]) kept = [...value.slice(0, index), sound]
    }
    path.pop()
    return kept ?? value
  }
  return { kinds: ['array'], expected, check }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || isForeignPlain(prototype)
}

/** The `Object.prototype` of another realm: a test runner or a worker hands such objects over. */
function isForeignPlain(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty')
  )
}

/** Sets an own member, also one that is called `__proto__`. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Checks an object: its known members, those it must have, and with `rest` all others; without, a further key is refused. */
function objectOf(members: ReadonlyMap<string, Node>, required: readonly string[], rest: Node | null): Node {
  const expected = 'an object'
  const check: Shape = (value, report) => {
    if (!isPlainObject(value)) return refuseType(value, expected, report)
    let kept: Record<string, unknown> | null = null
    const path = report.path
    const depth = path.length
    path.push('')
    for (const key of Object.keys(value)) {
      path[depth] = key
      const node = members.get(key) ?? rest
      if (node === null) {
        report.add('POLICY_UNKNOWN_KEY', `unknown key ${quote(key)}`, {
          at: 'key',
          nearest: report.nearest(key, members.keys()),
          expected: [...members.keys()].join(', '),
        })
        continue
      }
      const member = value[key]
      const sound = node.check(member, report)
      if (sound === member) continue
      if (kept === null) {
        kept = Object.create(null) as Record<string, unknown>
        // One copy, then writes: copying on every broken member would be quadratic.
        for (const other of Object.keys(value)) setOwn(kept, other, value[other])
      }
      // What is broken stays as a key without a value, so that nobody misses it; free data must be data throughout.
      if (sound === undefined && rest === ANYTHING) delete kept[key]
      else setOwn(kept, key, sound)
    }
    path.pop()
    for (const key of required) {
      if (!Object.hasOwn(value, key))
        report.add('POLICY_MISSING_KEY', `key ${quote(key)} is missing`, {
          at: 'key',
          fix: `add ${quote(key)}: ${members.get(key)?.expected ?? ''}`,
        })
    }
    return kept ?? value
  }
  return { kinds: ['object'], expected, check }
}

/** Alternatives are told apart by the kind of the value alone, so that a problem is reported in the one that was meant. */
function oneOf(options: readonly Node[]): Node {
  const byKind = new Map<string, Node>()
  // The writer of the rows sees to it that no kind comes twice.
  for (const option of options) for (const kind of option.kinds) byKind.set(kind, option)
  const expected = [...new Set(options.map((option) => option.expected))].join(', or ')
  const check: Shape = (value, report) => {
    const option = byKind.get(kindOf(value))
    return option === undefined ? refuseType(value, expected, report) : option.check(value, report)
  }
  return { kinds: [...byKind.keys()] as Kind[], expected, check }
}
