import { z } from 'zod'
import { instantSchema, oneOrList } from './common.ts'
import { endpointsSchema, postureNamesSchema, servicesSchema, whoListSchema } from './rules.ts'

const effectSchema = z.enum(['allow', 'deny'])
const factsSchema = z.looseObject({})
const endpointSchema = z.union([z.string(), factsSchema])

/** A question with the answer it must get. */
export const testSchema = z
  .strictObject({
    name: z.string().meta({ description: 'unique name of the test' }),
    identity: factsSchema
      .meta({
        description: 'the identity as passed to authorize; absent is anonymous',
        examples: [{ kind: 'user', id: 'alice', groups: ['ml'] }],
      })
      .exactOptional(),
    posture: z
      .union([factsSchema, z.null()])
      .meta({ description: 'the posture as passed to authorize; absent is no facts' })
      .exactOptional(),
    src: endpointSchema.meta({ description: 'the source as passed to authorize', examples: ['10.1.2.3'] }),
    dst: endpointSchema.meta({ description: 'the destination as passed to authorize', examples: ['inference'] }),
    at: instantSchema.meta({ description: 'the time of the question; absent is the time of the run' }).exactOptional(),
    expect: z
      .union([
        effectSchema,
        z.strictObject({
          effect: effectSchema.meta({ description: 'the effect' }),
          code: z
            .string()
            .meta({ description: 'the decision code', examples: ['DENY_DEFAULT'] })
            .exactOptional(),
          rule: z.string().meta({ description: 'id of the rule that decides' }).exactOptional(),
        }),
      ])
      .meta({ description: 'the answer: allow, deny, or an effect with code and rule' }),
  })
  .meta({ id: 'Test', description: 'a question with the answer it must get' })

const flowsSchema = z
  .strictObject({
    from: endpointsSchema.exactOptional(),
    to: endpointsSchema.exactOptional(),
    services: servicesSchema.exactOptional(),
    who: whoListSchema.exactOptional(),
    posture: postureNamesSchema.exactOptional(),
  })
  .meta({ id: 'Flows', description: 'a set of flows' })

/** A statement about every flow, proved by the analysis. Exactly one of never, only, always; the check says so. */
export const invariantSchema = z
  .strictObject({
    name: z.string().meta({ description: 'unique name of the invariant' }),
    never: flowsSchema.meta({ description: 'no such flow is allowed' }).exactOptional(),
    only: flowsSchema
      .meta({ description: 'nothing but such flows is allowed to the same destinations' })
      .exactOptional(),
    always: flowsSchema.meta({ description: 'every such flow is allowed' }).exactOptional(),
    except: oneOrList(z.strictObject({ from: endpointsSchema.exactOptional(), to: endpointsSchema.exactOptional() }))
      .meta({ description: 'flows the invariant does not speak of' })
      .exactOptional(),
  })
  .meta({ id: 'Invariant', description: 'a statement about every flow: never, only or always' })
