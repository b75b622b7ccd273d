import { describe, expect, it } from 'vitest'
import { GrowableInts } from '../../src/tables/growable.ts'
import {
  answerCell,
  LIST,
  lookupWord,
  lookupWords,
  NEXT_WORD,
  nextWordCell,
  writeWord,
} from '../../src/tables/word-trie.ts'

/** The same numbers at every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
}

function intervals(count: number, seed: number, spread: number): number[] {
  const next = numbers(seed)
  const starts = new Set([0])
  while (starts.size < count) starts.add(next() % spread)
  return [...starts].sort((x, y) => x - y)
}

/** Asks at every edge, beside it, and in between. */
function probes(starts: readonly number[]): number[] {
  const next = numbers(9)
  const edges = starts.flatMap((start) => [start, (start - 1) >>> 0, (start + 1) >>> 0])
  return [...edges, 0xffff_ffff, 0x8000_0000, 0x7fff_ffff, ...Array.from({ length: 200 }, next)]
}

/** The slow way. */
function expected(starts: readonly number[], word: number): number {
  return starts.filter((start) => start <= word).length - 1
}

/** The words for which the answer is not the index of their interval. */
function wrong(starts: readonly number[], answer: (word: number) => number): number[] {
  return probes(starts).filter((word) => answer(word | 0) !== expected(starts, word))
}

describe('writeWord and lookupWord', () => {
  it.each([
    [1, 2 ** 32],
    [2, 2 ** 32],
    [4, 2 ** 32],
    [5, 2 ** 32],
    [6, 8],
    [8, 8],
    [9, 2 ** 32],
    [33, 64],
    [100, 2 ** 32],
    [100, 2 ** 20],
    [400, 400],
    [2047, 2 ** 32],
    [2048, 2 ** 32],
    [2100, 2 ** 16],
  ])('find the interval of a word among %i below %i', (count, spread) => {
    const starts = intervals(count, count, spread)
    const table = new GrowableInts(1)
    table.push(12345)
    const root = writeWord(
      table,
      starts,
      starts.map((_, index) => answerCell(index)),
    )
    const trie = table.toArray()
    expect(wrong(starts, (word) => lookupWord(trie, root, word))).toEqual([])
    expect(wrong(starts, (word) => lookupWords(trie, root, word, 1, 2, 3))).toEqual([])
  })

  it('finds intervals that start at the end of the words', () => {
    const starts = [0, 0xffff_fff0, ...Array.from({ length: 15 }, (_, index) => 0xffff_fff1 + index)]
    const table = new GrowableInts(4)
    const root = writeWord(
      table,
      starts,
      starts.map((_, index) => answerCell(index)),
    )
    const trie = table.toArray()
    expect(wrong(starts, (word) => lookupWord(trie, root, word))).toEqual([])
  })

  it('takes memory by the intervals and not by the addresses', () => {
    const size = (count: number, spread: number): number => {
      const starts = intervals(count, 5, spread)
      const table = new GrowableInts(4)
      writeWord(
        table,
        starts,
        starts.map((_, index) => answerCell(index)),
      )
      return table.length
    }
    expect(size(1, 2 ** 32)).toBe(0)
    expect(size(4, 2 ** 32)).toBe(1 + 3 + 4)
    expect(size(5, 2 ** 32)).toBeLessThan(64)
    expect(size(64, 64)).toBeLessThan(2000)
    expect(size(1000, 2 ** 32)).toBeLessThan(12_000)
    expect(size(2000, 2000)).toBeLessThan(30_000)
  })

  it('writes a root of 16 bits from 2048 intervals on', () => {
    const rootOf = (count: number): number => {
      const starts = intervals(count, 5, 2 ** 32)
      return writeWord(
        new GrowableInts(4),
        starts,
        starts.map((_, index) => answerCell(index)),
      )
    }
    expect(rootOf(2048) & 31).toBe(16)
    expect(rootOf(2047) & 31).toBe(13)
    expect(rootOf(129) & 31).toBe(10)
    expect(rootOf(128) & 31).toBe(9)
    expect(rootOf(5) & 31).toBe(5)
    expect(rootOf(4) & 31).toBe(LIST)
  })

  it('goes on in the next word', () => {
    const table = new GrowableInts(4)
    const tails = [3, 5, 9].map((count, level) => {
      const starts = intervals(count, count, 2 ** 32)
      return { starts, level }
    })
    // Only words 7 7 7 reach the last word; everything else ends on the way.
    const last = tails[2]?.starts as number[]
    let cell = writeWord(
      table,
      last,
      last.map((_, index) => answerCell(100 + index)),
    )
    for (const miss of [3, 2, 1]) {
      const next = nextWordCell(table, cell)
      expect(next & 31).toBe(NEXT_WORD)
      cell = writeWord(table, [0, 7, 8], [answerCell(miss), next, answerCell(miss)])
    }
    const trie = table.toArray()
    expect(lookupWords(trie, cell, 6, 7, 7, 0)).toBe(1)
    expect(lookupWords(trie, cell, 7, 6, 7, 0)).toBe(2)
    expect(lookupWords(trie, cell, 7, 8, 7, 0)).toBe(2)
    expect(lookupWords(trie, cell, 7, 7, 9, 0)).toBe(3)
    expect(wrong(last, (word) => lookupWords(trie, cell, 7, 7, 7, word) - 100)).toEqual([])
  })

  it('goes on in the next word from a node of strides', () => {
    const table = new GrowableInts(4)
    const inner = intervals(40, 3, 2 ** 32)
    const second = writeWord(
      table,
      inner,
      inner.map((_, index) => answerCell(1000 + index)),
    )
    const outer = intervals(40, 4, 2 ** 32)
    const next = nextWordCell(table, second)
    const root = writeWord(
      table,
      outer,
      outer.map((_, index) => (index % 2 === 0 ? next : answerCell(index))),
    )
    const trie = table.toArray()
    for (const word of outer) {
      const at = expected(outer, word)
      const found = wrong(inner, (tail) => lookupWords(trie, root, word | 0, tail, 0, 0) - 1000)
      if (at % 2 === 0) expect(found).toEqual([])
      else expect(lookupWords(trie, root, word | 0, 5, 0, 0)).toBe(at)
    }
  })
})
