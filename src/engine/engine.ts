import type { Endpoint } from '../facts/endpoint.ts'
import { ANONYMOUS, type Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import { type Truth, UNKNOWN } from '../facts/truth.ts'
import type { Obligation } from '../policy/model.ts'
import { ENTRY_RULE, ENTRY_STRIDE, type Forest, type Program } from '../program/program.ts'
import { type Clock, systemClock } from './clock.ts'
import type { DecisionCode } from './codes.ts'
import { type Decision, denial, type ShadowOutcome } from './decision.ts'
import { DecisionInterner } from './decision-interner.ts'
import { EndpointClasses } from './endpoint-classes.ts'
import {
  EndpointReader,
  type MembershipOverlay,
  READ_OK,
  READ_UNKNOWN_SEGMENT,
  ReadEndpoint,
} from './endpoint-reader.ts'
import { Memo } from './memo.ts'
import { OperationIndex } from './operation-index.ts'
import { PostureIndex, readPosture } from './posture-index.ts'
import { type Hop, readIdentity } from './read-identity.ts'
import { IdentityRecord, PostureRecord } from './records.ts'
import { RuleMemo } from './rule-memo.ts'
import { NO_ENTRY, Search, TOUCHED_POSTURE, TOUCHED_WHO } from './search.ts'
import { TimeConditions } from './times.ts'
import { WarmIdentity, WarmPosture } from './warm-facts.ts'
import { WhoIndex } from './who-index.ts'

/** A compiled `when`. Must not throw; the engine guards against it all the same. */
export type Condition = (request: ConditionRequest) => Truth

/** What a `when` sees: the hop that is being decided, read, and the ends of the flow as the caller passed them. */
export interface ConditionRequest {
  readonly identity: Hop
  readonly src: unknown
  readonly dst: unknown
}

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

/** An answer whose looked-at instants reach this many is given an early end. */
const MAX_INSTANTS = 64

const NO_OBLIGATIONS: readonly Obligation[] = Object.freeze([])

/** Answers questions from a program. One instance, one policy; it never changes its mind about what the policy is. */
export class Engine {
  readonly program: Program
  readonly endpoints: EndpointClasses
  readonly #clock: Clock
  readonly #options: EngineOptions
  readonly #reader: EndpointReader
  readonly #whoIndex: WhoIndex
  readonly #postureIndex: PostureIndex
  readonly #times: TimeConditions
  /** With those of shadow rules, which must not show in an enforced answer's time. */
  readonly #allTimes: TimeConditions
  readonly #search: Search
  readonly #memo = new Memo()
  readonly #ruleMemo = new RuleMemo()
  readonly #shadowMemo = new RuleMemo()
  readonly #interner: DecisionInterner
  readonly #conditions = new Map<number, Condition>()
  readonly #source: ReadEndpoint
  readonly #destination: ReadEndpoint
  readonly #noPosture: PostureRecord
  readonly #anonymous: IdentityRecord
  #overlay: TimedOverlay | null = null
  #generation = 0
  #records = 0
  #busy = false
  // The answer of the last #evaluate: code, deciding rule, obligations, and when it may first change.
  #code: DecisionCode = 'DENY_INTERNAL'
  #rule = -1
  #obligations: readonly Obligation[] = NO_OBLIGATIONS
  #lease = 0
  #edge = Number.POSITIVE_INFINITY
  // What a `when` may ask about: the hop that is being decided, and the ends as the caller passed them.
  #caller: IdentityRecord | null = null
  #hop = 0
  #src: unknown = undefined
  #dst: unknown = undefined
  #usedWhen = false

  constructor(program: Program, options: EngineOptions = {}) {
    this.program = program
    this.#options = options
    this.#clock = options.clock ?? systemClock()
    this.endpoints = new EndpointClasses(program.segments)
    const operations = new OperationIndex(program.operations)
    this.#reader = new EndpointReader(program.segments, this.endpoints, operations)
    this.#whoIndex = new WhoIndex(program.subjects)
    this.#postureIndex = new PostureIndex(program.postures)
    const enforcedTimes = new Set(program.rules.time.filter((_, rule) => program.rules.shadow[rule] === 0))
    this.#times = new TimeConditions(program.times, (time) => time === 0 || enforcedTimes.has(time))
    this.#allTimes = new TimeConditions(program.times, () => true)
    this.#search = new Search(program)
    this.#search.when = (rule) => this.#when(rule)
    this.#interner = new DecisionInterner(program)
    this.#source = new ReadEndpoint(operations.none)
    this.#destination = new ReadEndpoint(operations.none)
    this.#noPosture = new PostureRecord(++this.#records, [], this.#postureIndex)
    this.#anonymous = new IdentityRecord(++this.#records, readIdentity(ANONYMOUS) ?? [], this.#whoIndex)
    for (const [rule, text] of program.rules.when) {
      if (options.compileCondition === undefined)
        throw new TypeError('this policy has `when` conditions: compileCondition is needed')
      this.#conditions.set(rule, options.compileCondition(text))
    }
  }

  /** The overlay's memberships count from now on; to be called again after every edit. */
  setOverlay(overlay: TimedOverlay): void {
    this.#overlay = overlay
    this.#reader.overlay = overlay
    // A remembered answer may hold for longer than the edited membership that it rests on.
    this.#memo.clear()
  }

  /**
   * Decides. Synchronous, never throws.
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
    // A getter of the caller's object may ask a question of its own; it must not meet half-read state.
    if (this.#busy) return new Engine(this.program, this.#options).authorize(identity, posture, src, dst, at)
    this.#busy = true
    try {
      return this.#answer(identity, posture, src, dst, at === undefined ? this.#clock.now() : at)
    } catch (error) {
      this.#report(error)
      return denial('DENY_INTERNAL', this.program.hash)
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

  /** The number of a warm identity that this engine has seen, or 0. */
  #identityKey(identity: unknown): number {
    if (identity instanceof WarmIdentity) return WarmIdentity.keyOf(identity, this)
    return identity === ANONYMOUS ? this.#anonymous.id : 0
  }

  #postureKey(posture: unknown): number {
    if (posture instanceof WarmPosture) return WarmPosture.keyOf(posture, this)
    return posture === null || posture === undefined ? this.#noPosture.id : 0
  }

  /** What is not remembered. @param isRead - Whether both ends have been read already. */
  #decide(identity: unknown, posture: unknown, src: unknown, dst: unknown, now: number, isRead: boolean): Decision {
    const caller = this.#identityRecord(identity)
    if (caller === null) return this.#interner.plain('DENY_IDENTITY_INVALID')
    if (caller.hops.length - 1 > this.program.maxDelegationDepth) return this.#interner.plain('DENY_DELEGATION_DEPTH')
    // Errors of posture and endpoints come after those of the credential, which change with time.
    const facts = this.#postureRecord(posture)
    const malformed = isRead ? null : this.#readRequest(facts, src, dst)
    if (malformed !== null || facts === null) return this.#malformed(caller, malformed ?? 'DENY_POSTURE_INVALID', now)
    const flow = flowKey(this.#destination, this.#source)
    const source = endKey(this.#source)
    const destination = endKey(this.#destination)
    this.#resolveEnds()
    this.#usedWhen = false
    this.#caller = caller
    this.#src = src
    this.#dst = dst
    this.#evaluate(caller, facts, now)
    const code = this.#code
    const rule = this.#rule
    const lease = this.#lease
    const obligations = this.#obligations
    const { withShadow } = this.program
    const shadow = withShadow === null ? NO_SHADOW : this.#shadow(withShadow, caller, facts, now)
    const until = this.#edge === Number.POSITIVE_INFINITY ? this.#edge : this.#unchangedUntil(caller, facts, src, dst)
    const validUntil = lease > 0 ? Math.min(until, now + lease) : until
    const decision = this.#interner.decision(code, rule, obligations, validUntil, shadow.outcome)
    // What the caller passed is not kept.
    this.#caller = null
    this.#src = undefined
    this.#dst = undefined
    if (caller.id !== 0 && facts.id !== 0 && lease === 0 && !this.#usedWhen) {
      const { port, operation } = this.#destination
      const end = Math.min(until, shadow.until)
      this.#memo.set(caller.id, facts.id, source, destination, port, flow, operation.id, now, end, decision)
    }
    return decision
  }

  /** Class numbers made at run time may be given anew, between requests; what was remembered about them goes too. */
  #keepMeanings(): void {
    this.endpoints.makeRoom()
    if (this.#generation === this.endpoints.generation) return
    this.#generation = this.endpoints.generation
    this.#reader.forget()
    this.#memo.clear()
    this.#ruleMemo.clear()
    this.#shadowMemo.clear()
  }

  #identityRecord(identity: unknown): IdentityRecord | null {
    if (identity instanceof WarmIdentity) {
      const known = WarmIdentity.recordOf(identity, this) as IdentityRecord | null
      if (known !== null) return known
      const hops = readIdentity(identity)
      if (hops === null) return null
      const made = new IdentityRecord(this.#nextRecord(), hops, this.#whoIndex)
      WarmIdentity.remember(identity, this, made, made.id)
      return made
    }
    if (identity === ANONYMOUS) return this.#anonymous
    const hops = readIdentity(identity)
    return hops === null ? null : new IdentityRecord(0, hops, this.#whoIndex)
  }

  #postureRecord(posture: unknown): PostureRecord | null {
    if (posture === null || posture === undefined) return this.#noPosture
    if (posture instanceof WarmPosture) {
      const known = WarmPosture.recordOf(posture, this) as PostureRecord | null
      if (known !== null) return known
      const facts = readPosture(posture)
      if (facts === null) return null
      const made = new PostureRecord(this.#nextRecord(), facts, this.#postureIndex)
      WarmPosture.remember(posture, this, made, made.id)
      return made
    }
    const facts = readPosture(posture)
    return facts === null ? null : new PostureRecord(0, facts, this.#postureIndex)
  }

  /** Numbers of warm records; before they could repeat, nothing is remembered any more under old ones. */
  #nextRecord(): number {
    if (this.#records >= 0x7ffffff0) return 0
    return ++this.#records
  }

  #readRequest(facts: PostureRecord | null, src: unknown, dst: unknown): Malformation | null {
    if (facts === null) return 'DENY_POSTURE_INVALID'
    const source = this.#reader.readSource(src, this.#source)
    if (source !== READ_OK) return source === READ_UNKNOWN_SEGMENT ? 'DENY_SOURCE_UNKNOWN' : 'DENY_SOURCE_INVALID'
    const destination = this.#reader.readDestination(dst, this.#destination)
    if (destination !== READ_OK)
      return destination === READ_UNKNOWN_SEGMENT ? 'DENY_DESTINATION_UNKNOWN' : 'DENY_DESTINATION_INVALID'
    return null
  }

  #resolveEnds(): void {
    this.#reader.resolve(this.#source)
    this.#reader.resolve(this.#destination)
  }

  /** A request that can never be allowed; still, an expired credential is named first, and that changes with time. */
  #malformed(caller: IdentityRecord, malformed: Malformation, now: number): Decision {
    const code = caller.credentialCode(now) ?? malformed
    let until = caller.nextCredentialEdge(now)
    while (until !== Number.POSITIVE_INFINITY && (caller.credentialCode(until) ?? malformed) === code) {
      until = caller.nextCredentialEdge(until)
    }
    return this.#interner.decision(code, -1, NO_OBLIGATIONS, until, null)
  }

  #when(rule: number): Truth {
    try {
      const identity = this.#caller?.hops[this.#hop] as Hop
      return (this.#conditions.get(rule) as Condition)({ identity, src: this.#src, dst: this.#dst })
    } catch (error) {
      this.#report(error)
      return UNKNOWN
    }
  }

  /** Works out the answer at an instant, and the first later instant at which anything it rests on changes. */
  #evaluate(caller: IdentityRecord, facts: PostureRecord, at: number): void {
    this.#rule = -1
    this.#lease = 0
    this.#obligations = NO_OBLIGATIONS
    this.#edge = Math.min(
      caller.nextCredentialEdge(at),
      this.#overlay === null ? Number.POSITIVE_INFINITY : this.#overlay.until,
    )
    const credential = caller.credentialCode(at)
    if (credential !== null) {
      this.#code = credential
      return
    }
    const { rules } = this.program
    const rule = this.#decideHop(caller, 0, facts, at)
    this.#rule = rule
    if (rule === -1) {
      this.#code = 'DENY_DEFAULT'
      return
    }
    this.#obligations = rules.obligations[rule] as readonly Obligation[]
    this.#lease = this.#leaseOf(rule)
    if (rules.allow[rule] === 0) {
      this.#code = 'DENY_RULE'
      return
    }
    this.#code = 'ALLOW_RULE'
    if (caller.hops.length > 1) this.#decideActors(caller, facts, at)
  }

  #decideActors(caller: IdentityRecord, facts: PostureRecord, at: number): void {
    const { rules } = this.program
    const collected = new Map<string, Obligation>()
    const collect = (rule: number): void => {
      for (const obligation of rules.obligations[rule] as readonly Obligation[]) {
        const key = JSON.stringify(obligation)
        if (!collected.has(key)) collected.set(key, obligation)
      }
      const lease = this.#leaseOf(rule)
      if (lease > 0) this.#lease = this.#lease === 0 ? lease : Math.min(this.#lease, lease)
    }
    collect(this.#rule)
    for (let hop = 1; hop < caller.hops.length; hop++) {
      const rule = this.#decideHop(caller, hop, facts, at)
      if (rule !== -1 && rules.allow[rule] === 1) {
        collect(rule)
        continue
      }
      this.#code = 'DENY_DELEGATION'
      this.#rule = rule
      this.#obligations = rule === -1 ? NO_OBLIGATIONS : (rules.obligations[rule] as readonly Obligation[])
      this.#lease = rule === -1 ? 0 : this.#leaseOf(rule)
      return
    }
    this.#obligations = [...collected.values()]
  }

  #leaseOf(rule: number): number {
    return this.program.rules.leases[rule] ?? 0
  }

  /** The deciding rule for one hop, or -1; lowers the edge to what the answer rests on. */
  #decideHop(caller: IdentityRecord, hop: number, facts: PostureRecord, at: number): number {
    const entry = this.#find(this.program.enforced, this.#ruleMemo, caller, hop, facts, at)
    return entry === NO_ENTRY ? -1 : (this.program.entries[entry * ENTRY_STRIDE + ENTRY_RULE] as number)
  }

  #find(forest: Forest, memo: RuleMemo, caller: IdentityRecord, hop: number, facts: PostureRecord, at: number): number {
    const who = caller.phaseAt(hop, at)
    const posture = facts.phaseAt(at)
    const time = (forest === this.program.enforced ? this.#times : this.#allTimes).at(at)
    const source = this.#source
    const destination = this.#destination
    const { port, operation } = destination
    const protocol = protocolKey(destination, source)
    let entry: number
    let touched: number
    if (
      memo.find(
        who.who.id,
        posture.posture.id,
        time.id,
        source.classId,
        destination.classId,
        port,
        protocol,
        operation.id,
      )
    ) {
      entry = memo.entry
      touched = memo.touched
    } else {
      const search = this.#search
      search.who = who.who
      search.posture = posture.posture
      search.time = time.bits
      search.touched = 0
      search.timed.length = 0
      search.usedWhen = false
      this.#hop = hop
      entry = this.#searchForest(forest)
      touched = search.touched
      if (search.usedWhen) this.#usedWhen = true
      if (search.timed.length > 0) this.#edge = Math.min(this.#edge, search.timedUntil(entry, time.ends))
      // What hung on a schedule is not remembered by class: when it ends is a matter of which rules were met.
      else if (!search.usedWhen) {
        memo.set(
          who.who.id,
          posture.posture.id,
          time.id,
          source.classId,
          destination.classId,
          port,
          protocol,
          operation.id,
          entry,
          touched,
        )
      }
    }
    if ((touched & TOUCHED_WHO) !== 0 && who.until < this.#edge) this.#edge = who.until
    if ((touched & TOUCHED_POSTURE) !== 0 && posture.until < this.#edge) this.#edge = posture.until
    return entry
  }

  #searchForest(forest: Forest): number {
    const search = this.#search
    const source = this.#source
    const destination = this.#destination
    search.port = destination.port
    search.protocol = destination.protocol
    search.sourcePort = source.port
    search.operation = destination.operation
    const stamp = search.nextStamp()
    this.endpoints.stamp(source.classId, search.sourceStamps, stamp)
    this.endpoints.stamp(destination.classId, search.destinationStamps, stamp)
    return this.#searchRanks(forest)
  }

  #searchRanks(forest: Forest): number {
    const search = this.#search
    const { endpoints } = this
    const source = this.#source.classId
    const destination = this.#destination.classId
    if (endpoints.isStatic(source) && endpoints.isStatic(destination))
      return search.first(forest, source, destination, NO_ENTRY)
    let best = NO_ENTRY
    const sourceRanks = endpoints.isStatic(source) ? [source] : endpoints.ranksOf(source)
    const destinationRanks = endpoints.isStatic(destination) ? [destination] : endpoints.ranksOf(destination)
    for (const from of sourceRanks) for (const to of destinationRanks) best = search.first(forest, from, to, best)
    return best
  }

  #shadow(forest: Forest, caller: IdentityRecord, facts: PostureRecord, at: number): ShadowAnswer {
    if (caller.credentialCode(at) !== null) return NO_SHADOW
    const enforcedEdge = this.#edge
    this.#edge = Number.POSITIVE_INFINITY
    const entry = this.#find(forest, this.#shadowMemo, caller, 0, facts, at)
    const until = this.#edge
    this.#edge = enforcedEdge
    if (entry === NO_ENTRY) return { outcome: null, until }
    const rule = this.program.entries[entry * ENTRY_STRIDE + ENTRY_RULE] as number
    return { outcome: this.program.rules.shadow[rule] === 1 ? this.#interner.shadow(rule) : null, until }
  }

  /** Steps from edge to edge until the answer differs. */
  #unchangedUntil(caller: IdentityRecord, facts: PostureRecord, src: unknown, dst: unknown): number {
    const code = this.#code
    const rule = this.#rule
    const obligations = this.#obligations
    let at = this.#edge
    for (let looked = 1; at !== Number.POSITIVE_INFINITY; looked++) {
      if (this.#overlay !== null) {
        this.#overlay.begin(at)
        if (this.#readRequest(facts, src, dst) !== null) return at
        this.#resolveEnds()
      }
      this.#evaluate(caller, facts, at)
      if (this.#code !== code || this.#rule !== rule || !sameObligations(this.#obligations, obligations)) return at
      if (looked === MAX_INSTANTS) return at
      at = this.#edge
    }
    return at
  }
}

