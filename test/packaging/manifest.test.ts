import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ENTRIES } from '../../scripts/entries.ts'
import { readSourceTree } from '../../scripts/source-graph.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Manifest {
  readonly version: string
  readonly license: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly engines: Readonly<Record<string, string>>
}

const manifest = JSON.parse(read('package.json')) as Manifest

/** Bundled into the entries that need it, so that it is not a dependency of an install. */
const BUNDLED = ['yaml']

describe('package.json', () => {
  it('exports the entry points of the table, and no others', () => {
    const expected = Object.fromEntries(
      ENTRIES.filter((entry) => entry.subpath !== null).map((entry) => [
        entry.subpath,
        {
          import: { types: `./dist/${entry.name}.d.ts`, default: `./dist/${entry.name}.js` },
          require: { types: `./dist/${entry.name}.d.cts`, default: `./dist/${entry.name}.cjs` },
        },
      ]),
    )
    expect(manifest.exports).toEqual({
      ...expected,
      './schema.json': './schema/policy.schema.json',
      './package.json': './package.json',
    })
  })

  it('has a program for each entry that is not imported', () => {
    const programs = ENTRIES.filter((entry) => entry.subpath === null).map((entry) => `./dist/${entry.name}.js`)
    expect(Object.values(manifest.bin)).toEqual(programs)
    for (const entry of ENTRIES.filter((one) => one.subpath === null))
      expect(read(entry.source)).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('depends on what the source imports, and on nothing else', () => {
    const imported = readSourceTree(ROOT, 'src')
      .flatMap((file) => file.imports)
      .filter((edge) => edge.outside && !edge.to.startsWith('node:'))
      .map((edge) => edge.to)
    const needed = [...new Set(imported)].filter((name) => !BUNDLED.includes(name)).sort()
    expect(Object.keys(manifest.dependencies).sort()).toEqual(needed)
    for (const name of BUNDLED) expect(Object.keys(manifest.devDependencies)).toContain(name)
  })

  it('gives a reason for each dependency in docs/dependencies.md', () => {
    const page = read('docs/dependencies.md')
    for (const name of [...Object.keys(manifest.dependencies), ...BUNDLED]) expect(page).toContain(`\`${name}\``)
    for (const name of Object.keys(manifest.devDependencies)) expect(page).toContain(`\`${name}\``)
  })

  it('names scripts that exist', () => {
    const files = Object.values(manifest.scripts).flatMap(
      (script) => script.match(/\b[\w./-]+\.(?:ts|mjs|js)\b/g) ?? [],
    )
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  it('has its version in the changelog', () => {
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(`^## (?:Unreleased|${manifest.version.replaceAll('.', '\\.')})`, 'm'),
    )
  })
})

interface LockEntry {
  readonly integrity?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

describe('the lockfile', () => {
  const { packages: lock } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> }

  it('holds no address of a registry', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"')
    expect(read('package-lock.json')).not.toMatch(/registry/i)
  })

  it('has a hash for each package and agrees with package.json', () => {
    const root = lock['']
    expect(root?.dependencies).toEqual(manifest.dependencies)
    expect(root?.devDependencies).toEqual(manifest.devDependencies)
    // The binary of a development tool for another platform may lack one: a mirror need not carry every platform.
    const foreign = (entry: LockEntry): boolean =>
      entry.dev === true && entry.optional === true && entry.os !== undefined
    const bare = Object.entries(lock).filter(([path, entry]) => path !== '' && !entry.integrity && !foreign(entry))
    expect(bare.map(([path]) => path)).toEqual([])
  })

  it('has an entry for each platform, without which `npm ci` refuses the lockfile', () => {
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => lock[`${path}/node_modules/${name}`] === undefined && lock[`node_modules/${name}`] === undefined,
      ),
    )
    expect(missing).toEqual([])
  })
})

describe('the repository', () => {
  it('keeps built files out of git', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n')
    expect(tracked.length).toBeGreaterThan(20)
    expect(tracked.filter((path) => /^(?:dist|node_modules|coverage)\//.test(path) || path.endsWith('.tgz'))).toEqual(
      [],
    )
  })

  it('is under the Apache License 2.0', () => {
    expect(manifest.license).toBe('Apache-2.0')
    expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/)
    expect(read('NOTICE')).toMatch(/^sallyport\n/)
  })
})
