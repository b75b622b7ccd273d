/**
 * The direction of the dependencies, as a table. An import that is not in the table fails here with file and line;
 * to allow one, change the table and say why in the same commit.
 */
import { describe, expect, it } from 'vitest'
import { ENTRIES } from '../scripts/entries.ts'
import { circles, type ImportEdge, importsOf, reach, readSourceTree } from '../scripts/source-graph.ts'

const ROOT = new URL('..', import.meta.url).pathname
const MAX_LINES = 400

interface Layer {
  /** Folders whose values and types may be imported. */
  readonly imports: readonly string[]
  /** Folders of which only types may be imported: nothing of them is loaded at run time. */
  readonly typesOf?: readonly string[]
  /** Single files whose values may be imported as well. */
  readonly files?: readonly string[]
  /** Packages, each with the only files that may import it, or `*`. */
  readonly packages?: Readonly<Record<string, readonly string[] | '*'>>
  /** `node:` modules. */
  readonly node?: true
}

const CEL = '@marcbachmann/cel-js'

/** Key: a folder of src, `errors` for src/errors.ts, `main` for the other files directly in src. */
const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { imports: [] },
  tables: { imports: [] },
  net: { imports: ['errors'] },
  facts: { imports: ['errors', 'net'] },
  conditions: { imports: ['errors', 'net', 'facts'], packages: { [CEL]: '*' } },
  policy: {
    imports: ['errors', 'net', 'facts', 'conditions'],
    packages: { yaml: ['src/policy/yaml-text.ts'] },
  },
  // Compiled data must not remember the language it was written in.
  program: {
    imports: ['errors', 'net', 'tables', 'facts'],
    typesOf: ['policy'],
  },
  compile: {
    imports: ['errors', 'net', 'facts', 'tables', 'policy', 'program'],
    typesOf: ['conditions'],
    packages: { '@noble/hashes': ['src/compile/hash.ts'] },
  },
  // The answer may not depend on text, logs or hosts.
  engine: { imports: ['errors', 'net', 'facts', 'tables', 'program'], typesOf: ['policy'] },
  // Explains from the model, not from the compiled program, but reads facts as the engine does. Of the model's file it loads
  // two constants: the indices of the built-in segments.
  explain: { imports: ['errors', 'net', 'facts', 'engine'], typesOf: ['policy'], files: ['src/policy/model.ts'] },
  gate: { imports: ['errors', 'net', 'facts', 'engine', 'program', 'tables'], typesOf: ['policy'] },
  main: {
    imports: [
      'errors',
      'tables',
      'net',
      'facts',
      'conditions',
      'policy',
      'program',
      'compile',
      'engine',
      'explain',
      'gate',
    ],
  },
  cli: {
    imports: [
      'errors',
      'net',
      'facts',
      'conditions',
      'policy',
      'program',
      'compile',
      'engine',
      'explain',
      'gate',
      'main',
    ],
    node: true,
  },
}

/** The clock is injected: these may be named only where time or chance enters. */
const AMBIENT = /\b(?:Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate)\b/
const AMBIENT_FILES = ['src/engine/clock.ts']

const files = readSourceTree(ROOT, 'src')

function folderOf(path: string): string {
  const parts = path.split('/')
  if (parts.length > 2) return parts[1]!
  return parts[1] === 'errors.ts' ? 'errors' : 'main'
}

function verdict(edge: ImportEdge): string | null {
  const folder = folderOf(edge.from)
  const layer = LAYERS[folder]
  if (layer === undefined) return `folder ${folder} is not in the table`
  if (edge.outside) {
    if (edge.to.startsWith('node:')) return layer.node ? null : 'imports a node: module'
    const allowed = layer.packages?.[edge.to]
    if (allowed === undefined) return `folder ${folder} may not import the package ${edge.to}`
    return allowed === '*' || allowed.includes(edge.from) ? null : `only ${allowed.join(', ')} may import ${edge.to}`
  }
  const target = folderOf(edge.to)
  if (!edge.to.startsWith('src/')) return `imports ${edge.to}, which is outside src`
  if (target === folder || layer.imports.includes(target) || layer.files?.includes(edge.to)) return null
  if (layer.typesOf?.includes(target))
    return edge.typeOnly ? null : `folder ${folder} may import only types of ${target}`
  return `folder ${folder} may not import ${target}`
}

