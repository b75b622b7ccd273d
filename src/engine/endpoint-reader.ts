import { protocolNumber, TCP } from '../facts/protocol.ts'
import { isWorkloadId } from '../facts/workload-id.ts'
import type { Address } from '../net/address.ts'
import { Address as AddressClass } from '../net/address.ts'
import { readIpv4, readIpv6 } from '../net/read-address.ts'
import type { SegmentTables } from '../program/program.ts'
import { lookupWord, lookupWords } from '../tables/word-trie.ts'
import type { EndpointClasses } from './endpoint-classes.ts'
import type { OperationClass, OperationIndex } from './operation-index.ts'
import type { ReadEndpoint } from './read-endpoint.ts'
import { readAsked } from './read-operation.ts'

/** How reading an endpoint went. */
export const READ_OK = 0
export const READ_INVALID = 1
export const READ_UNKNOWN_SEGMENT = 2
export type ReadStatus = typeof READ_OK | typeof READ_INVALID | typeof READ_UNKNOWN_SEGMENT

/** What an overlay changes about addresses and workloads, at the instant it was told; none costs one comparison. */
export interface MembershipOverlay {
  adjustAddress(classId: number, family: 4 | 6, a: number, b: number, c: number, d: number): number
  adjustWorkload(classId: number, id: string): number
}

/** Texts with a class are forgotten, all at once, beyond this many. */
const MAX_TEXTS = 32_768
/** Longer ones are looked at anew each time: callers choose them. */
const MAX_KEPT_LENGTH = 256
/** In a `for in`, engines make nothing of this check; of `Object.hasOwn` they make a call. */
const hasOwn = Object.prototype.hasOwnProperty
const ZERO = 48
const NINE = 57
const COLON = 58
const OPEN_BRACKET = 91

/** Turns what callers pass as an endpoint into a class, ports and an operation. Strings and parsed addresses allocate nothing. */
export class EndpointReader {
  overlay: MembershipOverlay | null = null
  readonly #trie: Int32Array
  readonly #root4: number
  readonly #root6: number
  readonly #labels: SegmentTables['labels']
  readonly #classes: EndpointClasses
  readonly #operations: OperationIndex
  readonly #segments = new Map<string, number>()
  readonly #workloadsExact = new Map<string, number[]>()
  readonly #workloadsBelow = new Map<string, number[]>()
  readonly #words = new Int32Array(4)
  #workloadClasses = new Map<string, number>()
  readonly #none: OperationClass

  constructor(tables: SegmentTables, classes: EndpointClasses, operations: OperationIndex) {
    this.#trie = tables.trie
    this.#root4 = tables.roots.v4
    this.#root6 = tables.roots.v6
    this.#labels = tables.labels
    this.#none = operations.none
    this.#classes = classes
    this.#operations = operations
    tables.names.forEach((name, segment) => {
      if (name !== null) this.#segments.set(name, segment)
    })
    for (const { id, below, part } of tables.workloads) {
      const index = below ? this.#workloadsBelow : this.#workloadsExact
      const parts = index.get(id)
      if (parts === undefined) index.set(id, [part])
      else parts.push(part)
    }
  }

  /** Forgets what texts were found to mean, when class numbers have lost their meaning. */
  forget(): void {
    this.#workloadClasses = new Map()
  }

  /** Reads a source. Most have no port, and so does the quickest way through. */
  readSource(input: unknown, out: ReadEndpoint): ReadStatus {
    out.port = -1
    out.protocol = -1
    if (typeof input === 'string') {
      const value = readIpv4(input, 0, input.length)
      if (value >= 0) {
        out.isWord = true
        out.word = value | 0
        return READ_OK
      }
    }
    out.isWord = false
    return this.#read(input, out)
  }

  /** Looks up the class of an endpoint that was read, if that has not been done. */
  resolve(out: ReadEndpoint): void {
    if (!out.isWord) return
    out.isWord = false
    out.classId = this.#classOfIpv4(out.word)
  }

