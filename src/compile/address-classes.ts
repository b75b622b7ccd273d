import type { Prefix } from '../net/prefix.ts'
import { GrowableInts } from '../tables/growable.ts'
import { answerCell, nextWordCell, writeWord } from '../tables/word-trie.ts'

/** A prefix and the part of a segment that lists it. */
export interface ListedPrefix {
  readonly prefix: Prefix
  readonly part: number
}

/** Classes of addresses: see `SegmentTables` for what a class and a part are. */
export interface AddressClasses {
  readonly roots: { readonly v4: number; readonly v6: number }
  readonly trie: Int32Array
  readonly parent: Int32Array
  readonly partStart: Int32Array
  readonly parts: Int32Array
}

/** A distinct prefix in address order, as unsigned words, with its class. */
interface Node {
  readonly words: readonly number[]
  readonly length: number
  readonly classId: number
}

/**
 * Sweeps the prefixes in address order and gives every distinct set of parts a class, numbered as they first appear,
 * then writes one trie per family from address to class.
 */
export function buildAddressClasses(listed: readonly ListedPrefix[]): AddressClasses {
  const classes = new ClassBuilder(listed)
  const trie = new GrowableInts(4096)
  const v4 = classes.sweep(listed.filter((entry) => entry.prefix.address.family === 4))
  const v6 = classes.sweep(listed.filter((entry) => entry.prefix.address.family === 6))
  const roots = { v4: writeLevel(trie, v4, 0, v4.length, 0, 0), v6: writeLevel(trie, v6, 0, v6.length, 0, 0) }
  return { roots, trie: trie.toArray(), ...classes.finish() }
}

class ClassBuilder {
  readonly #parent = new GrowableInts()
  readonly #partStart = new GrowableInts()
  readonly #parts = new GrowableInts()
  readonly #hashLow: number[] = [0]
  readonly #hashHigh: number[] = [0]
  readonly #byHash = new Map<number, number>()
  readonly #timesListed = new Map<number, number>()

  constructor(listed: readonly ListedPrefix[]) {
    this.#parent.push(-1)
    this.#partStart.push(0)
    this.#byHash.set(0, 0)
    for (const { part } of listed) this.#timesListed.set(part, (this.#timesListed.get(part) ?? 0) + 1)
  }

