import { defineConfig } from 'vitest/config'

const source = (path: string): string => new URL(path, import.meta.url).pathname

/** What users import, as it is in the source: tests and the examples of the docs use the public names. */
export const alias = [
  { find: /^sallyport$/, replacement: source('./src/index.ts') },
  { find: /^sallyport\/(net|policy|engine)$/, replacement: source('./src/$1/index.ts') },
]

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Suites that need a listening server or many minutes have commands of their own.
    exclude: ['**/node_modules/**', 'test/server/**', 'test/soak/**', '**/*.soak.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
