import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { EndpointClasses } from '../../src/engine/endpoint-classes.ts'
import { modelOf } from '../reference/model-builder.ts'

const SEGMENTS = {
  corp: { cidrs: ['10.1.0.0/16'], workloads: [{ id: 'spiffe://td/corp', below: true }] },
  lab: { cidrs: ['10.1.2.0/24'], labels: [{ app: 'lab' }], except: { cidrs: ['10.1.2.9/32'] } },
  both: { segments: ['corp', 'lab'] },
}
const CORP = 2
const LAB = 3
const BOTH = 4
const model = modelOf({ segments: SEGMENTS, rules: [{ from: ['corp'], to: ['both'] }, { from: ['lab'] }] })
const tables = compileModel(model).program.segments

describe('EndpointClasses', () => {
  it('has one class for a set of parts', () => {
    const classes = new EndpointClasses(tables)
    const one = classes.ofParts([2 * CORP, 2 * LAB])
    expect(classes.ofParts([2 * LAB, 2 * CORP, 2 * LAB])).toBe(one)
    expect(classes.ofParts([])).toBe(0)
    expect(classes.ofParts([2 * CORP])).not.toBe(one)
    expect(classes.isStatic(one)).toBe(false)
    expect(classes.isStatic(0)).toBe(true)
    expect(classes.isStatic(tables.classParent.length - 1)).toBe(true)
    expect(classes.isStatic(tables.classParent.length)).toBe(false)
    expect(classes.partsOf(one)).toEqual([2 * CORP, 2 * LAB])
    expect(classes.segmentsOf(one)).toEqual([0, CORP, LAB, BOTH])
    expect([...classes.ranksOf(one)].sort()).toEqual(
      [...new Set([CORP, LAB, BOTH].map((segment) => tables.segmentRank[segment]))].sort(),
    )
    expect([...classes.ranksOf(classes.ofParts([2 * LAB + 1]))]).toEqual([0])
  })

  it('unites the evidence of two classes', () => {
    const classes = new EndpointClasses(tables)
    const corp = classes.ofParts([2 * CORP])
    const lab = classes.ofParts([2 * LAB])
    const both = classes.ofParts([2 * CORP, 2 * LAB])
    expect([classes.union(corp, lab), classes.union(lab, corp), classes.union(corp, lab)]).toEqual([both, both, both])
    expect([classes.union(0, lab), classes.union(lab, 0), classes.union(lab, lab), classes.union(0, 0)]).toEqual([
      lab,
      lab,
      lab,
      0,
    ])
    expect(classes.union(both, corp)).toBe(both)
  })

  it('stamps the segments of a class and no others', () => {
    const classes = new EndpointClasses(tables)
    const stamps = new Int32Array(tables.names.length)
    for (let id = 0; id < tables.classParent.length; id++) {
      classes.stamp(id, stamps, id + 1)
      const stamped = [...stamps.keys()].filter((segment) => stamps[segment] === id + 1)
      expect(stamped).toEqual(classes.segmentsOf(id))
    }
    const lab = classes.ofParts([2 * LAB])
    classes.stamp(lab, stamps, 99)
    expect([...stamps.keys()].filter((segment) => stamps[segment] === 99)).toEqual([0, LAB, BOTH])
  })

  it('forgets what was made at run time', () => {
    const classes = new EndpointClasses(tables)
    const corp = classes.ofParts([2 * CORP])
    classes.union(corp, classes.ofParts([2 * LAB]))
    const before = classes.generation
    classes.makeRoom()
    expect(classes.generation).toBe(before)
    classes.forget()
    expect(classes.generation).toBe(before + 1)
    const lab = classes.ofParts([2 * LAB])
    expect(lab).toBe(corp)
    expect(classes.segmentsOf(lab)).toEqual([0, LAB, BOTH])
    const again = classes.union(lab, classes.ofParts([2 * CORP]))
    expect(classes.segmentsOf(again)).toEqual([0, CORP, LAB, BOTH])
  })
})
