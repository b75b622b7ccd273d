import {
  ENTRY_FLAGS,
  ENTRY_FROM,
  ENTRY_PORTS,
  ENTRY_STRIDE,
  ENTRY_TO,
  ENTRY_WHO,
  type Forest,
  NODE_DESTINATION,
  NODE_LEAF,
  NODE_OPERATION,
  NODE_PORT,
  NODE_SOURCE,
  NODE_WHO,
  OPERATION_SHIFT,
} from '../program/program.ts'
import { GrowableInts } from '../tables/growable.ts'
import type { RankRun, RankRuns } from './segments.ts'

/** A leaf of at most this many entries is not worth another node. */
const LEAF_LIMIT = 6
/** An entry in more pieces of a cut than this goes to the cut's wide branch instead of being copied. */
const COPY_LIMIT = 3
/** More runs of ranks than this are merged into wider ones: a box need only hold the entry, not fit it. */
const RUN_LIMIT = 4
const MAX_PIECES = 65536
/** The cost of passing through a node, in units of one entry check. */
const NODE_WORK = 2
const MAX_DEPTH = 40

/**
 * Builds the decision forest over boxes (source ranks, destination ranks, ports), in one `Int32Array`. A reference is an
 * offset, 0 is nothing. Every node starts with the smallest entry below it, so that a search with a better answer in
 * hand passes it by, and a head `kind | extra << 3`:
 *
 * - leaf: `[min, head (extra: count), entry...]` in ascending order;
 * - cut: `[min, head (extra: shift), base, wide, count, child...]`: the child at `(x - base) >> shift`, and also `wide`,
 *   which holds the entries that span many pieces (cutting them up would copy them: EffiCuts, Vamanan et al. 2010);
 * - switch on who or operation: `[min, head (extra: count), wide, id..., child...]` with ascending ids: every child
 *   whose id the request satisfies, and `wide`, which holds the entries without that condition.
 *
 * The forest only finds candidates; an entry is always checked in full, so a box may be larger than the entry.
 */
export function buildForest(entries: Int32Array, runs: RankRuns, includes: (entry: number) => boolean): Forest {
  return new ForestBuilder(entries, runs, includes).build()
}

interface Cut {
  readonly kind: typeof NODE_SOURCE | typeof NODE_DESTINATION | typeof NODE_PORT
  readonly low: Int32Array
  readonly high: Int32Array
  readonly base: number
  readonly shift: number
  readonly pieces: number
  readonly score: number
}

class ForestBuilder {
  readonly #entries: Int32Array
  readonly #nodes = new GrowableInts(4096)
  /** Boxes, by item; several boxes may stand for one entry. */
  readonly #entryOf: Int32Array
  readonly #bounds: readonly { readonly kind: Cut['kind']; readonly low: Int32Array; readonly high: Int32Array }[]
  #histogram = new Int32Array(1024)
  readonly #sizes = new Int32Array(34)

