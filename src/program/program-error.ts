import { SallyportError } from '../errors.ts'

/** Bytes are not a compiled policy that this version may run; the message says what is wrong with them. */
export class ProgramError extends SallyportError {
  override readonly name = 'ProgramError'
  readonly code = 'ERR_PROGRAM_INVALID'
}