  /** Prefixes of one family, in any order, to distinct prefixes in address order with their classes. */
  sweep(listed: readonly ListedPrefix[]): Node[] {
    const sorted = listed.map((entry) => ({ words: wordsOf(entry.prefix), length: entry.prefix.length, part: entry.part }))
    sorted.sort((x, y) => compareWords(x.words, y.words) || x.length - y.length || x.part - y.part)
    const nodes: Node[] = []
    const open: Node[] = []
    for (let i = 0; i < sorted.length; ) {
      const { words, length } = sorted[i] as (typeof sorted)[number]
      while (open.length > 0 && !covers(open[open.length - 1] as Node, words)) open.pop()
      const outer = open.length > 0 ? (open[open.length - 1] as Node).classId : 0
      const own: number[] = []
      let j = i
      for (; j < sorted.length; j++) {
        const other = sorted[j] as (typeof sorted)[number]
        if (other.length !== length || compareWords(other.words, words) !== 0) break
        if (own[own.length - 1] !== other.part && !this.#holds(outer, other.part)) own.push(other.part)
      }
      const node = { words, length, classId: own.length === 0 ? outer : this.#intern(outer, own) }
      nodes.push(node)
      open.push(node)
      i = j
    }
    return nodes
  }

  finish(): Pick<AddressClasses, 'parent' | 'partStart' | 'parts'> {
    this.#partStart.push(this.#parts.length)
    return { parent: this.#parent.toArray(), partStart: this.#partStart.toArray(), parts: this.#parts.toArray() }
  }

  #holds(classId: number, part: number): boolean {
    if (this.#timesListed.get(part) === 1) return false
    for (let c = classId; c > 0; c = this.#parent.get(c)) if (this.#rowHolds(c, part)) return true
    return false
  }

  #rowHolds(classId: number, part: number): boolean {
    const end = classId + 1 < this.#partStart.length ? this.#partStart.get(classId + 1) : this.#parts.length
    for (let i = this.#partStart.get(classId); i < end; i++) if (this.#parts.get(i) === part) return true
    return false
  }

  #intern(outer: number, own: readonly number[]): number {
    let low = this.#hashLow[outer] as number
    let high = this.#hashHigh[outer] as number
    for (const part of own) {
      low = (low + mix(part, 0x9e3779b1)) | 0
      high = (high + mix(part, 0x7feb352d)) | 0
    }
    const key = (high & 0x1fffff) * 2 ** 32 + (low >>> 0)
    const known = this.#byHash.get(key)
    // Equal hashes with unequal sets only cost a class of its own.
    if (known !== undefined && this.#sameSet(known, outer, own)) return known
    const id = this.#parent.push(outer)
    this.#partStart.push(this.#parts.length)
    for (const part of own) this.#parts.push(part)
    this.#hashLow.push(low)
    this.#hashHigh.push(high)
    if (known === undefined) this.#byHash.set(key, id)
    return id
  }

  #sameSet(known: number, outer: number, own: readonly number[]): boolean {
    const wanted = new Set(own)
    for (const part of this.#set(outer)) wanted.add(part)
    const found = this.#set(known)
    return found.length === wanted.size && found.every((part) => wanted.has(part))
  }

  #set(classId: number): number[] {
    const parts: number[] = []
    for (let c = classId; c > 0; c = this.#parent.get(c)) {
      const end = c + 1 < this.#partStart.length ? this.#partStart.get(c + 1) : this.#parts.length
      for (let i = this.#partStart.get(c); i < end; i++) parts.push(this.#parts.get(i))
    }
    return parts
  }
}

/**
 * Writes the trie of word `level` over the nodes `[from, to)`, which agree on all earlier words and are longer than
 * them; `outer` is the class around them.
 */
function writeLevel(trie: GrowableInts, nodes: readonly Node[], from: number, to: number, level: number, outer: number): number {
  const starts: number[] = [0]
  const cells: number[] = [answerCell(outer)]
  const open: { readonly end: number; readonly classId: number }[] = []
  const put = (start: number, cell: number): void => {
    if (starts[starts.length - 1] === start) cells[cells.length - 1] = cell
    else if (cells[cells.length - 1] !== cell) {
      starts.push(start)
      cells.push(cell)
    }
  }
  const around = (): number => (open.length > 0 ? (open[open.length - 1] as { classId: number }).classId : outer)
  const closeBefore = (start: number): void => {
    while (open.length > 0 && (open[open.length - 1] as { end: number }).end < start) {
      const { end } = open.pop() as { end: number }
      if (end < 0xffffffff) put(end + 1, answerCell(around()))
    }
  }
  const limit = 32 * (level + 1)
  for (let i = from; i < to; ) {
    const node = nodes[i] as Node
    const start = node.words[level] as number
    closeBefore(start)
    if (node.length <= limit) {
      const bits = node.length - 32 * level
      open.push({ end: bits === 0 ? 0xffffffff : start + 2 ** (32 - bits) - 1, classId: node.classId })
      put(start, answerCell(node.classId))
      i++
      continue
    }
    let j = i + 1
    while (j < to && (nodes[j] as Node).length > limit && (nodes[j] as Node).words[level] === start) j++
    put(start, nextWordCell(trie, writeLevel(trie, nodes, i, j, level + 1, around())))
    if (start < 0xffffffff) put(start + 1, answerCell(around()))
    i = j
  }
  closeBefore(Number.POSITIVE_INFINITY)
  return writeWord(trie, starts, cells)
}

function wordsOf(prefix: Prefix): readonly number[] {
  const { family, a, b, c, d } = prefix.address
  return family === 4 ? [d >>> 0] : [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

function compareWords(x: readonly number[], y: readonly number[]): number {
  for (let i = 0; i < x.length; i++) {
    const difference = (x[i] as number) - (y[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

function covers(outer: Node, words: readonly number[]): boolean {
  for (let i = 0, left = outer.length; left > 0; i++, left -= 32) {
    const shift = left >= 32 ? 0 : 32 - left
    if ((words[i] as number) >>> shift !== (outer.words[i] as number) >>> shift) return false
  }
  return true
}

function mix(value: number, seed: number): number {
  let h = Math.imul(value + 1, seed)
  h ^= h >>> 15
  h = Math.imul(h, 0x846ca68b)
  return h ^ (h >>> 13)
}
