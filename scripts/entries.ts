/**
 * One row per entry point of the package. The build, the size budget, the packaging tests and the architecture test
 * all read this table, and a test holds the exports map of package.json to it.
 */
export interface Entry {
  /** As in the exports map; `null` for a program that cannot be imported. */
  readonly subpath: string | null
  /** Base name of the built files in dist. */
  readonly name: string
  readonly source: string
  readonly formats: readonly ('esm' | 'cjs')[]
  /** Most bytes the entry may weigh, minified and gzipped, without its dependencies; `null` is not measured. */
  readonly maxBytes: number | null
  /** Folders of src that the entry must never reach by value imports. */
  readonly mustNotReach: readonly string[]
  /** Packages that the entry may reach by value imports. */
  readonly packages: readonly string[]
  /** Text that must not appear in the bundle: it says which import grew and what leaked into it. */
  readonly mustNotAppear: readonly string[]
}

const KIB = 1024
const BOTH = ['esm', 'cjs'] as const
const CEL = '@marcbachmann/cel-js'
const HASHES = '@noble/hashes'

export const ENTRIES: readonly Entry[] = [
  {
    subpath: '.',
    name: 'index',
    source: 'src/index.ts',
    formats: BOTH,
    // The goal is 35 KiB. What the checker, the engine and explain weigh together is written in docs/performance.md.
    maxBytes: 55 * KIB,
    mustNotReach: ['cli'],
    packages: [CEL, HASHES],
    mustNotAppear: ['ZodObject', 'zod', 'YAMLParseError', 'YAMLSemanticError', '"node:'],
  },
  {
    subpath: './net',
    name: 'net',
    source: 'src/net/index.ts',
    formats: BOTH,
    maxBytes: 8 * KIB,
    mustNotReach: ['cli', 'compile', 'conditions', 'engine', 'explain', 'facts', 'gate', 'policy', 'program', 'tables'],
    packages: [],
    mustNotAppear: ['ZodObject', 'YAMLParseError', 'zod', 'cel-js', '"node:'],
  },
  {
    subpath: './policy',
    name: 'policy',
    source: 'src/policy/index.ts',
    formats: BOTH,
    maxBytes: 60 * KIB,
    mustNotReach: ['cli', 'compile', 'engine', 'explain', 'gate', 'program', 'tables'],
    packages: ['yaml', CEL],
    mustNotAppear: ['ZodObject', 'zod', '"node:'],
  },
  {
    subpath: './engine',
    name: 'engine',
    source: 'src/engine/index.ts',
    formats: BOTH,
    // The goal is 12 KiB: reading and verifying a compiled policy takes 2, everything else is what decides.
    maxBytes: 18 * KIB,
    mustNotReach: ['cli', 'compile', 'conditions', 'explain', 'gate', 'policy'],
    packages: [],
    mustNotAppear: ['ZodObject', 'ZodError', 'YAMLParseError', 'zod', 'cel-js', 'safeParse', '"node:'],
  },
  {
    subpath: null,
    name: 'cli',
    source: 'src/cli/main.ts',
    formats: ['esm'],
    maxBytes: null,
    mustNotReach: [],
    packages: ['yaml', CEL, HASHES],
    mustNotAppear: [],
  },
]
