import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { DECISION_CODES } from '../../src/engine/codes.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { loadPolicy } from '../../src/engine/load-policy.ts'
import { ProgramError } from '../../src/program/program-error.ts'
import { RICH } from './rich-model.ts'

const BYTES = compileModel(RICH).serialize()

/** Loads and asks; whatever the bytes say, only a ProgramError may come of it. */
function outcomeOf(bytes: Uint8Array): 'refused' | 'answers' {
  let engine: Engine
  try {
    engine = loadPolicy(bytes, { clock: { now: () => 1000 }, compileCondition: () => () => 0 })
  } catch (error) {
    if (error instanceof ProgramError && error.code === 'ERR_PROGRAM_INVALID') return 'refused'
    throw error
  }
  const ends = [
    '10.1.0.1:5',
    '10.1.9.1:5',
    '10.25.0.1:300',
    'fd00:1::1',
    '[fd00:2::1]:7',
    'lab',
    'spiffe://td/lab/x',
    { address: '10.1.0.1', labels: { app: 'lab' }, model: 'm' },
  ]
  for (const src of ends) {
    for (const dst of ends) {
      const { code } = engine.authorize({ kind: 'user', id: 'a', roles: ['guest'] }, null, src, dst)
      if (!(code in DECISION_CODES)) throw new Error(`no code: ${code}`)
    }
  }
  return 'answers'
}

describe('bytes that are not a compiled policy', () => {
  it('are refused when cut off anywhere', () => {
    const answered = Array.from({ length: BYTES.length }, (_, length) => length).filter(
      (length) => outcomeOf(BYTES.subarray(0, length)) !== 'refused',
    )
    expect(answered).toEqual([])
  })

  it('are refused when longer', () => {
    expect(outcomeOf(Uint8Array.of(...BYTES, ...new Uint8Array(8)))).toBe('refused')
  })

  it('are refused with another magic or format', () => {
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const bytes = BYTES.slice()
      bytes[at] = (bytes[at] as number) ^ 1
      expect(outcomeOf(bytes)).toBe('refused')
    }
    for (const junk of [
      new Uint8Array(0),
      new Uint8Array(11),
      new Uint8Array(500),
      new TextEncoder().encode('{"sallyport": 1}'),
    ])
      expect(outcomeOf(junk)).toBe('refused')
  })

  it('are refused, or answer, with any bit turned: they never throw anything else and never go on for ever', () => {
    const seen = { refused: 0, answers: 0 }
    const step = 3
    for (let bit = 0; bit < 8 * BYTES.length; bit += step) {
      const bytes = BYTES.slice()
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      seen[outcomeOf(bytes)]++
    }
    expect(seen.refused).toBeGreaterThan(1000)
    expect(seen.answers).toBeGreaterThan(100)
  }, 60_000)

  it('are refused, or answer, with a word of theirs replaced', () => {
    let refused = 0
    for (let at = 12; at + 4 <= BYTES.length; at += 4) {
      for (const word of [0, -1, 0x7fffffff, -0x80000000, 1, 0xffff]) {
        const bytes = BYTES.slice()
        new DataView(bytes.buffer).setInt32(at, word, true)
        if (outcomeOf(bytes) === 'refused') refused++
      }
    }
    expect(refused).toBeGreaterThan(1000)
  }, 60_000)

  it('are refused with a header of another shape', () => {
    const text = new TextDecoder()
    const length = new DataView(BYTES.buffer).getUint32(8)
    const header = JSON.parse(text.decode(BYTES.subarray(12, 12 + length))) as Record<string, unknown>
    const withHeader = (changed: unknown): Uint8Array => {
      const encoded = new TextEncoder().encode(JSON.stringify(changed))
      const start = Math.ceil((12 + encoded.length) / 8) * 8
      const tail = BYTES.subarray(Math.ceil((12 + length) / 8) * 8)
      const bytes = new Uint8Array(start + tail.length)
      bytes.set(BYTES.subarray(0, 8))
      new DataView(bytes.buffer).setUint32(8, encoded.length)
      bytes.set(encoded, 12)
      bytes.set(tail, start)
      return bytes
    }
    expect(outcomeOf(withHeader(header))).toBe('answers')
    for (const odd of [null, 5, 'x', [], {}]) expect(outcomeOf(withHeader(odd))).toBe('refused')
    const bad: string[] = []
    for (const name of Object.keys(header)) {
      for (const odd of [null, 5, -1, 1e9, 'x', [], {}, [[]], [null], [[99, 'x']], [{}]]) {
        try {
          outcomeOf(withHeader({ ...header, [name]: odd }))
        } catch (error) {
          bad.push(`${name} ${JSON.stringify(odd)}: ${String(error)}`)
        }
      }
    }
    expect(bad).toEqual([])
  })
})
