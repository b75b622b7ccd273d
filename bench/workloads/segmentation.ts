import { createRandom, type Random } from '../random.ts'
import { type Block, block, type Family } from './blocks.ts'
import type { FlowDevice, FlowPolicy, FlowPosture, FlowRule, FlowUser } from './flow-rule.ts'

/** What to generate. `wide` has overlapping segments, ranges, denies and `any`; `plain` is ordinary segmentation. */
export interface SegmentationOptions {
  readonly rules: number
  readonly family: Family
  readonly shape: 'plain' | 'wide'
  readonly seed: number
}

const SERVICE_PORTS = [22, 53, 80, 123, 389, 443, 636, 1433, 3306, 5432, 5672, 6379, 8080, 8443, 9092, 9200, 27017]
const EXTRA_FACTS: readonly (readonly [string, readonly (string | number | boolean)[]])[] = [
  ['disk.encrypted', [true, false]],
  ['os.version', ['14.2.1', '13.6', '15.0']],
  ['os.platform', ['linux', 'macos', 'windows']],
  ['firewall.enabled', [true, false]],
  ['screen.lock', [true]],
  ['agent.version', ['7.11.2', '7.12.0']],
  ['secure.boot', [true, false]],
  ['patch.age', [1, 5, 30]],
]

/** Zones hold segments, segments hold hosts; a rule is from, to, port or range, group and posture. */
export function generateSegmentation(options: SegmentationOptions): FlowPolicy {
  const random = createRandom(options.seed)
  const blocks = new BlockPool(random, options)
  const groups = options.shape === 'wide' ? 20 : Math.min(10_000, Math.max(5, Math.round(options.rules / 12)))
  const postures = Array.from(
    { length: 8 },
    (_, index): FlowPosture => ({ name: `trusted-${index}`, minimumScore: 30 + 5 * index }),
  )
  const drafts: Omit<FlowRule, 'id'>[] = []
  for (let index = 0; index < options.rules; index++) {
    drafts.push(options.shape === 'plain' ? plainRule(random, blocks, groups) : wideRule(random, blocks, groups))
  }
  // Evaluation order of deny-overrides: denies first, then by id; ids are padded so that code-unit order is number order.
  drafts.sort((left, right) => Number(right.effect === 'deny') - Number(left.effect === 'deny'))
  const rules = drafts.map((draft, index): FlowRule => ({ id: `r${String(index).padStart(7, '0')}`, ...draft }))
  return {
    family: options.family,
    rules,
    blocks: blocks.all(),
    groups,
    postures,
    users: users(random, groups),
    devices: devices(random),
  }
}

function plainRule(random: Random, blocks: BlockPool, groups: number): Omit<FlowRule, 'id'> {
  const from = random.next()
  const to = random.next()
  return {
    effect: 'allow',
    from: from < 0.2 ? blocks.zone() : from < 0.8 ? blocks.segment() : blocks.host(),
    to: to < 0.1 ? blocks.zone() : to < 0.5 ? blocks.segment() : blocks.host(),
    ...(random.chance(0.7) ? single(random.pick(SERVICE_PORTS)) : range(random, 10_000)),
    group: random.below(groups),
    posture: random.below(8),
  }
}

