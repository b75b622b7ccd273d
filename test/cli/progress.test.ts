import { afterEach, describe, expect, it, vi } from 'vitest'
import { Output } from '../../src/cli/output.ts'
import { Progress } from '../../src/cli/progress.ts'
import { Sink } from './capture.ts'

let now = 0
vi.spyOn(performance, 'now').mockImplementation(() => now)
afterEach(() => {
  now = 0
})

async function shown(isTTY: boolean, wanted: boolean, times: readonly number[]): Promise<string> {
  const sink = Object.assign(new Sink(), { isTTY })
  const progress = new Progress(new Output(sink), wanted)
  for (const time of times) {
    now = time
    await progress.report(time * 10)
  }
  await progress.end()
  return sink.chunks.join('')
}

describe('progress', () => {
  it('is shown on a terminal in a long run, twice a second', async () => {
    const text = await shown(true, true, [100, 1999, 2000, 2100, 2499, 2500])
    expect(text).toBe('\r20000 requests, 10000 a second\r25000 requests, 10000 a second\n')
  })

  it.each([
    ['a short run', true, true, [1, 1999]],
    ['a run whose standard error is no terminal', false, true, [1, 5000]],
    ['a run whose answers go to the terminal', true, false, [1, 5000]],
  ])('is not shown in %s', async (_, isTTY, wanted, times) => {
    expect(await shown(isTTY, wanted, times)).toBe('')
  })
})
