import { FALSE, TRUE, type Truth } from '../facts/truth.ts'
import {
  ANY_PORTS,
  ANY_PROTOCOL,
  ENTRY_STRIDE,
  FLAG_CONDITIONAL,
  FLAG_DENY,
  type Forest,
  NODE_DESTINATION,
  NODE_LEAF,
  NODE_PORT,
  NODE_SOURCE,
  NODE_WHO,
  OPERATION_SHIFT,
  type Program,
} from '../program/program.ts'
import type { SatisfiedConditions } from './condition-evaluator.ts'

/** Dimensions whose change over time could change the answer of a search. */
export const TOUCHED_WHO = 1
export const TOUCHED_POSTURE = 2

/** No entry matches. */
export const NO_ENTRY = 0x7fffffff

const NOTHING: SatisfiedConditions = { bits: new Int32Array(1), ids: new Int32Array(0) }

/**
 * The walk through a forest. Holds the question as fields, so that a search allocates nothing; one instance serves one
 * request at a time.
 */
export class Search {
  port = -1
  sourcePort = -1
  protocol = -1
  operation: SatisfiedConditions = NOTHING
  who: SatisfiedConditions = NOTHING
  posture: SatisfiedConditions = NOTHING
  time: Int32Array = NOTHING.bits
  /** Evaluates the `when` of a rule; asked only about rules that match in every other way. */
  when: (rule: number) => Truth = () => FALSE
  /** Which of the `TOUCHED_` dimensions the answer rests on; added to, never cleared here. */
  touched = 0
  /** Entries that hung on a time condition, in the order in which they were met. */
  readonly timed: number[] = []
  /** Set when a `when` was evaluated: such an answer holds for this request only. */
  usedWhen = false
  /** A segment whose stamp equals `stamp` holds the source, or the destination. */
  readonly sourceStamps: Int32Array
  readonly destinationStamps: Int32Array
  stamp = 0
  readonly #entries: Int32Array
  readonly #ruleTimes: Int32Array
  readonly #ruleHasWhen: Uint8Array
  #stack: Int32Array = new Int32Array(256)

  constructor(program: Program) {
    const segmentCount = program.segments.names.length
    this.sourceStamps = new Int32Array(segmentCount)
    this.destinationStamps = new Int32Array(segmentCount)
    this.#entries = program.entries
    this.#ruleTimes = program.rules.time
    this.#ruleHasWhen = new Uint8Array(program.rules.ids.length)
    for (const rule of program.rules.when.keys()) this.#ruleHasWhen[rule] = 1
  }

