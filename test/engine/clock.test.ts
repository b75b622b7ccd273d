import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/engine/clock.ts'

describe('systemClock', () => {
  let time = 1000
  let reads = 0
  beforeEach(() => {
    time = 1000
    reads = 0
    vi.spyOn(Date, 'now').mockImplementation(() => {
      reads++
      return time
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('reads the time at every call while it moves', () => {
    const clock = systemClock()
    for (; time < 1200; time++) expect(clock.now()).toBe(time)
    expect(reads).toBe(200)
  })

  it('shares a reading among 64 calls, once three more readings were equal', () => {
    const clock = systemClock()
    for (let i = 0; i < 4; i++) clock.now()
    expect(reads).toBe(4)
    time = 2000
    for (let i = 0; i < 64; i++) expect(clock.now()).toBe(1000)
    expect(reads).toBe(4)
    expect(clock.now()).toBe(2000)
    expect(reads).toBe(5)
    // The time has moved: the next burst has to be earned again.
    for (let i = 0; i < 3; i++) clock.now()
    expect(reads).toBe(8)
    clock.now()
    expect(reads).toBe(8)
  })

  it('goes on sharing while the time stands still', () => {
    const clock = systemClock()
    for (let i = 0; i < 4 + 65 * 10; i++) clock.now()
    expect(reads).toBe(14)
  })

  it('shares nothing across a microtask', async () => {
    const clock = systemClock()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) clock.now()
      time += 500
      expect(clock.now()).toBe(time - 500)
      await Promise.resolve()
      expect(clock.now()).toBe(time)
    }
  })
})
