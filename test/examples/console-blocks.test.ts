import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rendered } from './console-blocks.ts'

/** The hash of the policy says that the policy is another one, not that the page is wrong. */
const withoutHashes = (text: string): string => text.replace(/[0-9a-f]{64}/g, '<hash>')

it('the page of the examples shows what the command line prints', () => {
  const page = readFileSync(new URL('../../examples/README.md', import.meta.url), 'utf8')
  const { text, calls } = rendered(page)
  expect(calls).toBeGreaterThanOrEqual(7)
  expect(withoutHashes(page)).toBe(withoutHashes(text))
})
