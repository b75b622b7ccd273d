import { type CompiledPolicy, compileModel } from '../../compiled-policy.ts'
import { DecisionRecord } from '../../engine/decision.ts'
import type { Endpoint } from '../../facts/endpoint.ts'
import type { Identity } from '../../facts/identity.ts'
import type { Posture } from '../../facts/posture.ts'
import { type Command, usablePolicy } from '../command.ts'
import { decisionLine } from '../decision-line.ts'
import { HOLDS, UNUSABLE } from '../exit-status.ts'
import { type BadLine, type LineSink, LineSplitter } from '../line-splitter.ts'
import { type Output, printable } from '../output.ts'
import { Progress } from '../progress.ts'
import { instantOf, isUnreadable, readRequestLine } from '../request-line.ts'

/** Longest line in bytes. A request with a chain of 16 actors and hundreds of facts is far below. */
export const MAX_LINE_BYTES = 1024 * 1024

/** `sallyport authorize`: a stream of requests in, a stream of decisions out. */
export const authorize: Command = {
  name: 'authorize',
  usage: 'POLICY < requests.jsonl > decisions.jsonl',
  about: 'decide a stream of requests, one line of JSON each',
  details: `A line in:  {"identity", "posture", "src", "dst", "at"?}; "at" in epoch milliseconds or RFC 3339, default now.
A line out: {"allowed", "effect", "code", "rule", "reason", "validUntil", "obligations", "policy"}, and "shadow"
when a shadow rule would have decided. "validUntil" is null when time alone cannot change the answer.
A line that is no request is denied with DENY_REQUEST_INVALID and the run goes on; empty lines are skipped.
Exit status 0 when the stream was answered, whatever the answers; 2 when the policy or the stream cannot be read.`,
  options: { json: { type: 'boolean', about: 'accepted for scripts; the output is JSON in any case' } },
  async run({ file, stdin, out, err }) {
    const usable = await usablePolicy({ file, err })
    if (usable === null) return UNUSABLE
    let internal: unknown
    const policy = compileModel(usable.model, { onInternalError: (error) => (internal = error) })
    const answers = new Answers(policy)
    const lines = new LineSplitter(MAX_LINE_BYTES, answers)
    const progress = new Progress(err, !out.isTerminal)
    try {
      for await (const chunk of stdin) {
        lines.push(chunk)
        await out.write(answers.take())
        if (out.closed) break
        await progress.report(answers.count)
      }
    } catch (error) {
      await err.line(`stdin:${answers.count + 1}:1 STREAM_UNREADABLE ${printable(String(error))}`)
      return UNUSABLE
    }
    lines.end()
    await out.write(answers.take())
    await progress.end()
    if (internal !== undefined) {
      await err.line(`stdin:1:1 DENY_INTERNAL ${printable(String(internal))} (please report it with the policy)`)
    }
    return (await written(out, err)) ? HOLDS : UNUSABLE
  },
}

/** Decisions as text, collected until they are taken. */
class Answers implements LineSink {
  count = 0
  readonly #policy: CompiledPolicy
  #text = ''

  constructor(policy: CompiledPolicy) {
    this.#policy = policy
  }

  line(text: string): void {
    if (text.trim() === '') return
    const request = readRequestLine(text)
    if (isUnreadable(request)) {
      this.#refuse(request.unreadable)
      return
    }
    const { identity, posture, src, dst } = request
    // The engine checks all of them: what a line says may be anything.
    const decision = this.#policy.authorize(
      identity as Identity,
      posture as Posture | null | undefined,
      src as Endpoint,
      dst as Endpoint,
      instantOf(request.at),
    )
    this.#text += `${decisionLine(decision)}\n`
    this.count++
  }

  bad(reason: BadLine): void {
    this.#refuse(reason === 'too-long' ? `the line is longer than ${MAX_LINE_BYTES} bytes` : 'the line is not UTF-8')
  }

  /** What was answered since the last call. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  #refuse(why: string): void {
    const decision = new DecisionRecord(
      'DENY_REQUEST_INVALID',
      null,
      Object.freeze([]),
      Number.POSITIVE_INFINITY,
      null,
      this.#policy.hash,
    )
    this.#text += `${decisionLine({ ...decision, reason: `${decision.reason}: ${why}` })}\n`
    this.count++
  }
}

/** Whether all was written, as far as anybody read it. */
async function written(out: Output, err: Output): Promise<boolean> {
  if (out.failure === null) return true
  await err.line(`stdout:1:1 STREAM_UNWRITABLE ${printable(out.failure.message)}`)
  return false
}
