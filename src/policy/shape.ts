import type { z } from 'zod'
import { quote } from './diagnostics.ts'
import type { Report } from './report.ts'

/**
 * Reads the zod schema once into small functions that check plain data. zod says yes or no to a document; this says
 * where, in our codes, stops looking when nobody can read more problems, and keeps what is sound so that later passes can
 * go on. A test holds both to the same verdict.
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

/** Makes the check of a schema. */
export function compileShape(schema: z.ZodType): Shape {
  return compile(schema, new Map()).check
}

function compile(schema: z.core.$ZodType, known: Map<z.core.$ZodType, Node>): Node {
  const found = known.get(schema)
  if (found !== undefined) return found
  const node = compileType(schema as z.core.$ZodTypes, known)
  known.set(schema, node)
  return node
}

function compileType(schema: z.core.$ZodTypes, known: Map<z.core.$ZodType, Node>): Node {
  const def = schema._zod.def
  switch (def.type) {
    case 'string':
      return scalar('string', 'text')
    case 'number':
      return finiteNumber()
    case 'boolean':
      return scalar('boolean', 'true or false')
    case 'null':
      return scalar('null', 'null')
    case 'literal':
      return words(def.values.map((value) => value as string | number | boolean))
    case 'enum':
      return words(Object.values(def.entries))
    case 'optional':
      return compile(def.innerType, known)
    case 'array':
      return arrayOf(compile(def.element, known))
    case 'record':
      return recordOf(compile(def.valueType, known))
    case 'object':
      return objectOf(def, known)
    case 'union':
      return oneOf(def.options.map((option) => compile(option, known)))
    default:
      throw new TypeError(`the policy schema uses ${def.type}, which the shape check does not know`)
  }
}

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

function scalar(kind: Kind, expected: string): Node {
  return {
    kinds: [kind],
    expected,
    check: (value, report) => (kindOf(value) === kind ? value : refuseType(value, expected, report)),
  }
}

function finiteNumber(): Node {
  const expected = 'a number'
  return {
    kinds: ['number'],
    expected,
    check: (value, report) => (Number.isFinite(value) ? value : refuseType(value, expected, report)),
  }
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

function copyWith(source: Record<string, unknown>, key: string, sound: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const other of Object.keys(source)) if (other !== key) setOwn(copy, other, source[other])
  if (sound !== undefined) setOwn(copy, key, sound)
  return copy
}

function recordOf(item: Node): Node {
  const expected = 'an object'
  const check: Shape = (value, report) => {
    if (!isPlainObject(value)) return refuseType(value, expected, report)
    let kept: Record<string, unknown> | null = null
    const path = report.path
    const depth = path.length
    path.push('')
    for (const key of Object.keys(value)) {
      path[depth] = key
      const member = value[key]
      const sound = item.check(member, report)
      if (kept !== null) setOwn(kept, key, sound)
      else if (sound !== member) {
        kept = Object.create(null) as Record<string, unknown>
        // One copy, then writes: copying on every broken member would be quadratic.
        for (const other of Object.keys(value)) setOwn(kept, other, value[other])
        setOwn(kept, key, sound)
      }
    }
    path.pop()
    return kept ?? value
  }
  return { kinds: ['object'], expected, check }
}

function objectOf(def: z.core.$ZodObjectDef, known: Map<z.core.$ZodType, Node>): Node {
  const expected = 'an object'
  const members = new Map<string, Node>()
  const required: string[] = []
  for (const [key, member] of Object.entries(def.shape)) {
    members.set(key, compile(member, known))
    if (member._zod.optin !== 'optional') required.push(key)
  }
  const strict = def.catchall?._zod.def.type === 'never'
  const check: Shape = (value, report) => {
    if (!isPlainObject(value)) return refuseType(value, expected, report)
    let kept: Record<string, unknown> | null = null
    const path = report.path
    const depth = path.length
    path.push('')
    for (const key of Object.keys(value)) {
      path[depth] = key
      const node = members.get(key)
      if (node === undefined) {
        if (!strict) continue
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
      if (kept === null) kept = copyWith(value, key, sound)
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
  for (const option of options) {
    for (const kind of option.kinds) {
      if (byKind.has(kind)) throw new TypeError(`the policy schema has two alternatives for ${kind}`)
      byKind.set(kind, option)
    }
  }
  const expected = [...new Set(options.map((option) => option.expected))].join(', or ')
  const check: Shape = (value, report) => {
    const option = byKind.get(kindOf(value))
    return option === undefined ? refuseType(value, expected, report) : option.check(value, report)
  }
  return { kinds: [...byKind.keys()] as Kind[], expected, check }
}
