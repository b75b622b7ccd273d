import type { DecisionCode } from './codes.ts'
import { Phases } from './phases.ts'
import type { PostureIndex, PosturePhase, ReadFact } from './posture-index.ts'
import type { Hop } from './read-identity.ts'
import type { WhoIndex, WhoPhase } from './who-index.ts'

/** What an engine knows about one identity: its hops, and their phases. */
export class IdentityRecord {
  /** 0 is a record that lives for one request only. */
  readonly id: number
  readonly hops: readonly Hop[]
  readonly #index: WhoIndex
  readonly #phases = new Phases<WhoPhase>()
  /** Of the actors, if there are any. */
  readonly #actorPhases: readonly Phases<WhoPhase>[]
  /** The whole chain is valid from here ... */
  readonly #validFrom: number
  /** ... until here. */
  readonly #validUntil: number

  constructor(id: number, hops: readonly Hop[], index: WhoIndex) {
    this.id = id
    this.hops = hops
    this.#index = index
    let from = Number.NEGATIVE_INFINITY
    let until = Number.POSITIVE_INFINITY
    for (const hop of hops) {
      if (hop.notBefore > from) from = hop.notBefore
      if (hop.expiresAt < until) until = hop.expiresAt
    }
    this.#validFrom = from
    this.#validUntil = until
    this.#actorPhases = hops.length === 1 ? NO_ACTORS : hops.map(() => new Phases())
  }

  /** Why the chain's credentials do not hold at an instant, or `null`. */
  credentialCode(at: number): Extract<DecisionCode, 'DENY_IDENTITY_EXPIRED' | 'DENY_IDENTITY_NOT_YET_VALID'> | null {
    if (at >= this.#validFrom && at < this.#validUntil) return null
    for (const hop of this.hops) {
      if (at < hop.notBefore) return 'DENY_IDENTITY_NOT_YET_VALID'
      if (at >= hop.expiresAt) return 'DENY_IDENTITY_EXPIRED'
    }
    return null
  }

  /** First later instant at which a credential of the chain begins or ends. */
  nextCredentialEdge(at: number): number {
    if (at >= this.#validFrom && at < this.#validUntil) return this.#validUntil
    let edge = Number.POSITIVE_INFINITY
    for (const hop of this.hops) {
      if (hop.notBefore > at) edge = Math.min(edge, hop.notBefore)
      if (hop.expiresAt > at) edge = Math.min(edge, hop.expiresAt)
    }
    return edge
  }

  phaseAt(hop: number, at: number): WhoPhase {
    const phases = hop === 0 ? this.#phases : (this.#actorPhases[hop] as Phases<WhoPhase>)
    return phases.find(at) ?? phases.keep(this.#index.phase(this.hops[hop] as Hop, at))
  }
}

const NO_ACTORS: readonly never[] = []

/** What an engine knows about one posture. */
export class PostureRecord {
  /** 0 is a record that lives for one request only. */
  readonly id: number
  readonly #facts: readonly ReadFact[]
  readonly #index: PostureIndex
  readonly #phases = new Phases<PosturePhase>()

  constructor(id: number, facts: readonly ReadFact[], index: PostureIndex) {
    this.id = id
    this.#facts = facts
    this.#index = index
  }

  phaseAt(at: number): PosturePhase {
    return this.#phases.find(at) ?? this.#phases.keep(this.#index.phase(this.#facts, at))
  }
}
