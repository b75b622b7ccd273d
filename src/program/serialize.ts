import {
  ALIGNMENT,
  type ArrayRow,
  FORMAT,
  MAGIC,
  PREAMBLE_BYTES,
  type ProgramArrays,
  type ProgramHeader,
} from './layout.ts'
import type { Program } from './program.ts'

/** Writes a program as bytes for `loadPolicy` of `sallyport/engine`: little-endian, the same bytes for the same program. */
export function serializeProgram(program: Program): Uint8Array {
  const arrays = arraysOf(program)
  const rows = Object.entries(arrays).map(([name, array]) => [name, typeOf(array), array.length] as ArrayRow)
  const header = new TextEncoder().encode(JSON.stringify(headerOf(program, rows)))
  let size = align(PREAMBLE_BYTES + header.length)
  for (const array of Object.values(arrays)) size = align(size + array.byteLength)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC)
  view.setUint32(4, FORMAT)
  view.setUint32(8, header.length)
  bytes.set(header, PREAMBLE_BYTES)
  let at = align(PREAMBLE_BYTES + header.length)
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at = align(at + array.byteLength)
  }
  return bytes
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}

function typeOf(array: ProgramArrays[keyof ProgramArrays]): ArrayRow[1] {
  return array instanceof Int32Array ? 'i32' : array instanceof Float64Array ? 'f64' : 'u8'
}

function arraysOf({ segments, entries, enforced, withShadow, rules }: Program): ProgramArrays {
  return {
    order: segments.order,
    includeStart: segments.includeStart,
    includes: segments.includes,
    exceptStart: segments.exceptStart,
    excepts: segments.excepts,
    dependentStart: segments.dependentStart,
    dependents: segments.dependents,
    trie: segments.trie,
    classParent: segments.classParent,
    classPartStart: segments.classPartStart,
    classParts: segments.classParts,
    classSegmentStart: segments.classSegmentStart,
    classSegments: segments.classSegments,
    segmentRank: segments.segmentRank,
    entries,
    enforced: enforced.nodes,
    withShadow: withShadow?.nodes ?? new Int32Array(0),
    time: rules.time,
    leases: rules.leases,
    allow: rules.allow,
    shadow: rules.shadow,
  }
}

function headerOf(program: Program, arrays: readonly ArrayRow[]): ProgramHeader {
  const { names, composed, roots, workloads, labels } = program.segments
  const { ids, obligations, when } = program.rules
  return {
    name: program.name,
    hash: program.hash,
    maxDelegationDepth: program.maxDelegationDepth,
    segments: { names, composed, roots, workloads, labels },
    operations: program.operations,
    subjects: program.subjects,
    postures: program.postures,
    times: program.times.map(({ from, until, schedule }) => ({ from: finite(from), until: finite(until), schedule })),
    ids,
    obligations: obligations.flatMap((list, rule) => (list.length === 0 ? [] : [[rule, list] as const])),
    when: [...when],
    enforcedRoot: program.enforced.root,
    shadowRoot: program.withShadow?.root ?? null,
    arrays,
  }
}

function finite(instant: number): number | null {
  return Number.isFinite(instant) ? instant : null
}
