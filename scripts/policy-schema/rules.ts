import { z } from 'zod'
import { DAYS } from '../../src/policy/vocabulary.ts'
import { descriptionSchema, durationSchema, instantSchema, oneOrList } from './common.ts'
import { whoSchema } from './identities.ts'
import { serviceEntrySchema } from './services.ts'

/** Segment names, inline prefixes, inline SPIFFE patterns, `any` or `internet`. */
export const endpointsSchema = oneOrList(z.string()).meta({
  id: 'Endpoints',
  description:
    'segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody',
  examples: ['training', ['gateway', '10.1.0.0/16'], 'spiffe://prod.example/gateway/*'],
})

/** Names of services, or inline entries. */
export const servicesSchema = z
  .union([z.string(), serviceEntrySchema, z.array(z.union([z.string(), serviceEntrySchema]))])
  .meta({
    id: 'Services',
    description: 'names of services or inline entries; one or a list of which one must match; absent is any',
    examples: ['inference-api', ['inference-api', { protocol: 'tcp', ports: [22] }]],
  })

/** One selector of identities, or a list of which one must match. */
export const whoListSchema = oneOrList(whoSchema).meta({
  id: 'WhoList',
  description: 'one selector of identities, or a list of which one must match; absent is everybody',
})

/** Names of postures of which one must hold. */
export const postureNamesSchema = oneOrList(z.string()).meta({
  id: 'PostureNames',
  description: 'names of postures of which one must hold; absent asks for none',
})

const windowSchema = z
  .strictObject({
    days: z.array(z.enum(DAYS)).meta({ description: 'days of the week; absent is every day' }).exactOptional(),
    hours: z
      .string()
      .meta({
        description: 'local time from (inclusive) to (exclusive); may cross midnight; absent is all day',
        pattern: '^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$',
        examples: ['09:00-17:00', '22:00-06:00'],
      })
      .exactOptional(),
    zone: z.string().meta({
      description: 'IANA time zone; mandatory, since the zone of the machine decides nothing',
      examples: ['Europe/Berlin', 'UTC'],
    }),
  })
  .meta({ description: 'a window of local time' })

/** When a rule is in force. */
export const validSchema = z
  .strictObject({
    from: instantSchema.meta({ description: 'first instant at which the rule is in force' }).exactOptional(),
    until: instantSchema.meta({ description: 'first instant at which it no longer is' }).exactOptional(),
    schedule: z.array(windowSchema).meta({ description: 'windows of which one must hold' }).exactOptional(),
  })
  .meta({
    id: 'Validity',
    description: 'when the rule is in force: from (inclusive), until (exclusive), and a schedule',
  })

const obligationSchema = z
  .looseObject({ type: z.string().meta({ description: 'what the enforcement point must do', examples: ['log'] }) })
  .meta({ description: 'a duty handed to the enforcement point with its parameters' })

/** One rule. */
export const ruleSchema = z
  .strictObject({
    id: z.string().meta({
      description: 'unique id, named in every decision',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]*$',
      examples: ['gateway-to-inference'],
    }),
    description: descriptionSchema.exactOptional(),
    effect: z.enum(['allow', 'deny']).meta({ description: 'what the rule decides when it matches' }),
    tier: z.string().meta({ description: 'name of the tier; default is the lowest' }).exactOptional(),
    mode: z
      .enum(['enforce', 'shadow', 'off'])
      .meta({ description: 'shadow is evaluated and reported but never decides; off does not exist; default enforce' })
      .exactOptional(),
    from: endpointsSchema
      .meta({
        description:
          'where the flow may come from: segment names, prefixes, SPIFFE ids, any or internet; absent is any, an empty list is nobody',
      })
      .exactOptional(),
    to: endpointsSchema
      .meta({
        description:
          'where the flow may go: segment names, prefixes, SPIFFE ids, any or internet; absent is any, an empty list is nowhere',
      })
      .exactOptional(),
    services: servicesSchema.exactOptional(),
    who: whoListSchema.exactOptional(),
    posture: postureNamesSchema.exactOptional(),
    when: z
      .string()
      .meta({ description: 'a CEL condition over `request`', examples: ["request.dst.http.method == 'POST'"] })
      .exactOptional(),
    valid: validSchema.exactOptional(),
    obligations: z
      .array(obligationSchema)
      .meta({ description: 'duties handed to the enforcement point with the decision' })
      .exactOptional(),
    lease: durationSchema.meta({ description: 'longest time the decision may be relied on' }).exactOptional(),
  })
  .meta({
    id: 'Rule',
    description: 'one rule: it matches when every dimension that is present matches',
    examples: [
      {
        id: 'chat',
        effect: 'allow',
        from: ['gateway'],
        to: ['inference'],
        services: ['inference-api'],
        posture: ['healthy'],
      },
    ],
  })
