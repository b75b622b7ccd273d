import { z } from 'zod'
import { descriptionSchema, durationSchema, oneOrList, scalarSchema } from './common.ts'

/** A group of identities. */
export const groupSchema = z
  .strictObject({
    description: descriptionSchema.exactOptional(),
    names: z
      .array(z.string())
      .meta({
        description: 'names under which identity providers send this group; default is its own name',
        examples: [['idp-ml', 'ml']],
      })
      .exactOptional(),
    members: z
      .array(z.string())
      .meta({ description: 'identity ids that belong to it whatever the provider says', examples: [['alice']] })
      .exactOptional(),
  })
  .meta({ id: 'Group', description: 'a group of identities' })

const assuranceSchema = z
  .strictObject({
    acr: oneOrList(z.string())
      .meta({ description: 'accepted authentication context classes', examples: [['phr', 'phrh']] })
      .exactOptional(),
    amr: oneOrList(z.string())
      .meta({ description: 'authentication methods that must all have been used', examples: [['mfa']] })
      .exactOptional(),
    maxAge: durationSchema.meta({ description: 'longest time since the caller authenticated' }).exactOptional(),
  })
  .meta({ description: 'how the caller must have proved who it is' })

/** Who may use a rule. */
export const whoSchema = z
  .strictObject({
    kind: z.enum(['user', 'workload', 'agent', 'anonymous']).meta({ description: 'kind of identity' }).exactOptional(),
    id: z
      .string()
      .meta({
        description: 'identity id, exact; a SPIFFE id may end in /* for everything below',
        examples: ['alice', 'spiffe://prod.example/gateway/*'],
      })
      .exactOptional(),
    group: oneOrList(z.string())
      .meta({ description: 'one group, or a list of groups that must all hold' })
      .exactOptional(),
    role: oneOrList(z.string())
      .meta({ description: 'one role, or a list of roles that must all hold' })
      .exactOptional(),
    claims: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(scalarSchema)]))
      .meta({
        description: 'claims that must all hold; a list of values means one of them',
        examples: [{ tenant: 'acme', level: [3, 4] }],
      })
      .exactOptional(),
    assurance: assuranceSchema.exactOptional(),
  })
  .meta({ id: 'Who', description: 'a selector of identities; every key that is present must hold' })
