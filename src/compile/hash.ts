import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { PolicyModel, Selector } from '../policy/model.ts'

/** Text is hashed in pieces of about this many characters. */
const CHUNK = 65_536

/**
 * SHA-256 over the canonical form of a policy, as lower-case hex. Names stand for indices, object keys are sorted, and
 * segments, postures and anonymous segments are in the order of their names; rules are in evaluation order.
 */
export function hashModel(model: PolicyModel): string {
  const digest = sha256.create()
  let pending = ''
  const write = (value: unknown): void => {
    pending += `${canonical(value)}\n`
    if (pending.length < CHUNK) return
    digest.update(utf8ToBytes(pending))
    pending = ''
  }
  const segmentName = (index: number): string => model.segments[index]?.name ?? ''
  const selector = (part: Selector): unknown => [
    part.prefixes.map(String).sort(),
    part.workloads.map((pattern) => `${pattern.id}${pattern.below ? '/*' : ''}`).sort(),
    part.labels.map(canonical).sort(),
    part.segments.map(segmentName).sort(),
  ]
  const names = (indices: readonly number[] | null, nameOf: (index: number) => string): readonly string[] | null =>
    indices === null ? null : indices.map(nameOf).sort()
  write(['sallyport', 1, model.name, model.combining, model.maxDelegationDepth, model.tiers])
  for (const segment of [...model.segments.slice(2)].sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0))) {
    // An inline segment is its own name, and is written with the rules that use it.
    if (!segment.anonymous) write([segment.name, selector(segment.include), selector(segment.except)])
  }
  for (const posture of [...model.postures].sort((x, y) => (x.name < y.name ? -1 : 1))) write([posture.name, posture.all])
  for (const rule of model.rules) {
    write([
      [rule.id, rule.effect, rule.tier, rule.mode, rule.when, rule.leaseMs],
      names(rule.from, segmentName),
      names(rule.to, segmentName),
      rule.services,
      rule.who,
      names(rule.posture, (index) => model.postures[index]?.name ?? ''),
      rule.valid,
      rule.obligations,
    ])
  }
  for (const { name, kind, from, to, services, who, posture, except } of model.invariants) {
    write([name, kind, names(from, segmentName), names(to, segmentName), services, who, posture, except])
  }
  digest.update(utf8ToBytes(pending))
  return bytesToHex(digest.digest())
}

/** JSON with sorted keys; infinities, which JSON has not, as texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) return String(inner)
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    const sorted: Record<string, unknown> = {}
    for (const key of Object.keys(inner).sort()) sorted[key] = (inner as Record<string, unknown>)[key]
    return sorted
  })
}
