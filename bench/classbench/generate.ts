import { createRandom, type Random } from '../random.ts'
import { addressIn, type Block, block, type Family, type Words } from '../workloads/blocks.ts'
import { type FilterRule, firstLine, type Header, type RuleSet } from './rule-set.ts'

/** The three styles of the ClassBench literature: access control list, firewall, IP chain. */
export type Style = 'acl' | 'fw' | 'ipc'

interface StyleShape {
  /** Shares of prefixes that are any, short, middle and long; the rest are hosts. */
  readonly from: readonly [number, number, number, number]
  readonly to: readonly [number, number, number, number]
  readonly anySourcePort: number
  readonly anyPort: number
  readonly anyProtocol: number
}

// Our own shapes, after the published descriptions: acl is specific in its destination, fw has many wildcards, ipc is between.
const SHAPES: Readonly<Record<Style, StyleShape>> = {
  acl: { from: [0.05, 0.1, 0.3, 0.35], to: [0.01, 0.05, 0.14, 0.4], anySourcePort: 1, anyPort: 0.1, anyProtocol: 0.05 },
  fw: { from: [0.35, 0.15, 0.2, 0.2], to: [0.25, 0.2, 0.2, 0.2], anySourcePort: 0.6, anyPort: 0.3, anyProtocol: 0.15 },
  ipc: {
    from: [0.1, 0.15, 0.3, 0.25],
    to: [0.1, 0.15, 0.3, 0.25],
    anySourcePort: 0.75,
    anyPort: 0.35,
    anyProtocol: 0.1,
  },
}
const LENGTHS = {
  4: [
    [1, 15],
    [16, 23],
    [24, 31],
    [32, 32],
  ],
  6: [
    [3, 31],
    [32, 47],
    [48, 127],
    [128, 128],
  ],
} as const
const PROTOCOLS = [6, 6, 6, 17, 17, 1, 47]

/** A rule set with headers, drawn by our own generator. The expected lines come from the linear scan of `rule-set.ts`. */
export function generateRuleSet(style: Style, family: Family, count: number, headers: number, seed: number): RuleSet {
  const random = createRandom(seed)
  const shape = SHAPES[style]
  // Few network roots: real sets describe one site, so prefixes nest and repeat.
  const roots = Array.from({ length: Math.max(2, Math.round(Math.sqrt(count) / 2)) }, () => wordsOf(random, family))
  const rules = Array.from({ length: count }, () => drawRule(random, family, shape, roots))
  const drawn = generateHeaders(rules, headers, seed + 1)
  const expected = Int32Array.from(drawn, (header) => firstLine(rules, header))
  return { name: `own ${style} ipv${family} ${count}`, family, rules, headers: drawn, expected }
}

/** Headers without repeats: most inside one rule with its corners favoured, some mixed of two rules, few at random. */
export function generateHeaders(rules: readonly FilterRule[], count: number, seed: number): Header[] {
  const random = createRandom(seed)
  const headers: Header[] = []
  const seen = new Set<string>()
  for (let attempt = 0; headers.length < count && attempt < count * 20; attempt++) {
    const rule = random.pick(rules)
    const kind = random.next()
    const other = kind < 0.8 ? rule : random.pick(rules)
    const header = kind < 0.95 ? headerIn(random, rule, other) : randomHeader(random, rule.from.family)
    const key = `${header.src} ${header.dst} ${header.sourcePort} ${header.port} ${header.protocol}`
    if (seen.has(key)) continue
    seen.add(key)
    headers.push(header)
  }
  return headers
}

function drawRule(random: Random, family: Family, shape: StyleShape, roots: readonly Words[]): FilterRule {
  const from = drawBlock(random, family, shape.from, roots)
  let to = drawBlock(random, family, shape.to, roots)
  // From anywhere to anywhere would hide every line below it.
  while (from.length < 4 && to.length < 4) to = drawBlock(random, family, shape.to, roots)
  return {
    from,
    to,
    sourcePorts: random.chance(shape.anySourcePort) ? [0, 65_535] : drawPorts(random),
    ports: random.chance(shape.anyPort) ? [0, 65_535] : drawPorts(random),
    protocol: random.chance(shape.anyProtocol) ? null : random.pick(PROTOCOLS),
  }
}

function drawBlock(random: Random, family: Family, shares: StyleShape['from'], roots: readonly Words[]): Block {
  let left = random.next()
  const kind = shares.findIndex((share) => {
    left -= share
    return left < 0
  })
  if (kind === 0) return block(family, wordsOf(random, family), 0)
  const [shortest, longest] = LENGTHS[family][kind < 0 ? 3 : ((kind - 1) as 0 | 1 | 2)]
  const root = random.pick(roots)
  // The root gives the network, chance the rest.
  const words = root.map((word, index) =>
    index === 0 ? ((word & 0xffff_0000) | (random.word() & 0x0000_ffff)) >>> 0 : random.below(4),
  )
  return block(family, words, random.between(shortest, longest))
}

function drawPorts(random: Random): [number, number] {
  const kind = random.next()
  if (kind < 0.6) {
    const port = random.pick([20, 21, 22, 25, 53, 80, 110, 123, 161, 443, 1521, 1526, 3128, 5190, 6789, 7648])
    return [port, port]
  }
  if (kind < 0.75) return [1024, 65_535]
  const first = random.below(65_000)
  return [first, random.between(first, 65_535)]
}

function headerIn(random: Random, rule: FilterRule, other: FilterRule): Header {
  const port = ([first, last]: readonly [number, number]): number => {
    const kind = random.next()
    return kind < 0.3 ? first : kind < 0.6 ? last : random.between(first, last)
  }
  return {
    src: corner(random, rule.from),
    dst: corner(random, other.to),
    sourcePort: port(rule.sourcePorts),
    port: port(other.ports),
    protocol: rule.protocol ?? random.pick(PROTOCOLS),
  }
}

function corner(random: Random, within: Block): Words {
  const kind = random.next()
  if (kind < 0.3) return within.words
  return addressIn(random, within)
}

function randomHeader(random: Random, family: Family): Header {
  return {
    src: wordsOf(random, family),
    dst: wordsOf(random, family),
    sourcePort: random.below(65_536),
    port: random.below(65_536),
    protocol: random.below(256),
  }
}

function wordsOf(random: Random, family: Family): Words {
  return Array.from({ length: family === 4 ? 1 : 4 }, () => random.word())
}
