import type { Effect, Obligation } from '../policy/model.ts'
import type { Program } from '../program/program.ts'
import type { DecisionCode } from './codes.ts'
import { DecisionRecord, type ShadowOutcome } from './decision.ts'

/** Slots are twice the rules, between these bounds. */
const MIN_SLOTS = 256
const MAX_SLOTS = 65_536

const NO_OBLIGATIONS: readonly Obligation[] = Object.freeze([])

/** Gives out one object for equal answers, as far as a bounded direct-mapped table remembers them. */
export class DecisionInterner {
  readonly #program: Program
  readonly #slots: (DecisionRecord | undefined)[]
  readonly #mask: number
  readonly #plain = new Map<DecisionCode, DecisionRecord>()
  readonly #shadows = new Map<number, ShadowOutcome>()
  readonly #word = new Float64Array(1)
  readonly #halves = new Int32Array(this.#word.buffer)

  constructor(program: Program) {
    this.#program = program
    const wanted = Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, 2 * program.rules.ids.length))
    const count = 2 ** Math.ceil(Math.log2(wanted))
    this.#slots = new Array(count).fill(undefined)
    this.#mask = count - 1
  }

  /** A denial that neither a rule nor time has a part in. */
  plain(code: DecisionCode): DecisionRecord {
    let known = this.#plain.get(code)
    if (known === undefined) {
      known = new DecisionRecord(code, null, NO_OBLIGATIONS, Number.POSITIVE_INFINITY, null, this.#program.hash)
      this.#plain.set(code, known)
    }
    return known
  }

  /** @param rule - Index of the deciding rule, or -1. @param shadowRule - Of the shadow rule that would decide, or -1. */
  decision(
    code: DecisionCode,
    rule: number,
    obligations: readonly Obligation[],
    validUntil: number,
    shadowRule: number,
  ): DecisionRecord {
    const shadow = shadowRule === -1 ? null : this.#shadow(shadowRule)
    this.#word[0] = validUntil
    const mixed =
      Math.imul(rule + 1, 0x9e3779b1) ^ Math.imul((this.#halves[0] as number) ^ (this.#halves[1] as number), 0x85ebca6b)
    const slot = (mixed ^ (mixed >>> 15)) & this.#mask
    const id = rule === -1 ? null : (this.#program.rules.ids[rule] as string)
    const known = this.#slots[slot]
    if (
      known !== undefined &&
      known.rule === id &&
      known.code === code &&
      known.validUntil === validUntil &&
      known.shadow === shadow &&
      known.obligations === obligations
    ) {
      return known
    }
    const made = new DecisionRecord(code, id, obligations, validUntil, shadow, this.#program.hash)
    this.#slots[slot] = made
    return made
  }

  #shadow(rule: number): ShadowOutcome {
    let known = this.#shadows.get(rule)
    if (known === undefined) {
      const effect: Effect = this.#program.rules.allow[rule] === 1 ? 'allow' : 'deny'
      known = Object.freeze({ effect, rule: this.#program.rules.ids[rule] as string })
      this.#shadows.set(rule, known)
    }
    return known
  }
}
