import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { NODE_SOURCE } from '../../src/program/program.ts'
import { verifyProgram } from '../../src/program/verify.ts'
import { RICH } from './rich-model.ts'

const { program } = compileModel(RICH)
const LEVELS = 60

/** A forest in which both children of every cut are the next cut: walked naively, that is 2 ** 60 nodes. */
function doublingForest(): Int32Array {
  const nodes = [0]
  for (let level = 0; level < LEVELS; level++) {
    const next = level + 1 < LEVELS ? nodes.length + 7 : 0
    nodes.push(0, NODE_SOURCE, 0, next, 2, next, next)
  }
  return Int32Array.from(nodes)
}

/** An IPv6 trie of one-bit strides whose two cells are always the same node. */
function doublingTrie(): Int32Array {
  const trie: number[] = []
  for (let bit = 0; bit < 32; bit++) {
    const next = bit < 31 ? ((trie.length + 2) << 5) | 1 : ~0
    trie.push(next, next)
  }
  return Int32Array.from(trie)
}

describe('a program whose nodes are shared', () => {
  it('is verified in the time of its bytes, not of its walks', () => {
    const forest = { ...program, enforced: { root: 1, nodes: doublingForest() } }
    expect(() => verifyProgram(forest)).not.toThrow()
    const root = 1
    const segments = { ...program.segments, trie: doublingTrie(), roots: { v4: root, v6: root } }
    expect(() => verifyProgram({ ...program, segments })).not.toThrow()
  })

  it('is refused without a sound limit of delegation', () => {
    for (const maxDelegationDepth of [-1, 17, 0.5, Number.NaN, undefined as never, null as never]) {
      expect(() => verifyProgram({ ...program, maxDelegationDepth })).toThrow(
        expect.objectContaining({ code: 'ERR_PROGRAM_INVALID' }),
      )
    }
  })
})
