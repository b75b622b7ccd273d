/**
 * The normalised policy: names resolved to indices, defaults explicit, rules in evaluation order.
 * Types only. The compiler, `explain` and the reference interpreter of the tests all read this and nothing else.
 */
import type { FactValue } from '../facts/posture.ts'
import type { Prefix } from '../net/prefix.ts'

export type Effect = 'allow' | 'deny'
export type Combining = 'deny-overrides' | 'first-match'
export type Mode = 'enforce' | 'shadow'

/** SPIFFE id, exact, or every id strictly below a path (`spiffe://td/ns/*` is `{ id: 'spiffe://td/ns', below: true }`). */
export interface WorkloadPattern {
  readonly id: string
  readonly below: boolean
}

/** Any-of: an endpoint is selected when any prefix, workload pattern, label set (all labels of one set), or segment selects it. */
export interface Selector {
  readonly prefixes: readonly Prefix[]
  readonly workloads: readonly WorkloadPattern[]
  readonly labels: readonly Readonly<Record<string, string>>[]
  /** Indices into `PolicyModel.segments`. */
  readonly segments: readonly number[]
}

export interface SegmentModel {
  readonly name: string
  /** Written inline in a rule: cannot be named by an endpoint or changed by an overlay. */
  readonly anonymous: boolean
  readonly include: Selector
  /** Subtracted from `include`. */
  readonly except: Selector
}

/** Index of the built-in segment that holds every endpoint. */
export const ANY_SEGMENT = 0
/** Index of the built-in segment of globally reachable addresses (IANA special-purpose registries, RFC 6890). */
export const INTERNET_SEGMENT = 1

/** Inclusive. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

export interface HttpService {
  /** Upper case; `null` is any method. `GET` also covers `HEAD`. */
  readonly methods: readonly string[] | null
  /** Templates such as `/v1/models/:id` or `/admin/*`; `null` is any route. */
  readonly routes: readonly string[] | null
}

export interface GrpcService {
  readonly service: string
  readonly methods: readonly string[] | null
}

/** One alternative of a service: every part that is present must match. */
export interface ServiceEntry {
  /** IANA number; `null` is any protocol. */
  readonly protocol: number | null
  readonly ports: readonly PortRange[] | null
  readonly sourcePorts: readonly PortRange[] | null
  readonly http: HttpService | null
  readonly grpc: GrpcService | null
  /** Exact names, or a prefix when it ends in `*`. */
  readonly models: readonly string[] | null
  readonly tools: readonly string[] | null
}

export type WhoPredicate =
  | { readonly type: 'kind'; readonly kind: 'user' | 'workload' | 'agent' | 'anonymous' }
  /** Exact, or a prefix when `below`: `spiffe://td/ns/*` as in {@link WorkloadPattern}. */
  | { readonly type: 'id'; readonly id: string; readonly below: boolean }
  /** Satisfied by membership under any of these names, or by an id in `members`. */
  | {
      readonly type: 'group'
      readonly group: string
      readonly names: readonly string[]
      readonly members: readonly string[]
    }
  | { readonly type: 'role'; readonly role: string }
  /** Equal to one of the values, or (a list claim) holding one of them. An absent claim is unknown. */
  | { readonly type: 'claim'; readonly claim: string; readonly values: readonly FactValue[] }
  /** One of these classes. Absent is unknown. */
  | { readonly type: 'acr'; readonly values: readonly string[] }
  /** All of these methods. Absent is unknown. */
  | { readonly type: 'amr'; readonly methods: readonly string[] }
  /** True while `authenticatedAt <= now < authenticatedAt + maxAgeMs`, else unknown. */
  | { readonly type: 'authAge'; readonly maxAgeMs: number }

/** All-of. An empty list of predicates is satisfied by everybody. */
export type WhoSelector = readonly WhoPredicate[]

export type Comparison =
  | { readonly op: 'equals' | 'notEquals'; readonly value: FactValue }
  | { readonly op: 'atLeast' | 'atMost' | 'above' | 'below'; readonly value: number }
  | { readonly op: 'atLeastVersion' | 'atMostVersion'; readonly value: string }
  | { readonly op: 'oneOf' | 'noneOf'; readonly values: readonly FactValue[] }
  | { readonly op: 'present' }
  | { readonly op: 'absent' }

export type FactComparison = Comparison & { readonly fact: string; readonly maxAgeMs: number }

/** All-of comparisons. */
export interface PostureModel {
  readonly name: string
  readonly all: readonly FactComparison[]
}

/** Days are 0 (Sunday) to 6; minutes since local midnight, half open; `toMinute` may be 1440. */
export interface ScheduleWindow {
  readonly days: readonly number[]
  readonly fromMinute: number
  readonly toMinute: number
  /** IANA zone name. */
  readonly zone: string
}

export interface Validity {
  /** Epoch milliseconds; `-Infinity` when open. */
  readonly from: number
  /** Epoch milliseconds, exclusive; `Infinity` when open. */
  readonly until: number
  /** Any-of; `null` is always. */
  readonly schedule: readonly ScheduleWindow[] | null
}

export interface Obligation {
  readonly type: string
  readonly [parameter: string]: unknown
}

/** `null` in a dimension is any; an empty list is nobody. */
export interface RuleModel {
  readonly id: string
  readonly description: string | null
  readonly effect: Effect
  /** 0 is the highest tier. */
  readonly tier: number
  readonly mode: Mode
  /** Any-of indices into `segments`. */
  readonly from: readonly number[] | null
  readonly to: readonly number[] | null
  /** Any-of. */
  readonly services: readonly ServiceEntry[] | null
  /** Names as written, for messages; inline services appear as `inline`. */
  readonly serviceNames: readonly string[]
  readonly who: readonly WhoSelector[] | null
  /** Any-of indices into `postures`. */
  readonly posture: readonly number[] | null
  /** CEL text. */
  readonly when: string | null
  readonly valid: Validity | null
  readonly obligations: readonly Obligation[]
  /** 0 is no lease. */
  readonly leaseMs: number
}

export interface PolicyTest {
  readonly name: string
  readonly identity: unknown
  readonly posture: unknown
  readonly src: unknown
  readonly dst: unknown
  /** Epoch milliseconds, or `null` for the time of the run. */
  readonly at: number | null
  readonly expect: { readonly effect: Effect; readonly code: string | null; readonly rule: string | null }
}

/** Parsed now, proved by the analysis. */
export interface Invariant {
  readonly name: string
  readonly kind: 'never' | 'only' | 'always'
  readonly from: readonly number[] | null
  readonly to: readonly number[] | null
  readonly services: readonly ServiceEntry[] | null
  readonly who: readonly WhoSelector[] | null
  readonly posture: readonly number[] | null
  readonly except: readonly { readonly from: readonly number[] | null; readonly to: readonly number[] | null }[]
}

export interface PolicyModel {
  readonly name: string
  readonly combining: Combining
  readonly maxDelegationDepth: number
  /** Highest first. */
  readonly tiers: readonly string[]
  /** `segments[0]` is `any`, `segments[1]` is `internet`; a segment's `segments` are acyclic. */
  readonly segments: readonly SegmentModel[]
  readonly postures: readonly PostureModel[]
  /** In evaluation order, without rules that are off: the first that matches wins. */
  readonly rules: readonly RuleModel[]
  readonly tests: readonly PolicyTest[]
  readonly invariants: readonly Invariant[]
}
