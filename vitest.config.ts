import { defineConfig } from 'vitest/config'

const source = (path: string): string => new URL(path, import.meta.url).pathname

/** What users import, as it is in the source: tests and the examples of the docs use the public names. */
const alias = [
  { find: /^sallyport$/, replacement: source('./src/index.ts') },
  { find: /^sallyport\/(net|policy|engine)$/, replacement: source('./src/$1/index.ts') },
]

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // A suite that needs a listening server has a command of its own; the soak is a program.
    exclude: ['**/node_modules/**', 'test/server/**'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
