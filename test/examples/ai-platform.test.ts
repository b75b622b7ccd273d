import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decideStream, loadPolicy } from '../../examples/ai-platform/demo.ts'
import { CERTIFICATE_ENDS } from '../../examples/ai-platform/edges.ts'
import { expectedLines, requestLines, stream } from '../../examples/ai-platform/record.ts'
import { call, input } from '../cli/capture.ts'

const FOLDER = new URL('../../examples/ai-platform/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')
const POLICY = new URL('policy.yaml', FOLDER).pathname

interface Expected {
  readonly line: number
  readonly about: string
  readonly code: string
  readonly rule: string | null
}

const parsed = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const expected = parsed(read('expected.jsonl')) as Expected[]

describe('the policy of the demo', () => {
  it('holds without a warning, and is as large as it says', async () => {
    const { status, out } = await call(['check', POLICY, '--strict', '--json'])
    expect(JSON.parse(out)).toMatchObject({ holds: true, problems: [] })
    expect(status).toBe(0)
    expect(loadPolicy().statistics().rules).toBeGreaterThanOrEqual(30)
  })

  it('passes its own tests', async () => {
    const { status, out } = await call(['test', POLICY, '--json'])
    const { passed, failed, tests } = JSON.parse(out) as { passed: number; failed: number; tests: unknown[] }
    expect(tests.length).toBeGreaterThanOrEqual(20)
    expect([passed, failed, status]).toEqual([tests.length, 0, 0])
  })
})

describe('the recorded stream', () => {
  it('is what the recorder writes', () => {
    const recorded = stream()
    expect(recorded.length).toBeGreaterThanOrEqual(200)
    expect(read('requests.jsonl')).toBe(requestLines(recorded))
    expect(read('expected.jsonl')).toBe(expectedLines(recorded))
  })

  it('is answered as expected, line by line', () => {
    const answered = decideStream(loadPolicy())
    expect(answered.map(({ about, code, rule }, index) => ({ line: index + 1, about, code, rule }))).toEqual(expected)
  })

  it('is answered the same by sallyport authorize', async () => {
    const { status, out } = await call(['authorize', POLICY], input(read('requests.jsonl')))
    expect(status).toBe(0)
    const answers = parsed(out) as Expected[]
    expect(answers.map(({ code, rule }) => [code, rule])).toEqual(expected.map(({ code, rule }) => [code, rule]))
  })

  it('has no attack that is allowed', () => {
    const attacks = expected.filter(({ about }) => about.startsWith('attack: '))
    expect(attacks.length).toBeGreaterThanOrEqual(80)
    expect(attacks.filter(({ code }) => code === 'ALLOW_RULE')).toEqual([])
  })

  it('decides by every enforced rule, and shows every shadow rule', () => {
    const policy = loadPolicy()
    const answered = decideStream(policy)
    const seen = new Set(answered.flatMap(({ rule, decision }) => [rule, decision?.shadow?.rule]))
    expect(policy.model.rules.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([])
  })

  it('flips at the end of the certificate, as the answers before said', () => {
    const edge = decideStream(loadPolicy()).filter(({ about }) => about === 'certificate that runs out')
    const seen = edge.map(({ question, decision }) => [Number(question?.[4]) - CERTIFICATE_ENDS, decision?.allowed])
    expect(seen).toEqual([
      [-240_000, true],
      [-60_000, true],
      [-1, true],
      [0, false],
      [60_000, false],
    ])
    for (const { decision } of edge.filter((one) => one.decision?.allowed))
      expect(decision?.validUntil).toBe(CERTIFICATE_ENDS)
  })
})
