/**
 * Makes from the zod schema what is installed in its place: the rows that the check of the shape reads, and the types of
 * a document. `npm run docs` writes both, and a test holds them to the schema.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { ShapeRow } from '../src/policy/shape.ts'
import { policySchema } from './policy-schema/document.ts'

const ROOT = new URL('..', import.meta.url).pathname

/** Where the generated modules stand, relative to the root. */
export const SHAPE_PATH = 'src/policy/generated/shape.ts'
export const DOCUMENT_PATH = 'src/policy/generated/document.ts'

/** The rows of a schema, a node before what holds it; equal nodes are one row. */
export function shapeRows(schema: z.core.$ZodType): readonly ShapeRow[] {
  const rows: ShapeRow[] = []
  const known = new Map<string, number>()
  const add = (node: z.core.$ZodType): number => {
    const row = rowOf(node as z.core.$ZodTypes, add)
    if (typeof row === 'number') return row
    if (typeof row === 'object' && 'any' in row) refuseAmbiguous(row.any.map((at) => rows[at]!))
    const key = JSON.stringify(row)
    const index = known.get(key) ?? rows.push(row) - 1
    known.set(key, index)
    return index
  }
  if (add(schema) !== rows.length - 1) throw new TypeError('the document itself must be the last row')
  return rows
}

/** The row of a schema, or the number of the row that it stands for. */
function rowOf(schema: z.core.$ZodTypes, add: (node: z.core.$ZodType) => number): ShapeRow | number {
  const def = schema._zod.def
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return def.type
    case 'literal':
      return { words: def.values.map((value) => value as string | number | boolean) }
    case 'enum':
      return { words: Object.values(def.entries) }
    case 'optional':
      return add(def.innerType)
    case 'array':
      return { list: add(def.element) }
    case 'record':
      return { record: add(def.valueType) }
    case 'union':
      return { any: def.options.map(add) }
    case 'object': {
      const keys = Object.entries(def.shape).map(([key, member]) => {
        if (key.includes('?')) throw new TypeError(`a key of the policy schema is ${key}`)
        return [isOptional(member) ? `${key}?` : key, add(member)] as const
      })
      return { keys: Object.fromEntries(keys), ...(!isStrict(def) && { loose: true as const }) }
    }
    default:
      throw new TypeError(`the policy schema uses ${def.type}, which the check of the shape does not know`)
  }
}

/** Alternatives are told apart by the kind of the value alone: two of one kind would be one too many. */
function refuseAmbiguous(options: readonly ShapeRow[]): void {
  const kinds = options.flatMap((row) => {
    if (typeof row === 'string') return [row]
    if ('words' in row) return [...new Set(row.words.map((word) => typeof word))]
    if ('any' in row) throw new TypeError('the policy schema has alternatives inside alternatives')
    return ['list' in row ? 'array' : 'object']
  })
  if (new Set(kinds).size < kinds.length)
    throw new TypeError(`the policy schema has alternatives of ${kinds.join(', ')}`)
}

function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === 'optional'
}

function isStrict(def: z.core.$ZodObjectDef): boolean {
  return def.catchall?._zod.def.type === 'never'
}

/** The declarations of a schema, one for each part that has an id, in the order in which they refer to each other. */
function declarations(schema: z.core.$ZodType): readonly string[] {
  const declared = new Map<string, string>()
  const typeOf = (node: z.core.$ZodType): string => {
    const part = namedPart(node)
    if (part === null) return literalType(node as z.core.$ZodTypes, typeOf)
    const { name, schema: named } = part
    if (!declared.has(name))
      declared.set(name, declaration(name, named, literalType(named as z.core.$ZodTypes, typeOf)))
    return name
  }
  const root = literalType(schema as z.core.$ZodTypes, typeOf)
  return [...declared.values(), declaration('PolicyDocument', schema, root)]
}

/** A part that only got another description is still that part. */
function namedPart(schema: z.core.$ZodType): { readonly name: string; readonly schema: z.core.$ZodType } | null {
  const id = z.globalRegistry.get(schema)?.id
  if (id !== undefined) return { name: `${id}Document`, schema }
  return schema._zod.parent === undefined ? null : namedPart(schema._zod.parent)
}

function declaration(name: string, schema: z.core.$ZodType, type: string): string {
  const head = type.startsWith('{') ? `export interface ${name} ${type}` : `export type ${name} = ${type}`
  return `${comment(schema)}${head}\n`
}

function comment(schema: z.core.$ZodType): string {
  const inner = schema._zod.def.type === 'optional' ? (schema as z.core.$ZodOptional)._zod.def.innerType : schema
  const text = z.globalRegistry.get(inner)?.description
  return text === undefined ? '' : `/** ${text.replace(/^[a-z](?![A-Z])/, (first) => first.toUpperCase())}. */\n`
}

function literalType(schema: z.core.$ZodTypes, typeOf: (node: z.core.$ZodType) => string): string {
  const def = schema._zod.def
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return def.type
    case 'literal':
      return def.values.map((value) => JSON.stringify(value)).join(' | ')
    case 'enum':
      return Object.values(def.entries)
        .map((value) => JSON.stringify(value))
        .join(' | ')
    case 'optional':
      return typeOf(def.innerType)
    case 'array': {
      const item = typeOf(def.element)
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`
    }
    case 'record':
      return `{ readonly [name: string]: ${typeOf(def.valueType)} }`
    case 'union':
      return def.options.map(typeOf).join(' | ')
    case 'object': {
      const members = Object.entries(def.shape).map(
        ([key, member]) => `${comment(member)}readonly ${key}${isOptional(member) ? '?' : ''}: ${typeOf(member)}\n`,
      )
      return `{\n${members.join('')}${isStrict(def) ? '' : 'readonly [key: string]: unknown\n'}}`
    }
    default:
      throw new TypeError(`the policy schema uses ${def.type}, which has no type here`)
  }
}

const HEAD = '// Generated from scripts/policy-schema by `npm run docs`; do not edit.\n\n'

/** Text of {@link SHAPE_PATH}. */
export function shapeModule(): string {
  const rows = shapeRows(policySchema).map((row) => JSON.stringify(row))
  return format(
    SHAPE_PATH,
    `${HEAD}import type { ShapeRow } from '../shape.ts'\n\n/** The shape of a policy document; the last row is the document. */\nexport const SHAPE_ROWS: readonly ShapeRow[] = [\n${rows.join(',\n')}\n]\n`,
  )
}

/** Text of {@link DOCUMENT_PATH}. */
export function documentModule(): string {
  return format(DOCUMENT_PATH, `${HEAD}${declarations(policySchema).join('\n')}`)
}

function format(path: string, text: string): string {
  const biome = join(ROOT, 'node_modules/.bin/biome')
  return execFileSync(biome, ['check', '--write', `--stdin-file-path=${path}`], {
    cwd: ROOT,
    input: text,
    encoding: 'utf8',
  })
}
