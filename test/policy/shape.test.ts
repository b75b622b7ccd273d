import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { shapeRows } from '../../scripts/generate-shape.ts'
import { policySchema } from '../../scripts/policy-schema/document.ts'
import { policyJsonSchema } from '../../scripts/policy-schema/json-schema.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { SHAPE_ROWS } from '../../src/policy/generated/shape.ts'
import { Report } from '../../src/policy/report.ts'
import { readShape } from '../../src/policy/shape.ts'
import { COMPARISON_OPERATORS } from '../../src/policy/vocabulary.ts'
import { WHOLE } from './fixture.ts'

// As installed, and not as the schema of today would have it.
const shape = readShape(SHAPE_ROWS)

/** Readonly all the way down, as the generated types are. */
type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Written = DeepReadonly<z.infer<typeof policySchema>>
type Expanded<T> = T extends readonly (infer U)[]
  ? readonly Expanded<U>[]
  : T extends object
    ? { [K in keyof T]: Expanded<T[K]> }
    : T

describe('what is generated from the schema', () => {
  it('is the shape of the schema', () => {
    expect(SHAPE_ROWS).toEqual(shapeRows(policySchema))
  })

  it('is the types of the schema', () => {
    // The type checker is the judge; a key more or less on either side makes it `false`.
    const same: Same<Expanded<PolicyDocument>, Expanded<Written>> = true
    const differs: Same<Expanded<PolicyDocument>, Expanded<Omit<Written, 'tiers'>>> = false
    expect([same, differs]).toEqual([true, false])
  })

  it('refuses a schema whose alternatives only their inside tells apart', () => {
    const twoObjects = z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })])
    expect(() => shapeRows(twoObjects)).toThrow('alternatives of object, object')
    expect(() => shapeRows(z.strictObject({ a: z.date() }))).toThrow('uses date')
  })

  it('has the operators that the passes behind it know', () => {
    const comparison = policySchema.shape.postures.unwrap().valueType.shape.all.element
    const others = ['fact', 'maxAge']
    expect(Object.keys(comparison.shape).filter((key) => !others.includes(key))).toEqual([...COMPARISON_OPERATORS])
  })
})

function isSound(document: unknown): boolean {
  const report = new Report()
  shape(document, report)
  return !report.failed
}

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null

/** Every place of a document. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...entries.flatMap(([key, member]) => places(member as Json, [...path, key]))]
}

const ALL_PLACES = places(WHOLE as unknown as Json)

/** The document with one place replaced, removed, or given a further key. */
function damaged(path: readonly (string | number)[], how: 'replace' | 'remove' | 'add', value: Json): Json {
  const copy = structuredClone(WHOLE) as unknown as Json
  let holder: Json = copy
  for (const part of path.slice(0, -1)) holder = (holder as { [key: string]: Json })[part] as Json
  const last = path[path.length - 1]
  if (last === undefined) return how === 'replace' ? value : copy
  const object = holder as { [key: string]: Json }
  if (how === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(last), 1)
    else delete object[last]
  } else if (how === 'replace') object[last] = value
  else {
    const inside = object[last]
    if (typeof inside === 'object' && inside !== null && !Array.isArray(inside)) inside['surprise'] = value
  }
  return copy
}

const values = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, 2, 'x', 'allow', [], {}, [{}], [null], ['x'], [1], { x: 'y' }),
  fc.jsonValue().map((value) => value as Json),
)
const mutants = fc
  .tuple(fc.constantFrom(...ALL_PLACES), fc.constantFrom('replace', 'remove', 'add'), values)
  .map(([path, how, value]) => damaged(path, how as 'replace', value))

describe('the check of the shape', () => {
  it('agrees with zod on whether a document is sound', () => {
    let refused = 0
    fc.assert(
      fc.property(mutants, (document) => {
        const { success } = policySchema.safeParse(document)
        if (!success) refused++
        expect(isSound(document)).toBe(success)
      }),
      { numRuns: 3000 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('gives back a sound document itself', () => {
    expect(shape(WHOLE, new Report())).toBe(WHOLE)
  })

  it('keeps what is sound of one that is not', () => {
    const report = new Report()
    const kept = shape({ sallyport: 1, name: 3, rules: [{ id: 'r', efect: 'x' }, 7, { id: 's' }] }, report)
    expect(kept).toEqual({ sallyport: 1, rules: [{ id: 'r', efect: 'x' }, undefined, { id: 's' }] })
  })
})

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly description?: string
}

const schema = policyJsonSchema() as unknown as Schema & { readonly definitions: Readonly<Record<string, Schema>> }

/** The keywords that the published schema uses, and an error for any other: a small validator that is not ours to pass. */
function accepts(node: Schema, value: unknown): boolean {
  if (node.$ref !== undefined)
    return accepts(schema.definitions[node.$ref.replace('#/definitions/', '')] ?? { enum: [] }, value)
  const known = new Set([
    '$schema',
    '$id',
    '$ref',
    'id',
    'title',
    'type',
    'const',
    'enum',
    'anyOf',
    'allOf',
    'properties',
    'required',
    'additionalProperties',
    'propertyNames',
    'items',
    'definitions',
    'description',
    'examples',
    'pattern',
    'format',
  ])
  for (const keyword of Object.keys(node)) if (!known.has(keyword)) throw new Error(`keyword ${keyword}`)
  if (node.anyOf !== undefined && !node.anyOf.some((option) => accepts(option, value))) return false
  if (node.allOf !== undefined && !node.allOf.every((option) => accepts(option, value))) return false
  if ('const' in node && node.const !== value) return false
  if (node.enum !== undefined && !node.enum.includes(value)) return false
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (node.type !== undefined && ![node.type].flat().includes(type)) return false
  if (Array.isArray(value)) return value.every((item) => node.items === undefined || accepts(node.items, item))
  if (typeof value !== 'object' || value === null) return true
  if (node.required?.some((key) => !Object.hasOwn(value, key))) return false
  return Object.entries(value).every(([key, member]) => {
    const property =
      node.properties !== undefined && Object.hasOwn(node.properties, key)
        ? node.properties[key]
        : node.additionalProperties
    if (property === undefined || typeof property === 'boolean') return property !== false
    return accepts(property, member)
  })
}

describe('the published JSON Schema', () => {
  it('accepts what the check of the shape accepts, and nothing else', () => {
    expect(accepts(schema, WHOLE)).toBe(true)
    fc.assert(
      fc.property(mutants, (document) => {
        expect(accepts(schema, document)).toBe(isSound(document))
      }),
      { numRuns: 2000 },
    )
  })

  it('describes every key', () => {
    const bare: string[] = []
    const isDescribed = (node: Schema): boolean => {
      const target = node.$ref === undefined ? undefined : schema.definitions[node.$ref.replace('#/definitions/', '')]
      return (
        node.description !== undefined || target?.description !== undefined || (node.allOf?.some(isDescribed) ?? false)
      )
    }
    const visit = (node: Schema, path: string): void => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        if (!isDescribed(property)) bare.push(`${path}.${key}`)
        visit(property, `${path}.${key}`)
      }
      for (const option of [...(node.anyOf ?? []), ...(node.allOf ?? [])]) visit(option, path)
      if (node.items !== undefined) visit(node.items, `${path}[]`)
      if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}.*`)
    }
    visit(schema, '')
    for (const [name, definition] of Object.entries(schema.definitions)) visit(definition, name)
    expect(bare).toEqual([])
  })

  it('names the draft and itself', () => {
    expect(policyJsonSchema()).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'urn:sallyport:policy:1',
    })
  })
})
