import { LIST, NEXT_WORD } from '../tables/word-trie.ts'
import {
  ENTRY_STRIDE,
  type Forest,
  NODE_LEAF,
  NODE_OPERATION,
  NODE_PORT,
  OPERATION_SHIFT,
  type Program,
  type SegmentTables,
} from './program.ts'
import { ProgramError } from './program-error.ts'

/** The deepest delegation that a policy may permit. */
const MAX_DEPTH = 16

/**
 * Checks that every index of a program lies in its table and that every walk ends: children of a forest lie after their
 * parents, a class's parent before it, a trie's strides use up the bits of a word.
 *
 * @throws ProgramError (`ERR_PROGRAM_INVALID`) naming the table.
 */
export function verifyProgram(program: Program): void {
  const { rules, entries, segments } = program
  const ruleCount = rules.ids.length
  ensure(within(program.maxDelegationDepth, MAX_DEPTH + 1), 'header')
  for (const table of [rules.allow, rules.shadow]) ensure(table.length === ruleCount, 'rules')
  for (const table of [rules.leases, rules.time]) ensure(table.length === 0 || table.length === ruleCount, 'rules')
  ensureRange(rules.time, program.times.length, 'time')
  ensure(rules.obligations.length === ruleCount, 'obligations')
  for (const rule of rules.when.keys()) ensure(Number.isInteger(rule) && rule >= 0 && rule < ruleCount, 'when')
  verifySegments(segments)
  verifyEntries(program)
  const entryCount = entries.length / ENTRY_STRIDE
  verifyForest(program.enforced, entryCount)
  if (program.withShadow !== null) verifyForest(program.withShadow, entryCount)
  ensureAlternatives(program.subjects.conditions, program.subjects.selectors, program.subjects.predicates.length, 'who')
  ensureAlternatives(
    program.postures.conditions,
    program.postures.postures,
    program.postures.comparisons.length,
    'posture',
  )
}

function verifySegments(segments: SegmentTables): void {
  const count = segments.names.length
  const linked = segments.composed ? count : 0
  ensure(segments.order.length === linked && segments.segmentRank.length === count, 'segments')
  ensureRows(segments.includeStart, segments.includes, linked, count, 'includes')
  ensureRows(segments.exceptStart, segments.excepts, linked, count, 'excepts')
  ensureRows(segments.dependentStart, segments.dependents, linked, count, 'dependents')
  const classes = segments.classParent.length
  ensure(classes > 0 && segments.classParent[0] === -1, 'classes')
  for (let id = 1; id < classes; id++) {
    const parent = segments.classParent[id] as number
    ensure(parent >= 0 && parent < id, 'classes')
  }
  ensureRows(segments.classPartStart, segments.classParts, classes, 2 * count, 'class parts')
  if (segments.composed)
    ensureRows(segments.classSegmentStart, segments.classSegments, classes, count, 'class segments')
  for (const { part } of [...segments.workloads, ...segments.labels]) {
    ensure(Number.isInteger(part) && part >= 0 && part < 2 * count, 'evidence')
  }
  const walk = new TrieWalk(segments.trie, classes)
  walk.cell(segments.roots.v4, 32, 0)
  walk.cell(segments.roots.v6, 32, 3)
}

/**
 * Walks a trie. A cell that hostile bytes make many others share is walked once for each place it can stand in, or the walk
 * would double with every level.
 */
class TrieWalk {
  readonly #trie: Int32Array
  readonly #classes: number
  readonly #walked = new Set<string>()

  constructor(trie: Int32Array, classes: number) {
    this.#trie = trie
    this.#classes = classes
  }

