import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { Gate } from '../../src/gate/gate.ts'
import { prefixText } from '../arbitraries/addresses.ts'
import { WORKLOADS } from '../arbitraries/endpoint.ts'
import { age, EPOCH, MINUTE } from '../arbitraries/instants.ts'
import { policyModel } from '../arbitraries/policy.ts'
import { requests } from '../arbitraries/scenario.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { referenceAuthorizeOver } from '../reference/interpreter.ts'
import { modelOf } from '../reference/model-builder.ts'
import { assertSame, type Engine } from './agreement.ts'
import { type Edit, EditedModel } from './edited-model.ts'

type Step = Edit | { readonly action: 'wait'; readonly ms: number }

const edit: fc.Arbitrary<Edit> = fc.record({
  action: fc.constantFrom('add', 'remove'),
  segment: fc.constantFrom('alpha', 'beta'),
  text: fc.oneof(
    prefixText,
    fc.constantFrom(...WORKLOADS),
    fc.constantFrom(...WORKLOADS).map((id) => `${id}/*`),
  ),
  ttlMs: fc.oneof(fc.constant(null), age),
})

/** Takes away what is there, more often than chance would. */
const removal = fc.tuple(fc.constantFrom('alpha', 'beta'), fc.nat(), fc.oneof(fc.constant(null), age))

const step: fc.Arbitrary<Step | readonly [string, number, number | null]> = fc.oneof(
  { weight: 3, arbitrary: edit },
  { weight: 2, arbitrary: removal },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('wait'),
      ms: fc.constantFrom(1, 30 * MINUTE, 30 * MINUTE - 1, 120 * MINUTE),
    }),
  },
)

describe('the members overlay', () => {
  it('answers as the edited policy does, compiled afresh and over time', () => {
    let compared = 0
    let edits = 0
    fc.assert(
      fc.property(policyModel(), fc.array(step, { minLength: 1, maxLength: 8 }), requests(6), (model, steps, asked) => {
        const clock = { at: EPOCH, now: () => clock.at }
        const gate = new Gate(compileModel(model, { clock }), { clock })
        const edited = new EditedModel(model)
        for (const one of steps) {
          const next = isRemoval(one) ? removalOf(edited, one, clock.at) : one
          if (next === null) continue
          if (next.action === 'wait') clock.at += next.ms
          else if (edited.accepts(next, clock.at)) {
            const options = next.ttlMs === null ? {} : { ttlMs: next.ttlMs }
            if (next.action === 'add') gate.members.add(next.segment, next.text, options)
            else gate.members.remove(next.segment, next.text, options)
            edited.apply(next, clock.at)
            edits++
          }
          const fresh = compileModel(edited.modelAt(clock.at), { clock }) as Engine
          for (const { identity, posture, src, dst } of asked) {
            const request = { identity, posture, src, dst, at: clock.at }
            const answer = (gate as Engine).authorize(identity, posture, src, dst)
            const expected = referenceAuthorizeOver(edited, request, evaluateCondition)
            assertSame('asked the gate', edited.modelAt(clock.at), request, expected, answer)
            const {
              validUntil: _end,
              policy: _hash,
              ...same
            } = { policy: '', ...fresh.authorize(identity, posture, src, dst) }
            expect(answer).toMatchObject(same)
            compared++
          }
        }
      }),
      { numRuns: 350 },
    )
    expect(compared).toBeGreaterThan(3000)
    expect(edits).toBeGreaterThan(400)
  })

  it('refuses members that cannot be', () => {
    const gate = new Gate(compileModel(modelOf({ segments: { corp: { cidrs: ['10.1.0.0/16'] } }, rules: [{}] })))
    for (const [segment, text] of [
      ['nowhere', '10.9.0.0/16'],
      ['any', '10.9.0.0/16'],
      ['internet', '10.9.0.0/16'],
      ['corp', '10.9.0.1/16'],
      ['corp', 'spiffe://TD/x'],
      ['corp', ''],
    ] as const) {
      expect(() => gate.members.add(segment, text)).toThrow(expect.objectContaining({ code: 'ERR_MEMBERSHIP_INVALID' }))
    }
  })
})

function isRemoval(
  one: Step | readonly [string, number, number | null],
): one is readonly [string, number, number | null] {
  return Array.isArray(one)
}

function removalOf(
  edited: EditedModel,
  [segment, pick, ttlMs]: readonly [string, number, number | null],
  now: number,
): Edit | null {
  const members = edited.members(segment, now)
  const text = members[pick % Math.max(1, members.length)]
  return text === undefined ? null : { action: 'remove', segment, text, ttlMs }
}
