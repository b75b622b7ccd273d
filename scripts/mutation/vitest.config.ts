import { defineConfig } from 'vitest/config'
import shared from '../../vitest.config.ts'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    // One file of source may be tried against its own tests only: seconds instead of minutes, and a lower bound.
    include: process.env['MUTATION_TESTS']?.split(',') ?? ['test/{engine,tables,program,gate}/**/*.test.ts'],
    // Seconds each, and of no more use than the quick ones: not for every mutant.
    exclude: ['test/engine/{many-classes,heap}.test.ts', 'test/program/{serialize,corrupted}.test.ts'],
    testTimeout: 20_000,
  },
})
