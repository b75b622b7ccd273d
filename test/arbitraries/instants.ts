import fc from 'fast-check'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** Saturday evening; a few hours later the clocks of Europe/Berlin go forward. */
export const EPOCH = Date.UTC(2026, 2, 28, 20)

/** A grid of half hours, so that instants, ages and edges often coincide, and the milliseconds next to it. */
export const instant: fc.Arbitrary<number> = fc
  .tuple(fc.nat({ max: 32 }), fc.constantFrom(0, 0, 0, -1, 1))
  .map(([halfHours, off]) => EPOCH + halfHours * 30 * MINUTE + off)

/** Ages that fit the grid; the longest outlives it. */
export const age: fc.Arbitrary<number> = fc.constantFrom(24 * HOUR, 8 * HOUR, 2 * HOUR, 30 * MINUTE, 1)
