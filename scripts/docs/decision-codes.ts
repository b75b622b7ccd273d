import { DECISION_CODES, type DecisionCode } from '../../src/engine/codes.ts'
import { GENERATED, page, table } from './markdown.ts'

/** What an operator does about a code. A code without advice does not compile. */
const ADVICE: Readonly<Record<DecisionCode, string>> = {
  ALLOW_RULE: 'Serve the request until `validUntil`, and carry out the obligations.',
  DENY_RULE: 'A rule forbids it. `explain` names the rule and what would have to change.',
  DENY_DEFAULT: 'No rule speaks of this request. `explain` lists the rules that nearly matched.',
  DENY_IDENTITY_INVALID:
    'The verifier in front of the engine passes something that is not an identity. Build it with `createIdentity`, which throws with the field that is wrong.',
  DENY_IDENTITY_EXPIRED: 'The caller needs a new credential. Check the clocks when it happens to fresh ones.',
  DENY_IDENTITY_NOT_YET_VALID: 'The credential begins later than now. Nearly always a clock that runs behind.',
  DENY_DELEGATION_DEPTH:
    'More agents act for one another than `delegation.maxDepth` permits. Shorten the chain, or raise the limit with care.',
  DENY_DELEGATION:
    'The caller may do it, but somebody acting on its behalf may not. `rule` is the rule that refused that actor.',
  DENY_POSTURE_INVALID: 'The posture is neither absent nor an object with `facts`. Build it with `createPosture`.',
  DENY_SOURCE_INVALID:
    'The source is not an endpoint: a malformed address, an unknown key, an empty object. Do not repair it: find out who sent it.',
  DENY_SOURCE_UNKNOWN:
    'The source is a name that the policy has no segment for. A typing mistake, or a policy older than the caller.',
  DENY_DESTINATION_INVALID: 'The destination is not an endpoint. See `DENY_SOURCE_INVALID`.',
  DENY_DESTINATION_UNKNOWN: 'The destination is a name that the policy has no segment for. See `DENY_SOURCE_UNKNOWN`.',
  DENY_REQUEST_INVALID: 'The request is not readable as a whole, for example a broken line on the command line.',
  DENY_CLOCK_INVALID: 'The time given, or the clock injected, is not a finite number of milliseconds.',
  DENY_INTERNAL: 'A defect in this package. The request was refused; please report it with the policy and the request.',
}

/** docs/codes.md */
export function decisionCodesPage(): string {
  const codes = Object.entries(DECISION_CODES) as [DecisionCode, (typeof DECISION_CODES)[DecisionCode]][]
  return page(
    GENERATED,
    '# Decision codes',
    'Every decision has exactly one of these codes. They are stable, and a retired code is never used again. Send the code to a remote caller if you like, but not the reason.',
    table(
      ['code', 'effect', 'meaning'],
      codes.map(([code, { effect, meaning }]) => [`[\`${code}\`](#${code.toLowerCase()})`, effect, meaning]),
    ),
    ...codes.map(([code, { meaning }]) => `## ${code}\n\n${sentence(meaning)} ${ADVICE[code]}`),
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