  constructor(entries: Int32Array, runs: RankRuns, includes: (entry: number) => boolean) {
    this.#entries = entries
    const coarse = new CoarseRuns(runs)
    const boxes: GrowableInts[] = Array.from({ length: 7 }, () => new GrowableInts(4096))
    const [entryOf, sourceLow, sourceHigh, targetLow, targetHigh, portLow, portHigh] = boxes as [
      GrowableInts,
      GrowableInts,
      GrowableInts,
      GrowableInts,
      GrowableInts,
      GrowableInts,
      GrowableInts,
    ]
    for (let entry = 0; entry * ENTRY_STRIDE < entries.length; entry++) {
      if (!includes(entry)) continue
      const at = entry * ENTRY_STRIDE
      const ports = entries[at + ENTRY_PORTS] as number
      for (const source of coarse.of(entries[at + ENTRY_FROM] as number)) {
        for (const target of coarse.of(entries[at + ENTRY_TO] as number)) {
          entryOf.push(entry)
          sourceLow.push(source.low)
          sourceHigh.push(source.high)
          targetLow.push(target.low)
          targetHigh.push(target.high)
          portLow.push(ports & 0xffff)
          portHigh.push(ports >>> 16)
        }
      }
    }
    this.#entryOf = entryOf.toArray()
    this.#bounds = [
      { kind: NODE_SOURCE, low: sourceLow.toArray(), high: sourceHigh.toArray() },
      { kind: NODE_DESTINATION, low: targetLow.toArray(), high: targetHigh.toArray() },
      { kind: NODE_PORT, low: portLow.toArray(), high: portHigh.toArray() },
    ]
    this.#nodes.push(0)
  }

  build(): Forest {
    const items = Int32Array.from(this.#entryOf, (_, item) => item)
    const root = this.#node(items, 0)
    return { root, nodes: this.#nodes.toArray() }
  }

  /** Items are in ascending order of entry. */
  #node(items: Int32Array, depth: number): number {
    if (items.length === 0) return 0
    if (items.length <= LEAF_LIMIT || depth >= MAX_DEPTH) return this.#leaf(items)
    const cut = this.#bestCut(items)
    if (cut !== null) return this.#cut(items, cut, depth)
    return (
      this.#switch(items, NODE_WHO, (at) => this.#entries[at + ENTRY_WHO] as number, depth) ??
      this.#switch(
        items,
        NODE_OPERATION,
        (at) => (this.#entries[at + ENTRY_FLAGS] as number) >>> OPERATION_SHIFT,
        depth,
      ) ??
      this.#leaf(items)
    )
  }

  #leaf(items: Int32Array): number {
    const start = this.#nodes.reserve(2)
    let count = 0
    let last = -1
    for (const item of items) {
      const entry = this.#entryOf[item] as number
      if (entry === last) continue
      this.#nodes.push(entry)
      last = entry
      count++
    }
    this.#nodes.set(start, this.#nodes.get(start + 2))
    this.#nodes.set(start + 1, NODE_LEAF | (count << 3))
    return start
  }

  #bestCut(items: Int32Array): Cut | null {
    let best: Cut | null = null
    for (const bounds of this.#bounds) {
      const cut = this.#tryCut(items, bounds)
      if (cut !== null && (best === null || cut.score < best.score)) best = cut
    }
    return best !== null && best.score < items.length ? best : null
  }

  /** The best cut in one dimension by the work it leaves for a search, or `null` when it separates nothing. */
  #tryCut(items: Int32Array, bounds: { kind: Cut['kind']; low: Int32Array; high: Int32Array }): Cut | null {
    const { kind, low, high } = bounds
    let outerLow = Number.MAX_SAFE_INTEGER
    let outerHigh = -1
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as number
      if ((low[item] as number) < outerLow) outerLow = low[item] as number
      if ((high[item] as number) > outerHigh) outerHigh = high[item] as number
    }
    const outer = outerHigh - outerLow + 1
    if (outer <= 1) return null
    // Items that span most of the whole are wide whatever the cut; the region is the hull of the others.
    const bySize = this.#sizes.fill(0)
    let base = Number.MAX_SAFE_INTEGER
    let end = -1
    let narrow = 0
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as number
      const size = (high[item] as number) - (low[item] as number) + 1
      if (2 * size > outer) continue
      narrow++
      const bits = 32 - Math.clz32(size - 1)
      bySize[bits] = (bySize[bits] as number) + 1
      if ((low[item] as number) < base) base = low[item] as number
      if ((high[item] as number) > end) end = high[item] as number
    }
    if (narrow === 0) return null
    const shift = chooseShift(bySize, items.length, narrow, end - base + 1)
    return this.#scoreCut(items, { kind, low, high, base, shift, pieces: ((end - base) >> shift) + 1, score: 0 })
  }

  #scoreCut(items: Int32Array, cut: Cut): Cut | null {
    const { low, high, base, shift, pieces } = cut
    if (this.#histogram.length < pieces) this.#histogram = new Int32Array(2 * pieces)
    const histogram = this.#histogram.fill(0, 0, pieces)
    const end = endOf(cut)
    let wide = 0
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as number
      if (isWide(low[item] as number, high[item] as number, base, end, shift)) {
        wide++
        continue
      }
      const last = ((high[item] as number) - base) >> shift
      for (let piece = ((low[item] as number) - base) >> shift; piece <= last; piece++) {
        histogram[piece] = (histogram[piece] as number) + 1
      }
    }
    let total = 0
    let work = 0
    let most = 0
    for (let piece = 0; piece < pieces; piece++) {
      const count = histogram[piece] as number
      total += count
      work += count * workOf(count)
      if (count > most) most = count
    }
    if (wide === items.length || most === items.length) return null
    return { ...cut, score: NODE_WORK + work / total + workOf(wide) }
  }

  #cut(items: Int32Array, cut: Cut, depth: number): number {
    const { kind, low, high, base, shift, pieces } = cut
    const end = endOf(cut)
    const counts = new Int32Array(pieces + 1)
    const wide: number[] = []
    for (const item of items) {
      if (isWide(low[item] as number, high[item] as number, base, end, shift)) {
        wide.push(item)
        continue
      }
      for (
        let piece = ((low[item] as number) - base) >> shift;
        piece <= ((high[item] as number) - base) >> shift;
        piece++
      ) {
        counts[piece + 1] = (counts[piece + 1] as number) + 1
      }
    }
    for (let piece = 0; piece < pieces; piece++)
      counts[piece + 1] = (counts[piece + 1] as number) + (counts[piece] as number)
    const placed = new Int32Array(counts[pieces] as number)
    const cursor = counts.slice()
    for (const item of items) {
      if (isWide(low[item] as number, high[item] as number, base, end, shift)) continue
      for (
        let piece = ((low[item] as number) - base) >> shift;
        piece <= ((high[item] as number) - base) >> shift;
        piece++
      ) {
        placed[cursor[piece] as number] = item
        cursor[piece] = (cursor[piece] as number) + 1
      }
    }
    const start = this.#nodes.reserve(5 + pieces)
    this.#nodes.set(start, this.#entryOf[items[0] as number] as number)
    this.#nodes.set(start + 1, kind | (shift << 3))
    this.#nodes.set(start + 2, base)
    this.#nodes.set(start + 4, pieces)
    for (let piece = 0; piece < pieces; piece++) {
      const child = placed.subarray(counts[piece] as number, counts[piece + 1] as number)
      this.#nodes.set(start + 5 + piece, this.#node(child, depth + 1))
    }
    this.#nodes.set(start + 3, this.#node(Int32Array.from(wide), depth + 1))
    return start
  }

  /** Splits by a condition that requests satisfy as a set; `null` when all items share it. */
  #switch(items: Int32Array, kind: number, idAt: (at: number) => number, depth: number): number | null {
    const groups = new Map<number, number[]>()
    for (const item of items) {
      const id = idAt((this.#entryOf[item] as number) * ENTRY_STRIDE)
      const group = groups.get(id)
      if (group === undefined) groups.set(id, [item])
      else group.push(item)
    }
    if (groups.size === 1) return null
    const wide = groups.get(0) ?? []
    groups.delete(0)
    const ids = [...groups.keys()].sort((x, y) => x - y)
    const start = this.#nodes.reserve(3 + 2 * ids.length)
    this.#nodes.set(start, this.#entryOf[items[0] as number] as number)
    this.#nodes.set(start + 1, kind | (ids.length << 3))
    ids.forEach((id, index) => {
      this.#nodes.set(start + 3 + index, id)
      const child = this.#node(Int32Array.from(groups.get(id) as number[]), depth + 1)
      this.#nodes.set(start + 3 + ids.length + index, child)
    })
    this.#nodes.set(start + 2, this.#node(Int32Array.from(wide), depth + 1))
    return start
  }
}

