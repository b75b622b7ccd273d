import { z } from 'zod'
import { descriptionSchema } from './common.ts'

const labelsSchema = z
  .record(z.string(), z.string())
  .meta({ description: 'labels that must all be present with these values', examples: [{ tier: 'training' }] })

const members = {
  cidrs: z
    .array(z.string())
    .meta({
      description: 'IPv4 and IPv6 prefixes without host bits, or single addresses',
      examples: [['10.20.0.0/16', 'fd00:20::/32']],
    })
    .exactOptional(),
  workloads: z
    .array(z.string())
    .meta({
      description: 'SPIFFE ids, exact, or all ids below a path when they end in /*',
      examples: [['spiffe://prod.example/training/*']],
    })
    .exactOptional(),
  labels: z
    .union([labelsSchema, z.array(labelsSchema)])
    .meta({ description: 'a set of labels that must all be present, or a list of such sets of which one must match' })
    .exactOptional(),
  segments: z
    .array(z.string())
    .meta({ description: 'names of segments whose members belong here too', examples: [['batch']] })
    .exactOptional(),
}

/** A named set of endpoints. */
export const segmentSchema = z
  .strictObject({
    description: descriptionSchema.exactOptional(),
    ...members,
    except: z.strictObject(members).meta({ description: 'endpoints taken out again' }).exactOptional(),
  })
  .meta({
    id: 'Segment',
    description:
      'a named set of endpoints: any of its prefixes, workloads, labels and segments, without what is in `except`',
  })
