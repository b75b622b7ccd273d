import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { PolicyModel, PortRange, Selector, ServiceEntry } from '../policy/model.ts'

/** Text is hashed in pieces of about this many characters. */
const CHUNK = 65_536

/**
 * SHA-256 over the canonical form of a policy, as lower-case hex. Names stand for indices, object keys are sorted, and
 * segments, postures and anonymous segments are in the order of their names; rules are in evaluation order.
 */
export function hashModel(model: PolicyModel): string {
  const digest = sha256.create()
  let pending = ''
  const writeLine = (line: string): void => {
    pending += `${line}\n`
    if (pending.length < CHUNK) return
    digest.update(utf8ToBytes(pending))
    pending = ''
  }
  const segmentName = (index: number): string => model.segments[index]?.name ?? ''
  // The checker writes its own objects with their keys in one order; only what users keyed is sorted below.
  const write = (value: unknown): void => writeLine(JSON.stringify(value))
  const selector = (part: Selector): unknown => [
    part.prefixes.map(String).sort(),
    part.workloads.map((pattern) => `${pattern.id}${pattern.below ? '/*' : ''}`).sort(),
    part.labels.map(canonical).sort(),
    part.segments.map(segmentName).sort(),
  ]
  const names = (indices: readonly number[] | null, nameOf: (index: number) => string): readonly string[] | null =>
    indices === null ? null : indices.length === 1 ? [nameOf(indices[0] as number)] : indices.map(nameOf).sort()
  write(['sallyport', 1, model.name, model.combining, model.maxDelegationDepth, model.tiers])
  for (const segment of [...model.segments.slice(2)].sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0))) {
    // An inline segment is its own name, and is written with the rules that use it.
    if (!segment.anonymous) write([segment.name, selector(segment.include), selector(segment.except)])
  }
  for (const posture of [...model.postures].sort((x, y) => (x.name < y.name ? -1 : 1)))
    write([posture.name, posture.all])
  for (const rule of model.rules) {
    // One line a rule, short because it is hashed; names and ids hold no tabs, free text is in JSON.
    const head = `${rule.id}\t${rule.effect}\t${rule.tier}\t${rule.mode}\t${rule.leaseMs}`
    const ends = `${names(rule.from, segmentName)?.join(' ')}\t${names(rule.to, segmentName)?.join(' ')}`
    const services = rule.services?.map(serviceText).sort().join('\t')
    const rest = [
      rule.who,
      names(rule.posture, (index) => model.postures[index]?.name ?? ''),
      rule.when,
      rule.valid,
      rule.obligations.length === 0 ? null : rule.obligations.map(canonical),
    ]
    writeLine(`${head}\t${ends}\t${services}\t${rest.every((part) => part === null) ? '' : JSON.stringify(rest)}`)
  }
  for (const { name, kind, from, to, services, who, posture, except } of model.invariants) {
    write([name, kind, names(from, segmentName), names(to, segmentName), services, who, posture, except])
  }
  digest.update(utf8ToBytes(pending))
  return bytesToHex(digest.digest())
}

function serviceText({ protocol, ports, sourcePorts, http, grpc, models, tools }: ServiceEntry): string {
  const operation = http ?? grpc ?? models ?? tools
  const text = `${protocol} ${rangesText(ports)} ${rangesText(sourcePorts)}`
  return operation === null ? text : `${text} ${JSON.stringify([http, grpc, models, tools])}`
}

function rangesText(ranges: readonly PortRange[] | null): string {
  return ranges === null ? '*' : ranges.map((range) => `${range.from}-${range.to}`).join()
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    const sorted: Record<string, unknown> = {}
    for (const key of Object.keys(inner).sort()) sorted[key] = (inner as Record<string, unknown>)[key]
    return sorted
  })
}
