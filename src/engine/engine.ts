import { OptionError } from '../errors.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import { ANONYMOUS, type Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import type { Program } from '../program/program.ts'
import { type Clock, systemClock } from './clock.ts'
import type { DecisionCode } from './codes.ts'
import type { Decision } from './decision.ts'
import { DecisionInterner } from './decision-interner.ts'
import { EndpointClasses } from './endpoint-classes.ts'
import { EndpointReader, type MembershipOverlay, READ_OK, READ_UNKNOWN_SEGMENT } from './endpoint-reader.ts'
import { type Condition, Evaluation } from './evaluation.ts'
import { Memo } from './memo.ts'
import { OperationIndex } from './operation-index.ts'
import { PostureIndex, readPosture } from './posture-index.ts'
import { endKey, flowKey, ReadEndpoint } from './read-endpoint.ts'
import { readIdentity } from './read-identity.ts'
import { IdentityRecord, PostureRecord } from './records.ts'
import { WarmIdentity, WarmPosture } from './warm-facts.ts'
import { WhoIndex } from './who-index.ts'

export interface EngineOptions {
  /** Default: the system clock. */
  readonly clock?: Clock
  /** Compiles the `when` texts of the program, once, when the engine is made. Needed when there are any. */
  readonly compileCondition?: (text: string) => Condition
  /** Told of a failure inside the engine; the request is refused whatever it does. */
  readonly onInternalError?: (error: unknown) => void
}

/** What an overlay offers the engine beside adjusted memberships: how long those of one request hold. */
export interface TimedOverlay extends MembershipOverlay {
  /** A request is about to be read, as of this instant. */
  begin(at: number): void
  /** First later instant at which a membership asked for since {@link begin} may change. */
  readonly until: number
}

/** Answers questions from a program. One instance, one policy; it never changes its mind about what the policy is. */
export class Engine {
  readonly program: Program
  readonly endpoints: EndpointClasses
  readonly #clock: Clock
  readonly #options: EngineOptions
  readonly #reader: EndpointReader
  readonly #whoIndex: WhoIndex
  readonly #postureIndex: PostureIndex
  readonly #evaluation: Evaluation
  readonly #memo = new Memo()
  readonly #interner: DecisionInterner
  readonly #source: ReadEndpoint
  readonly #destination: ReadEndpoint
  readonly #noPosture: PostureRecord
  readonly #anonymous: IdentityRecord
  #overlay: TimedOverlay | null = null
  #generation = 0
  #records = 0
  #busy = false