function wideRule(random: Random, blocks: BlockPool, groups: number): Omit<FlowRule, 'id'> {
  if (random.chance(0.1)) {
    return {
      effect: 'deny',
      from: random.chance(0.6) ? null : blocks.wide(),
      to: random.chance(0.5) ? blocks.segment() : blocks.host(),
      ...(random.chance(0.5) ? single(random.pick(SERVICE_PORTS)) : range(random, 60_000)),
      group: random.chance(0.7) ? -1 : random.below(groups),
      posture: -1,
    }
  }
  if (random.chance(2 * blocks.zonesPerRule)) {
    // About two for each zone, whatever the number of rules: more would answer every request by themselves.
    return { effect: 'deny', from: null, to: blocks.zone(), ...range(random, 40_000), group: -1, posture: -1 }
  }
  const from = random.next()
  const to = random.next()
  const port = random.next()
  return {
    effect: 'allow',
    from: from < 0.15 ? null : from < 0.5 ? blocks.wide() : from < 0.8 ? blocks.zone() : blocks.segment(),
    to: to < 0.2 ? blocks.wide() : to < 0.4 ? blocks.zone() : to < 0.8 ? blocks.segment() : blocks.host(),
    ...(port < 0.2
      ? { firstPort: 0, lastPort: 65_535 }
      : port < 0.4
        ? single(random.pick(SERVICE_PORTS))
        : range(random, 60_000)),
    group: random.chance(0.2) ? -1 : random.below(groups),
    posture: random.chance(0.3) ? -1 : random.below(8),
  }
}

function single(port: number): { firstPort: number; lastPort: number } {
  return { firstPort: port, lastPort: port }
}

function range(random: Random, span: number): { firstPort: number; lastPort: number } {
  const firstPort = random.between(1024, 65_000)
  return { firstPort, lastPort: Math.min(65_535, firstPort + random.between(1, span)) }
}

/** Draws blocks and keeps each distinct one once, so that it becomes one segment. */
class BlockPool {
  readonly #random: Random
  readonly #family: Family
  readonly #zones: number
  readonly #segmentsPerZone: number
  readonly #byText = new Map<string, Block>()
  /** Number of zones for each rule. */
  readonly zonesPerRule: number

  constructor(random: Random, options: SegmentationOptions) {
    this.#random = random
    this.#family = options.family
    this.#zones = Math.min(200, Math.max(2, Math.round(options.rules / 100)))
    this.zonesPerRule = this.#zones / options.rules
    this.#segmentsPerZone = Math.min(250, Math.max(4, Math.round(options.rules / (4 * this.#zones))))
  }

  all(): Block[] {
    return [...this.#byText.values()]
  }

  wide(): Block {
    const length = this.#family === 4 ? this.#random.between(9, 15) : this.#random.between(17, 31)
    return this.#keep(length)
  }

  zone(): Block {
    return this.#keep(this.#family === 4 ? 16 : 32)
  }

  segment(): Block {
    return this.#keep(this.#family === 4 ? 24 : 48)
  }

  host(): Block {
    return this.#keep(this.#family === 4 ? 32 : 128)
  }

  #keep(length: number): Block {
    const zone = this.#random.below(this.#zones)
    const segment = this.#random.below(this.#segmentsPerZone)
    const host = this.#random.between(1, 250)
    const words =
      this.#family === 4
        ? [((10 << 24) | (zone << 16) | (segment << 8) | host) >>> 0]
        : [(0xfd00_0000 | zone) >>> 0, (segment << 16) >>> 0, 0, host]
    const drawn = block(this.#family, words, length)
    const known = this.#byText.get(drawn.text)
    if (known !== undefined) return known
    this.#byText.set(drawn.text, drawn)
    return drawn
  }
}

function users(random: Random, groups: number): FlowUser[] {
  return Array.from({ length: Math.max(64, groups) }, (_, index): FlowUser => {
    const chosen = new Set([index % groups])
    const wanted = Math.min(groups, random.between(2, 5))
    while (chosen.size < wanted) chosen.add(random.below(groups))
    return { id: `user-${index}@corp.example`, groups: [...chosen] }
  })
}

function devices(random: Random): FlowDevice[] {
  return Array.from({ length: 64 }, (_, index): FlowDevice => {
    // The first device satisfies every posture and the second none, so that each condition can be met and broken.
    const score = index === 0 ? 100 : index === 1 ? 0 : random.below(101)
    const managed = index === 0 ? true : index === 1 ? false : random.chance(0.85)
    const extra = EXTRA_FACTS.slice(0, index % 9).map(([name, values]) => [name, random.pick(values)] as const)
    return { score, managed, extra: Object.fromEntries(extra) }
  })
}
