import { z } from 'zod'

/**
 * The schema fixes the shape only: keys, types, closed lists of words. What a text means (a name, a prefix, a duration) is
 * checked by the passes that read it, so that one pass over the shape stays cheap and each problem has its own code.
 * A `pattern` in the metadata is for editors.
 */

/** Text of a duration, in milliseconds, seconds, minutes, hours or days. */
export const durationSchema = z.string().meta({
  id: 'Duration',
  description: 'a duration: a whole number and ms, s, m, h or d',
  pattern: '^[1-9][0-9]*(ms|s|m|h|d)$',
  examples: ['15m', '1h', '30d'],
})

/** An instant with its offset. Always text: a date object has lost what was written. */
export const instantSchema = z.string().meta({
  id: 'Instant',
  description: 'an instant in RFC 3339 form with Z or an offset',
  format: 'date-time',
  examples: ['2026-05-01T12:00:00Z'],
})

/** Text for people. */
export const descriptionSchema = z.string().meta({ description: 'free text for people; never changes a decision' })

/** What a fact or a claim is compared with. */
export const scalarSchema = z
  .union([z.string(), z.number(), z.boolean()])
  .meta({ id: 'Scalar', description: 'a text, a finite number, or true or false' })

/** One item, or a list of items. */
export function oneOrList<T extends z.ZodType>(item: T): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([item, z.array(item)])
}
