import { type Truth, UNKNOWN } from '../facts/truth.ts'
import type { Obligation } from '../policy/model.ts'
import { ENTRY_RULE, ENTRY_STRIDE, type Forest, type Program } from '../program/program.ts'
import type { DecisionCode } from './codes.ts'
import type { EndpointClasses } from './endpoint-classes.ts'
import { protocolKey, type ReadEndpoint } from './read-endpoint.ts'
import type { Hop } from './read-identity.ts'
import type { IdentityRecord, PostureRecord } from './records.ts'
import { RuleMemo } from './rule-memo.ts'
import { NO_ENTRY, Search, TOUCHED_POSTURE, TOUCHED_WHO } from './search.ts'
import { TimeConditions } from './times.ts'

/** A compiled `when`. Must not throw; it is guarded against all the same. */
export type Condition = (request: ConditionRequest) => Truth

/** What a `when` sees: the hop that is being decided, read, and the ends of the flow as the caller passed them. */
export interface ConditionRequest {
  readonly identity: Hop
  readonly src: unknown
  readonly dst: unknown
}

/** What the evaluation is made with. */
export interface EvaluationOptions {
  readonly conditions: ReadonlyMap<number, Condition>
  readonly report: (error: unknown) => void
}

/** A question whose facts have been read. */
export interface Question {
  readonly caller: IdentityRecord
  readonly facts: PostureRecord
  readonly src: unknown
  readonly dst: unknown
}

/** Answers beyond this many looked-at instants are given an early end. */
const MAX_INSTANTS = 64

const NO_OBLIGATIONS: readonly Obligation[] = Object.freeze([])

/** The rules asked about one question at an instant, and for how long what they say holds. Reused between questions. */
export class Evaluation {
  /** The answer at the last instant: code, deciding rule or -1, obligations, lease. */
  code: DecisionCode = 'DENY_INTERNAL'
  rule = -1
  obligations: readonly Obligation[] = NO_OBLIGATIONS
  lease = 0
  /** First later instant at which anything that the answer rests on changes. */
  edge = Number.POSITIVE_INFINITY
  /** Whether a `when` was asked: such an answer is for this question only. */
  usedWhen = false
  overlay: { readonly until: number } | null = null
  readonly #program: Program
  readonly #endpoints: EndpointClasses
  readonly #options: EvaluationOptions
  readonly #source: ReadEndpoint
  readonly #destination: ReadEndpoint
  readonly #search: Search
  readonly #memo = new RuleMemo()
  readonly #shadowMemo = new RuleMemo()
  readonly #times: TimeConditions
  /** With those of shadow rules, which must not show in an enforced answer's time. */
  readonly #allTimes: TimeConditions
  #caller: IdentityRecord
  #facts: PostureRecord
  #src: unknown = undefined
  #dst: unknown = undefined
  #hop = 0

  constructor(
    program: Program,
    endpoints: EndpointClasses,
    ends: { readonly source: ReadEndpoint; readonly destination: ReadEndpoint },
    nobody: Pick<Question, 'caller' | 'facts'>,
    options: EvaluationOptions,
  ) {
    this.#program = program
    this.#endpoints = endpoints
    this.#source = ends.source
    this.#destination = ends.destination
    this.#caller = nobody.caller
    this.#facts = nobody.facts
    this.#options = options
    const { time, shadow } = program.rules
    const enforced = new Set(time.filter((_, rule) => shadow[rule] === 0))
    this.#times = new TimeConditions(program.times, (index) => index === 0 || enforced.has(index))
    this.#allTimes = new TimeConditions(program.times, () => true)
    this.#search = new Search(program)
    this.#search.when = (rule) => this.#when(rule)
  }

  /** Starts another question. */
  ask(caller: IdentityRecord, facts: PostureRecord, src: unknown, dst: unknown): void {
    this.#caller = caller
    this.#facts = facts
    this.#src = src
    this.#dst = dst
    this.usedWhen = false
  }

  /** Class numbers have lost their meaning. */
  forget(): void {
    this.#memo.clear()
    this.#shadowMemo.clear()
  }

  #when(rule: number): Truth {
    try {
      const identity = this.#caller.hops[this.#hop] as Hop
      return (this.#options.conditions.get(rule) as Condition)({ identity, src: this.#src, dst: this.#dst })
    } catch (error) {
      this.#options.report(error)
      return UNKNOWN
    }
  }

  /** Works out the answer at an instant, and the first later instant at which anything it rests on changes. */
  at(at: number): void {
    const caller = this.#caller
    this.rule = -1
    this.lease = 0
    this.obligations = NO_OBLIGATIONS
    this.edge = Math.min(
      caller.nextCredentialEdge(at),
      this.overlay === null ? Number.POSITIVE_INFINITY : this.overlay.until,
    )
    const credential = caller.credentialCode(at)
    if (credential !== null) {
      this.code = credential
      return
    }
    const { rules } = this.#program
    const rule = this.#decideHop(0, at)
    this.rule = rule
    if (rule === -1) {
      this.code = 'DENY_DEFAULT'
      return
    }
    this.obligations = rules.obligations[rule] as readonly Obligation[]
    this.lease = this.#leaseOf(rule)
    if (rules.allow[rule] === 0) {
      this.code = 'DENY_RULE'
      return
    }
    this.code = 'ALLOW_RULE'
    if (caller.hops.length > 1) this.#decideActors(at)
  }

