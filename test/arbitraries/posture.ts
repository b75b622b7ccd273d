import fc from 'fast-check'
import { instant } from './instants.ts'

export const FACTS = ['disk.encrypted', 'os.version', 'zta.score', 'constructor']
export const FACT_VALUES = [true, false, 70, 69.5, 0, '14', '14.2', '14.2.0', '14.10', '13.9.9', 'macos', '']

const fact = fc.record(
  {
    value: fc.constantFrom(...FACT_VALUES),
    observedAt: instant,
    verification: fc.constantFrom('signature', 'attestation', 'channel', 'signature', 'channel', 'none'),
    source: fc.constantFrom('mdm', 'edr'),
  },
  { requiredKeys: ['value', 'observedAt', 'verification'], noNullPrototype: true },
)

/** Such a fact is there, and yet says nothing. */
const malformedFact = fc.oneof(
  fc.constantFrom<unknown>(null, true, 'macos', 70, [], {}),
  fc
    .tuple(
      fact,
      fc.constantFrom<Record<string, unknown>>(
        { value: null },
        { value: undefined },
        { value: [true] },
        { value: { on: true } },
        { value: Number.NaN },
        { value: Number.POSITIVE_INFINITY },
        { observedAt: undefined },
        { observedAt: '2026-03-28' },
        { observedAt: Number.NaN },
        { observedAt: Number.NEGATIVE_INFINITY },
        { verification: 'trust-me' },
        { verification: undefined },
      ),
    )
    .map(([whole, fault]) => ({ ...whole, ...fault })),
)

/** Postures that the engine has to take; one of their facts may be malformed. */
export const wellFormedPosture: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, { facts: {} }) },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        facts: fc.dictionary(
          fc.constantFrom(...FACTS),
          fc.oneof({ weight: 12, arbitrary: fact }, { weight: 1, arbitrary: malformedFact }),
          { noNullPrototype: true },
        ),
      },
      { noNullPrototype: true },
    ),
  },
)

/** What must be refused as a posture. */
export const malformedPosture: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  {},
  { facts: null },
  { facts: 'none' },
  { facts: undefined },
  'healthy',
  7,
  true,
)

/** Mostly well formed. */
export const posture: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 40, arbitrary: wellFormedPosture },
  { weight: 1, arbitrary: malformedPosture },
)
