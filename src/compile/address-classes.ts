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

/** Distinct prefixes of one family in address order, with their classes, as columns. */
interface Nodes {
  readonly count: number
  /** Words of an address: 1 or 4. */
  readonly width: number
  /** `width` unsigned words for each node. */
  readonly words: Uint32Array
  readonly lengths: Uint8Array
  readonly classes: Int32Array
}

/**
 * Sweeps the prefixes in address order and gives every distinct set of parts a class, numbered as they first appear,
 * then writes one trie per family from address to class.
 */
export function buildAddressClasses(listed: readonly ListedPrefix[]): AddressClasses {
  const classes = new ClassBuilder(listed)
  const trie = new GrowableInts(4096)
  const v4 = classes.sweep(listed, 4)
  const v6 = classes.sweep(listed, 6)
  const roots = { v4: writeLevel(trie, v4, 0, v4.count, 0, 0), v6: writeLevel(trie, v6, 0, v6.count, 0, 0) }
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
  sweep(listed: readonly ListedPrefix[], family: 4 | 6): Nodes {
    const sorted = sortPrefixes(listed, family)
    const { count, width, words, lengths, parts } = sorted
    const nodes = {
      width,
      words: new Uint32Array(words.length),
      lengths: new Uint8Array(count),
      classes: new Int32Array(count),
    }
    const open: number[] = []
    let last = 0
    for (let i = 0; i < count; last++) {
      while (open.length > 0 && !covers(nodes, open[open.length - 1] as number, words, i)) open.pop()
      const outer = open.length > 0 ? (nodes.classes[open[open.length - 1] as number] as number) : 0
      const own: number[] = []
      let j = i
      for (; j < count && samePrefix(sorted, i, j); j++) {
        const part = parts[j] as number
        if (own[own.length - 1] !== part && !this.#holds(outer, part)) own.push(part)
      }
      for (let word = 0; word < width; word++) nodes.words[last * width + word] = words[i * width + word] as number
      nodes.lengths[last] = lengths[i] as number
      nodes.classes[last] = own.length === 0 ? outer : this.#intern(outer, own)
      open.push(last)
      i = j
    }
    return { ...nodes, count: last }
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
function writeLevel(trie: GrowableInts, nodes: Nodes, from: number, to: number, level: number, outer: number): number {
  const { width, words, lengths, classes } = nodes
  const starts: number[] = [0]
  const cells: number[] = [answerCell(outer)]
  const openEnds: number[] = []
  const openClasses: number[] = []
  const put = (start: number, cell: number): void => {
    if (starts[starts.length - 1] === start) cells[cells.length - 1] = cell
    else if (cells[cells.length - 1] !== cell) {
      starts.push(start)
      cells.push(cell)
    }
  }
  const around = (): number => (openClasses.length > 0 ? (openClasses[openClasses.length - 1] as number) : outer)
  const closeBefore = (start: number): void => {
    while (openEnds.length > 0 && (openEnds[openEnds.length - 1] as number) < start) {
      const end = openEnds.pop() as number
      openClasses.pop()
      if (end < 0xffffffff) put(end + 1, answerCell(around()))
    }
  }
  const limit = 32 * (level + 1)
  for (let i = from; i < to; ) {
    const start = words[i * width + level] as number
    const length = lengths[i] as number
    closeBefore(start)
    if (length <= limit) {
      const bits = length - 32 * level
      openEnds.push(bits === 0 ? 0xffffffff : start + 2 ** (32 - bits) - 1)
      openClasses.push(classes[i] as number)
      put(start, answerCell(classes[i] as number))
      i++
      continue
    }
    let j = i + 1
    while (j < to && (lengths[j] as number) > limit && words[j * width + level] === start) j++
    put(start, nextWordCell(trie, writeLevel(trie, nodes, i, j, level + 1, around())))
    if (start < 0xffffffff) put(start + 1, answerCell(around()))
    i = j
  }
  closeBefore(Number.POSITIVE_INFINITY)
  return writeWord(trie, starts, cells)
}

/** Prefixes of one family as columns, by address, then length, then part. */
interface SortedPrefixes {
  readonly count: number
  readonly width: number
  readonly words: Uint32Array
  readonly lengths: Uint8Array
  readonly parts: Int32Array
}

function sortPrefixes(listed: readonly ListedPrefix[], family: 4 | 6): SortedPrefixes {
  const own: ListedPrefix[] = []
  for (const entry of listed) if (entry.prefix.address.family === family) own.push(entry)
  const width = family === 4 ? 1 : 4
  const words = new Uint32Array(own.length * width)
  own.forEach(({ prefix }, index) => {
    const { a, b, c, d } = prefix.address
    if (width === 1) words[index] = d
    else words.set([a, b, c, d], 4 * index)
  })
  const order = new Uint32Array(own.length).map((_, index) => index)
  order.sort((x, y) => {
    for (let word = 0; word < width; word++) {
      const difference = (words[x * width + word] as number) - (words[y * width + word] as number)
      if (difference !== 0) return difference
    }
    const left = own[x] as ListedPrefix
    const right = own[y] as ListedPrefix
    return left.prefix.length - right.prefix.length || left.part - right.part
  })
  const sortedWords = new Uint32Array(words.length)
  order.forEach((from, to) => {
    for (let word = 0; word < width; word++) sortedWords[to * width + word] = words[from * width + word] as number
  })
  return {
    count: own.length,
    width,
    words: sortedWords,
    lengths: Uint8Array.from(order, (from) => (own[from] as ListedPrefix).prefix.length),
    parts: Int32Array.from(order, (from) => (own[from] as ListedPrefix).part),
  }
}

function samePrefix({ width, words, lengths }: SortedPrefixes, x: number, y: number): boolean {
  if (lengths[x] !== lengths[y]) return false
  for (let word = 0; word < width; word++) if (words[x * width + word] !== words[y * width + word]) return false
  return true
}

function covers(
  nodes: Pick<Nodes, 'width' | 'words' | 'lengths'>,
  outer: number,
  words: Uint32Array,
  index: number,
): boolean {
  const { width } = nodes
  for (let word = 0, left = nodes.lengths[outer] as number; left > 0; word++, left -= 32) {
    const shift = left >= 32 ? 0 : 32 - left
    if ((words[index * width + word] as number) >>> shift !== (nodes.words[outer * width + word] as number) >>> shift)
      return false
  }
  return true
}

function mix(value: number, seed: number): number {
  let h = Math.imul(value + 1, seed)
  h ^= h >>> 15
  h = Math.imul(h, 0x846ca68b)
  return h ^ (h >>> 13)
}
