import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { EndpointClasses } from '../../src/engine/endpoint-classes.ts'
import { createIdentity } from '../../src/engine/warm-facts.ts'
import { Gate } from '../../src/gate/gate.ts'
import { modelOf } from '../reference/model-builder.ts'

const clock = { now: () => 1000 }

describe('EndpointClasses', () => {
  it('makes room beyond its bound', () => {
    // As many segments as are needed for that many sets of them.
    const many = modelOf({
      segments: Object.fromEntries(
        Array.from({ length: 17 }, (_, index) => [`s${index}`, { cidrs: [`10.${index}.0.0/16`] }]),
      ),
      rules: [{ from: Array.from({ length: 16 }, (_, index) => `s${index}`) }, { to: ['s16'] }],
    })
    const classes = new EndpointClasses(compileModel(many).program.segments)
    const setOf = (bits: number): number =>
      classes.ofParts(
        Array.from({ length: 17 }, (_, bit) => bit).flatMap((bit) => ((bits >> bit) & 1 ? [2 * (bit + 2)] : [])),
      )
    for (let bits = 1; bits < 65_536; bits++) setOf(bits)
    classes.makeRoom()
    expect(classes.generation).toBe(0)
    setOf(65_536)
    classes.makeRoom()
    expect(classes.generation).toBe(1)
    expect(classes.segmentsOf(setOf(5))).toEqual([0, 2, 4])
  })
})

describe('an engine whose run-time classes are forgotten', () => {
  it('answers as before, also about workloads it has not seen', () => {
    const segments = {
      team: { workloads: [{ id: 'spiffe://td/team', below: true }] },
      web: { labels: [{ app: 'web' }] },
    }
    const policy = compileModel(modelOf({ segments, rules: [{ from: ['team'], to: ['web'] }] }), { clock })
    const warm = createIdentity({ kind: 'user', id: 'alice' })
    const web = { labels: { app: 'web' } }
    const wrong: number[] = []
    for (let i = 0; i < 70_000; i++) {
      const inside = i % 2 === 0
      const { allowed } = policy.authorize(warm, null, `spiffe://td/${inside ? 'team' : 'other'}/w${i}`, web)
      if (allowed !== inside) wrong.push(i)
    }
    expect(wrong).toEqual([])
  })

  it('answers as before when the classes themselves are too many', () => {
    const names = Array.from({ length: 17 }, (_, index) => `s${index}`)
    const segments = Object.fromEntries(names.map((name) => [name, { labels: [{ [name]: 'y' }] }]))
    const policy = compileModel(
      modelOf({
        segments,
        rules: [
          { from: ['s0'], to: ['s1'] },
          ...names.slice(2).map((name) => ({ effect: 'deny' as const, from: [name], to: ['s0'] })),
        ],
      }),
      { clock },
    )
    const gate = new Gate(policy, { clock })
    gate.members.add('s0', 'spiffe://td/added')
    const warm = createIdentity({ kind: 'user', id: 'alice' })
    const wrong: number[] = []
    for (let bits = 0; bits < 67_000; bits++) {
      const labels: Record<string, string> = {}
      for (let bit = 0; bit < 17; bit++) if ((bits >> bit) & 1) labels[names[bit] as string] = 'y'
      const { allowed } = gate.authorize(warm, null, { labels, workload: 'spiffe://td/x' }, { labels: { s1: 'y' } })
      if (allowed !== ((bits & 1) === 1)) wrong.push(bits)
      if (bits % 1000 === 0 && !gate.authorize(warm, null, 'spiffe://td/added', { labels: { s1: 'y' } }).allowed)
        wrong.push(-bits)
    }
    expect(wrong).toEqual([])
  }, 20_000)
})
