import type { Forest, Program, SegmentTables } from './program.ts'

/** First bytes of every compiled policy. */
export const MAGIC = 0x53_4c_59_50
/** Changes whenever the meaning of the bytes does. */
export const FORMAT = 1
/** Magic, format, length of the header. */
export const PREAMBLE_BYTES = 12
/** Arrays start at multiples of this. */
export const ALIGNMENT = 8

/** The typed arrays of a program, by name, in the order in which they are written. */
export interface ProgramArrays {
  readonly order: Int32Array
  readonly includeStart: Int32Array
  readonly includes: Int32Array
  readonly exceptStart: Int32Array
  readonly excepts: Int32Array
  readonly dependentStart: Int32Array
  readonly dependents: Int32Array
  readonly trie: Int32Array
  readonly classParent: Int32Array
  readonly classPartStart: Int32Array
  readonly classParts: Int32Array
  readonly classSegmentStart: Int32Array
  readonly classSegments: Int32Array
  readonly segmentRank: Int32Array
  readonly entries: Int32Array
  readonly enforced: Int32Array
  readonly withShadow: Int32Array
  readonly time: Int32Array
  readonly leases: Float64Array
  readonly allow: Uint8Array
  readonly shadow: Uint8Array
}

/** Name, element type and length of an array. */
export type ArrayRow = readonly [name: keyof ProgramArrays, type: 'i32' | 'f64' | 'u8', length: number]

/** Everything of a program that is not an array, as JSON; infinite instants are `null`. */
export interface ProgramHeader
  extends Pick<Program, 'name' | 'hash' | 'maxDelegationDepth' | 'operations' | 'subjects' | 'postures'> {
  readonly segments: Pick<SegmentTables, 'names' | 'composed' | 'roots' | 'workloads' | 'labels'>
  readonly times: readonly { readonly from: number | null; readonly until: number | null; readonly schedule: unknown }[]
  readonly ids: readonly string[]
  readonly obligations: readonly (readonly [rule: number, obligations: readonly unknown[]])[]
  readonly when: readonly (readonly [rule: number, text: string])[]
  readonly enforcedRoot: Forest['root']
  /** `null` when there are no shadow rules. */
  readonly shadowRoot: Forest['root'] | null
  readonly arrays: readonly ArrayRow[]
}

/** The arrays there must be, and their element types. */
export const ARRAY_TYPES: Readonly<Record<keyof ProgramArrays, ArrayRow[1]>> = {
  order: 'i32',
  includeStart: 'i32',
  includes: 'i32',
  exceptStart: 'i32',
  excepts: 'i32',
  dependentStart: 'i32',
  dependents: 'i32',
  trie: 'i32',
  classParent: 'i32',
  classPartStart: 'i32',
  classParts: 'i32',
  classSegmentStart: 'i32',
  classSegments: 'i32',
  segmentRank: 'i32',
  entries: 'i32',
  enforced: 'i32',
  withShadow: 'i32',
  time: 'i32',
  leases: 'f64',
  allow: 'u8',
  shadow: 'u8',
}
