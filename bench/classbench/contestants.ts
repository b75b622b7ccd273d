import { compileModel } from '../../src/compiled-policy.ts'
import type { EndpointObject } from '../../src/facts/endpoint.ts'
import { ANONYMOUS } from '../../src/facts/identity.ts'
import type { Decide } from '../peers/contestant.ts'
import { createRandom, permutation } from '../random.ts'
import { formatAddress } from '../workloads/blocks.ts'
import { generateHeaders, generateRuleSet, type Style } from './generate.ts'
import { createFieldScan, createPackedScan } from './linear-scan.ts'
import { corpusFolder, loadRuleSet } from './load.ts'
import { headerEndpoints, lineId, ruleSetModel } from './policy.ts'
import type { RuleSet } from './rule-set.ts'

/** Who answers. */
export type Classifier = 'sallyport' | 'linear scan' | 'packed linear scan'

/**
 * `trace`: the headers of the set, which come in bursts. `distinct`: each of them once, shuffled, so that neighbours tell
 * nothing. `many`: headers of our own generator, none twice, more than a memo holds.
 */
export type Traffic = 'trace' | 'distinct' | 'many'

/** One rule set with one kind of traffic. */
export interface ClassbenchSpec {
  readonly set: string
  readonly traffic: Traffic
  /** How many headers `many` is. */
  readonly manyHeaders: number
}

/** Makes a rule set: a corpus file such as `ipv4/acl1_10k`, or one of our own such as `own/acl/4/1000`. */
export function createRuleSet(spec: ClassbenchSpec): RuleSet {
  const set = baseSet(spec.set)
  if (spec.traffic === 'trace') return set
  if (spec.traffic === 'distinct') return withoutRepeats(set)
  const headers = generateHeaders(set.rules, spec.manyHeaders, 99)
  const scan = createPackedScan(set, headers)
  return { ...set, headers, expected: Int32Array.from(headers, (_, index) => scan(index)) }
}

function withoutRepeats(set: RuleSet): RuleSet {
  const first = new Map(set.headers.map((header, index) => [JSON.stringify(header), index]))
  const indices = [...first.values()]
  const order = permutation(createRandom(5), indices.length)
  const kept = Array.from(order, (at) => indices[at] as number)
  return {
    ...set,
    headers: kept.map((index) => set.headers[index] as (typeof set.headers)[number]),
    expected: Int32Array.from(kept, (index) => set.expected[index] as number),
  }
}

function baseSet(name: string): RuleSet {
  const [own, style, family, rules] = name.split('/')
  if (own === 'own') return generateRuleSet(style as Style, family === '6' ? 6 : 4, Number(rules), 5_000, 17)
  const folder = corpusFolder()
  if (folder === null) throw new Error(`${name} needs the rule sets: set SALLYPORT_CORPORA`)
  return loadRuleSet(folder, name)
}

/** Makes a classifier and asks it every header once: one wrong line stops the run. */
export function prepareClassifier(set: RuleSet, classifier: Classifier): Decide {
  if (classifier !== 'sallyport') {
    const scan = classifier === 'linear scan' ? createFieldScan(set, set.headers) : createPackedScan(set, set.headers)
    set.expected.forEach((line, index) => {
      if (scan(index) !== line)
        throw new Error(`${classifier}, ${set.name}: header ${index} must match line ${line}, got ${scan(index)}`)
    })
    return (index) => scan(index) >= 0
  }
  const policy = compileModel(ruleSetModel(set.rules), {})
  const endpoints = set.headers.map(headerEndpoints)
  const src = endpoints.map((entry) => entry.src)
  const dst = endpoints.map((entry) => entry.dst)
  set.expected.forEach((line, index) => {
    const decision = policy.authorize(ANONYMOUS, null, src[index] as EndpointObject, dst[index] as EndpointObject)
    const wanted = line < 0 ? null : lineId(line)
    if (decision.rule !== wanted)
      throw new Error(`${set.name}: header ${index} must match ${wanted}, got ${decision.rule} (${decision.code})`)
  })
  return (index) =>
    policy.authorize(ANONYMOUS, null, src[index] as EndpointObject, dst[index] as EndpointObject).allowed
}

/** Texts of the headers, for the floor. IPv6 sets borrow a dotted quad from the last word. */
export function headerTexts(set: RuleSet): { src: string[]; dst: string[] } {
  const text = (words: readonly number[]): string => formatAddress(4, [words[words.length - 1] as number])
  return { src: set.headers.map((header) => text(header.src)), dst: set.headers.map((header) => text(header.dst)) }
}
