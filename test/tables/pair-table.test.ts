import { describe, expect, it } from 'vitest'
import { PairTable } from '../../src/tables/pair-table.ts'

describe('PairTable', () => {
  it('keeps the order of a pair apart', () => {
    const table = new PairTable(4)
    table.set(1, 2, 12)
    table.set(2, 1, 21)
    expect([table.get(1, 2), table.get(2, 1), table.get(1, 1), table.get(2, 2)]).toEqual([12, 21, -1, -1])
  })

  it('replaces a value without using more room', () => {
    const table = new PairTable(3)
    table.set(0, 0, 1)
    for (let value = 0; value < 100; value++) table.set(1, 1, value)
    expect(table.get(1, 1)).toBe(99)
    // Half of eight slots may be used, and two are: nothing has been forgotten.
    for (const [a, b, value] of [
      [5, 6, 7],
      [6, 5, 8],
    ] as const)
      table.set(a, b, value)
    expect([table.get(0, 0), table.get(5, 6), table.get(6, 5)]).toEqual([1, 7, 8])
  })

  it('holds half of its slots, and then forgets everything', () => {
    const table = new PairTable(6)
    for (let i = 0; i < 32; i++) table.set(i, 2 * i, 3 * i)
    for (let i = 0; i < 32; i++) expect(table.get(i, 2 * i)).toBe(3 * i)
    table.set(100, 200, 300)
    for (let i = 0; i < 32; i++) expect(table.get(i, 2 * i)).toBe(-1)
    expect(table.get(100, 200)).toBe(300)
    for (let i = 0; i < 31; i++) table.set(i, 2 * i, 3 * i)
    expect(table.get(100, 200)).toBe(300)
    expect(table.get(30, 60)).toBe(90)
  })

  it('is exact whatever is put in, also where hashes collide', () => {
    const table = new PairTable(5)
    const model = new Map<string, number>()
    let state = 1
    const invented: number[] = []
    let lost = 0
    for (let i = 0; i < 5000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const [a, b] = [(state >>> 8) % 9, (state >>> 16) % 7]
      const found = table.get(a, b)
      // It may have forgotten, but never says what was not put in.
      if (found !== -1 && found !== model.get(`${a} ${b}`)) invented.push(i)
      table.set(a, b, i)
      model.set(`${a} ${b}`, i)
      if (table.get(a, b) !== i) lost++
    }
    expect(invented).toEqual([])
    expect(lost).toBe(0)
  })

  it('forgets when told', () => {
    const table = new PairTable(4)
    table.set(1, 2, 3)
    table.clear()
    expect(table.get(1, 2)).toBe(-1)
    for (let i = 0; i < 8; i++) table.set(i, i, i)
    for (let i = 0; i < 8; i++) expect(table.get(i, i)).toBe(i)
  })
})
