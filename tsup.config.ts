import { defineConfig, type Options } from 'tsup'
import { ENTRIES } from './scripts/entries.ts'

function options(format: 'esm' | 'cjs'): Options {
  const entries = ENTRIES.filter((entry) => entry.formats.includes(format))
  return {
    format,
    entry: Object.fromEntries(entries.map((entry) => [entry.name, entry.source])),
    dts: {
      entry: Object.fromEntries(entries.filter((entry) => entry.subpath).map((entry) => [entry.name, entry.source])),
    },
    // One copy of each class per format: without it `instanceof` is false between two entries.
    splitting: true,
    // Neutral: what a worker runtime lacks must not slip in, and the browser build of yaml needs no `process`.
    platform: 'neutral',
    target: 'node20',
    external: [/^node:/],
    removeNodeProtocol: false,
    // Only the policy text and the command line read YAML, so it travels inside them instead of with every install.
    noExternal: ['yaml'],
    outExtension: () => ({ js: format === 'esm' ? '.js' : '.cjs' }),
    // The build script empties dist once; cleaning here would race the other format.
    clean: false,
    silent: true,
  }
}

export default defineConfig([options('esm'), options('cjs')])
