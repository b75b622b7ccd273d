import type { Command } from '../command.ts'
import { DOES_NOT_HOLD, HOLDS, UNUSABLE } from '../exit-status.ts'
import { isNoFile, loadPolicyFile, problemLines } from '../load-policy.ts'
import { counted } from '../output.ts'

/** `sallyport check`: can this policy be loaded, and is anything in it suspicious. */
export const check: Command = {
  name: 'check',
  usage: 'POLICY [--strict] [--json]',
  about: 'find everything that is wrong with a policy',
  details: `Reads the policy and lists every problem as file:line:column code message hint on standard error.
An error makes the policy unusable (exit status 2). A warning does not, unless --strict (exit status 1).
The tests of the file are run by \`sallyport test\`.`,
  options: {
    strict: { type: 'boolean', about: 'a warning is a failure too' },
    json: { type: 'boolean', about: 'print the result as one line of JSON' },
  },
  async run({ file, flags, out, err }) {
    const loaded = await loadPolicyFile(file)
    if (isNoFile(loaded)) {
      await err.line(loaded.failure)
      return UNUSABLE
    }
    const { model, problems } = loaded
    const warnings = problems.filter(({ severity }) => severity === 'warning').length
    const errors = problems.length - warnings
    const status = model === null ? UNUSABLE : flags.has('strict') && warnings > 0 ? DOES_NOT_HOLD : HOLDS
    if (!flags.has('json') || status === UNUSABLE) await err.write(problemLines(loaded))
    if (flags.has('json')) {
      await out.json({ file: loaded.file, holds: status === HOLDS, errors, warnings, problems })
    } else if (model !== null) {
      const sizes = [
        counted(model.rules.length, 'rule'),
        // `any` and `internet` are in every model.
        counted(model.segments.filter(({ anonymous }) => !anonymous).length - 2, 'segment'),
        counted(model.postures.length, 'posture'),
        counted(model.tests.length, 'test'),
      ]
      const verdict = status === HOLDS ? 'holds' : 'does not hold'
      await out.line(`${loaded.file} ${verdict}: ${sizes.join(', ')}; ${counted(warnings, 'warning')}`)
    }
    return status
  },
}