  /** Reads a destination. Most have a port. */
  readDestination(input: unknown, out: ReadEndpoint): ReadStatus {
    out.port = -1
    out.protocol = -1
    // Writing a reference costs more than comparing it.
    if (out.operation !== this.#none) out.operation = this.#none
    if (typeof input === 'string') {
      // "10.1.2.3:443" in two passes over its characters: the port from the right, then the address.
      let port = 0
      let scale = 1
      let digit = 0
      let i = input.length - 1
      for (; i > 6 && scale <= 10_000; i--, scale *= 10) {
        const next = input.charCodeAt(i) - ZERO
        if (next < 0 || next > 9) break
        digit = next
        port += scale * next
      }
      // A colon after one to five digits without a leading zero; all else takes the long way, which says what it is.
      if (scale > 1 && input.charCodeAt(i) === COLON && (digit !== 0 || scale === 10) && port <= 0xffff) {
        const value = readIpv4(input, 0, i)
        if (value >= 0) {
          out.port = port
          out.protocol = TCP
          out.isWord = true
          out.word = value | 0
          return READ_OK
        }
      }
    }
    out.isWord = false
    return this.#read(input, out)
  }

  #read(input: unknown, out: ReadEndpoint): ReadStatus {
    if (typeof input === 'string') return this.#readText(input, out)
    if (input instanceof AddressClass) {
      this.#putAddress(input, out)
      return READ_OK
    }
    if (input === null || typeof input !== 'object') return READ_INVALID
    return this.#readObject(input as Record<string, unknown>, out)
  }

