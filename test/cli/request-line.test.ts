import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf, isUnreadable, readRequestLine } from '../../src/cli/request-line.ts'

describe('readRequestLine', () => {
  it('reads a request', () => {
    const line = '{"identity":{"kind":"user","id":"a"},"posture":null,"src":"10.1.0.1","dst":"api","at":1}'
    expect(readRequestLine(line)).toEqual(JSON.parse(line))
  })

  it.each([
    ['', 'not JSON'],
    ['{"src":', 'not JSON'],
    ["{'src':1}", 'not JSON'],
    ['{} {}', 'not JSON'],
    ['\ufeff{}', 'not JSON'],
    ['null', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    ['"src"', 'not a JSON object'],
    ['{"source":"10.1.0.1"}', 'unknown member "source"'],
    ['{"__proto__":{}}', 'unknown member "__proto__"'],
    ['{"\\u001b[31m":1}', 'unknown member "\\\\u001b[31m"'],
    ['{"src":1,"src":1}', 'written twice'],
    ['{"src":1,"\\u0073rc":1}', 'written twice'],
    ['{"identity":{"kind":"user","id":"a","id":"b"}}', 'written twice'],
    ['{"dst":{"http":{"method":"GET","method" : "PUT"}}}', 'written twice'],
    ['{"posture":{"facts":[{"a":1},{"a":1,"a":2}]}}', 'written twice'],
    [`{"src":${'['.repeat(80)}${']'.repeat(80)}}`, 'nested deeper than 64'],
    [`{"src":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 'nested deeper than 64'],
  ])('refuses %j', (line, why) => {
    const read = readRequestLine(line)
    expect(isUnreadable(read) ? read.unreadable : read).toContain(why)
  })

  it('says why in plain ASCII on one line', () => {
    const read = readRequestLine('{"src": \u20ac\n}')
    expect(isUnreadable(read) && read.unreadable).toMatch(/^[\x20-\x7e]+$/)
  })

  it('refuses no text that writes every key once', () => {
    const tricky = fc.string({ unit: fc.constantFrom('"', '\\', ':', ' ', 'a', '{', '}', '\n', '\u2028') })
    const value = fc.oneof(
      tricky,
      fc.integer(),
      fc.dictionary(tricky, fc.oneof(tricky, fc.array(tricky))),
      fc.array(tricky),
    )
    fc.assert(
      fc.property(fc.record({ src: value, dst: value, identity: value }), fc.nat(2), (request, indent) => {
        const text = JSON.stringify(request, null, indent)
        expect(isUnreadable(readRequestLine(text)), text).toBe(false)
      }),
    )
  })
})

describe('instantOf', () => {
  it.each([
    [undefined, undefined],
    [0, 0],
    [1_778_054_400_000, 1_778_054_400_000],
    ['1970-01-01T00:00:01Z', 1000],
    ['1970-01-01T01:00:01.5+01:00', 1500],
    ['1970-01-01T00:00:01', Number.NaN],
    ['1970-02-30T00:00:01Z', Number.NaN],
    ['yesterday', Number.NaN],
    ['', Number.NaN],
    [null, Number.NaN],
    [true, Number.NaN],
    [[1], Number.NaN],
  ])('%j is %j', (at, instant) => {
    expect(instantOf(at)).toBe(instant)
  })
})
