/**
 * Checks what is shipped, not what is written: packs the package, lints the tarball, installs it in an empty folder
 * and uses it from ESM, CommonJS, TypeScript and the command line.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENTRIES } from './entries.ts'

const ROOT = new URL('..', import.meta.url).pathname
const CONSUMER = join(ROOT, 'test/packaging/consumer')
const local = (command: string): string => join(ROOT, 'node_modules/.bin', command)

/** Files that no install may miss, and the only folders an install may hold. */
const REQUIRED = ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'SECURITY.md', 'schema/policy.schema.json']
const SHIPPED = /^(?:dist\/|schema\/|package\.json$|README\.md$|LICENSE$|NOTICE$|CHANGELOG\.md$|SECURITY\.md$)/

/**
 * Findings of attw that are accepted. Each needs a reason; one that no longer occurs should be taken out.
 * The profile `node16` leaves out the resolution of Node 10, which knows no exports map: engines ask for Node 20.19.
 */
const ATTW = ['--profile', 'node16', '--exclude-entrypoints', 'schema.json', 'package.json']

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function step(name: string, work: () => void): boolean {
  try {
    work()
    process.stdout.write(`ok    ${name}\n`)
    return true
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    process.stdout.write(`FAIL  ${name}\n${stdout}${stderr}${stdout || stderr ? '' : String(error)}\n`)
    return false
  }
}

function main(): boolean {
  const temp = mkdtempSync(join(tmpdir(), 'sallyport-package-'))
  try {
    return check(temp)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function check(temp: string): boolean {
  // The build is a step of its own; packing must not hide that it is missing or old.
  const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', temp], ROOT)
  const report = firstPack(JSON.parse(packed))
  const tarball = join(temp, report.filename)
  const paths = report.files.map((file) => file.path)
  const consumer = join(temp, 'consumer')
  mkdirSync(consumer)
  cpSync(CONSUMER, consumer, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest

  const results = [
    step('the tarball holds what it must, and nothing else', () => {
      const built = ENTRIES.flatMap((entry) =>
        entry.formats.flatMap((format) => {
          const [js, types] = format === 'esm' ? ['js', 'd.ts'] : ['cjs', 'd.cts']
          return [`dist/${entry.name}.${js}`, ...(entry.subpath === null ? [] : [`dist/${entry.name}.${types}`])]
        }),
      )
      const missing = [...REQUIRED, ...built].filter((path) => !paths.includes(path))
      const strange = paths.filter((path) => !SHIPPED.test(path))
      if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`)
      if (strange.length > 0) throw new Error(`not meant to be shipped: ${strange.join(', ')}`)
    }),
    step('publint --strict', () => run(local('publint'), ['run', tarball, '--strict'], ROOT)),
    step('are the types wrong', () => run(local('attw'), [tarball, ...ATTW], ROOT)),
    step('npm install in an empty folder', () =>
      run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-save', tarball], consumer),
    ),
    step('the install stays light', () => {
      const installed = run('npm', ['ls', '--all', '--parseable', '--no-save'], consumer).trim().split('\n').slice(1)
      const names = installed.map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)).sort()
      const expected = [...Object.keys(manifest.dependencies), 'sallyport'].sort()
      if (names.join() !== expected.join()) throw new Error(`installed ${names.join(', ')}`)
    }),
    step('ESM', () => run(process.execPath, ['use.mjs'], consumer)),
    step('CommonJS', () => run(process.execPath, ['use.cjs'], consumer)),
    step('types under NodeNext, from ESM and CommonJS, without skipLibCheck', () =>
      run(local('tsc'), ['-p', 'tsconfig.json'], consumer),
    ),
    step('types under bundler resolution', () => run(local('tsc'), ['-p', 'tsconfig.bundler.json'], consumer)),
    step('bin', () => {
      const bin = join(consumer, 'node_modules/.bin/sallyport')
      const version = run(bin, ['--version'], consumer).trim()
      if (version !== manifest.version) throw new Error(`--version says ${version}, not ${manifest.version}`)
      writeFileSync(join(consumer, 'empty.yaml'), '')
      run(bin, ['check', 'policy.yaml'], consumer)
      run(bin, ['test', 'policy.yaml'], consumer)
      expectFailure(2, () => run(bin, ['check', 'empty.yaml'], consumer))
    }),
  ]
  return results.every(Boolean)
}

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

interface PackReport {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** npm 11 reports a list, later versions a record by package name. */
function firstPack(report: unknown): PackReport {
  const found = Object.values(report as Record<string, PackReport>)[0]
  if (found === undefined) throw new Error('npm pack reported no package')
  return found
}

function expectFailure(status: number, work: () => void): void {
  try {
    work()
  } catch (error) {
    const actual = (error as { status?: number }).status
    if (actual === status) return
    throw new Error(`exit status ${actual}, expected ${status}: ${(error as { stderr?: string }).stderr ?? error}`)
  }
  throw new Error(`exit status 0, expected ${status}`)
}

if (!main()) process.exitCode = 1
