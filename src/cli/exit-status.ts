/** What was asked holds: the policy is sound, the request is allowed, the tests pass, the stream was answered. */
export const HOLDS = 0
/** It does not hold. */
export const DOES_NOT_HOLD = 1
/** The input cannot be used; every problem is on standard error. */
export const UNUSABLE = 2

/** Exit status of the program. */
export type ExitStatus = typeof HOLDS | typeof DOES_NOT_HOLD | typeof UNUSABLE
