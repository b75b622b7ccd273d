import { type Address, ipv4, ipv6 } from './address.ts'
import { addressBits, type Prefix, wordMask } from './network.ts'

/** A prefix of a {@link PrefixTable} and what is stored for it. */
export interface PrefixEntry<V> {
  readonly prefix: Prefix
  readonly value: V
}

/**
 * A node of a path-compressed binary trie. Every node but the two roots holds an entry or has two children, so there
 * are at most twice as many nodes as entries.
 *
 * INVARIANT: the first `length` bits of a child are those of its parent, then bit number `length` is 0 in `low` and 1
 * in `high`. Words beyond `length` are 0, masks say which bits count.
 */
class TrieNode<V> {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly maskA: number
  readonly maskB: number
  readonly maskC: number
  readonly maskD: number
  readonly family: 4 | 6
  readonly length: number
  entry: PrefixEntry<V> | null = null
  low: TrieNode<V> | null = null
  high: TrieNode<V> | null = null

  constructor(address: Address, length: number) {
    const ipv4Only = address.family === 4
    this.family = address.family
    this.length = length
    this.maskA = ipv4Only ? 0 : wordMask(length)
    this.maskB = ipv4Only ? 0 : wordMask(length - 32)
    this.maskC = ipv4Only ? 0 : wordMask(length - 64)
    this.maskD = wordMask(ipv4Only ? length : length - 96)
    this.a = address.a & this.maskA
    this.b = address.b & this.maskB
    this.c = address.c & this.maskC
    this.d = address.d & this.maskD
  }

  holds(a: number, b: number, c: number, d: number): boolean {
    const difference =
      ((a ^ this.a) & this.maskA) |
      ((b ^ this.b) & this.maskB) |
      ((c ^ this.c) & this.maskC) |
      ((d ^ this.d) & this.maskD)
    return difference === 0
  }

  child(address: Address): TrieNode<V> | null {
    return bitOf(address, this.length) ? this.high : this.low
  }

  setChild(address: Address, child: TrieNode<V> | null): void {
    if (bitOf(address, this.length)) this.high = child
    else this.low = child
  }
}

/**
 * A map from prefixes to values that answers longest-prefix questions. Both families live in one table and never
 * match each other.
 *
 * A path-compressed trie: a look-up visits at most one node for each bit, in practice about as many as the logarithm
 * of the number of entries, and allocates nothing.
 *
 * @example
 * ```ts
 * const table = new PrefixTable([
 *   { prefix: parsePrefix('10.0.0.0/8'), value: 'corp' },
 *   { prefix: parsePrefix('10.20.0.0/16'), value: 'training' },
 * ])
 * table.lookup(parseAddress('10.20.1.1'))          // 'training'
 * table.lookup4(0x0a010101)                        // 'corp'
 * table.lookup(parseAddress('192.0.2.1'))          // undefined
 * Array.from(table, (entry) => `${entry.prefix}`)  // ['10.0.0.0/8', '10.20.0.0/16']
 * ```
 */
export class PrefixTable<V> implements Iterable<PrefixEntry<V>> {
  readonly #root4 = new TrieNode<V>(ipv4(0), 0)
  readonly #root6 = new TrieNode<V>(ipv6(0, 0, 0, 0), 0)
  #size = 0

  /**
   * @param entries - What the table starts with; a later entry replaces an earlier one of the same prefix.
   */
  constructor(entries: Iterable<PrefixEntry<V>> = []) {
    for (const { prefix, value } of entries) this.insert(prefix, value)
  }

  /** Number of prefixes. */
  get size(): number {
    return this.#size
  }

  /** Stores a value for a prefix, in place of the one it had. */
  insert(prefix: Prefix, value: V): this {
    const { address, length } = prefix
    let node = this.#root(address)
    while (node.length < length) {
      const child = node.child(address)
      const shared = child === null ? length : sharedBits(child, address, Math.min(child.length, length))
      if (child === null || shared < child.length) {
        // The new node takes the child's place, and the child moves below it.
        const added = new TrieNode<V>(address, shared)
        if (child !== null) setBelow(added, child)
        node.setChild(address, added)
        node = added
      } else {
        node = child
      }
    }
    if (node.entry === null) this.#size++
    node.entry = Object.freeze({ prefix, value })
    return this
  }

  /**
   * Removes a prefix; what was stored for shorter and longer ones stays.
   *
   * @returns Whether it was there.
   */
  delete(prefix: Prefix): boolean {
    const { address, length } = prefix
    let above: TrieNode<V> | null = null
    let parent: TrieNode<V> | null = null
    let node: TrieNode<V> | null = this.#root(address)
    while (node !== null && node.length < length) {
      above = parent
      parent = node
      node = node.child(address)
    }
    // A node of this length can still be another prefix: the bits that the path skips are compared only here.
    if (!node?.entry?.prefix.equals(prefix)) return false
    node.entry = null
    this.#size--
    if (parent !== null) contract(parent, node, address)
    if (parent !== null && above !== null) contract(above, parent, address)
    return true
  }

  /** The value stored for exactly this prefix. */
  get(prefix: Prefix): V | undefined {
    return this.#find(prefix)?.value
  }

  /** Whether something is stored for exactly this prefix. */
  has(prefix: Prefix): boolean {
    return this.#find(prefix) !== undefined
  }

