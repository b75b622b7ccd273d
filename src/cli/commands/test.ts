import { compileModel } from '../../compiled-policy.ts'
import type { Decision } from '../../engine/decision.ts'
import type { Endpoint } from '../../facts/endpoint.ts'
import type { Identity } from '../../facts/identity.ts'
import type { Posture } from '../../facts/posture.ts'
import type { PolicyTest } from '../../policy/model.ts'
import { type Command, usablePolicy } from '../command.ts'
import { DOES_NOT_HOLD, HOLDS, UNUSABLE } from '../exit-status.ts'
import { printable } from '../output.ts'

/** `sallyport test`: the questions of the file get the answers the file says. */
export const test: Command = {
  name: 'test',
  usage: 'POLICY [--json]',
  about: "run the policy's own tests, and say which rules no test decides by",
  details: `A test fails when the effect, the code or the rule is not the one it expects; the explanation follows it.
Exit status 0 when all tests pass, 1 when one fails or there is none, 2 when the policy cannot be used.
A rule is covered when it decides a test, or would decide one if it were not a shadow rule.`,
  options: { json: { type: 'boolean', about: 'print the results as one line of JSON' } },
  async run({ file, flags, out, err }) {
    const usable = await usablePolicy({ file, err })
    if (usable === null) return UNUSABLE
    const { model, loaded } = usable
    const policy = compileModel(model)
    const now = Date.now()
    const results = model.tests.map((one) => {
      const question = [
        one.identity as Identity,
        one.posture as Posture | null,
        one.src as Endpoint,
        one.dst as Endpoint,
      ]
      const [identity, posture, src, dst] = question as [Identity, Posture | null, Endpoint, Endpoint]
      const at = one.at ?? now
      const decision = policy.authorize(identity, posture, src, dst, at)
      const passed = meets(decision, one.expect)
      return {
        name: one.name,
        passed,
        expected: one.expect,
        decision,
        why: passed ? null : policy.explain(identity, posture, src, dst, at).text,
      }
    })
    const failed = results.filter(({ passed }) => !passed).length
    const deciding = new Set(results.flatMap(({ decision }) => [decision.rule, decision.shadow?.rule]))
    const uncovered = model.rules.map(({ id }) => id).filter((id) => !deciding.has(id))
    const covered = model.rules.length - uncovered.length
    const holds = failed === 0 && results.length > 0
    if (flags.has('json')) {
      const tests = results.map(({ name, passed, expected, decision: { effect, code, rule } }) => {
        return { name, passed, expected, actual: { effect, code, rule } }
      })
      const rules = { total: model.rules.length, covered, uncovered }
      await out.json({ file: loaded.file, holds, passed: tests.length - failed, failed, tests, rules })
      return holds ? HOLDS : DOES_NOT_HOLD
    }
    const places = loaded.positions().locate(results.map((_, index) => ({ path: ['tests', index], at: 'value' })))
    for (const [index, { name, expected, decision, why }] of results.entries()) {
      if (why === null) {
        await out.line(`ok    ${printable(name)}`)
        continue
      }
      const { line, column } = places[index] ?? { line: 1, column: 1 }
      await out.line(`FAIL  ${printable(name)}`)
      await out.line(`      ${loaded.file}:${line}:${column} expected ${wording(expected)}, got ${wording(decision)}`)
      await out.line(why.replace(/^/gm, '      | '))
    }
    if (results.length === 0) await out.line('the policy has no tests')
    await out.line(`${results.length - failed} passed, ${failed} failed`)
    await out.line(`rules that decide a test: ${covered} of ${model.rules.length}`)
    for (const id of uncovered) await out.line(`      no test is decided by rule ${id}`)
    return holds ? HOLDS : DOES_NOT_HOLD
  },
}

function meets(decision: Decision, expected: PolicyTest['expect']): boolean {
  const { effect, code, rule } = expected
  return (
    decision.effect === effect && (code === null || decision.code === code) && (rule === null || decision.rule === rule)
  )
}

function wording({ effect, code, rule }: PolicyTest['expect']): string {
  return [effect, code, rule === null ? null : `by rule ${rule}`].filter((part) => part !== null).join(' ')
}
