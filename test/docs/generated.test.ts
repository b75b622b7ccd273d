import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { declaredErrorCodes, errorClasses } from '../../scripts/docs/error-classes.ts'
import { PAGES } from '../../scripts/docs/pages.ts'
import { readSourceTree } from '../../scripts/source-graph.ts'
import { DECISION_CODES } from '../../src/engine/codes.ts'
import { PROBLEM_CODES } from '../../src/policy/codes.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const prose = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

describe('generated files', () => {
  it.each(PAGES.map((page) => [page.path, page] as const))('%s is what its source makes of it', (path, page) => {
    expect(read(path), 'run npm run docs').toBe(page.render())
  })
})

describe('codes', () => {
  it('each error code has one class, and each class a code of the union', () => {
    const classes = errorClasses()
    expect(classes.map((row) => row.code)).toEqual([...declaredErrorCodes()].sort())
    for (const row of classes) expect(row.meaning, row.name).toMatch(/^[A-Z].{20,}\.$/)
  })

  it.each([
    ['docs/codes.md', /`((?:ALLOW|DENY)_[A-Z_]+)`/g, Object.keys(DECISION_CODES)],
    ['docs/policy-problems.md', /`(POLICY_[A-Z_]+)`/g, Object.keys(PROBLEM_CODES)],
    ['docs/errors.md', /`(ERR_[A-Z_]+)`/g, declaredErrorCodes()],
  ])('%s names each code, and no other', (path, pattern, codes) => {
    const named = new Set([...read(path).matchAll(pattern)].map((match) => match[1]))
    expect([...named].sort()).toEqual([...codes].sort())
  })

  it('no text names a code that does not exist', () => {
    const known = new Set([...Object.keys(DECISION_CODES), ...Object.keys(PROBLEM_CODES), ...declaredErrorCodes()])
    const texts = [...prose.map((path) => ({ path, text: read(path) })), ...readSourceTree(ROOT, 'src')]
    const unknown = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/['"`]((?:ALLOW|DENY|ERR|POLICY)_[A-Z]+(?:_[A-Z]+)*)['"`]/g)]
        .filter((match) => !known.has(match[1]!))
        .map((match) => `${path}: ${match[1]}`),
    )
    expect(unknown).toEqual([])
  })

  it('meanings are one sentence without a full stop', () => {
    for (const [code, { meaning }] of Object.entries({ ...DECISION_CODES, ...PROBLEM_CODES }))
      expect(meaning, code).toMatch(/^[a-zA-Z].*[^.]$/)
  })
})
