/** Codes of everything this package throws on purpose. Stable, documented in docs/errors.md, never reused. */
export type ErrorCode =
  | 'ERR_ADDRESS_INVALID'
  | 'ERR_PREFIX_INVALID'
  | 'ERR_POLICY_INVALID'
  | 'ERR_PROGRAM_INVALID'
  | 'ERR_MEMBERSHIP_INVALID'
  | 'ERR_OPTION_INVALID'

/** Base of everything this package throws on purpose. Recognise it by `code`: `instanceof` fails across ESM and CJS copies. */
export abstract class SallyportError extends Error {
  abstract readonly code: ErrorCode
}

/** An option or argument of the programmer is wrong; the message names it and what was expected. */
export class OptionError extends SallyportError {
  override readonly name = 'OptionError'
  readonly code = 'ERR_OPTION_INVALID'
}
