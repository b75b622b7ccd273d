import { createRequire } from 'node:module'
import { cpus, release, totalmem } from 'node:os'
import type { CellResult } from '../cell.ts'
import type { LoadResult, UpdateResult } from '../load.ts'

/** Everything one run found out. */
export interface RunReport {
  readonly date: string
  readonly command: string
  readonly quick: boolean
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  /** One-minute load of the machine before and after. */
  readonly loadAverage: readonly [number, number]
  readonly cells: readonly CellResult[]
  readonly loads: readonly LoadResult[]
  readonly updates: readonly UpdateResult[]
}

/** Processor, memory and system, without the name of the host. */
export function describeMachine(): string {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB, ${process.platform} ${release().split('-')[0]} ${process.arch}`
}

/** Versions of everything that is timed or times. */
export function describeVersions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const manifest = (path: string): { name: string; version: string } =>
    require(path) as { name: string; version: string }
  const packages = ['tinybench', '@cedar-policy/cedar-wasm', 'casbin', '@casl/ability'].map((name) =>
    manifest(`../../node_modules/${name}/package.json`),
  )
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    sallyport: manifest('../../package.json').version,
    ...Object.fromEntries(packages.map((entry) => [entry.name, entry.version])),
  }
}
