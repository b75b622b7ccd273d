import { describe, expect, it } from 'vitest'
import { DecisionRecord } from '../../src/engine/decision.ts'
import { Memo } from '../../src/engine/memo.ts'
import { RuleMemo } from '../../src/engine/rule-memo.ts'

type Key = readonly [number, number, number, number, number, number, number]

const BASE: Key = [1, 2, 3, 4, 5, 6, 7]
/** Slots of the largest table, two ways: more is never remembered. */
const MOST = 2 ** 14

/** Keys that differ from the base in one place, so many for each place that several fall into the base's own slot. */
const NEIGHBOURS: readonly Key[] = BASE.flatMap((_, place) =>
  Array.from(
    { length: 2000 },
    (_, step) => BASE.map((part, index) => (index === place ? part + step + 1 : part)) as unknown as Key,
  ),
)

function decision(rule: string): DecisionRecord {
  return new DecisionRecord('ALLOW_RULE', rule, [], Number.POSITIVE_INFINITY, null, 'hash')
}

const A = decision('a')
const B = decision('b')

describe('Memo', () => {
  it('knows what was put in under the whole key only', () => {
    const memo = new Memo()
    expect(memo.get(...BASE, 0)).toBeUndefined()
    memo.set(...BASE, 0, 10, A)
    expect(memo.get(...BASE, 0)).toBe(A)
    expect(NEIGHBOURS.filter((key) => memo.get(...key, 0) !== undefined)).toEqual([])
  })

  it('knows it for its stretch of time only', () => {
    const memo = new Memo()
    memo.set(...BASE, 100, 200, A)
    expect([99, 100, 199, 200].map((now) => memo.get(...BASE, now))).toEqual([undefined, A, A, undefined])
    memo.set(...BASE, 200, 300, B)
    expect(memo.get(...BASE, 250)).toBe(B)
  })

  it('forgets everything when cleared, again and again', () => {
    const memo = new Memo()
    for (let i = 0; i < 5; i++) {
      memo.set(...BASE, 0, 10, A)
      expect(memo.get(...BASE, 5)).toBe(A)
      memo.clear()
      expect(memo.get(...BASE, 5)).toBeUndefined()
    }
  })

  it('keeps two keys of one slot', () => {
    const memo = new Memo()
    // Of 300 keys in 256 slots many collide; the newest of each slot and its other way must be there.
    let known = 0
    for (let i = 0; i < 120; i++) memo.set(i, i, i, i, i, i, i, 0, 10, A)
    for (let i = 0; i < 120; i++) if (memo.get(i, i, i, i, i, i, i, 5) === A) known++
    expect(known).toBeGreaterThan(85)
    memo.set(1, 1, 1, 1, 1, 1, 1, 0, 10, B)
    expect(memo.get(1, 1, 1, 1, 1, 1, 1, 5)).toBe(B)
  })

  it('grows with use, and not beyond its bound', () => {
    const memo = new Memo()
    const rounds = 60_000
    for (let i = 0; i < rounds; i++) memo.set(i, 0, i, i, 443, 7, 0, 0, 10, A)
    let known = 0
    for (let i = rounds - 4000; i < rounds; i++) if (memo.get(i, 0, i, i, 443, 7, 0, 5) === A) known++
    // Most of the newest are there ...
    expect(known).toBeGreaterThan(3000)
    for (let i = 0; i < rounds - 4000; i++) if (memo.get(i, 0, i, i, 443, 7, 0, 5) === A) known++
    // ... and never more than there are slots.
    expect(known).toBeLessThanOrEqual(MOST)
    expect(known).toBeGreaterThan(MOST / 3)
  })

  it('leaves itself alone when it is of no use, and comes back', () => {
    const memo = new Memo()
    for (let i = 0; i < 40_000; i++) memo.set(i, 0, i, i, 443, 7, 0, 0, 10, A)
    for (let i = 0; i < 4096; i++) memo.get(-1, i, i, i, 1, 1, 1, 5)
    memo.set(...BASE, 0, 10, A)
    expect(memo.get(...BASE, 5)).toBeUndefined()
    for (let i = 0; i < 32_768; i++) memo.get(-1, i, i, i, 1, 1, 1, 5)
    memo.set(...BASE, 0, 10, A)
    expect(memo.get(...BASE, 5)).toBe(A)
  })

  it('stays while it is of use', () => {
    const memo = new Memo()
    for (let i = 0; i < 40_000; i++) memo.set(i, 0, i, i, 443, 7, 0, 0, 10, A)
    memo.set(...BASE, 0, 10, A)
    let hits = 0
    for (let i = 0; i < 20_000; i++) if (memo.get(...BASE, 5) === A) hits++
    expect(hits).toBe(20_000)
  })
})

describe('RuleMemo', () => {
  it('knows what was put in under the whole key only', () => {
    const memo = new RuleMemo()
    expect(memo.find(...BASE)).toBe(false)
    memo.set(...BASE, 41, 3)
    expect(memo.find(...BASE)).toBe(true)
    expect([memo.entry, memo.touched]).toEqual([41, 3])
    expect(NEIGHBOURS.filter((key) => memo.find(...key))).toEqual([])
    memo.set(...BASE, 42, 1)
    expect(memo.find(...BASE)).toBe(true)
    expect([memo.entry, memo.touched]).toEqual([42, 1])
  })

  it('forgets everything when cleared, again and again', () => {
    const memo = new RuleMemo()
    for (let i = 0; i < 5; i++) {
      memo.set(...BASE, 1, 0)
      expect(memo.find(...BASE)).toBe(true)
      memo.clear()
      expect(memo.find(...BASE)).toBe(false)
    }
  })

  it('grows with use, and not beyond its bound', () => {
    const memo = new RuleMemo()
    const rounds = 60_000
    const wrong: number[] = []
    for (let i = 0; i < rounds; i++) memo.set(i, 0, i, i, 443, 7, 0, i, 0)
    let known = 0
    for (let i = rounds - 4000; i < rounds; i++) {
      if (!memo.find(i, 0, i, i, 443, 7, 0)) continue
      known++
      if (memo.entry !== i) wrong.push(i)
    }
    expect(known).toBeGreaterThan(3000)
    for (let i = 0; i < rounds - 4000; i++) if (memo.find(i, 0, i, i, 443, 7, 0)) known++
    expect(wrong).toEqual([])
    expect(known).toBeLessThanOrEqual(MOST)
    expect(known).toBeGreaterThan(MOST / 3)
  })

  it('leaves itself alone when it is of no use, and comes back', () => {
    const memo = new RuleMemo()
    for (let i = 0; i < 40_000; i++) memo.set(i, 0, i, i, 443, 7, 0, i, 0)
    for (let i = 0; i < 4096; i++) memo.find(-1, i, i, i, 1, 1, 1)
    memo.set(...BASE, 1, 0)
    expect(memo.find(...BASE)).toBe(false)
    for (let i = 0; i < 32_768; i++) memo.find(-1, i, i, i, 1, 1, 1)
    memo.set(...BASE, 1, 0)
    expect(memo.find(...BASE)).toBe(true)
  })

  it('stays while it is of use', () => {
    const memo = new RuleMemo()
    for (let i = 0; i < 40_000; i++) memo.set(i, 0, i, i, 443, 7, 0, i, 0)
    memo.set(...BASE, 1, 0)
    let hits = 0
    for (let i = 0; i < 20_000; i++) if (memo.find(...BASE)) hits++
    expect(hits).toBe(20_000)
  })
})
