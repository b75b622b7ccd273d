import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../src/cli/line-splitter.ts'

function split(chunks: readonly Uint8Array[], maxBytes = 1000): string[] {
  const seen: string[] = []
  const splitter = new LineSplitter(maxBytes, {
    line: (text) => seen.push(text),
    bad: (reason) => seen.push(`<${reason}>`),
  })
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return seen
}

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('LineSplitter', () => {
  it.each([
    ['nothing', [''], []],
    ['one line', ['a\n'], ['a']],
    ['a last line without its newline', ['a\nb'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['a line over three chunks', ['a', 'b', 'c\nd\n'], ['abc', 'd']],
    ['a newline alone in a chunk', ['a', '\n', 'b'], ['a', 'b']],
    ['a carriage return, which stays', ['a\r\nb'], ['a\r', 'b']],
  ])('reads %s', (_, chunks, lines) => {
    expect(split(chunks.map(bytes))).toEqual(lines)
  })

  it('keeps a character that is cut between two chunks', () => {
    const whole = bytes('x\u20acy\n')
    expect(split([whole.subarray(0, 2), whole.subarray(2)])).toEqual(['x\u20acy'])
  })

  it('refuses bytes that are not UTF-8, and only their line', () => {
    const chunk = Buffer.concat([bytes('a\n'), Uint8Array.of(0x62, 0xff), bytes('\nc\n')])
    expect(split([chunk])).toEqual(['a', '<not-utf8>', 'c'])
    expect(split([chunk.subarray(0, 3), chunk.subarray(3)])).toEqual(['a', '<not-utf8>', 'c'])
  })

  it.each([[1], [2], [3], [5], [100]])('refuses a line that is too long, in chunks of %i', (size) => {
    const text = bytes(`ok\n${'x'.repeat(11)}\n${'y'.repeat(10)}\n${'z'.repeat(500)}`)
    const chunks: Uint8Array[] = []
    for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size))
    expect(split(chunks, 10)).toEqual(['ok', '<too-long>', 'y'.repeat(10), '<too-long>'])
  })

  it('gives the same lines however the stream is cut', () => {
    const text = fc.array(fc.constantFrom('a', '\n', '\u20ac', 'bcd', '\r\n', '\u{1f600}'), { maxLength: 40 })
    fc.assert(
      fc.property(text, fc.array(fc.nat(12), { maxLength: 40 }), (parts, cuts) => {
        const whole = bytes(parts.join(''))
        const chunks: Uint8Array[] = []
        let at = 0
        for (const cut of cuts) {
          chunks.push(whole.subarray(at, at + cut))
          at += cut
        }
        chunks.push(whole.subarray(at))
        const lines = parts.join('').split('\n')
        if (lines.at(-1) === '') lines.pop()
        expect(split(chunks)).toEqual(lines)
      }),
    )
  })
})