describe('the source tree', () => {
  it('has files in every folder of the table, and no folder beside it', () => {
    const found = [...new Set(files.map((file) => folderOf(file.path)))].sort()
    expect(found).toEqual(Object.keys(LAYERS).sort())
  })

  it('imports only along the arrows of the table', () => {
    const edges = files.flatMap((file) => file.imports)
    expect(edges.length).toBeGreaterThan(files.length / 2)
    const wrong = edges.flatMap((edge) => {
      const reason = verdict(edge)
      return reason === null ? [] : [`${edge.from}:${edge.line} ${reason}`]
    })
    expect(wrong).toEqual([])
  })

  it('imports files that exist, with their extension', () => {
    const known = new Set(files.map((file) => file.path))
    const missing = files.flatMap((file) =>
      file.imports.filter((edge) => !edge.outside && !known.has(edge.to)).map((edge) => `${edge.from} -> ${edge.to}`),
    )
    expect(missing).toEqual([])
  })

  it('has no circle of files', () => {
    expect(circles(files).map((circle) => circle.join(' -> '))).toEqual([])
  })

  it('has no circle in the table itself', () => {
    const reachable = (folder: string, seen = new Set<string>()): Set<string> => {
      const layer = LAYERS[folder]
      for (const next of layer?.imports ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        reachable(next, seen)
      }
      return seen
    }
    for (const folder of Object.keys(LAYERS)) expect([...reachable(folder)], folder).not.toContain(folder)
  })

  it(`has no file over ${MAX_LINES} lines`, () => {
    expect(files.filter((file) => file.text.split('\n').length - 1 > MAX_LINES).map((file) => file.path)).toEqual([])
  })

  it('is plain ASCII', () => {
    const wrong = files.flatMap((file) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: tab and newline are the control characters allowed
      file.text.split('\n').flatMap((line, at) => (/[^\x09\x20-\x7e]/.test(line) ? [`${file.path}:${at + 1}`] : [])),
    )
    expect(wrong).toEqual([])
  })

  it('reads the time and chance only where they are injected', () => {
    const allowed = (path: string): boolean => AMBIENT_FILES.includes(path) || folderOf(path) === 'cli'
    const wrong = files
      .filter((file) => !allowed(file.path))
      .flatMap((file) =>
        file.text
          .split('\n')
          .flatMap((line, at) =>
            AMBIENT.test(line.replace(/\/\/.*|^\s*\*.*|\/\*.*/, '')) ? [`${file.path}:${at + 1} ${line.trim()}`] : [],
          ),
      )
    expect(wrong).toEqual([])
  })
})

describe('an entry point reaches no more than it may', () => {
  it.each(ENTRIES.map((entry) => [entry.source, entry] as const))('%s', (source, entry) => {
    const reached = reach(files, source)
    const folders = new Set([...reached.files].map(folderOf))
    expect(entry.mustNotReach.filter((folder) => folders.has(folder))).toEqual([])
    const packages = [...reached.packages].filter((name) => entry.subpath !== null || !name.startsWith('node:'))
    expect(packages.filter((name) => !entry.packages.includes(name))).toEqual([])
  })
})

describe('the reader of imports', () => {
  it.each([
    ["import { a } from './a.ts'", 'src/x/a.ts', false],
    ["import './a.ts'", 'src/x/a.ts', false],
    ["import { type A } from './a.ts'", 'src/x/a.ts', false],
    ["import type { A } from './a.ts'", 'src/x/a.ts', true],
    ["export { a } from '../b.ts'", 'src/b.ts', false],
    ["export type { A } from '../b.ts'", 'src/b.ts', true],
    ["export * from './a.ts'", 'src/x/a.ts', false],
    ["type A = import('./a.ts').A", 'src/x/a.ts', true],
    ["const a = await import('./a.ts')", 'src/x/a.ts', false],
    ["const a = require('zod/mini')", 'zod', false],
    ["import { z } from '@scope/name/deep'", '@scope/name', false],
    ["import fs from 'node:fs'", 'node:fs', false],
    ['const a = await import(name)', '(computed)', false],
  ])('%s', (text, to, typeOnly) => {
    expect(importsOf('src/x/y.ts', text).map((edge) => [edge.to, edge.typeOnly])).toEqual([[to, typeOnly]])
  })

  it('calls a circle a circle', () => {
    const file = (path: string, to: string) => ({ path, text: '', imports: importsOf(path, `import '${to}'`) })
    expect(circles([file('a.ts', './b.ts'), file('b.ts', './c.ts'), file('c.ts', './a.ts')])).toHaveLength(1)
    expect(circles([file('a.ts', './b.ts'), file('b.ts', './c.ts')])).toEqual([])
  })

  it('refuses what is not in the table', () => {
    const edge = (from: string, to: string, typeOnly = false, outside = false): ImportEdge => ({
      from,
      to,
      typeOnly,
      outside,
      line: 1,
    })
    expect(verdict(edge('src/engine/a.ts', 'src/policy/model.ts', true))).toBeNull()
    expect(verdict(edge('src/engine/a.ts', 'src/policy/model.ts'))).toMatch('only types')
    expect(verdict(edge('src/tables/a.ts', 'src/net/a.ts'))).toMatch('may not import net')
    expect(verdict(edge('src/engine/a.ts', 'zod', false, true))).toMatch('may not import the package zod')
    expect(verdict(edge('src/policy/schema.ts', 'yaml', false, true))).toMatch('only src/policy/yaml-text.ts')
    expect(verdict(edge('src/engine/a.ts', 'node:fs', false, true))).toMatch('node: module')
    expect(verdict(edge('src/new/a.ts', 'src/errors.ts'))).toMatch('not in the table')
    expect(verdict(edge('src/net/a.ts', 'test/a.ts'))).toMatch('outside src')
  })
})
