import { describe, expect, it } from 'vitest'
import { checkPolicyText } from '../../src/policy/parse.ts'
import { HOSTILE_TEXTS } from './hostile-texts.ts'

/** The goal for any text of a mebibyte, in time of the processor. */
const GOAL_MS = 1000
/** What fails the test: machines of test runners are slow and shared, and what goes wrong here takes minutes. */
const SOON_MS = 3 * GOAL_MS
/** For the clock on the wall, which others may hold up. */
const PATIENCE_MS = 60_000

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

describe('a hostile text', () => {
  it.each(HOSTILE_TEXTS)('of $format is answered soon: $name', { timeout: PATIENCE_MS }, ({ text, format, name }) => {
    const start = processorMs()
    const { model, problems } = checkPolicyText(text, { format, checkCondition: () => null })
    const took = processorMs() - start
    // A few of them are long-winded policies and nothing worse.
    expect(problems.length > 0 || model !== null).toBe(true)
    expect(problems.length).toBeLessThanOrEqual(401)
    for (const { message, line, column } of problems) {
      expect(message.length).toBeLessThan(500)
      expect(line ?? 1).toBeGreaterThan(0)
      expect(column ?? 1).toBeGreaterThan(0)
    }
    expect(took, `${name} took ${took} ms of the processor; the goal is ${GOAL_MS}`).toBeLessThan(SOON_MS)
  })

  it('in which a policy is hidden is not decided from', () => {
    const text = `${'#\n'.repeat(600_000)}sallyport: 1\nname: x\nrules: []\n`
    expect(checkPolicyText(text, { format: 'yaml' }).model).toBeNull()
  })
})

describe('a large policy', () => {
  const rules = Array.from({ length: 10_000 }, (_, index) => ({
    id: `rule-${index}`,
    description: 'what it is for, in words',
    effect: 'allow',
    from: `10.${index >> 8}.${index & 255}.0/24`,
    who: { kind: 'workload' },
    services: { protocol: 'tcp', ports: [443] },
  }))

  it('of 10,000 rules loads from YAML', { timeout: PATIENCE_MS }, () => {
    const lines = rules.map(
      ({ id, description, from }) =>
        `  - id: ${id}\n    description: ${description}\n    effect: allow\n    from: [${from}]\n    to: [internet]\n    who:\n      - { kind: workload }\n    services:\n      - { protocol: tcp, ports: [443] }\n`,
    )
    const text = `sallyport: 1\nname: large\nrules:\n${lines.join('')}`
    const { model, problems } = checkPolicyText(text, { format: 'yaml' })
    expect(problems).toEqual([])
    expect(model?.rules).toHaveLength(10_000)
  })

  it('of 10,000 rules loads from JSON', { timeout: PATIENCE_MS }, () => {
    const { model } = checkPolicyText(JSON.stringify({ sallyport: 1, name: 'large', rules }, null, 2), {
      format: 'json',
    })
    expect(model?.rules).toHaveLength(10_000)
    expect(model?.segments).toHaveLength(10_002)
  })
})