  /** @throws OptionError (`ERR_OPTION_INVALID`) when the policy has conditions and nothing to compile them with. */
  constructor(program: Program, options: EngineOptions = {}) {
    this.program = program
    this.#options = options
    this.#clock = options.clock ?? systemClock()
    this.endpoints = new EndpointClasses(program.segments)
    const operations = new OperationIndex(program.operations)
    this.#reader = new EndpointReader(program.segments, this.endpoints, operations)
    this.#whoIndex = new WhoIndex(program.subjects)
    this.#postureIndex = new PostureIndex(program.postures)
    this.#interner = new DecisionInterner(program)
    this.#source = new ReadEndpoint(operations.none)
    this.#destination = new ReadEndpoint(operations.none)
    this.#noPosture = new PostureRecord(++this.#records, [], this.#postureIndex)
    this.#anonymous = new IdentityRecord(++this.#records, readIdentity(ANONYMOUS) ?? [], this.#whoIndex)
    const conditions = new Map<number, Condition>()
    for (const [rule, text] of program.rules.when) {
      const { compileCondition } = options
      if (compileCondition === undefined)
        throw new OptionError('"compileCondition" is needed: the policy has conditions')
      conditions.set(rule, compileCondition(text))
    }
    this.#evaluation = new Evaluation(
      program,
      this.endpoints,
      { source: this.#source, destination: this.#destination },
      { caller: this.#anonymous, facts: this.#noPosture },
      { conditions, report: (error) => this.#report(error) },
    )
  }

  /** The overlay's memberships count from now on; to be called again after every edit. */
  setOverlay(overlay: TimedOverlay): void {
    this.#overlay = overlay
    this.#reader.overlay = overlay
    this.#evaluation.overlay = overlay
    // A remembered answer may hold for longer than the edited membership that it rests on.
    this.#memo.clear()
  }

  /**
   * Decides. Synchronous, never throws. A question asked from inside another one (by a getter of what was passed) is
   * refused with `DENY_INTERNAL`.
   *
   * @param at - Epoch milliseconds; default: the injected clock.
   */
  authorize(
    identity: Identity,
    posture: Posture | null | undefined,
    src: Endpoint,
    dst: Endpoint,
    at?: number,
  ): Decision {
    if (this.#busy) return this.#interner.plain('DENY_INTERNAL')
    this.#busy = true
    try {
      return this.#answer(identity, posture, src, dst, at === undefined ? this.#clock.now() : at)
    } catch (error) {
      this.#report(error)
      return this.#interner.plain('DENY_INTERNAL')
    } finally {
      this.#busy = false
    }
  }

  #report(error: unknown): void {
    try {
      this.#options.onInternalError?.(error)
    } catch {
      // A failing observer must not turn a refusal into an exception.
    }
  }

  /** The short way: warm facts and a flow that was asked about before. */
  #answer(identity: unknown, posture: unknown, src: unknown, dst: unknown, now: number): Decision {
    if (!Number.isFinite(now)) return this.#interner.plain('DENY_CLOCK_INVALID')
    this.#keepMeanings()
    if (this.#overlay !== null) this.#overlay.begin(now)
    const caller = this.#identityKey(identity)
    const facts = this.#postureKey(posture)
    const source = this.#source
    const destination = this.#destination
    let isRead = false
    if (caller !== 0 && facts !== 0) {
      isRead =
        this.#reader.readSource(src, source) === READ_OK && this.#reader.readDestination(dst, destination) === READ_OK
      if (isRead) {
        const known = this.#memo.get(
          caller,
          facts,
          endKey(source),
          endKey(destination),
          destination.port,
          flowKey(destination, source),
          destination.operation.id,
          now,
        )
        if (known !== undefined) return known
      }
    }
    return this.#decide(identity, posture, src, dst, now, isRead)
  }

  /** What is not remembered. @param isRead - Whether both ends have been read already. */
  #decide(identity: unknown, posture: unknown, src: unknown, dst: unknown, now: number, isRead: boolean): Decision {
    const caller = this.#identityRecord(identity)
    if (caller === null) return this.#interner.plain('DENY_IDENTITY_INVALID')
    if (caller.hops.length - 1 > this.program.maxDelegationDepth) return this.#interner.plain('DENY_DELEGATION_DEPTH')
    // Errors of posture and endpoints come after those of the credential, which change with time.
    const facts = this.#postureRecord(posture)
    const malformed = facts === null ? 'DENY_POSTURE_INVALID' : isRead ? null : this.#readEnds(src, dst)
    if (facts === null || malformed !== null) return this.#malformed(caller, malformed ?? 'DENY_INTERNAL', now)
    const { port, operation } = this.#destination
    const flow = flowKey(this.#destination, this.#source)
    const source = endKey(this.#source)
    const destination = endKey(this.#destination)
    this.#resolveEnds()
    const evaluation = this.#evaluation
    evaluation.ask(caller, facts, src, dst)
    evaluation.at(now)
    const { code, rule, obligations, lease } = evaluation
    const shadow = evaluation.shadowAt(now)
    const until = evaluation.unchangedUntil((at) => this.#moveTo(at, src, dst))
    const end = lease > 0 ? Math.min(until, now + lease) : until
    const decision = this.#interner.decision(code, rule, obligations, end, shadow.rule)
    if (caller.id !== 0 && facts.id !== 0 && lease === 0 && !evaluation.usedWhen) {
      const holds = Math.min(until, shadow.until)
      this.#memo.set(caller.id, facts.id, source, destination, port, flow, operation.id, now, holds, decision)
    }
    // What the caller passed is not kept.
    evaluation.ask(this.#anonymous, this.#noPosture, undefined, undefined)
    return decision
  }

  /** Class numbers made at run time may be given anew, between requests; what was remembered about them goes too. */
  #keepMeanings(): void {
    this.endpoints.makeRoom()
    if (this.#generation === this.endpoints.generation) return
    this.#generation = this.endpoints.generation
    this.#reader.forget()
    this.#memo.clear()
    this.#evaluation.forget()
  }

  /** The number of a warm identity that this engine has seen, or 0. */
  #identityKey(identity: unknown): number {
    if (identity instanceof WarmIdentity) return WarmIdentity.keyOf(identity, this)
    return identity === ANONYMOUS ? this.#anonymous.id : 0
  }

  #postureKey(posture: unknown): number {
    if (posture instanceof WarmPosture) return WarmPosture.keyOf(posture, this)
    return posture === null || posture === undefined ? this.#noPosture.id : 0
  }

  #identityRecord(identity: unknown): IdentityRecord | null {
    if (identity === ANONYMOUS) return this.#anonymous
    const isWarm = identity instanceof WarmIdentity
    const known = isWarm ? (WarmIdentity.recordOf(identity, this) as IdentityRecord | null) : null
    if (known !== null) return known
    const hops = readIdentity(identity)
    if (hops === null) return null
    const made = new IdentityRecord(isWarm ? this.#nextRecord() : 0, hops, this.#whoIndex)
    if (isWarm) WarmIdentity.remember(identity, this, made, made.id)
    return made
  }

  #postureRecord(posture: unknown): PostureRecord | null {
    if (posture === null || posture === undefined) return this.#noPosture
    const isWarm = posture instanceof WarmPosture
    const known = isWarm ? (WarmPosture.recordOf(posture, this) as PostureRecord | null) : null
    if (known !== null) return known
    const facts = readPosture(posture)
    if (facts === null) return null
    const made = new PostureRecord(isWarm ? this.#nextRecord() : 0, facts, this.#postureIndex)
    if (isWarm) WarmPosture.remember(posture, this, made, made.id)
    return made
  }

  /** Numbers of warm records; before they could repeat, nothing is remembered any more under new ones. */
  #nextRecord(): number {
    return this.#records >= 0x7ffffff0 ? 0 : ++this.#records
  }

  #readEnds(src: unknown, dst: unknown): Malformation | null {
    const source = this.#reader.readSource(src, this.#source)
    if (source !== READ_OK) return source === READ_UNKNOWN_SEGMENT ? 'DENY_SOURCE_UNKNOWN' : 'DENY_SOURCE_INVALID'
    const destination = this.#reader.readDestination(dst, this.#destination)
    if (destination === READ_OK) return null
    return destination === READ_UNKNOWN_SEGMENT ? 'DENY_DESTINATION_UNKNOWN' : 'DENY_DESTINATION_INVALID'
  }

  #resolveEnds(): void {
    this.#reader.resolve(this.#source)
    this.#reader.resolve(this.#destination)
  }

  /** Makes memberships those of another instant; false when the ends cannot be read any more. */
  #moveTo(at: number, src: unknown, dst: unknown): boolean {
    if (this.#overlay === null) return true
    this.#overlay.begin(at)
    if (this.#readEnds(src, dst) !== null) return false
    this.#resolveEnds()
    return true
  }

  /** A request that can never be allowed; still, an expired credential is named first, and that changes with time. */
  #malformed(caller: IdentityRecord, malformed: Malformation, now: number): Decision {
    const code = caller.credentialCode(now) ?? malformed
    let until = caller.nextCredentialEdge(now)
    while (until !== Number.POSITIVE_INFINITY && (caller.credentialCode(until) ?? malformed) === code) {
      until = caller.nextCredentialEdge(until)
    }
    return this.#interner.decision(code, -1, NO_OBLIGATIONS, until, -1)
  }
}

const NO_OBLIGATIONS: readonly never[] = Object.freeze([])

type Malformation = Extract<
  DecisionCode,
  'DENY_POSTURE_INVALID' | `DENY_${'SOURCE' | 'DESTINATION'}_${'INVALID' | 'UNKNOWN'}` | 'DENY_INTERNAL'
>
