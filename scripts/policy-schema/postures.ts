import { z } from 'zod'
import { descriptionSchema, durationSchema, scalarSchema } from './common.ts'

/** One comparison of a fact. Exactly one operator; the check says so with its own code. */
export const comparisonSchema = z
  .strictObject({
    fact: z.string().meta({ description: 'name of the fact', examples: ['disk.encrypted'] }),
    maxAge: durationSchema
      .meta({ description: 'how long this fact may be believed; overrides the posture' })
      .exactOptional(),
    equals: scalarSchema.meta({ description: 'the fact is this value, of the same type' }).exactOptional(),
    notEquals: scalarSchema.meta({ description: 'the fact is another value of the same type' }).exactOptional(),
    atLeast: z.number().meta({ description: 'the fact is this number or more' }).exactOptional(),
    atMost: z.number().meta({ description: 'the fact is this number or less' }).exactOptional(),
    above: z.number().meta({ description: 'the fact is more than this number' }).exactOptional(),
    below: z.number().meta({ description: 'the fact is less than this number' }).exactOptional(),
    atLeastVersion: z
      .string()
      .meta({ description: 'the fact is this version or a later one', examples: ['14.2.1'] })
      .exactOptional(),
    atMostVersion: z.string().meta({ description: 'the fact is this version or an earlier one' }).exactOptional(),
    oneOf: z.array(scalarSchema).meta({ description: 'the fact is one of these values' }).exactOptional(),
    noneOf: z.array(scalarSchema).meta({ description: 'the fact is none of these values' }).exactOptional(),
    present: z.literal(true).meta({ description: 'the fact is known' }).exactOptional(),
    absent: z.literal(true).meta({ description: 'there is no such fact' }).exactOptional(),
  })
  .meta({
    id: 'Comparison',
    description: 'one comparison of a fact with exactly one operator; its own maxAge overrides that of the posture',
  })

/** A named posture: all of its comparisons. */
export const postureSchema = z
  .strictObject({
    description: descriptionSchema.exactOptional(),
    maxAge: durationSchema.meta({ description: 'how long a fact may be believed after it was observed; mandatory' }),
    all: z.array(comparisonSchema).meta({ description: 'comparisons that must all hold' }),
  })
  .meta({
    id: 'Posture',
    description: 'a state of the device or workload; maxAge says how long a fact may be believed and is mandatory',
  })
