import { describe, expect, it } from 'vitest'
import { GrowableInts } from '../../src/tables/growable.ts'

describe('GrowableInts', () => {
  it('keeps what was pushed while it grows', () => {
    const ints = new GrowableInts(1)
    for (let i = 0; i < 1000; i++) expect(ints.push(3 * i)).toBe(i)
    expect(ints.length).toBe(1000)
    expect([...ints.toArray()]).toEqual(Array.from({ length: 1000 }, (_, i) => 3 * i))
  })

  it('reserves zeroes behind what is there', () => {
    const ints = new GrowableInts(4)
    ints.push(7)
    expect(ints.reserve(3)).toBe(1)
    expect(ints.reserve(10)).toBe(4)
    expect(ints.push(8)).toBe(14)
    ints.set(2, 5)
    expect(ints.get(2)).toBe(5)
    expect([...ints.toArray()]).toEqual([7, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8])
  })

  it('gives copies', () => {
    const ints = new GrowableInts(4)
    ints.push(1)
    const copy = ints.toArray()
    ints.set(0, 2)
    expect(copy[0]).toBe(1)
  })
})
