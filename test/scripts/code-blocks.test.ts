import { describe, expect, it } from 'vitest'
import { docComments, fencedBlocks, promisedOutput } from '../../scripts/code-blocks.ts'

const FENCE = '```'

describe('fenced blocks', () => {
  it('are found with language, line and text, also indented', () => {
    const text = ['one', `${FENCE}ts`, 'a()', FENCE, '- item', `  ${FENCE}sh extra`, '  b', '', `  ${FENCE}`].join('\n')
    expect(fencedBlocks('p.md', text)).toEqual([
      { place: 'p.md:2', language: 'ts', text: 'a()\n' },
      { place: 'p.md:6', language: 'sh', text: 'b\n\n' },
    ])
  })

  it('must be closed', () => {
    expect(() => fencedBlocks('p.md', `a\n${FENCE}ts\nb`)).toThrow('p.md:2 fence is never closed')
  })
})

describe('doc comments', () => {
  it('give their blocks without the stars', () => {
    const text = [
      '/**',
      ' * Says a.',
      ' *',
      ' * @example',
      ` * ${FENCE}ts`,
      ' * if (a) {',
      ' *   b()',
      ' * }',
      ` * ${FENCE}`,
      ' */',
      'export const a = 1',
      '/** No example. */',
      'export const b = 2',
      '/** @example b() */',
      'export const c = 3',
    ].join('\n')
    expect(docComments('a.ts', text)).toEqual([
      {
        place: 'a.ts:1',
        hasExample: true,
        blocks: [{ place: 'a.ts:5', language: 'ts', text: 'if (a) {\n  b()\n}\n' }],
      },
      { place: 'a.ts:14', hasExample: true, blocks: [] },
    ])
  })
})

describe('promised output', () => {
  it.each([
    ['console.log(a) // true\nb()\nconsole.log(f(b), c) // 1 2', ['true', '1 2']],
    ['a()', []],
    ['console.log(a)', null],
    ['console.log(\n  a,\n) // true', null],
  ])('%j', (text, expected) => {
    expect(promisedOutput(text)).toEqual(expected)
  })
})
