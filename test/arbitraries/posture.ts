import fc from 'fast-check'
import { EPOCH, instant } from './instants.ts'

export const FACTS = ['disk.encrypted', 'os.version', 'zta.score', 'constructor'] as const
export const FACT_VALUES = [true, false, 70, 69.5, 0, '14', '14.2', '14.2.0', '14.10', '13.9.9', 'macos', '']

/** What one expects of a fact by its name. */
const USUAL_VALUES = {
  'disk.encrypted': [true, true, false],
  'os.version': ['14.2', '14.2.0', '14.10', '13.9.9'],
  'zta.score': [70, 69.5, 71],
  constructor: ['macos', true],
} satisfies Record<(typeof FACTS)[number], readonly (string | number | boolean)[]>

/** The value of a fact or of what it is compared with: mostly a usual one, or nothing would ever be true. */
export function factValue(name: (typeof FACTS)[number]): fc.Arbitrary<string | number | boolean> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<string | number | boolean>(...USUAL_VALUES[name]) },
    { weight: 1, arbitrary: fc.constantFrom(...FACT_VALUES) },
  )
}

function fact(name: (typeof FACTS)[number]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    {
      value: factValue(name),
      observedAt: fc.oneof(fc.constant(EPOCH), instant),
      verification: fc.constantFrom('signature', 'attestation', 'channel', 'signature', 'channel', 'none'),
      source: fc.constantFrom('mdm', 'edr'),
    },
    { requiredKeys: ['value', 'observedAt', 'verification'], noNullPrototype: true },
  )
}

/** Such a fact is there, and yet says nothing. */
const malformedFact = fc.oneof(
  fc.constantFrom<unknown>(null, true, 'macos', 70, [], {}),
  fc
    .tuple(
      fact('zta.score'),
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

function possiblyMalformed(name: (typeof FACTS)[number]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fact(name) }, { weight: 1, arbitrary: malformedFact })
}

/** Postures that the engine has to take; one of their facts may be malformed. */
export const wellFormedPosture: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, { facts: {} }) },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        facts: fc.record(
          {
            'disk.encrypted': possiblyMalformed('disk.encrypted'),
            'os.version': possiblyMalformed('os.version'),
            'zta.score': possiblyMalformed('zta.score'),
            constructor: possiblyMalformed('constructor'),
          },
          { requiredKeys: [], noNullPrototype: true },
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
