import { FALSE, TRUE, type Truth, UNKNOWN } from '../facts/truth.ts'
import type { FactComparison } from '../policy/model.ts'
import type { PostureTables } from '../program/program.ts'
import { type AtomClass, AtomClasses } from './atom-classes.ts'
import { ConditionEvaluator } from './condition-evaluator.ts'
import { isScalar } from './read-identity.ts'
import { compareVersions } from './version.ts'

/** A fact read once from foreign input. */
export interface ReadFact {
  readonly name: string
  readonly value: string | number | boolean
  readonly observedAt: number
  /** Well formed and verified; if not, the fact is there but unknown. */
  readonly usable: boolean
}

/** Posture conditions that a set of facts satisfies over a stretch of time. */
export interface PosturePhase {
  readonly from: number
  readonly until: number
  readonly posture: AtomClass
}

/** Reads a posture; `null` when it is malformed as a whole. */
export function readPosture(input: unknown): readonly ReadFact[] | null {
  if (input === null || input === undefined) return NO_FACTS
  if (typeof input !== 'object') return null
  const facts: unknown = (input as { facts?: unknown }).facts
  if (facts === null || typeof facts !== 'object' || Array.isArray(facts)) return null
  const read: ReadFact[] = []
  for (const name of Object.keys(facts)) {
    // A fact that is there but undefined is malformed, hence unknown: it must not pass for absent.
    read.push(readFact(name, (facts as Record<string, unknown>)[name]))
  }
  return read
}

const NO_FACTS: readonly ReadFact[] = Object.freeze([])

function readFact(name: string, input: unknown): ReadFact {
  if (input === undefined || input === null || typeof input !== 'object')
    return { name, value: false, observedAt: 0, usable: false }
  const { value, observedAt, verification } = input as { value?: unknown; observedAt?: unknown; verification?: unknown }
  const verified = verification === 'signature' || verification === 'attestation' || verification === 'channel'
  if (!verified || !isScalar(value) || typeof observedAt !== 'number' || !Number.isFinite(observedAt)) {
    return { name, value: false, observedAt: 0, usable: false }
  }
  return { name, value, observedAt, usable: true }
}

/** Finds the posture conditions that facts satisfy: one look-up per fact. A comparison is an atom. */
export class PostureIndex {
  readonly #classes: AtomClasses
  readonly #byFact = new Map<string, { readonly atom: number; readonly comparison: FactComparison }[]>()
  readonly #stamps: Map<string, number>
  #generation = 0

  constructor(tables: PostureTables) {
    tables.comparisons.forEach((comparison, atom) => {
      const list = this.#byFact.get(comparison.fact)
      if (list === undefined) this.#byFact.set(comparison.fact, [{ atom, comparison }])
      else list.push({ atom, comparison })
    })
    this.#stamps = new Map([...this.#byFact.keys()].map((fact) => [fact, 0]))
    const evaluator = new ConditionEvaluator(tables.comparisons.length, tables.postures, tables.conditions)
    this.#classes = new AtomClasses(tables.comparisons.length, evaluator)
  }

  phase(facts: readonly ReadFact[], at: number): PosturePhase {
    let from = Number.NEGATIVE_INFINITY
    let until = Number.POSITIVE_INFINITY
    this.#classes.begin()
    this.#generation++
    let met = 0
    for (const fact of facts) {
      const atoms = this.#byFact.get(fact.name)
      if (atoms === undefined) continue
      met++
      if (met < this.#byFact.size) this.#stamps.set(fact.name, this.#generation)
      for (const { atom, comparison } of atoms) {
        const end = fact.observedAt + comparison.maxAgeMs
        let truth: Truth = UNKNOWN
        if (fact.usable) {
          if (at < fact.observedAt) until = Math.min(until, fact.observedAt)
          else if (at < end) {
            from = Math.max(from, fact.observedAt)
            until = Math.min(until, end)
            truth = compareFact(comparison, fact.value)
          } else from = Math.max(from, end)
        }
        if (truth !== FALSE) this.#classes.add(atom, truth)
      }
    }
    if (met < this.#byFact.size) this.#addAbsent()
    return { from, until, posture: this.#classes.find() }
  }

  #addAbsent(): void {
    for (const [fact, generation] of this.#stamps) {
      if (generation === this.#generation) continue
      for (const { atom, comparison } of this.#byFact.get(fact) as readonly {
        atom: number
        comparison: FactComparison
      }[]) {
        if (comparison.op !== 'present') this.#classes.add(atom, comparison.op === 'absent' ? TRUE : UNKNOWN)
      }
    }
  }
}

/** Compares a usable fact. */
export function compareFact(comparison: FactComparison, value: string | number | boolean): Truth {
  switch (comparison.op) {
    case 'present':
      return TRUE
    case 'absent':
      return FALSE
    case 'equals':
      return typeof value === typeof comparison.value ? truthOf(value === comparison.value) : UNKNOWN
    case 'notEquals':
      return typeof value === typeof comparison.value ? truthOf(value !== comparison.value) : UNKNOWN
    case 'oneOf':
      return comparison.values.some((wanted) => typeof wanted === typeof value)
        ? truthOf(comparison.values.includes(value))
        : UNKNOWN
    case 'noneOf':
      return comparison.values.some((wanted) => typeof wanted === typeof value)
        ? truthOf(!comparison.values.includes(value))
        : UNKNOWN
    case 'atLeast':
      return typeof value === 'number' ? truthOf(value >= comparison.value) : UNKNOWN
    case 'atMost':
      return typeof value === 'number' ? truthOf(value <= comparison.value) : UNKNOWN
    case 'above':
      return typeof value === 'number' ? truthOf(value > comparison.value) : UNKNOWN
    case 'below':
      return typeof value === 'number' ? truthOf(value < comparison.value) : UNKNOWN
    case 'atLeastVersion':
    case 'atMostVersion': {
      const order = typeof value === 'string' ? compareVersions(value, comparison.value) : null
      if (order === null) return UNKNOWN
      return truthOf(comparison.op === 'atLeastVersion' ? order >= 0 : order <= 0)
    }
    default:
      return comparison satisfies never
  }
}

function truthOf(holds: boolean): Truth {
  return holds ? TRUE : FALSE
}