  #decideActors(at: number): void {
    const { hops } = this.#caller
    const { rules } = this.#program
    const collected = new Map<string, Obligation>()
    const collect = (rule: number): void => {
      for (const obligation of rules.obligations[rule] as readonly Obligation[]) {
        const key = JSON.stringify(obligation)
        if (!collected.has(key)) collected.set(key, obligation)
      }
      const lease = this.#leaseOf(rule)
      if (lease > 0) this.lease = this.lease === 0 ? lease : Math.min(this.lease, lease)
    }
    collect(this.rule)
    for (let hop = 1; hop < hops.length; hop++) {
      const rule = this.#decideHop(hop, at)
      if (rule !== -1 && rules.allow[rule] === 1) {
        collect(rule)
        continue
      }
      this.code = 'DENY_DELEGATION'
      this.rule = rule
      this.obligations = rule === -1 ? NO_OBLIGATIONS : (rules.obligations[rule] as readonly Obligation[])
      this.lease = rule === -1 ? 0 : this.#leaseOf(rule)
      return
    }
    // Decisions are shared, so nothing in them may change.
    this.obligations = Object.freeze([...collected.values()])
  }

  #leaseOf(rule: number): number {
    return this.#program.rules.leases[rule] ?? 0
  }

  /** The deciding rule for one hop, or -1; lowers the edge to what the answer rests on. */
  #decideHop(hop: number, at: number): number {
    const entry = this.#find(this.#program.enforced, this.#memo, hop, at)
    return this.#ruleOf(entry)
  }

  #ruleOf(entry: number): number {
    return entry === NO_ENTRY ? -1 : (this.#program.entries[entry * ENTRY_STRIDE + ENTRY_RULE] as number)
  }

  #find(forest: Forest, memo: RuleMemo, hop: number, at: number): number {
    const who = this.#caller.phaseAt(hop, at)
    const posture = this.#facts.phaseAt(at)
    const source = this.#source
    const destination = this.#destination
    const { port, operation } = destination
    const protocol = protocolKey(destination, source)
    let entry: number
    let touched: number
    if (memo.find(who.who.id, posture.posture.id, source.classId, destination.classId, port, protocol, operation.id)) {
      entry = memo.entry
      touched = memo.touched
    } else {
      const search = this.#search
      search.who = who.who
      search.posture = posture.posture
      const time = (forest === this.#program.enforced ? this.#times : this.#allTimes).at(at)
      search.time = time.bits
      search.touched = 0
      search.timed.length = 0
      search.usedWhen = false
      this.#hop = hop
      entry = this.#searchForest(forest)
      touched = search.touched
      if (search.usedWhen) this.usedWhen = true
      if (search.timed.length > 0) this.edge = Math.min(this.edge, search.timedUntil(entry, time.ends))
      // What hung on a schedule is not remembered: the rest is the same at all times.
      else if (!search.usedWhen) {
        memo.set(
          who.who.id,
          posture.posture.id,
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
    if ((touched & TOUCHED_WHO) !== 0 && who.until < this.edge) this.edge = who.until
    if ((touched & TOUCHED_POSTURE) !== 0 && posture.until < this.edge) this.edge = posture.until
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
    this.#endpoints.stamp(source.classId, search.sourceStamps, stamp)
    this.#endpoints.stamp(destination.classId, search.destinationStamps, stamp)
    return this.#searchRanks(forest)
  }

  #searchRanks(forest: Forest): number {
    const search = this.#search
    const endpoints = this.#endpoints
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

  /** The shadow rule that would decide for the identity itself at an instant, or -1, and until when. */
  shadowAt(at: number): ShadowAnswer {
    const forest = this.#program.withShadow
    if (forest === null || this.#caller.credentialCode(at) !== null) return NO_SHADOW
    const enforcedEdge = this.edge
    this.edge = Number.POSITIVE_INFINITY
    const entry = this.#find(forest, this.#shadowMemo, 0, at)
    const until = this.edge
    this.edge = enforcedEdge
    const rule = this.#ruleOf(entry)
    return { rule: rule !== -1 && this.#program.rules.shadow[rule] === 1 ? rule : -1, until }
  }

  /**
   * Steps from edge to edge until the answer of the last {@link at} differs.
   *
   * @param moveTo - Makes the ends of the flow those of another instant; false when they cannot be read any more.
   */
  unchangedUntil(moveTo: (at: number) => boolean): number {
    const code = this.code
    const rule = this.rule
    const obligations = this.obligations
    let at = this.edge
    for (let looked = 1; at !== Number.POSITIVE_INFINITY; looked++) {
      if (!moveTo(at)) return at
      this.at(at)
      if (this.code !== code || this.rule !== rule || !sameObligations(this.obligations, obligations)) return at
      if (looked === MAX_INSTANTS) return at
      at = this.edge
    }
    return at
  }
}

/** The shadow rule that would decide, or -1. */
export interface ShadowAnswer {
  readonly rule: number
  /** First later instant at which that may change. */
  readonly until: number
}

const NO_SHADOW: ShadowAnswer = { rule: -1, until: Number.POSITIVE_INFINITY }

function sameObligations(left: readonly Obligation[], right: readonly Obligation[]): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right)
}
