/** A posture fact is a scalar; anything else is malformed, and a malformed fact is unknown. */
export type FactValue = string | number | boolean

/** How a fact was verified. `none` is self-asserted: such a fact is unknown. */
export type Verification = 'signature' | 'attestation' | 'channel' | 'none'

/** One observation about the caller's device or workload. */
export interface PostureFact {
  readonly value: FactValue
  /** When it was observed, in epoch milliseconds. A fact from the future is unknown until then. */
  readonly observedAt: number
  readonly verification: Verification
  /** Who observed it, for the log and for `explain`. */
  readonly source?: string
}

/** Posture facts by name. */
export interface Posture {
  readonly facts: Readonly<Record<string, PostureFact>>
}

/** No posture at all: every fact is unknown. */
export const NO_POSTURE: Posture = Object.freeze({ facts: Object.freeze({}) })