/** Picks the piece size from how many items are of each size: finer pieces hold fewer items but make more of them wide. */
function chooseShift(bySize: Int32Array, count: number, narrow: number, extent: number): number {
  const finest = Math.max(0, 32 - Math.clz32(Math.ceil(extent / Math.min(MAX_PIECES, Math.max(2, narrow))) - 1))
  const coarsest = Math.max(finest, 31 - Math.clz32(extent))
  let best = finest
  let bestWork = Number.POSITIVE_INFINITY
  let fitting = 0
  for (let shift = 0; shift <= coarsest; shift++) {
    // An item of up to two pieces' size lies in at most COPY_LIMIT pieces.
    fitting = 0
    for (let bits = 0; bits <= shift + 1; bits++) fitting += bySize[bits] as number
    if (shift < finest) continue
    const pieces = ((extent - 1) >> shift) + 1
    if (pieces < 2) break
    const work = workOf((1.4 * fitting) / pieces) + workOf(count - fitting)
    if (work < bestWork) {
      bestWork = work
      best = shift
    }
  }
  return best
}

/** What a search does below a node with this many entries, in units of one entry check. */
function workOf(count: number): number {
  return count <= LEAF_LIMIT ? count : LEAF_LIMIT + NODE_WORK * Math.log2(count / LEAF_LIMIT)
}

/** Last value of the last piece. */
function endOf(cut: Cut): number {
  return cut.base + cut.pieces * 2 ** cut.shift - 1
}

function isWide(low: number, high: number, base: number, end: number, shift: number): boolean {
  if (low < base || high > end) return true
  return ((high - base) >> shift) - ((low - base) >> shift) >= COPY_LIMIT
}

/** The runs of segments, merged to few, and made once for each segment that an entry names. */
class CoarseRuns {
  readonly #runs: RankRuns
  readonly #made = new Map<number, readonly RankRun[]>()

  constructor(runs: RankRuns) {
    this.#runs = runs
  }

  of(segment: number): readonly RankRun[] {
    const known = this.#made.get(segment)
    if (known !== undefined) return known
    const made = coarsen(this.#runs.of(segment), RUN_LIMIT)
    this.#made.set(segment, made)
    return made
  }
}

/** Merges neighbouring runs across the smallest gaps until few enough are left. */
function coarsen(runs: readonly RankRun[], limit: number): readonly RankRun[] {
  if (runs.length <= limit) return runs
  const gaps = runs.slice(1).map((run, index) => ({ index, gap: run.low - (runs[index] as RankRun).high }))
  gaps.sort((x, y) => y.gap - x.gap)
  const cuts = gaps.slice(0, limit - 1).map(({ index }) => index)
  cuts.sort((x, y) => x - y)
  const merged: RankRun[] = []
  let first = 0
  for (const cut of [...cuts, runs.length - 1]) {
    merged.push({ low: (runs[first] as RankRun).low, high: (runs[cut] as RankRun).high })
    first = cut + 1
  }
  return merged
}
