import { z } from 'zod'
import { invariantSchema, testSchema } from './assertions.ts'
import { descriptionSchema } from './common.ts'
import { groupSchema } from './identities.ts'
import { postureSchema } from './postures.ts'
import { ruleSchema } from './rules.ts'
import { segmentSchema } from './segments.ts'
import { serviceSchema } from './services.ts'

/** The one source of the document's shape: types, published JSON Schema, reference page and the check read it. */
export const policySchema = z
  .strictObject({
    $schema: z.string().meta({ description: 'address of the JSON Schema, for editors' }).exactOptional(),
    sallyport: z.literal(1).meta({ description: 'version of the document format' }),
    name: z.string().meta({ description: 'name of the policy', examples: ['ai-platform'] }),
    description: descriptionSchema.exactOptional(),
    combining: z
      .enum(['deny-overrides', 'first-match'])
      .meta({ description: 'order within a tier: denies before allows, or as written; default deny-overrides' })
      .exactOptional(),
    delegation: z
      .strictObject({
        maxDepth: z.number().meta({ description: 'longest chain of actors, 0 to 16; default 3', examples: [2] }),
      })
      .meta({ description: 'limits of acting on behalf of others' })
      .exactOptional(),
    tiers: z
      .array(z.string())
      .meta({ description: 'names of the tiers, highest first', examples: [['guardrails', 'platform']] })
      .exactOptional(),
    segments: z.record(z.string(), segmentSchema).meta({ description: 'segments by name' }).exactOptional(),
    groups: z.record(z.string(), groupSchema).meta({ description: 'groups by name' }).exactOptional(),
    services: z.record(z.string(), serviceSchema).meta({ description: 'services by name' }).exactOptional(),
    postures: z.record(z.string(), postureSchema).meta({ description: 'postures by name' }).exactOptional(),
    rules: z.array(ruleSchema).meta({ description: 'rules; nothing is allowed unless a rule allows it' }),
    tests: z.array(testSchema).meta({ description: 'questions with the answers they must get' }).exactOptional(),
    invariants: z
      .array(invariantSchema)
      .meta({ description: 'statements about every flow, proved by the analysis' })
      .exactOptional(),
  })
  .meta({ title: 'sallyport policy', description: 'a policy of sallyport' })
