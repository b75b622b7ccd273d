import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { createIdentity } from '../../src/engine/warm-facts.ts'
import { Gate } from '../../src/gate/gate.ts'
import { modelOf, type PolicySketch } from '../reference/model-builder.ts'

const ALICE = createIdentity({ kind: 'user', id: 'alice' })
const CORP = { cidrs: ['10.1.0.0/16'], workloads: [{ id: 'spiffe://td/corp', below: true }] }

function setUp(sketch: Partial<PolicySketch> = {}) {
  const clock = { at: 1000, now: () => clock.at }
  const policy = (more: Partial<PolicySketch> = sketch) =>
    compileModel(modelOf({ segments: { corp: CORP }, rules: [{ from: ['corp'] }], ...more }), { clock })
  const gate = new Gate(policy(), { clock })
  const ask = (src: string) => gate.authorize(ALICE, null, src, '10.9.0.1:443')
  return { clock, policy, gate, ask, allows: (src: string) => ask(src).allowed }
}

describe('a gate', () => {
  it('keeps edits when the policy is swapped, by the names of segments', () => {
    const { gate, policy, allows } = setUp()
    gate.members.remove('corp', '10.1.0.0/16')
    gate.members.add('corp', '10.2.0.0/16')
    gate.members.add('corp', 'spiffe://td/guest')
    gate.members.remove('corp', 'spiffe://td/corp/*')
    const answers = () => ['10.1.0.1', '10.2.0.1', 'spiffe://td/guest', 'spiffe://td/corp/x'].map(allows)
    expect(answers()).toEqual([false, true, true, false])
    gate.swap(policy())
    expect(answers()).toEqual([false, true, true, false])
    // Another place in the list of segments, and other rules.
    const next = policy({
      segments: { first: { cidrs: ['10.3.0.0/16'] }, corp: CORP },
      rules: [{ from: ['first', 'corp'] }],
    })
    gate.swap(next)
    expect(gate.policy).toBe(next)
    expect([...answers(), allows('10.3.0.1')]).toEqual([false, true, true, false, true])
    gate.members.add('corp', '10.1.0.0/16')
    expect(allows('10.1.0.1')).toBe(true)
  })

  it('keeps the old policy when the new one lacks an edited segment', () => {
    const { gate, policy, allows } = setUp()
    const before = gate.policy
    gate.members.remove('corp', '10.1.0.0/16')
    const other = policy({ segments: { other: CORP }, rules: [{ from: ['other'] }] })
    expect(() => gate.swap(other)).toThrow(expect.objectContaining({ code: 'ERR_MEMBERSHIP_INVALID' }))
    expect(gate.policy).toBe(before)
    expect(allows('10.1.0.1')).toBe(false)
    gate.members.add('corp', '10.1.0.0/16')
    expect(allows('10.1.0.1')).toBe(true)
  })

  it('decides under the new policy after a swap, whatever was remembered', () => {
    const { gate, policy, ask } = setUp()
    expect([ask('10.1.0.1').code, ask('10.1.0.1').code]).toEqual(['ALLOW_RULE', 'ALLOW_RULE'])
    const closed = policy({ rules: [{ effect: 'deny' }] })
    gate.swap(closed)
    expect(ask('10.1.0.1')).toMatchObject({ code: 'DENY_RULE', policy: closed.hash })
    gate.swap(policy())
    expect(ask('10.1.0.1').code).toBe('ALLOW_RULE')
  })

  it('ends edits in time, also across a swap, and says so in its answers', () => {
    const { gate, policy, ask, clock } = setUp()
    gate.members.add('corp', '10.2.0.0/16', { ttlMs: 500 })
    gate.members.remove('corp', '10.1.0.0/16', { ttlMs: 700 })
    expect(ask('10.2.0.1')).toMatchObject({ allowed: true, validUntil: 1500 })
    expect(ask('10.1.0.1')).toMatchObject({ allowed: false, validUntil: 1700 })
    expect(ask('10.3.0.1')).toMatchObject({ allowed: false, validUntil: Number.POSITIVE_INFINITY })
    gate.swap(policy())
    clock.at = 1499
    expect(ask('10.2.0.1')).toMatchObject({ allowed: true, validUntil: 1500 })
    clock.at = 1500
    expect(ask('10.2.0.1')).toMatchObject({ allowed: false, validUntil: Number.POSITIVE_INFINITY })
    expect(ask('10.1.0.1').allowed).toBe(false)
    clock.at = 1700
    expect(ask('10.1.0.1')).toMatchObject({ allowed: true, validUntil: Number.POSITIVE_INFINITY })
  })

  it('refuses a time to live that is none, and removals that remove nothing, without a trace', () => {
    const { gate, allows } = setUp()
    for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5' as never])
      expect(() => gate.members.add('corp', '10.2.0.0/16', { ttlMs })).toThrow(
        expect.objectContaining({ code: 'ERR_MEMBERSHIP_INVALID' }),
      )
    for (const member of ['10.1.0.0/24', '10.2.0.0/16', 'spiffe://td/corp', 'spiffe://td/corp/x'])
      expect(() => gate.members.remove('corp', member)).toThrow(
        expect.objectContaining({ code: 'ERR_MEMBERSHIP_INVALID' }),
      )
    expect([allows('10.2.0.1'), allows('10.1.0.1'), allows('spiffe://td/corp/x')]).toEqual([false, true, true])
  })

  it('drops edits that are over: members may come and go for ever', () => {
    const { gate, allows, clock } = setUp()
    for (let i = 0; i < 5000; i++) {
      gate.members.add('corp', `10.2.${i % 250}.0/24`, { ttlMs: 10 })
      clock.at += 5
    }
    expect(allows(`10.2.${4999 % 250}.9`)).toBe(true)
    expect(allows(`10.2.${4990 % 250}.9`)).toBe(false)
    clock.at += 10
    expect(allows(`10.2.${4999 % 250}.9`)).toBe(false)
  })
})