  #readText(text: string, out: ReadEndpoint): ReadStatus {
    const first = text.charCodeAt(0)
    if (first >= ZERO && first <= NINE) {
      const end = text.length
      const colon = portColon(text)
      const host = colon === -1 ? end : colon
      const value = readIpv4(text, 0, host)
      if (value >= 0) {
        if (colon !== -1 && !readPort(text, colon + 1, out)) return READ_INVALID
        out.classId = this.#classOfIpv4(value)
        return READ_OK
      }
    }
    return this.#readOtherText(text, first, out)
  }

  #readOtherText(text: string, first: number, out: ReadEndpoint): ReadStatus {
    if (text.startsWith('spiffe://')) return this.#readWorkload(text, out)
    if (first === OPEN_BRACKET) {
      const close = text.indexOf(']')
      if (close === -1 || !this.#readIpv6(text, 1, close, out)) return READ_INVALID
      if (close + 1 === text.length) return READ_OK
      if (text.charCodeAt(close + 1) !== COLON) return READ_INVALID
      return readPort(text, close + 2, out) ? READ_OK : READ_INVALID
    }
    const colon = text.indexOf(':')
    if (colon !== -1 && text.indexOf(':', colon + 1) !== -1) {
      return this.#readIpv6(text, 0, text.length, out) ? READ_OK : READ_INVALID
    }
    if (text === '' || (first >= ZERO && first <= NINE)) return READ_INVALID
    if (colon !== -1 && !readPort(text, colon + 1, out)) return READ_INVALID
    return this.#readSegment(colon === -1 ? text : text.slice(0, colon), out)
  }

  #readIpv6(text: string, start: number, end: number, out: ReadEndpoint): boolean {
    const words = this.#words
    const family = readIpv6(text, start, end, words)
    if (family === 0) return false
    out.classId = this.#classOfWords(
      family,
      words[0] as number,
      words[1] as number,
      words[2] as number,
      words[3] as number,
    )
    return true
  }

  #readSegment(name: string, out: ReadEndpoint): ReadStatus {
    const segment = this.#segments.get(name)
    if (segment === undefined) return READ_UNKNOWN_SEGMENT
    out.classId = this.#classes.ofParts([2 * segment])
    return READ_OK
  }

  #readWorkload(id: string, out: ReadEndpoint): ReadStatus {
    const classId = this.#classOfWorkload(id)
    if (classId === -1) return READ_INVALID
    out.classId = classId
    return READ_OK
  }

  #readObject(input: Record<string, unknown>, out: ReadEndpoint): ReadStatus {
    let classId = 0
    let hasAddress = false
    let members = 0
    let segment: unknown
    let http: unknown
    let grpc: unknown
    let model: unknown
    let tool: unknown
    for (const key in input) {
      if (!hasOwn.call(input, key)) continue
      const value = input[key]
      members++
      if (value === undefined) continue
      switch (key) {
        case 'address': {
          if (value instanceof AddressClass) this.#putAddress(value, out)
          else if (!this.#readAddress(value, out)) return READ_INVALID
          hasAddress = true
          break
        }
        case 'workload': {
          const workload = typeof value === 'string' ? this.#classOfWorkload(value) : -1
          if (workload === -1) return READ_INVALID
          classId = this.#classes.union(classId, workload)
          break
        }
        case 'labels': {
          const labels = this.#classOfLabels(value)
          if (labels === -1) return READ_INVALID
          classId = this.#classes.union(classId, labels)
          break
        }
        case 'segment':
          if (typeof value !== 'string') return READ_INVALID
          segment = value
          break
        case 'port':
          if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) return READ_INVALID
          out.port = value
          break
        case 'protocol':
          out.protocol = protocolNumber(value)
          if (out.protocol === -1) return READ_INVALID
          break
        case 'http':
          http = value
          break
        case 'grpc':
          grpc = value
          break
        case 'model':
          model = value
          break
        case 'tool':
          tool = value
          break
        case 'context':
          if (value === null || typeof value !== 'object' || Array.isArray(value)) return READ_INVALID
          break
        default:
          return READ_INVALID
      }
    }
    if (members === 0) return READ_INVALID
    if (out.port !== -1 && out.protocol === -1) out.protocol = TCP
    if (http !== undefined || grpc !== undefined || model !== undefined || tool !== undefined) {
      const asked = readAsked(http, grpc, model, tool)
      if (asked === null) return READ_INVALID
      out.operation = this.#operations.find(asked)
    }
    if (segment !== undefined) {
      const index = this.#segments.get(segment as string)
      if (index === undefined) return READ_UNKNOWN_SEGMENT
      classId = this.#classes.union(classId, this.#classes.ofParts([2 * index]))
    }
    if (hasAddress) {
      if (classId === 0) return READ_OK
      this.resolve(out)
      classId = this.#classes.union(out.classId, classId)
    }
    out.classId = classId
    return READ_OK
  }

  /** Reads an address without a port; false when it is none. */
  #readAddress(value: unknown, out: ReadEndpoint): boolean {
    if (typeof value !== 'string') return false
    const number = readIpv4(value, 0, value.length)
    if (number < 0) return this.#readIpv6(value, 0, value.length, out)
    out.isWord = true
    out.word = number | 0
    return true
  }

  #putAddress({ family, a, b, c, d }: Address, out: ReadEndpoint): void {
    out.isWord = family === 4
    out.word = d
    if (family === 6) out.classId = this.#classOfWords(family, a, b, c, d)
  }

  #classOfIpv4(value: number): number {
    const classId = lookupWord(this.#trie, this.#root4, value | 0)
    return this.overlay === null ? classId : this.overlay.adjustAddress(classId, 4, 0, 0, 0, value | 0)
  }

  #classOfWords(family: 4 | 6, a: number, b: number, c: number, d: number): number {
    if (family === 4) return this.#classOfIpv4(d)
    const classId = lookupWords(this.#trie, this.#root6, a, b, c, d)
    return this.overlay === null ? classId : this.overlay.adjustAddress(classId, 6, a, b, c, d)
  }

  /** Class of a workload id, or -1 when it is not one. */
  #classOfWorkload(id: string): number {
    const classId = this.#policyClassOfWorkload(id)
    return this.overlay === null || classId === -1 ? classId : this.overlay.adjustWorkload(classId, id)
  }

  #policyClassOfWorkload(id: string): number {
    const known = this.#workloadClasses.get(id)
    if (known !== undefined) return known
    if (!isWorkloadId(id)) return -1
    const parts = [...(this.#workloadsExact.get(id) ?? [])]
    for (let slash = id.lastIndexOf('/'); slash > 8; slash = id.lastIndexOf('/', slash - 1)) {
      parts.push(...(this.#workloadsBelow.get(id.slice(0, slash)) ?? []))
    }
    const classId = this.#classes.ofParts(parts)
    if (id.length > MAX_KEPT_LENGTH) return classId
    if (this.#workloadClasses.size >= MAX_TEXTS) this.#workloadClasses = new Map()
    this.#workloadClasses.set(id, classId)
    return classId
  }

  #classOfLabels(value: unknown): number {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return -1
    const labels = new Map<string, string>()
    for (const key of Object.keys(value)) {
      const label = (value as Record<string, unknown>)[key]
      if (typeof label !== 'string') return -1
      labels.set(key, label)
    }
    const sets = this.#labels.filter(({ pairs }) => pairs.every(([key, wanted]) => labels.get(key) === wanted))
    return this.#classes.ofParts(sets.map(({ part }) => part))
  }
}

/** Index of the colon before a port of at most five digits, or -1. */
function portColon(text: string): number {
  const last = text.length - 1
  for (let i = last; i > 0 && i >= last - 5; i--) if (text.charCodeAt(i) === COLON) return i
  return -1
}

/** Reads a decimal port without leading zeros that reaches to the end of the text; a port without a protocol is TCP. */
function readPort(text: string, start: number, out: ReadEndpoint): boolean {
  const end = text.length
  if (start >= end || end - start > 5 || (text.charCodeAt(start) === ZERO && end - start > 1)) return false
  let port = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return false
    port = 10 * port + digit
  }
  if (port > 0xffff) return false
  out.port = port
  out.protocol = TCP
  return true
}
