import { SallyportError } from '../errors.ts'

/** A membership cannot be edited so: the segment is not defined by name, or the text is neither a prefix nor a workload id. */
export class MembershipError extends SallyportError {
  override readonly name = 'MembershipError'
  readonly code = 'ERR_MEMBERSHIP_INVALID'
}
