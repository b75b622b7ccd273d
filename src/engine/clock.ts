/** Where the engine reads the time, in epoch milliseconds. Inject one to test expiry without waiting. */
export interface Clock {
  now(): number
}

/** Reads of one burst that may share a reading. */
const BURST = 64

/**
 * The system clock, read at most once in 64 decisions of one synchronous burst.
 *
 * Reading the clock costs more than the rest of a warm decision. Nothing outside can happen between two decisions of one
 * uninterrupted run of JavaScript, so a reading may serve the rest of that run; it is dropped by a microtask, that is
 * before any other callback, promise or timer runs, and after 64 reads in any case. Only when three readings in a row
 * were equal does a burst begin, so that single decisions pay nothing and always see the exact time.
 */
export function systemClock(): Clock {
  let reading = 0
  let equal = 0
  let left = 0
  let ending = false
  const endBurst = (): void => {
    left = 0
    ending = false
  }
  return {
    now(): number {
      if (left > 0) {
        left--
        return reading
      }
      const time = Date.now()
      equal = time === reading ? equal + 1 : 0
      reading = time
      if (equal >= 3) {
        left = BURST
        if (!ending) {
          ending = true
          queueMicrotask(endBurst)
        }
      }
      return time
    },
  }
}
