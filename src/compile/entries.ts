import { ANY_SEGMENT, type PortRange, type RuleModel, type ServiceEntry } from '../policy/model.ts'
import {
  ANY_PORTS,
  ANY_PROTOCOL,
  FLAG_CONDITIONAL,
  FLAG_DENY,
  OPERATION_SHIFT,
  type Operation,
} from '../program/program.ts'
import { GrowableInts } from '../tables/growable.ts'
import { matchesNobody, type PostureCompiler, type SubjectCompiler, type TimeCompiler } from './conditions.ts'
import { Interner } from './interner.ts'

/** More source and destination combinations than this in one rule are written as unions of segments instead. */
const MAX_PAIRS = 16
/** What fits above `OPERATION_SHIFT` in an entry. */
const MAX_OPERATIONS = 2 ** (32 - OPERATION_SHIFT)

/** Compiles rules, in evaluation order, to entries: one for each combination of source, destination and service. */
export class EntryCompiler {
  readonly entries = new GrowableInts(8192)
  /** Time condition of each rule. */
  readonly times: Int32Array
  /** Segments that some entry names, among those of the model. */
  readonly used = new Set<number>()
  readonly #unions = new Interner<readonly number[]>()
  readonly #operations = new Interner<Operation>()
  readonly #segmentCount: number
  readonly #subjects: SubjectCompiler
  readonly #postures: PostureCompiler
  readonly #validity: TimeCompiler

  constructor(
    segmentCount: number,
    ruleCount: number,
    subjects: SubjectCompiler,
    postures: PostureCompiler,
    validity: TimeCompiler,
  ) {
    this.#segmentCount = segmentCount
    this.times = new Int32Array(ruleCount)
    this.#subjects = subjects
    this.#postures = postures
    this.#validity = validity
    this.#operations.intern('none', { http: null, grpc: null, models: null, tools: null, deny: false })
  }

  get unions(): readonly (readonly number[])[] {
    return this.#unions.values
  }

  get operations(): readonly Operation[] {
    return this.#operations.values
  }

  add(rule: RuleModel, index: number): void {
    this.times[index] = this.#validity.condition(rule.valid)
    if (matchesNobody(rule)) return
    const deny = rule.effect === 'deny'
    const who = this.#subjects.condition(rule.who, deny)
    const posture = this.#postures.condition(rule.posture, deny)
    const conditional = this.times[index] !== 0 || rule.when !== null
    const flags = (deny ? FLAG_DENY : 0) | (conditional ? FLAG_CONDITIONAL : 0)
    let from = this.#endpoints(rule.from)
    let to = this.#endpoints(rule.to)
    if (from.length * to.length > MAX_PAIRS) {
      if (from.length >= to.length) from = [this.#union(from)]
      else to = [this.#union(to)]
      if (from.length * to.length > MAX_PAIRS) {
        from = [this.#union(from)]
        to = [this.#union(to)]
      }
    }
    for (const service of rule.services ?? [ANY_SERVICE]) {
      const operation = this.#operation(service, deny)
      const common = (service.protocol ?? ANY_PROTOCOL) | flags | (operation << OPERATION_SHIFT)
      for (const source of from) {
        for (const destination of to) {
          for (const ports of packRanges(service.ports)) {
            for (const sourcePorts of packRanges(service.sourcePorts)) {
              const at = this.entries.reserve(8)
              this.entries.set(at, source)
              this.entries.set(at + 1, destination)
              this.entries.set(at + 2, ports)
              this.entries.set(at + 3, sourcePorts)
              this.entries.set(at + 4, common)
              this.entries.set(at + 5, who)
              this.entries.set(at + 6, posture)
              this.entries.set(at + 7, index)
            }
          }
        }
      }
    }
  }

  #endpoints(segments: readonly number[] | null): readonly number[] {
    if (segments === null || segments.includes(ANY_SEGMENT)) return EVERYWHERE
    const distinct = segments.length === 1 ? segments : [...new Set(segments)]
    for (const segment of distinct) this.used.add(segment)
    return distinct
  }

  #union(segments: readonly number[]): number {
    if (segments.length === 1) return segments[0] as number
    const sorted = [...segments].sort((x, y) => x - y)
    return this.#segmentCount + this.#unions.intern(sorted.join(), sorted)
  }

  #operation(service: ServiceEntry, deny: boolean): number {
    const { http, grpc, models, tools } = service
    if (http === null && grpc === null && models === null && tools === null) return 0
    const operation = { http, grpc, models, tools, deny }
    const index = this.#operations.intern(JSON.stringify(operation), operation)
    if (index >= MAX_OPERATIONS) throw new RangeError(`more than ${MAX_OPERATIONS} distinct operations in one policy`)
    return index
  }
}

const EVERYWHERE: readonly number[] = [ANY_SEGMENT]

const ANY_SERVICE: ServiceEntry = {
  protocol: null,
  ports: null,
  sourcePorts: null,
  http: null,
  grpc: null,
  models: null,
  tools: null,
}

const ANY_RANGE: readonly number[] = [ANY_PORTS]

/** Each range as `from | to << 16`. */
function packRanges(ranges: readonly PortRange[] | null): readonly number[] {
  if (ranges === null) return ANY_RANGE
  return ranges.flatMap((range) => (isEveryPort(range) ? EVERY_PORT : [packRange(range)]))
}

function packRange(range: PortRange): number {
  return range.from | (range.to << 16)
}

function isEveryPort(range: PortRange): boolean {
  return range.from === 0 && range.to === 0xffff
}

/** All ports written out still asks for a port, unlike no port condition; in two halves the two stay apart. */
const EVERY_PORT: readonly number[] = [packRange({ from: 0, to: 0x7fff }), packRange({ from: 0x8000, to: 0xffff })]
