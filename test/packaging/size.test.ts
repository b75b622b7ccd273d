import { describe, expect, it } from 'vitest'
import { ENTRIES, type Entry } from '../../scripts/entries.ts'
import { complaints, weigh } from '../../scripts/size.ts'

const measured = ENTRIES.filter((entry) => entry.maxBytes !== null).map((entry) => [entry.subpath, entry] as const)

describe('what an entry adds to an application', () => {
  it.each(measured)('%s is within its budget and holds no forbidden name', async (_subpath, entry) => {
    expect(complaints(await weigh(entry))).toEqual([])
  })

  it('a budget and a forbidden name do fail', async () => {
    const net = ENTRIES.find((entry) => entry.subpath === './net')!
    const strict: Entry = { ...net, maxBytes: 100, mustNotAppear: ['AddressError'] }
    expect(complaints(await weigh(strict))).toEqual([
      expect.stringMatching(/^\.\/net weighs \d+ bytes, \d+ over its budget of 100$/),
      './net holds "AddressError", which it must not reach',
    ])
  })
})
