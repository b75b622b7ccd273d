import { z } from 'zod'
import { policySchema } from './schema/document.ts'

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Where the published schema is found; a policy may name it under `$schema`. */
export const POLICY_SCHEMA_ID = 'https://unpkg.com/sallyport/schema/policy.schema.json'

/**
 * The JSON Schema of the policy document in draft 07, the one editors know best, made from the one zod source. It knows
 * the shape; names, addresses and references are for `checkPolicy`.
 */
export function policyJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(policySchema, { target: 'draft-7', io: 'input' })
  return { ...schema, $id: POLICY_SCHEMA_ID }
}
