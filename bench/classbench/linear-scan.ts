import { type Block, wordMask } from '../workloads/blocks.ts'
import type { FilterRule, Header, RuleSet } from './rule-set.ts'

/** Answers header `index` with the first matching line, or -1. */
export type Scan = (index: number) => number

/**
 * The baseline for IPv4: every rule in order, one typed array per end of each field, fields in the order of the line,
 * headers parsed before.
 */
export function createFieldScan({ rules }: RuleSet, headers: readonly Header[]): Scan {
  const column = (read: (rule: FilterRule) => number): Uint32Array => Uint32Array.from(rules, read)
  const lastOf = (block: Block): number => ((block.words[0] as number) | ~wordMask(block.length, 0)) >>> 0
  const fromFirst = column((rule) => rule.from.words[0] as number)
  const fromLast = column((rule) => lastOf(rule.from))
  const toFirst = column((rule) => rule.to.words[0] as number)
  const toLast = column((rule) => lastOf(rule.to))
  const sourceFirst = column((rule) => rule.sourcePorts[0])
  const sourceLast = column((rule) => rule.sourcePorts[1])
  const portFirst = column((rule) => rule.ports[0])
  const portLast = column((rule) => rule.ports[1])
  const protocol = column((rule) => rule.protocol ?? 0)
  const protocolMask = column((rule) => (rule.protocol === null ? 0 : 0xff))
  const parsed = headers.map(({ src, dst, sourcePort, port, protocol: number }) => ({
    from: src[0] as number,
    to: dst[0] as number,
    sourcePort,
    port,
    number,
  }))
  const count = rules.length
  return (index) => {
    const { from, to, sourcePort, port, number } = parsed[index] as (typeof parsed)[number]
    for (let line = 0; line < count; line++) {
      if (from < (fromFirst[line] as number) || from > (fromLast[line] as number)) continue
      if (to < (toFirst[line] as number) || to > (toLast[line] as number)) continue
      if (sourcePort < (sourceFirst[line] as number) || sourcePort > (sourceLast[line] as number)) continue
      if (port < (portFirst[line] as number) || port > (portLast[line] as number)) continue
      if ((number & (protocolMask[line] as number)) !== protocol[line]) continue
      return line
    }
    return -1
  }
}

/**
 * The tightest linear scan we could write, for both families: fields packed line by line, the destination first because
 * it refuses most rules, prefixes as one masked comparison and ranges as one unsigned comparison.
 */
export function createPackedScan({ family, rules }: RuleSet, headers: readonly Header[]): Scan {
  const count = rules.length
  const words = family === 4 ? 1 : 4
  const fields = new Int32Array(count * words * 4)
  const ports = new Int32Array(count * 4)
  const protocol = new Int16Array(count)
  rules.forEach((rule, line) => {
    for (let word = 0; word < words; word++) {
      const at = (line * words + word) * 4
      fields[at] = rule.to.words[word] as number
      fields[at + 1] = wordMask(rule.to.length, word)
      fields[at + 2] = rule.from.words[word] as number
      fields[at + 3] = wordMask(rule.from.length, word)
    }
    ports.set(
      [rule.ports[0], rule.ports[1] - rule.ports[0], rule.sourcePorts[0], rule.sourcePorts[1] - rule.sourcePorts[0]],
      line * 4,
    )
    protocol[line] = rule.protocol ?? -1
  })
  const flat = new Int32Array(headers.length * (2 * words + 3))
  headers.forEach((header, index) => {
    flat.set(
      [...header.dst, ...header.src, header.port, header.sourcePort, header.protocol].map((value) => value | 0),
      index * (2 * words + 3),
    )
  })
  return family === 4 ? scan4(count, fields, ports, protocol, flat) : scan6(count, fields, ports, protocol, flat)
}

type Ints = Int32Array

function scan4(count: number, fields: Ints, ports: Ints, protocol: Int16Array, headers: Ints): Scan {
  return (index) => {
    const at = index * 5
    const to = headers[at] as number
    const from = headers[at + 1] as number
    const port = headers[at + 2] as number
    const sourcePort = headers[at + 3] as number
    const wanted = headers[at + 4] as number
    for (let line = 0, field = 0; line < count; line++, field += 4) {
      if ((to & (fields[field + 1] as number)) !== fields[field]) continue
      if ((from & (fields[field + 3] as number)) !== fields[field + 2]) continue
      if ((port - (ports[field] as number)) >>> 0 > (ports[field + 1] as number)) continue
      if ((sourcePort - (ports[field + 2] as number)) >>> 0 > (ports[field + 3] as number)) continue
      const rule = protocol[line] as number
      if (rule >= 0 && rule !== wanted) continue
      return line
    }
    return -1
  }
}

function scan6(count: number, fields: Ints, ports: Ints, protocol: Int16Array, headers: Ints): Scan {
  return (index) => {
    const at = index * 11
    const port = headers[at + 8] as number
    const sourcePort = headers[at + 9] as number
    const wanted = headers[at + 10] as number
    next: for (let line = 0; line < count; line++) {
      for (let word = 0; word < 4; word++) {
        const field = (line * 4 + word) * 4
        if (((headers[at + word] as number) & (fields[field + 1] as number)) !== fields[field]) continue next
        if (((headers[at + 4 + word] as number) & (fields[field + 3] as number)) !== fields[field + 2]) continue next
      }
      const range = line * 4
      if ((port - (ports[range] as number)) >>> 0 > (ports[range + 1] as number)) continue
      if ((sourcePort - (ports[range + 2] as number)) >>> 0 > (ports[range + 3] as number)) continue
      const rule = protocol[line] as number
      if (rule >= 0 && rule !== wanted) continue
      return line
    }
    return -1
  }
}
