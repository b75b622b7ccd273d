import { z } from 'zod'
import { policySchema } from './document.ts'

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Name of the published schema. Not an address: where the file lies is for those who install it. */
export const POLICY_SCHEMA_ID = 'urn:sallyport:policy:1'

/**
 * The JSON Schema of the policy document in draft 07, the one editors know best, made from the one zod source. It knows
 * the shape; names, addresses and references are for `checkPolicy`.
 */
export function policyJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(policySchema, { target: 'draft-7', io: 'input' })
  return { ...schema, $id: POLICY_SCHEMA_ID }
}
