/** The one zod source of the policy document, split by noun. */
export { policySchema } from './schema/document.ts'
export { COMPARISON_OPERATORS } from './schema/postures.ts'
export { DAYS } from './schema/rules.ts'
