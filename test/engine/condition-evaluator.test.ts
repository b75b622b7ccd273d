import { describe, expect, it } from 'vitest'
import { AtomClasses } from '../../src/engine/atom-classes.ts'
import { ConditionEvaluator } from '../../src/engine/condition-evaluator.ts'
import { TRUE, type Truth, UNKNOWN } from '../../src/facts/truth.ts'

const ALTERNATIVES = [[], [0], [0, 1], [2], [1, 2, 3]]
const CONDITIONS = [
  { anyOf: [0], deny: false },
  { anyOf: [2], deny: false },
  { anyOf: [2], deny: true },
  { anyOf: [3, 4], deny: true },
  { anyOf: [1, 3], deny: false },
  ...Array.from({ length: 40 }, () => ({ anyOf: [4], deny: false })),
  { anyOf: [1], deny: false },
]
const LAST = CONDITIONS.length - 1

function evaluator(): ConditionEvaluator {
  return new ConditionEvaluator(4, ALTERNATIVES, CONDITIONS)
}

/** The conditions whose bit is set. */
function bitsOf(bits: Int32Array): number[] {
  return CONDITIONS.flatMap((_, id) => ((((bits[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1 ? [id] : []))
}

describe('ConditionEvaluator', () => {
  it.each<readonly [string, readonly number[], readonly Truth[], readonly number[]]>([
    ['nothing', [], [], [0]],
    ['one true', [0], [TRUE], [0, 4, LAST]],
    ['one unknown', [0], [UNKNOWN], [0]],
    ['all of two', [1, 0], [TRUE, TRUE], [0, 1, 2, 4, LAST]],
    ['all of two, one unknown', [0, 1], [TRUE, UNKNOWN], [0, 2, 4, LAST]],
    ['all of two, the other unknown', [0, 1], [UNKNOWN, TRUE], [0, 2]],
    ['any of', [2], [TRUE], [0, 3, 4]],
    ['any of, unknown', [2], [UNKNOWN], [0, 3]],
    ['three', [3, 2, 1], [TRUE, TRUE, TRUE], CONDITIONS.map((_, id) => id).filter((id) => ![1, 2, LAST].includes(id))],
  ])('%s', (_name, atoms, truths, expected) => {
    const { bits, ids } = evaluator().evaluate(atoms, truths)
    expect([...ids]).toEqual(expected)
    expect(bitsOf(bits)).toEqual(expected)
  })

  it('makes as many words of bits as there are conditions for', () => {
    expect(evaluator().evaluate([], []).bits.length).toBe(2)
    expect(new ConditionEvaluator(1, [[0]], CONDITIONS.slice(0, 0)).evaluate([0], [TRUE]).bits.length).toBe(0)
  })
})

describe('AtomClasses', () => {
  const collect = (classes: AtomClasses, atoms: readonly (readonly [number, Truth])[]) => {
    classes.begin()
    for (const [atom, truth] of atoms) classes.add(atom, truth)
    return classes.find()
  }

  it('has one class for a set of atoms with their truths, in any order', () => {
    const classes = new AtomClasses(4, evaluator())
    const one = collect(classes, [
      [0, TRUE],
      [1, UNKNOWN],
    ])
    expect(
      collect(classes, [
        [1, UNKNOWN],
        [0, TRUE],
      ]),
    ).toBe(one)
    expect(
      collect(classes, [
        [1, UNKNOWN],
        [0, TRUE],
        [0, TRUE],
        [1, TRUE],
      ]),
    ).toBe(one)
    expect(
      collect(classes, [
        [0, UNKNOWN],
        [1, TRUE],
      ]),
    ).not.toBe(one)
    expect(collect(classes, [[0, TRUE]])).not.toBe(one)
    expect(
      collect(classes, [
        [0, TRUE],
        [1, TRUE],
      ]),
    ).not.toBe(one)
    expect(collect(classes, [])).not.toBe(one)
    expect(collect(classes, [])).toBe(collect(classes, []))
    expect(one.always).toEqual({ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, who: one })
    expect(Object.fromEntries([...one.atoms].map((atom, index) => [atom, one.truths[index]]))).toEqual({
      0: TRUE,
      1: UNKNOWN,
    })
    expect([...one.ids]).toEqual([0, 2, 4, LAST])
  })

  it('never gives a number twice and forgets beyond its bound', () => {
    const classes = new AtomClasses(14, new ConditionEvaluator(14, [], []))
    const setOf = (bits: number) =>
      collect(
        classes,
        Array.from({ length: 14 }, (_, atom) => atom)
          .filter((atom) => (bits >> atom) & 1)
          .map((atom) => [atom, TRUE] as const),
      )
    const first = setOf(0)
    const seen = new Set<number>()
    for (let bits = 0; bits < 4096; bits++) seen.add(setOf(bits).id)
    expect(seen.size).toBe(4096)
    expect(setOf(0)).toBe(first)
    const beyond = setOf(4096)
    expect(seen.has(beyond.id)).toBe(false)
    const again = setOf(0)
    expect(again).not.toBe(first)
    expect(seen.has(again.id)).toBe(false)
    expect([...again.atoms]).toEqual([])
    expect(setOf(4096)).toBe(beyond)
  })

  it('forgets by the size of what it knows, too', () => {
    // 2 ** 21 words each: two fit, the third is one too many.
    const wide = { evaluate: () => ({ bits: new Int32Array(2 ** 21), ids: new Int32Array(0) }) }
    const classes = new AtomClasses(3, wide as unknown as ConditionEvaluator)
    const idOf = (atom: number): number => collect(classes, [[atom, TRUE]]).id
    expect([0, 1, 0].map(idOf)).toEqual([1, 2, 1])
    expect([2, 2].map(idOf)).toEqual([3, 3])
    expect([0, 2, 0].map(idOf)).toEqual([4, 3, 4])
    expect([1, 1].map(idOf)).toEqual([5, 5])
  })
})
