import type { Block } from './blocks.ts'
import { type FlowPolicy, groupName } from './flow-rule.ts'

/** The part of the policy document that workloads write. */
export interface BenchDocument {
  readonly sallyport: 1
  readonly name: string
  readonly combining: 'deny-overrides'
  readonly segments: Readonly<Record<string, { readonly cidrs: readonly string[] }>>
  readonly groups: Readonly<Record<string, object>>
  readonly postures: Readonly<Record<string, { readonly maxAge: string; readonly all: readonly object[] }>>
  readonly rules: readonly object[]
}

/** Longer than any run of the bench: facts must not grow stale while it measures. */
export const FACT_MAX_AGE_MS = 86_400_000

/** The policy as a document, with every block a named segment. */
export function toDocument(policy: FlowPolicy): BenchDocument {
  const names = new Map(policy.blocks.map((entry, index) => [entry, `s${index}`]))
  const nameOf = (entry: Block): string => names.get(entry) as string
  const groups = new Set(policy.rules.flatMap((rule) => (rule.group < 0 ? [] : [rule.group])))
  return {
    sallyport: 1,
    name: 'bench',
    combining: 'deny-overrides',
    segments: Object.fromEntries(policy.blocks.map((entry) => [nameOf(entry), { cidrs: [entry.text] }])),
    groups: Object.fromEntries([...groups].map((group) => [groupName(group), {}])),
    postures: Object.fromEntries(
      policy.postures.map((posture) => [
        posture.name,
        {
          maxAge: '24h',
          all: [
            { fact: 'zta.score', atLeast: posture.minimumScore },
            { fact: 'device.managed', equals: true },
          ],
        },
      ]),
    ),
    rules: policy.rules.map((rule) => ({
      id: rule.id,
      effect: rule.effect,
      ...(rule.from === null ? {} : { from: nameOf(rule.from) }),
      ...(rule.to === null ? {} : { to: nameOf(rule.to) }),
      ...portsOf(rule.firstPort, rule.lastPort),
      ...(rule.group < 0 ? {} : { who: { group: groupName(rule.group) } }),
      ...(rule.posture < 0 ? {} : { posture: [policy.postures[rule.posture]?.name] }),
    })),
  }
}

/** A string endpoint carries a port and no protocol, so the rules name ports only. */
function portsOf(first: number, last: number): object {
  if (first === 0 && last === 65_535) return {}
  return { services: [{ ports: [first === last ? first : `${first}-${last}`] }] }
}
