/**
 * The compiled policy as data: typed arrays and plain tables, nothing to look up in the policy's text.
 * Everything the engine needs to decide, and nothing else. Types only.
 */
import type {
  FactComparison,
  GrpcService,
  HttpService,
  Obligation,
  ScheduleWindow,
  WhoPredicate,
} from '../policy/model.ts'

/**
 * Which segments an endpoint is in. A segment s has two *parts*: `2s` (its include list) and `2s + 1` (its except list).
 * A *class* is a set of parts that some address can hit; classes are numbered in address order, so that a segment is
 * nearly always one run of class numbers, and its number is the class's *rank* in the forest.
 */
export interface SegmentTables {
  /** By segment; `null` for anonymous ones. */
  readonly names: readonly (string | null)[]
  /** Whether any segment refers to segments or excludes anything; if not, the segments of a class are its parts halved. */
  readonly composed: boolean
  /** Position of each segment in a topological order of references; this and the rows below are empty unless `composed`. */
  readonly order: Int32Array
  /** References as compressed rows: `start[s] .. start[s + 1]`. */
  readonly includeStart: Int32Array
  readonly includes: Int32Array
  readonly exceptStart: Int32Array
  readonly excepts: Int32Array
  readonly dependentStart: Int32Array
  readonly dependents: Int32Array
  /** Word tries from address to class. */
  readonly roots: { readonly v4: number; readonly v6: number }
  readonly trie: Int32Array
  /** A class holds its parent's parts and its own row; class 0 is empty and the root. */
  readonly classParent: Int32Array
  readonly classPartStart: Int32Array
  readonly classParts: Int32Array
  /** Segments of each class, in full; empty unless `composed`. */
  readonly classSegmentStart: Int32Array
  readonly classSegments: Int32Array
  /** One rank at which the forest holds every rule that names the segment. */
  readonly segmentRank: Int32Array
  readonly workloads: readonly { readonly id: string; readonly below: boolean; readonly part: number }[]
  readonly labels: readonly { readonly pairs: readonly (readonly [string, string])[]; readonly part: number }[]
}

/** The part of a service that is not addresses and ports. Index 0 of a list of these is "no operation asked for". */
export interface Operation {
  readonly http: HttpService | null
  readonly grpc: GrpcService | null
  readonly models: readonly string[] | null
  readonly tools: readonly string[] | null
  /** Under a deny rule unknown counts as a match. */
  readonly deny: boolean
}

/** A `who` or `posture` dimension: any-of alternatives. Index 0 of a list of these is "anybody". */
export interface Alternatives {
  /** Indices of selectors, or of postures. */
  readonly anyOf: readonly number[]
  readonly deny: boolean
}

export interface SubjectTables {
  readonly predicates: readonly WhoPredicate[]
  /** All-of predicate indices. */
  readonly selectors: readonly (readonly number[])[]
  readonly conditions: readonly Alternatives[]
}

export interface PostureTables {
  readonly comparisons: readonly FactComparison[]
  /** All-of comparison indices. */
  readonly postures: readonly (readonly number[])[]
  readonly conditions: readonly Alternatives[]
}

/** A window and schedule; index 0 of a list of these is "always". */
export interface TimeCondition {
  readonly from: number
  readonly until: number
  readonly schedule: readonly ScheduleWindow[] | null
}

/** Integers of one entry; a rule has one entry for each combination of source, destination and service alternative. */
export const ENTRY_STRIDE = 8
/** Offsets inside an entry. */
export const ENTRY_FROM = 0
export const ENTRY_TO = 1
/** Low 16 bits first port, high 16 bits last port. */
export const ENTRY_PORTS = 2
export const ENTRY_SOURCE_PORTS = 3
/** Bits 0 to 8 protocol (256 is any), 9 deny, 10 has a time or `when` condition, 12 to 31 operation. */
export const ENTRY_FLAGS = 4
export const ENTRY_WHO = 5
export const ENTRY_POSTURE = 6
export const ENTRY_RULE = 7

export const ANY_PROTOCOL = 256
export const FLAG_DENY = 512
export const FLAG_CONDITIONAL = 1024
export const OPERATION_SHIFT = 12
/** All ports, as packed in an entry. */
export const ANY_PORTS = 0xffff0000 | 0

export interface RuleTables {
  readonly ids: readonly string[]
  /** 1 is allow. */
  readonly allow: Uint8Array
  /** 1 is shadow. */
  readonly shadow: Uint8Array
  /** Milliseconds; 0 is no lease. Empty when no rule has one. */
  readonly leases: Float64Array
  readonly obligations: readonly (readonly Obligation[])[]
  /** Index into `times`. Empty when no rule has a time condition. */
  readonly time: Int32Array
  /** CEL text by rule, for the rules that have one. */
  readonly when: ReadonlyMap<number, string>
}

/** One decision forest: see `forest.ts` of the compiler for the layout of `nodes`. */
export interface Forest {
  readonly root: number
  readonly nodes: Int32Array
}

export interface Program {
  readonly name: string
  readonly hash: string
  readonly maxDelegationDepth: number
  readonly segments: SegmentTables
  readonly operations: readonly Operation[]
  readonly subjects: SubjectTables
  readonly postures: PostureTables
  readonly times: readonly TimeCondition[]
  readonly rules: RuleTables
  readonly entries: Int32Array
  /** Enforced rules only. */
  readonly enforced: Forest
  /** Enforced and shadow rules; `null` when there are no shadow rules. */
  readonly withShadow: Forest | null
}

/** Node kinds of a forest. */
export const NODE_LEAF = 0
export const NODE_SOURCE = 1
export const NODE_DESTINATION = 2
export const NODE_PORT = 3
export const NODE_WHO = 4
export const NODE_OPERATION = 5
