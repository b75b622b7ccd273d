import { compileModel } from '../../compiled-policy.ts'
import type { Endpoint } from '../../facts/endpoint.ts'
import type { Identity } from '../../facts/identity.ts'
import type { Posture } from '../../facts/posture.ts'
import { type Command, usablePolicy } from '../command.ts'
import { DOES_NOT_HOLD, HOLDS, UNUSABLE } from '../exit-status.ts'
import { instantOf, isUnreadable, readRequestLine } from '../request-line.ts'

/** `sallyport explain`: why, and what would turn it. */
export const explain: Command = {
  name: 'explain',
  usage: 'POLICY --request JSON [--json]',
  about: 'say why a request is allowed or denied, and what would turn it',
  details: `The request is a line of \`sallyport authorize\`: {"identity", "posture", "src", "dst", "at"?}.
Exit status 0 when it is allowed, 1 when it is denied, 2 when the policy or the request cannot be read.`,
  options: {
    request: { type: 'string', value: 'JSON', about: 'the request' },
    json: { type: 'boolean', about: 'print the explanation as one line of JSON' },
  },
  required: ['request'],
  async run({ file, flags, texts, out, err }) {
    const request = readRequestLine(texts.get('request') ?? '')
    const usable = await usablePolicy({ file, err })
    if (isUnreadable(request)) await err.line(`--request:1:1 REQUEST_INVALID ${request.unreadable}`)
    if (usable === null || isUnreadable(request)) return UNUSABLE
    const { identity, posture, src, dst } = request
    const at = instantOf(request.at)
    // The engine checks all of them: what a line says may be anything.
    const explanation = compileModel(usable.model).explain(
      identity as Identity,
      posture as Posture | null | undefined,
      src as Endpoint,
      dst as Endpoint,
      at,
    )
    await (flags.has('json') ? out.json(explanation) : out.line(explanation.text))
    return explanation.decision.allowed ? HOLDS : DOES_NOT_HOLD
  },
}
