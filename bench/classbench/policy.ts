import type { EndpointObject } from '../../src/facts/endpoint.ts'
import { type Address, ipv4, ipv6 } from '../../src/net/address.ts'
import type { PolicyModel, PortRange, RuleModel, SegmentModel } from '../../src/policy/model.ts'
import type { Block, Words } from '../workloads/blocks.ts'
import { modelOf, openRule, prefixOfBlock, prefixSegment } from '../workloads/model.ts'
import type { FilterRule, Header } from './rule-set.ts'

/** The id of the rule of a line: ids count lines, so that a decision can be compared with a trace. */
export function lineId(line: number): string {
  return `line-${line}`
}

/** The rule set as a first-match policy of allows, each distinct prefix an anonymous segment as if written inline. */
export function ruleSetModel(rules: readonly FilterRule[]): PolicyModel {
  const segments: SegmentModel[] = []
  const known = new Map<string, number>()
  const place = (block: Block): number[] | null => {
    // Not `any` even when its length is 0: that is every address of one family only.
    const index = known.get(block.text)
    if (index !== undefined) return [index]
    // 0 and 1 are the built-in segments.
    const next = segments.length + 2
    segments.push(prefixSegment(block.text, true, prefixOfBlock(block)))
    known.set(block.text, next)
    return [next]
  }
  const models = rules.map(
    (rule, line): RuleModel => ({
      ...openRule(lineId(line), 'allow'),
      from: place(rule.from),
      to: place(rule.to),
      ...serviceOf(rule),
    }),
  )
  return modelOf({ name: 'classbench', combining: 'first-match', segments, postures: [], rules: models })
}

function serviceOf(rule: FilterRule): Partial<Pick<RuleModel, 'services' | 'serviceNames'>> {
  const ports = rangeOf(rule.ports)
  const sourcePorts = rangeOf(rule.sourcePorts)
  if (ports === null && sourcePorts === null && rule.protocol === null) return {}
  const entry = { protocol: rule.protocol, ports, sourcePorts, http: null, grpc: null, models: null, tools: null }
  return { services: [entry], serviceNames: ['inline'] }
}

function rangeOf([from, to]: readonly [number, number]): PortRange[] | null {
  return from === 0 && to === 65_535 ? null : [{ from, to }]
}

/** The rule set as a document with inline prefixes, for the path that users take. */
export function ruleSetDocument(rules: readonly FilterRule[]): object {
  const text = ([first, last]: readonly [number, number]): (number | string)[] => [
    first === last ? first : `${first}-${last}`,
  ]
  return {
    sallyport: 1,
    name: 'classbench',
    combining: 'first-match',
    rules: rules.map((rule, line) => {
      const entry = {
        ...(rule.protocol === null ? {} : { protocol: rule.protocol }),
        ...(rangeOf(rule.ports) === null ? {} : { ports: text(rule.ports) }),
        ...(rangeOf(rule.sourcePorts) === null ? {} : { sourcePorts: text(rule.sourcePorts) }),
      }
      const services = Object.keys(entry).length === 0 ? {} : { services: [entry] }
      return { id: lineId(line), effect: 'allow', from: rule.from.text, to: rule.to.text, ...services }
    }),
  }
}

/** A header as the two endpoints of a question, with parsed addresses. */
export function headerEndpoints(header: Header): { src: EndpointObject; dst: EndpointObject } {
  return {
    src: { address: addressOf(header.src), port: header.sourcePort },
    dst: { address: addressOf(header.dst), port: header.port, protocol: header.protocol },
  }
}

function addressOf(words: Words): Address {
  const [a = 0, b = 0, c = 0, d = 0] = words
  return words.length === 1 ? ipv4(a) : ipv6(a, b, c, d)
}
