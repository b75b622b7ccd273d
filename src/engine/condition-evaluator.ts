import { TRUE, type Truth } from '../facts/truth.ts'
import type { Alternatives } from '../program/program.ts'

/**
 * Which conditions hold, as bits and as a list: a condition is any-of alternatives, an alternative all-of atoms; an allow
 * needs true, a deny is content with unknown.
 */
export interface SatisfiedConditions {
  readonly bits: Int32Array
  /** Ascending. */
  readonly ids: Int32Array
}

/**
 * Evaluates conditions from the atoms that are not false.
 *
 * Works from the atoms up through reverse rows, so that the cost follows what the caller has and not the number of
 * conditions.
 */
export class ConditionEvaluator {
  readonly #need: Int32Array
  readonly #alternativesOfAtom: readonly (readonly number[])[]
  readonly #conditionsOfAlternative: readonly (readonly number[])[]
  readonly #conditions: readonly Alternatives[]
  /** Alternatives without any atom hold for everybody. */
  readonly #empty: readonly number[]

  constructor(atomCount: number, alternatives: readonly (readonly number[])[], conditions: readonly Alternatives[]) {
    this.#need = Int32Array.from(alternatives, (atoms) => atoms.length)
    this.#conditions = conditions
    this.#empty = alternatives.flatMap((atoms, index) => (atoms.length === 0 ? [index] : []))
    this.#alternativesOfAtom = reverse(atomCount, alternatives)
    this.#conditionsOfAlternative = reverse(
      alternatives.length,
      conditions.map((condition) => condition.anyOf),
    )
  }

  /** @param atoms - Distinct atoms that are true or unknown. */
  evaluate(atoms: ArrayLike<number>, truths: ArrayLike<Truth>): SatisfiedConditions {
    const trueCount = new Map<number, number>()
    const possibleCount = new Map<number, number>()
    const ids = new Set<number>()
    const settle = (alternative: number, isTrue: boolean): void => {
      for (const condition of this.#conditionsOfAlternative[alternative] as readonly number[]) {
        if (isTrue || (this.#conditions[condition] as Alternatives).deny) ids.add(condition)
      }
    }
    for (const alternative of this.#empty) settle(alternative, true)
    for (let i = 0; i < atoms.length; i++) {
      for (const alternative of this.#alternativesOfAtom[atoms[i] as number] as readonly number[]) {
        const possible = (possibleCount.get(alternative) ?? 0) + 1
        possibleCount.set(alternative, possible)
        const certain = (trueCount.get(alternative) ?? 0) + (truths[i] === TRUE ? 1 : 0)
        trueCount.set(alternative, certain)
        if (possible === this.#need[alternative]) settle(alternative, certain === possible)
      }
    }
    const sorted = Int32Array.from(ids).sort()
    const bits = new Int32Array((this.#conditions.length + 31) >>> 5)
    for (const id of sorted) bits[id >>> 5] = (bits[id >>> 5] as number) | (1 << (id & 31))
    return { bits, ids: sorted }
  }
}

function reverse(size: number, lists: readonly (readonly number[])[]): number[][] {
  const reversed: number[][] = Array.from({ length: size }, () => [])
  lists.forEach((list, index) => {
    for (const value of list) (reversed[value] as number[]).push(index)
  })
  return reversed
}
