import { GENERATED, page, table } from './markdown.ts'

/** The part of JSON Schema that the policy's schema uses. */
export interface Schema {
  readonly $ref?: string
  /** Draft 07 ignores what stands beside `$ref`, so that a reference with a description is wrapped. */
  readonly allOf?: readonly Schema[]
  readonly definitions?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

type Definitions = Readonly<Record<string, Schema>>

/** docs/policy-reference.md, from the published JSON Schema: every key with its description. */
export function policyReferencePage(schema: Schema): string {
  const defs = schema.definitions ?? {}
  return page(
    GENERATED,
    '# Policy reference',
    'A policy is one document: YAML, JSON, or a value in TypeScript, all of the same shape. What the parts mean is in [semantics](semantics.md), what can be wrong with them in [policy problems](policy-problems.md). The same reference for editors is the JSON Schema `sallyport/schema.json`.',
    '## Policy',
    keys(schema, defs),
    ...Object.entries(defs).map(([name, definition]) => `## ${name}\n\n${body(definition, defs)}`),
  )
}

function body(schema: Schema, defs: Definitions): string {
  const text = `${sentence(schema.description ?? '')}${examples(schema)}`.trim()
  const objects = [schema, ...alternatives(schema)].filter((part) => part.properties !== undefined)
  const tables = objects.length > 0 ? objects.map((part) => keys(part, defs)) : [`Type: ${typeOf(schema)}.`]
  return [text, ...tables].filter((part) => part !== '').join('\n\n')
}

/** One row per key; the keys of an object written in place follow with their path. */
function keys(schema: Schema, defs: Definitions): string {
  const rows = (part: Schema, prefix: string): string[][] =>
    Object.entries(part.properties ?? {}).flatMap(([key, value]) => [
      [
        `\`${prefix}${key}\``,
        typeOf(value),
        part.required?.includes(key) ? 'yes' : '',
        `${value.description ?? defs[refName(value)]?.description ?? ''}${examples(value)}`,
      ],
      ...[value, ...alternatives(value), ...(value.items ? [value.items] : [])].flatMap((inner) =>
        rows(inner, `${prefix}${key}.`),
      ),
    ])
  return table(['key', 'type', 'required', 'meaning'], rows(schema, ''))
}

function alternatives(schema: Schema): readonly Schema[] {
  const parts = schema.anyOf ?? schema.oneOf ?? []
  return parts.flatMap((part) => [part, ...(part.items ? [part.items] : [])])
}

function typeOf(schema: Schema): string {
  const name = refName(schema)
  if (name !== '') return `[${name}](#${name.toLowerCase()})`
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' or ')
  const parts = schema.anyOf ?? schema.oneOf
  if (parts !== undefined) return [...new Set(parts.map(typeOf))].join(' or ')
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`
  const values = schema.additionalProperties
  if (typeof values === 'object' && Object.keys(values).length > 0) return `map of ${typeOf(values)}`
  return [schema.type ?? 'anything'].flat().join(' or ')
}

function refName(schema: Schema): string {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref ?? ''
  return ref.slice(ref.lastIndexOf('/') + 1)
}

function examples(schema: Schema): string {
  const found = schema.examples ?? []
  return found.length === 0 ? '' : ` (e.g. ${found.map((example) => `\`${JSON.stringify(example)}\``).join(', ')})`
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