  /** The value of the longest prefix that holds the address. */
  lookup(address: Address): V | undefined {
    return this.longestMatch(address)?.value
  }

  /**
   * {@link lookup} of an IPv4 address by its 32 bits, signed or unsigned.
   *
   * @example
   * ```ts
   * const table = new PrefixTable([{ prefix: parsePrefix('10.0.0.0/8'), value: 'corp' }])
   * table.lookup4(readIpv4('10.1.2.3', 0, 8))  // 'corp'
   * ```
   */
  lookup4(d: number): V | undefined {
    return this.#longest4(d)?.value
  }

  /** {@link lookup} of an IPv6 address by its words, signed or unsigned. A mapped address is looked up as IPv4. */
  lookup6(a: number, b: number, c: number, d: number): V | undefined {
    return this.#longest6(a, b, c, d)?.value
  }

  /** The longest prefix that holds the address, with its value. */
  longestMatch(address: Address): PrefixEntry<V> | undefined {
    const { family, a, b, c, d } = address
    return (family === 4 ? this.#longest4(d) : this.#longest6(a, b, c, d)) ?? undefined
  }

  /** All prefixes that hold the address, shortest first. */
  matches(address: Address): PrefixEntry<V>[] {
    const { a, b, c, d } = address
    const found: PrefixEntry<V>[] = []
    let node: TrieNode<V> | null = this.#root(address)
    while (node?.holds(a, b, c, d)) {
      if (node.entry !== null) found.push(node.entry)
      node = node.length < addressBits(node.family) ? node.child(address) : null
    }
    return found
  }

  /** IPv4 before IPv6, then by address, then the wider prefix first. Do not change the table meanwhile. */
  *[Symbol.iterator](): IterableIterator<PrefixEntry<V>> {
    const pending: TrieNode<V>[] = [this.#root6, this.#root4]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.entry !== null) yield node.entry
      if (node.high !== null) pending.push(node.high)
      if (node.low !== null) pending.push(node.low)
    }
  }

  /**
   * Nodes in use, the two roots included: at most twice the entries and two. Counted, not kept: for tests.
   *
   * @internal
   */
  countNodes(): number {
    let count = 0
    const pending: (TrieNode<V> | null)[] = [this.#root6, this.#root4]
    while (pending.length > 0) {
      const node = pending.pop()
      if (!node) continue
      count++
      pending.push(node.low, node.high)
    }
    return count
  }

  #root(address: Address): TrieNode<V> {
    return address.family === 4 ? this.#root4 : this.#root6
  }

  #find(prefix: Prefix): PrefixEntry<V> | undefined {
    let node: TrieNode<V> | null = this.#root(prefix.address)
    while (node !== null && node.length < prefix.length) node = node.child(prefix.address)
    const entry = node?.entry
    return entry?.prefix.equals(prefix) ? entry : undefined
  }

  // The two walks are written out: they are the hot path, and one word instead of four halves the time for IPv4.

  #longest4(d: number): PrefixEntry<V> | null {
    let node = this.#root4
    let best = node.entry
    for (;;) {
      // A node of length 32 has no children, so that a shift by 32, which is one by 0, does no harm.
      const child = d << node.length < 0 ? node.high : node.low
      if (child === null || ((d ^ child.d) & child.maskD) !== 0) return best
      if (child.entry !== null) best = child.entry
      node = child
    }
  }

  #longest6(a: number, b: number, c: number, d: number): PrefixEntry<V> | null {
    // INVARIANT: no trie node is mapped. A caller that did not normalise its words must not slip past IPv4 rules.
    if ((a | b | (c ^ 0xffff)) === 0) return this.#longest4(d)
    let node = this.#root6
    let best = node.entry
    for (;;) {
      const { length } = node
      const word = length < 64 ? (length < 32 ? a : b) : length < 96 ? c : d
      const child = word << (length & 31) < 0 ? node.high : node.low
      if (child === null || !child.holds(a, b, c, d)) return best
      if (child.entry !== null) best = child.entry
      node = child
    }
  }
}

/** Bit number `index` of an address, from the most significant one, which is 0. */
function bitOf(address: Address, index: number): boolean {
  if (address.family === 4) return address.d << index < 0
  const word = index < 64 ? (index < 32 ? address.a : address.b) : index < 96 ? address.c : address.d
  return word << (index & 31) < 0
}

/** How many leading bits an address shares with a node, at most `limit`. */
function sharedBits<V>(node: TrieNode<V>, address: Address, limit: number): number {
  if (address.family === 4) return Math.min(limit, Math.clz32(node.d ^ address.d))
  let shared = Math.clz32(node.a ^ address.a)
  if (shared === 32) shared += Math.clz32(node.b ^ address.b)
  if (shared === 64) shared += Math.clz32(node.c ^ address.c)
  if (shared === 96) shared += Math.clz32(node.d ^ address.d)
  return Math.min(limit, shared)
}

function setBelow<V>(parent: TrieNode<V>, child: TrieNode<V>): void {
  const { family, a, b, c, d } = child
  parent.setChild(family === 4 ? ipv4(d) : ipv6(a, b, c, d), child)
}

/** Takes out a node that is neither an entry nor a fork any more. */
function contract<V>(parent: TrieNode<V>, node: TrieNode<V>, address: Address): void {
  if (node.entry !== null || (node.low !== null && node.high !== null)) return
  parent.setChild(address, node.low ?? node.high)
}
