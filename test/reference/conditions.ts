import type { ConditionRequest, Evaluator } from './match.ts'
import type { Truth } from './truth.ts'

/** Conditions that the tests use, and what each means, so that the oracle needs no CEL. */
const MEANINGS: Readonly<Record<string, (request: ConditionRequest) => Truth>> = {
  true: () => true,
  false: () => false,
  '1 / 0 == 1': () => 'unknown',
  'request.identity.kind': () => 'unknown',
  "request.identity.kind == 'user'": ({ identity }) => identity.kind === 'user',
  "request.identity.id == 'alice'": ({ identity }) =>
    identity.kind === 'anonymous' ? 'unknown' : identity.id === 'alice',
  "request.dst.http.method == 'POST'": ({ dst }) => (dst.http === undefined ? 'unknown' : dst.http.method === 'POST'),
  "request.context.ticket == 'T1'": ({ dst }) =>
    dst.context?.ticket === undefined ? 'unknown' : dst.context.ticket === 'T1',
}

/** Texts of all conditions that {@link evaluateCondition} knows. */
export const CONDITIONS: readonly string[] = Object.keys(MEANINGS)

/** The evaluator of the tests. */
export const evaluateCondition: Evaluator = (when, request) => {
  const meaning = MEANINGS[when]
  if (meaning === undefined) throw new RangeError(`no meaning is known for the condition ${JSON.stringify(when)}`)
  return meaning(request)
}