  /**
   * First end of a time condition that the answer `best` rests on. Entries behind it do not count: whatever time makes of
   * them, it comes first.
   */
  timedUntil(best: number, ends: Float64Array): number {
    let until = Number.POSITIVE_INFINITY
    for (const entry of this.timed) {
      if (entry > best) continue
      const end = ends[this.#ruleTimes[this.#entries[entry * ENTRY_STRIDE + 7] as number] as number] as number
      if (end < until) until = end
    }
    return until
  }

  /** A stamp that no segment carries. */
  nextStamp(): number {
    if (this.stamp === 0x7fffffff) {
      this.stamp = 0
      this.sourceStamps.fill(0)
      this.destinationStamps.fill(0)
    }
    return ++this.stamp
  }

  /** The first matching entry below `best` at one pair of ranks, else `best`. */
  first(forest: Forest, sourceRank: number, destinationRank: number, best: number): number {
    const { nodes } = forest
    let stack = this.#stack
    let depth = 0
    let node = forest.root
    for (;;) {
      if (node === 0 || (nodes[node] as number) >= best) {
        if (depth === 0) return best
        node = stack[--depth] as number
        continue
      }
      const head = nodes[node + 1] as number
      const kind = head & 7
      if (kind === NODE_LEAF) {
        const end = node + 2 + (head >>> 3)
        for (let i = node + 2; i < end; i++) {
          const entry = nodes[i] as number
          if (entry >= best) break
          if (this.#matches(entry)) {
            best = entry
            break
          }
        }
        node = 0
        continue
      }
      if (kind === NODE_PORT && this.port < 0) {
        // The port is not known, so every piece may hold a deny that it would meet.
        const count = nodes[node + 4] as number
        stack = this.#room(stack, depth + count + 1)
        for (let i = 0; i < count; i++) {
          const child = nodes[node + 5 + i] as number
          if (child !== 0) stack[depth++] = child
        }
        node = nodes[node + 3] as number
        continue
      }
      if (kind <= NODE_PORT) {
        const x = kind === NODE_SOURCE ? sourceRank : kind === NODE_DESTINATION ? destinationRank : this.port
        const wide = nodes[node + 3] as number
        const offset = x - (nodes[node + 2] as number)
        const piece = offset >> (head >>> 3)
        const child = offset >= 0 && piece < (nodes[node + 4] as number) ? (nodes[node + 5 + piece] as number) : 0
        if (child === 0) {
          node = wide
        } else {
          if (wide !== 0) {
            if (depth === stack.length) stack = this.#room(stack, depth + 1)
            stack[depth++] = wide
          }
          node = child
        }
        continue
      }
      const count = head >>> 3
      // What the switch leaves out is not looked at, and may be what time changes.
      if (kind === NODE_WHO) this.touched |= TOUCHED_WHO
      stack = this.#room(stack, depth + count + 1)
      depth = this.#pushSatisfied(nodes, node, count, kind === NODE_WHO ? this.who : this.operation, stack, depth)
      node = nodes[node + 2] as number
    }
  }

  /** Pushes the children of a switch whose condition the request satisfies. */
  #pushSatisfied(
    nodes: Int32Array,
    node: number,
    count: number,
    satisfied: SatisfiedConditions,
    stack: Int32Array,
    start: number,
  ): number {
    let depth = start
    const firstId = node + 3
    const firstChild = firstId + count
    const { bits, ids } = satisfied
    if (ids.length * 8 >= count) {
      for (let i = 0; i < count; i++) {
        const id = nodes[firstId + i] as number
        if (((bits[id >>> 5] as number) >>> (id & 31)) & 1) stack[depth++] = nodes[firstChild + i] as number
      }
      return depth
    }
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number
      let low = 0
      let high = count - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if ((nodes[firstId + middle] as number) < id) low = middle + 1
        else high = middle
      }
      if (nodes[firstId + low] === id) stack[depth++] = nodes[firstChild + low] as number
    }
    return depth
  }

  /** The full check of one entry: what never changes with time first, then what does. */
  #matches(entry: number): boolean {
    const entries = this.#entries
    const at = entry * ENTRY_STRIDE
    const flags = entries[at + 4] as number
    const ports = entries[at + 2] as number
    if (ports !== ANY_PORTS) {
      const { port } = this
      if ((port < (ports & 0xffff) || port > ports >>> 16) && (port >= 0 || (flags & FLAG_DENY) === 0)) return false
    }
    if (this.sourceStamps[entries[at] as number] !== this.stamp) return false
    if (this.destinationStamps[entries[at + 1] as number] !== this.stamp) return false
    const protocol = flags & 0x1ff
    if (protocol !== ANY_PROTOCOL && protocol !== this.protocol) {
      if (this.protocol >= 0 || (flags & FLAG_DENY) === 0) return false
    }
    const sourcePorts = entries[at + 3] as number
    if (sourcePorts !== ANY_PORTS) {
      const port = this.sourcePort
      if ((port < (sourcePorts & 0xffff) || port > sourcePorts >>> 16) && (port >= 0 || (flags & FLAG_DENY) === 0))
        return false
    }
    const operation = flags >>> OPERATION_SHIFT
    if ((((this.operation.bits[operation >>> 5] as number) >>> (operation & 31)) & 1) === 0) return false
    const who = entries[at + 5] as number
    if ((((this.who.bits[who >>> 5] as number) >>> (who & 31)) & 1) === 0) {
      this.touched |= TOUCHED_WHO
      return false
    }
    const posture = entries[at + 6] as number
    if ((((this.posture.bits[posture >>> 5] as number) >>> (posture & 31)) & 1) === 0) {
      this.touched |= TOUCHED_POSTURE
      return false
    }
    if (
      (flags & FLAG_CONDITIONAL) !== 0 &&
      !this.#meetsConditions(entry, entries[at + 7] as number, (flags & FLAG_DENY) !== 0)
    )
      return false
    if (who !== 0) this.touched |= TOUCHED_WHO
    if (posture !== 0) this.touched |= TOUCHED_POSTURE
    return true
  }

  #meetsConditions(entry: number, rule: number, deny: boolean): boolean {
    const time = this.#ruleTimes[rule] ?? 0
    if (time !== 0) {
      this.timed.push(entry)
      if ((((this.time[time >>> 5] as number) >>> (time & 31)) & 1) === 0) return false
    }
    if (this.#ruleHasWhen[rule] === 0) return true
    this.usedWhen = true
    const truth = this.when(rule)
    return truth === TRUE || (deny && truth !== FALSE)
  }

  #room(stack: Int32Array, needed: number): Int32Array {
    if (needed <= stack.length) return stack
    const larger: Int32Array = new Int32Array(2 * needed)
    larger.set(stack)
    this.#stack = larger
    return larger
  }
}

// The kinds of cuts are compared by order.
NODE_SOURCE satisfies 1
NODE_DESTINATION satisfies 2
NODE_PORT satisfies 3
