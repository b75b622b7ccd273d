/**
 * Longest-prefix look-up over 32-bit words, in one `Int32Array`: one word for IPv4, four for IPv6.
 *
 * A cell is a reference. A negative one is the answer, `~value`. Otherwise `offset << 5 | kind`:
 * - kind 1 to 16: a stride node of `2 ** kind` cells at `offset`, indexed by the next `kind` bits of the word;
 * - kind 0: a short sorted list at `offset`: a count n, n interval starts (unsigned), then n + 1 cells;
 * - kind 31: the answer depends on the next word; the cell at `offset` continues there.
 *
 * Strides are chosen from the number of intervals below a node, so that memory follows the prefixes and not the
 * address space (a level-compressed trie, Nilsson and Karlsson 1999), and long IPv6 tails end in short lists.
 */
import type { GrowableInts } from './growable.ts'

export const LIST = 0
export const NEXT_WORD = 31
const MAX_STRIDE = 16
const LIST_LIMIT = 4

/** Finds the value for a 32-bit word. Never allocates. */
export function lookupWord(table: Int32Array, root: number, word: number): number {
  let cell = root
  let remaining = 32
  while (cell >= 0) {
    const kind = cell & 31
    const offset = cell >>> 5
    if (kind === LIST) {
      cell = listCell(table, offset, word)
    } else {
      remaining -= kind
      cell = table[offset + ((word >>> remaining) & ((1 << kind) - 1))] as number
    }
  }
  return ~cell
}

/** Finds the value for four 32-bit words. Never allocates. */
export function lookupWords(table: Int32Array, root: number, a: number, b: number, c: number, d: number): number {
  let cell = root
  let word = a
  let index = 0
  let remaining = 32
  while (cell >= 0) {
    const kind = cell & 31
    const offset = cell >>> 5
    if (kind === LIST) {
      cell = listCell(table, offset, word)
    } else if (kind === NEXT_WORD) {
      cell = table[offset] as number
      index++
      word = index === 1 ? b : index === 2 ? c : d
      remaining = 32
    } else {
      remaining -= kind
      cell = table[offset + ((word >>> remaining) & ((1 << kind) - 1))] as number
    }
  }
  return ~cell
}

function listCell(table: Int32Array, offset: number, word: number): number {
  const count = table[offset] as number
  const wanted = word >>> 0
  let position = 0
  while (position < count && wanted >= (table[offset + 1 + position] as number) >>> 0) position++
  return table[offset + 1 + count + position] as number
}

/** A cell that holds an answer. */
export function answerCell(value: number): number {
  return ~value
}

/** A cell that continues with `cell` on the next word. */
export function nextWordCell(table: GrowableInts, cell: number): number {
  return (table.push(cell) << 5) | NEXT_WORD
}

/**
 * Writes the trie of one word.
 *
 * @param starts - Ascending unsigned interval starts; the first is 0, each interval ends before the next start.
 * @param cells - The cell of each interval.
 * @returns The root cell.
 */
export function writeWord(table: GrowableInts, starts: readonly number[], cells: readonly number[]): number {
  return writeNode(table, starts, cells, 0, starts.length, 0, 32)
}

/** The node of the block that starts at `base` and is `2 ** bits` wide, over the intervals `[from, to)` that meet it. */
function writeNode(
  table: GrowableInts,
  starts: readonly number[],
  cells: readonly number[],
  from: number,
  to: number,
  base: number,
  bits: number,
): number {
  const count = to - from
  if (count === 1) return cells[from] as number
  if (count <= LIST_LIMIT) {
    const offset = table.push(count - 1)
    for (let i = from + 1; i < to; i++) table.push((starts[i] as number) | 0)
    for (let i = from; i < to; i++) table.push(cells[i] as number)
    return offset << 5
  }
  const stride = strideOf(count, bits)
  const offset = table.reserve(2 ** stride)
  const step = 2 ** (bits - stride)
  let first = from
  for (let i = 0; i < 2 ** stride; i++) {
    const low = base + i * step
    const high = low + step
    while (first + 1 < to && (starts[first + 1] as number) <= low) first++
    let last = first + 1
    while (last < to && (starts[last] as number) < high) last++
    table.set(offset + i, writeNode(table, starts, cells, first, last, low, bits - stride))
    first = last - 1
  }
  return (offset << 5) | stride
}

/**
 * Bits for a node over so many intervals. The root is generous, because every look-up passes it and there is only one;
 * from two thousand intervals on it takes 16 bits, a quarter of a megabyte.
 */
function strideOf(count: number, bits: number): number {
  const size = 32 - Math.clz32(count - 1)
  if (bits < 32) return Math.min(MAX_STRIDE, bits, size)
  return count >= 2048 ? MAX_STRIDE : Math.min(MAX_STRIDE, size + 2)
}
