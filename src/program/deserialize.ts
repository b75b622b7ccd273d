import {
  ALIGNMENT,
  ARRAY_TYPES,
  FORMAT,
  MAGIC,
  PREAMBLE_BYTES,
  type ProgramArrays,
  type ProgramHeader,
} from './layout.ts'
import type { Program, TimeCondition } from './program.ts'
import { ProgramError } from './program-error.ts'
import { verifyProgram } from './verify.ts'

/**
 * Reads a program that `serializeProgram` wrote, and checks it before it may run: a program that passes can neither be
 * walked out of its tables nor for ever. Whether it says what its author meant is a matter of who signed it.
 *
 * @throws ProgramError (`ERR_PROGRAM_INVALID`) on anything else.
 */
export function deserializeProgram(bytes: Uint8Array): Program {
  const { header, start } = readHeader(bytes)
  try {
    const program = assemble(header, readArrays(bytes, header, start))
    verifyProgram(program)
    return program
  } catch (error) {
    if (error instanceof ProgramError) throw error
    // A header of the wrong shape: reading it fails somewhere, and where does not matter to the caller.
    throw new ProgramError('not a compiled policy: its header does not have the shape of this version')
  }
}

function readHeader(bytes: Uint8Array): { readonly header: ProgramHeader; readonly start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < PREAMBLE_BYTES || view.getUint32(0) !== MAGIC) throw new ProgramError('not a compiled policy')
  const format = view.getUint32(4)
  if (format !== FORMAT)
    throw new ProgramError(`compiled policy of format ${format}, expected ${FORMAT}: compile it again`)
  const end = PREAMBLE_BYTES + view.getUint32(8)
  if (end > bytes.byteLength) throw new ProgramError('compiled policy is cut off in its header')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREAMBLE_BYTES, end))
    return { header: JSON.parse(text) as ProgramHeader, start: end }
  } catch {
    throw new ProgramError('compiled policy has an unreadable header')
  }
}

const TYPES = { i32: Int32Array, f64: Float64Array, u8: Uint8Array } as const

function readArrays(bytes: Uint8Array, header: ProgramHeader, start: number): ProgramArrays {
  const arrays: Record<string, Int32Array | Float64Array | Uint8Array> = {}
  let at = align(start)
  for (const [name, type, length] of header.arrays) {
    if (ARRAY_TYPES[name] !== type)
      throw new ProgramError(`compiled policy has a table of another version: ${JSON.stringify(name)}`)
    const Type = TYPES[type]
    const size = length * Type.BYTES_PER_ELEMENT
    if (!Number.isSafeInteger(length) || length < 0 || at + size > bytes.byteLength) {
      throw new ProgramError(`compiled policy is cut off in its table ${JSON.stringify(name)}`)
    }
    // Copied: the caller's buffer may change later, and need not be aligned.
    arrays[name] = new Type(bytes.slice(at, at + size).buffer)
    at = align(at + size)
  }
  if (at !== align(bytes.byteLength)) throw new ProgramError('compiled policy has bytes after its tables')
  for (const name of Object.keys(ARRAY_TYPES))
    if (!(name in arrays)) throw new ProgramError(`compiled policy lacks its table ${name}`)
  // Every name has been found, with the type that the interface gives it.
  return arrays as unknown as ProgramArrays
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}

function assemble(header: ProgramHeader, arrays: ProgramArrays): Program {
  const { enforced, withShadow, entries, time, leases, allow, shadow, ...tables } = arrays
  const { ids } = header
  const obligations: Program['rules']['obligations'][number][] = ids.map(() => NONE)
  // Decisions hand these out, and decisions are shared: nothing in them may change.
  for (const [rule, list] of header.obligations)
    obligations[rule] = frozen(list) as Program['rules']['obligations'][number]
  return {
    name: header.name,
    hash: header.hash,
    maxDelegationDepth: header.maxDelegationDepth,
    segments: { ...header.segments, ...tables },
    operations: header.operations,
    subjects: header.subjects,
    postures: header.postures,
    times: header.times.map(
      ({ from, until, schedule }) =>
        ({
          from: from ?? Number.NEGATIVE_INFINITY,
          until: until ?? Number.POSITIVE_INFINITY,
          schedule,
        }) as TimeCondition,
    ),
    rules: { ids, allow, shadow, leases, obligations, time, when: new Map(header.when) },
    entries,
    enforced: { root: header.enforcedRoot, nodes: enforced },
    withShadow: header.shadowRoot === null ? null : { root: header.shadowRoot, nodes: withShadow },
  }
}

const NONE: readonly never[] = Object.freeze([])

/** Freezes what JSON gave, all the way down. The header's size bounds how deep that is. */
function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}
