import type { Truth } from '../facts/truth.ts'
import type { ConditionEvaluator, SatisfiedConditions } from './condition-evaluator.ts'

/** Classes are forgotten, all at once, beyond this many: attacker-chosen facts must not grow memory. */
const MAX_CLASSES = 4096
/** ... or beyond this many words of bits. */
const MAX_WORDS = 4 * 1024 * 1024

/** A distinct set of atoms with their truth, and what follows from it. */
export class AtomClass implements SatisfiedConditions {
  /** Never given twice by one engine. */
  readonly id: number
  readonly atoms: Int32Array
  readonly truths: Uint8Array
  readonly bits: Int32Array
  readonly ids: Int32Array
  /** The class as a phase that never ends, for facts that do not age. */
  readonly always: { readonly from: number; readonly until: number; readonly who: AtomClass }

  constructor(id: number, atoms: Int32Array, truths: Uint8Array, { bits, ids }: SatisfiedConditions) {
    this.id = id
    this.atoms = atoms
    this.truths = truths
    this.bits = bits
    this.ids = ids
    this.always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, who: this }
  }
}

/**
 * Collects the atoms of one caller and finds their class. Collecting allocates nothing; only a set never seen before
 * makes a class. Equality is checked in full, so the hash need not be trusted.
 */
export class AtomClasses {
  readonly #evaluator: ConditionEvaluator
  readonly #stamp: Int32Array
  readonly #truth: Uint8Array
  readonly #collected: Int32Array
  #generation = 0
  #count = 0
  #hash = 0
  #classes = new Map<number, AtomClass>()
  #words = 0
  #made = 0

  constructor(atomCount: number, evaluator: ConditionEvaluator) {
    this.#evaluator = evaluator
    this.#stamp = new Int32Array(atomCount)
    this.#truth = new Uint8Array(atomCount)
    this.#collected = new Int32Array(atomCount)
  }

  begin(): void {
    this.#generation = (this.#generation + 1) | 0
    this.#count = 0
    this.#hash = 0
  }

  /** Adds an atom that is true or unknown; a second mention changes nothing. */
  add(atom: number, truth: Truth): void {
    if (this.#stamp[atom] === this.#generation) return
    this.#stamp[atom] = this.#generation
    this.#truth[atom] = truth
    this.#collected[this.#count++] = atom
    let h = Math.imul(atom * 4 + truth, 0x9e3779b1)
    h ^= h >>> 15
    h = Math.imul(h, 0x85ebca6b)
    this.#hash = (this.#hash + (h ^ (h >>> 13))) | 0
  }

  find(): AtomClass {
    const known = this.#classes.get(this.#hash)
    if (known !== undefined && this.#isCollected(known)) return known
    const atoms = this.#collected.slice(0, this.#count)
    const truths = Uint8Array.from(atoms, (atom) => this.#truth[atom] as number)
    const satisfied = this.#evaluator.evaluate(atoms, truths as ArrayLike<number> as ArrayLike<Truth>)
    const made = new AtomClass(++this.#made, atoms, truths, satisfied)
    this.#words += made.bits.length
    if (this.#classes.size >= MAX_CLASSES || this.#words > MAX_WORDS) {
      this.#classes = new Map()
      this.#words = made.bits.length
    }
    this.#classes.set(this.#hash, made)
    return made
  }

  #isCollected(known: AtomClass): boolean {
    if (known.atoms.length !== this.#count) return false
    for (let i = 0; i < this.#count; i++) {
      const atom = known.atoms[i] as number
      if (this.#stamp[atom] !== this.#generation || this.#truth[atom] !== known.truths[i]) return false
    }
    return true
  }
}
