/** Kleene truth of a predicate or comparison. */
export const FALSE = 0
export const UNKNOWN = 1
export const TRUE = 2
export type Truth = typeof FALSE | typeof UNKNOWN | typeof TRUE
