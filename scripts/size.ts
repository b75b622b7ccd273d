/**
 * Weighs what each entry point adds to an application: bundled, minified and gzipped, with the dependencies left out.
 * Fails when an entry is over its budget or holds text that must not be in it. `--why` lists what weighs most.
 */
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build } from 'esbuild'
import manifest from '../package.json' with { type: 'json' }
import { ENTRIES, type Entry } from './entries.ts'

const ROOT = new URL('..', import.meta.url).pathname

export interface Weight {
  readonly entry: Entry
  readonly bytes: number
  /** Names of {@link Entry.mustNotAppear} that were found, with the input they came from. */
  readonly leaked: readonly string[]
  /** Minified bytes by source file, the largest first. */
  readonly inputs: readonly (readonly [path: string, bytes: number])[]
}

/** Bundles the entry from its source. */
export async function weigh(entry: Entry): Promise<Weight> {
  const options: BuildOptions & { readonly write: false } = {
    absWorkingDir: ROOT,
    entryPoints: [entry.source],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    external: Object.keys(manifest.dependencies),
    logLevel: 'error',
  }
  const small = await build({ ...options, minify: true, metafile: true })
  // Names are looked for before the minifier has shortened them, and without the comments that may speak of them.
  const plain = await build({ ...options, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' })
  const text = plain.outputFiles[0]!.text
  return {
    entry,
    bytes: gzipSync(small.outputFiles[0]!.contents, { level: 9 }).length,
    inputs: Object.values(small.metafile.outputs)
      .flatMap((output) => Object.entries(output.inputs).map(([path, input]) => [path, input.bytesInOutput] as const))
      .sort((one, other) => other[1] - one[1]),
    leaked: entry.mustNotAppear.filter((name) => text.includes(name)),
  }
}

/** What is wrong with a weight, in words; empty when nothing is. */
export function complaints(weight: Weight): readonly string[] {
  const { entry, bytes, leaked } = weight
  const budget = entry.maxBytes ?? Number.POSITIVE_INFINITY
  return [
    ...(bytes > budget
      ? [`${entry.subpath} weighs ${bytes} bytes, ${bytes - budget} over its budget of ${budget}`]
      : []),
    ...leaked.map((name) => `${entry.subpath} holds ${JSON.stringify(name)}, which it must not reach`),
  ]
}

function explainWeight({ entry, inputs }: Weight): string {
  const lines = inputs.slice(0, 25).map(([path, bytes]) => `  ${String(bytes).padStart(7)} ${path}`)
  return `\n${entry.subpath}, minified and not compressed:\n${lines.join('\n')}\n`
}

async function main(): Promise<void> {
  const measured = ENTRIES.filter((entry) => entry.maxBytes !== null)
  const weights = await Promise.all(measured.map(weigh))
  process.stdout.write('entry      min+gzip    budget\n')
  for (const { entry, bytes } of weights) {
    const budget = entry.maxBytes ?? 0
    process.stdout.write(`${entry.subpath?.padEnd(9)} ${String(bytes).padStart(9)} ${String(budget).padStart(9)}\n`)
  }
  if (process.argv.includes('--why')) for (const weight of weights) process.stdout.write(explainWeight(weight))
  const wrong = weights.flatMap(complaints)
  for (const line of wrong) process.stderr.write(`${line}\n`)
  if (wrong.length > 0) process.exitCode = 1
}

if (process.argv[1] === import.meta.filename) await main()