type Malformation =
  | 'DENY_POSTURE_INVALID'
  | 'DENY_SOURCE_INVALID'
  | 'DENY_SOURCE_UNKNOWN'
  | 'DENY_DESTINATION_INVALID'
  | 'DENY_DESTINATION_UNKNOWN'

interface ShadowAnswer {
  readonly outcome: ShadowOutcome | null
  /** First later instant at which it may change. */
  readonly until: number
}

const NO_SHADOW: ShadowAnswer = { outcome: null, until: Number.POSITIVE_INFINITY }

/** What a remembered decision knows an end of the flow by: its address, or its class where that takes more than one word. */
function endKey(end: ReadEndpoint): number {
  return end.isWord ? end.word : end.classId
}

/** Protocol, source port, and which of the ends are known by address, in one key. */
function flowKey(destination: ReadEndpoint, source: ReadEndpoint): number {
  return protocolKey(destination, source) | (source.isWord ? 1 << 26 : 0) | (destination.isWord ? 1 << 27 : 0)
}

/** Protocol and source port in one key. */
function protocolKey(destination: ReadEndpoint, source: ReadEndpoint): number {
  return (destination.protocol + 1) | ((source.port + 1) << 9)
}

function sameObligations(left: readonly Obligation[], right: readonly Obligation[]): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right)
}
