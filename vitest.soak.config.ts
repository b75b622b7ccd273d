import { defineConfig } from 'vitest/config'
import { alias } from './vitest.config.ts'

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/soak/**/*.test.ts', 'test/**/*.soak.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
  },
})
