import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCycles } from '../../src/policy/cycles.ts'
import { editDistance, nearestName } from '../../src/policy/nearest.ts'

/** Nodes that reach themselves, by walking. */
function onCircles(edges: readonly (readonly number[])[]): Set<number> {
  const found = new Set<number>()
  edges.forEach((_, start) => {
    const seen = new Set<number>()
    const queue = [...(edges[start] ?? [])]
    for (const node of queue) {
      if (seen.has(node)) continue
      seen.add(node)
      queue.push(...(edges[node] ?? []))
    }
    if (seen.has(start)) found.add(start)
  })
  return found
}

describe('findCycles', () => {
  it('finds one real cycle for every connected part that has any', () => {
    const graphs = fc
      .integer({ min: 0, max: 9 })
      .chain((size) =>
        fc.array(fc.array(fc.nat(Math.max(0, size - 1)), { maxLength: 3 }), { minLength: size, maxLength: size }),
      )
    fc.assert(
      fc.property(graphs, (edges) => {
        const cycles = findCycles(edges)
        const circular = onCircles(edges)
        for (const cycle of cycles) {
          cycle.forEach((node, index) => {
            expect(edges[node]).toContain(cycle[(index + 1) % cycle.length])
          })
          expect(new Set(cycle).size).toBe(cycle.length)
        }
        expect(cycles.length > 0).toBe(circular.size > 0)
        // Whatever is circular reaches some cycle that was found and is reached by it.
        for (const node of circular) {
          const joined = cycles.some(
            ([first]) =>
              first !== undefined &&
              onCircles([
                ...edges.map((targets, at) => (at === first ? [...targets, edges.length] : targets)),
                [node],
              ]).has(edges.length),
          )
          expect(joined).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('walks a long chain without overflowing', () => {
    const size = 200_000
    const chain = Array.from({ length: size }, (_, node) => [(node + 1) % size])
    expect(findCycles(chain)).toHaveLength(1)
    expect(findCycles(chain.slice(0, -1).concat([[]]))).toEqual([])
  })
})

describe('editDistance', () => {
  /** The definition, without bounds. */
  const plain = (a: string, b: string): number => {
    const rows = Array.from({ length: a.length + 1 }, (_, i) =>
      Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
    )
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        const row = rows[i] as number[]
        const above = rows[i - 1] as number[]
        row[j] = Math.min(
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        )
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          row[j] = Math.min(row[j] ?? 0, (rows[i - 2]?.[j - 2] ?? 0) + 1)
      }
    }
    return rows[a.length]?.[b.length] ?? 0
  }

  it('is the number of edits up to its limit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
    fc.assert(
      fc.property(word, word, fc.nat(5), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(plain(a, b), limit + 1))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['trainign', 'training'],
    ['Training', 'training'],
    ['zzz', undefined],
  ])('takes %s for %s', (name, expected) => {
    expect(nearestName(name, ['inference', 'training', 'gateway'], 10)).toBe(expected)
  })

  it('looks at no more names than it may', () => {
    expect(nearestName('training', ['inference', 'training'], 1)).toBeUndefined()
  })
})
