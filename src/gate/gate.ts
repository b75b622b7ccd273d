import { type Clock, systemClock } from '../engine/clock.ts'
import type { Decision } from '../engine/decision.ts'
import { Engine, type EngineOptions } from '../engine/engine.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { Program } from '../program/program.ts'
import { Members } from './members.ts'

/** What a gate needs of a compiled policy. */
export interface GatePolicy {
  readonly model: PolicyModel
  readonly program: Program
  /** The engine's options as the policy was compiled with them. */
  readonly engineOptions: EngineOptions
}

export interface GateOptions {
  /** Default: the clock of the policy, else the system clock. */
  readonly clock?: Clock
}

/** A door with a current policy and what happens at run time on top of it: edited segment membership. */
export class Gate {
  readonly #clock: Clock
  #engine: Engine
  #members: Members
  #policy: GatePolicy

  constructor(policy: GatePolicy, options: GateOptions = {}) {
    this.#clock = options.clock ?? policy.engineOptions.clock ?? systemClock()
    this.#policy = policy
    this.#engine = this.#engineOf(policy)
    this.#members = this.#membersOf(policy, this.#engine)
  }

  /** Edits of segment membership. */
  get members(): Members {
    return this.#members
  }

  /**
   * Puts another policy in force: one assignment, so that every decision sees exactly one policy. Edits of membership
   * stay, by the names of their segments: what was taken out of a segment is not let in again by a reload.
   *
   * @throws MembershipError (`ERR_MEMBERSHIP_INVALID`) when the new policy does not define a segment that is edited; the
   * old policy stays in force then.
   */
  swap(policy: GatePolicy): void {
    const engine = this.#engineOf(policy)
    const members = this.#membersOf(policy, engine)
    members.adopt(this.#members)
    this.#policy = policy
    this.#members = members
    this.#engine = engine
  }

  /** The policy in force. */
  get policy(): GatePolicy {
    return this.#policy
  }

  /**
   * Decides under the current policy and membership. Synchronous, never throws.
   *
   * @param at - Epoch milliseconds; default: the gate's clock.
   */
  authorize(
    identity: Identity,
    posture: Posture | null | undefined,
    src: Endpoint,
    dst: Endpoint,
    at?: number,
  ): Decision {
    return this.#engine.authorize(identity, posture, src, dst, at)
  }

  #engineOf(policy: GatePolicy): Engine {
    return new Engine(policy.program, { ...policy.engineOptions, clock: this.#clock })
  }

  #membersOf(policy: GatePolicy, engine: Engine): Members {
    const members = new Members(policy.model, engine.endpoints, this.#clock, () => engine.setOverlay(members))
    return members
  }
}
