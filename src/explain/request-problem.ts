import type { Decision } from '../engine/decision.ts'
import type { Identity } from '../facts/identity.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { RequestFacts } from './change.ts'
import { quote } from './plain-data.ts'
import { awayText, countText } from './wording.ts'

/** Codes that say that a part of the request could not be read. */
const INVALID: ReadonlySet<Decision['code']> = new Set([
  'DENY_IDENTITY_INVALID',
  'DENY_POSTURE_INVALID',
  'DENY_SOURCE_INVALID',
  'DENY_DESTINATION_INVALID',
  'DENY_REQUEST_INVALID',
  'DENY_CLOCK_INVALID',
  'DENY_INTERNAL',
])

/** Whether the engine could not read the request. */
export function isInvalid(decision: Decision): boolean {
  return INVALID.has(decision.code)
}

/** What to say when the engine refuses an argument in which nothing wrong is found here. */
const REFUSED: Partial<Record<Decision['code'], string>> = {
  DENY_IDENTITY_INVALID: 'the identity and its actors should be plain objects that hold their members themselves',
  DENY_POSTURE_INVALID: 'the posture should be a plain object with a plain object `facts`',
  DENY_SOURCE_INVALID: 'the source does not parse: it should be a text or a plain object with known members only',
  DENY_DESTINATION_INVALID:
    'the destination does not parse: it should be a text or a plain object with known members only',
}

/** The engine has the last word on what is malformed; the readers here only find the words. */
export function malformedText(decision: Decision, problem: string | null): string {
  if (isInvalid(decision)) return problem ?? REFUSED[decision.code] ?? decision.reason
  // The engine stopped at something else before it came to this, or it reads more than the readers here do.
  return `${problem ?? decision.reason} (this did not decide)`
}

/** What is wrong with a request that can be read. */
export function problemOf({ code }: Decision, { hops, src, dst, at }: RequestFacts, model: PolicyModel): string | null {
  switch (code) {
    case 'DENY_SOURCE_UNKNOWN':
      return `the source names segment ${quote(src.segment)}, which the policy does not define`
    case 'DENY_DESTINATION_UNKNOWN':
      return `the destination names segment ${quote(dst.segment)}, which the policy does not define`
    case 'DENY_DELEGATION_DEPTH':
      return `the chain has ${countText(hops.length - 1, 'actor')}, the policy permits ${model.maxDelegationDepth}`
    case 'DENY_IDENTITY_EXPIRED':
    case 'DENY_IDENTITY_NOT_YET_VALID':
      return lifeProblem(hops, at)
    default:
      return null
  }
}

function lifeProblem(hops: readonly Identity[], at: number): string | null {
  for (const [hop, identity] of hops.entries()) {
    if (identity.kind === 'anonymous') continue
    const name = `the credential of ${hop === 0 ? 'the identity' : `actor ${hop}`}`
    const { notBefore = at, expiresAt = Number.POSITIVE_INFINITY } = identity
    if (at < notBefore) return `${name} is not valid before ${awayText(notBefore, at)}`
    if (at >= expiresAt) return `${name} expired at ${awayText(expiresAt, at)}: renew it`
  }
  return null
}