  /** @param words - Words that may follow. */
  cell(cell: number, bits: number, words: number): void {
    ensure(Number.isInteger(cell), 'trie')
    if (cell < 0) {
      ensure(~cell < this.#classes, 'trie')
      return
    }
    const place = `${cell} ${bits} ${words}`
    if (this.#walked.has(place)) return
    this.#walked.add(place)
    const trie = this.#trie
    const kind = cell & 31
    const offset = cell >>> 5
    if (kind === NEXT_WORD) {
      ensure(words > 0 && offset < trie.length, 'trie')
      this.cell(trie[offset] as number, 32, words - 1)
    } else if (kind === LIST) {
      const count = trie[offset] as number
      ensure(offset < trie.length && count >= 0 && offset + 2 * count + 1 < trie.length, 'trie')
      for (let i = 0; i <= count; i++) {
        const answer = trie[offset + 1 + count + i] as number
        ensure(answer < 0 || (answer & 31) === NEXT_WORD, 'trie')
        this.cell(answer, bits, words)
      }
    } else {
      ensure(kind <= bits && kind <= 16 && offset + 2 ** kind <= trie.length, 'trie')
      for (let i = 0; i < 2 ** kind; i++) this.cell(trie[offset + i] as number, bits - kind, words)
    }
  }
}

function verifyEntries(program: Program): void {
  const { entries } = program
  ensure(entries.length % ENTRY_STRIDE === 0, 'entries')
  for (let at = 0; at < entries.length; at += ENTRY_STRIDE) {
    ensure(
      within(entries[at], program.segments.names.length) && within(entries[at + 1], program.segments.names.length),
      'entries',
    )
    ensure((entries[at + 4] as number) >>> OPERATION_SHIFT < program.operations.length, 'entries')
    ensure(within(entries[at + 5], program.subjects.conditions.length), 'entries')
    ensure(within(entries[at + 6], program.postures.conditions.length), 'entries')
    ensure(within(entries[at + 7], program.rules.ids.length), 'entries')
  }
}

function verifyForest({ root, nodes }: Forest, entryCount: number): void {
  const pending = [root]
  const walked = new Uint8Array(nodes.length)
  ensure(within(root, nodes.length) && (root === 0 || root + 2 <= nodes.length), 'forest')
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === 0 || walked[node] === 1) continue
    walked[node] = 1
    const head = nodes[node + 1] as number
    const kind = head & 7
    const extra = head >>> 3
    const follow = (from: number, count: number): void => {
      ensure(from + count <= nodes.length, 'forest')
      for (let i = from; i < from + count; i++) {
        const child = nodes[i] as number
        ensure(child === 0 || (child > (node as number) && child + 2 <= nodes.length), 'forest')
        if (child !== 0) pending.push(child)
      }
    }
    if (kind === NODE_LEAF) {
      ensure(node + 2 + extra <= nodes.length, 'forest')
      for (let i = 0; i < extra; i++) ensure(within(nodes[node + 2 + i], entryCount), 'forest')
    } else if (kind <= NODE_PORT) {
      ensure(node + 5 <= nodes.length && (nodes[node + 4] as number) >= 0 && extra < 32, 'forest')
      follow(node + 3, 1)
      follow(node + 5, nodes[node + 4] as number)
    } else {
      ensure(kind <= NODE_OPERATION && node + 3 + extra <= nodes.length, 'forest')
      follow(node + 2, 1)
      follow(node + 3 + extra, extra)
    }
  }
}

function ensureAlternatives(
  conditions: readonly { readonly anyOf: readonly number[] }[],
  alternatives: readonly (readonly number[])[],
  atoms: number,
  table: string,
): void {
  ensure(conditions.length > 0, table)
  for (const { anyOf } of conditions) ensureRange(anyOf, alternatives.length, table)
  for (const alternative of alternatives) ensureRange(alternative, atoms, table)
}

function ensureRows(start: Int32Array, values: Int32Array, rows: number, limit: number, table: string): void {
  ensure(start.length === rows + 1 && start[0] === 0 && start[rows] === values.length, table)
  for (let i = 0; i < rows; i++) ensure((start[i] as number) <= (start[i + 1] as number), table)
  ensureRange(values, limit, table)
}

function ensureRange(values: ArrayLike<number>, limit: number, table: string): void {
  for (let i = 0; i < values.length; i++) ensure(within(values[i], limit), table)
}

function within(value: number | undefined, limit: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < limit
}

function ensure(holds: boolean, table: string): void {
  if (!holds) throw new ProgramError(`compiled policy has an index out of range in its table ${JSON.stringify(table)}`)
}
