import { type Block, type Family, holds, type Words } from '../workloads/blocks.ts'

/** One line of a rule set. Line order is priority: the first matching line wins. */
export interface FilterRule {
  readonly from: Block
  readonly to: Block
  readonly sourcePorts: readonly [number, number]
  readonly ports: readonly [number, number]
  /** IANA number, or `null` for any. */
  readonly protocol: number | null
}

/** One packet header. */
export interface Header {
  readonly src: Words
  readonly dst: Words
  readonly sourcePort: number
  readonly port: number
  readonly protocol: number
}

/** Rules and headers, with the first matching line (or -1) of each header. */
export interface RuleSet {
  readonly name: string
  readonly family: Family
  readonly rules: readonly FilterRule[]
  readonly headers: readonly Header[]
  readonly expected: Int32Array
}

/** The first line that matches, or -1: the plainest reading of the format, for tests. */
export function firstLine(rules: readonly FilterRule[], header: Header): number {
  return rules.findIndex(
    (rule) =>
      holds(rule.from, header.src) &&
      holds(rule.to, header.dst) &&
      header.sourcePort >= rule.sourcePorts[0] &&
      header.sourcePort <= rule.sourcePorts[1] &&
      header.port >= rule.ports[0] &&
      header.port <= rule.ports[1] &&
      (rule.protocol === null || rule.protocol === header.protocol),
  )
}
