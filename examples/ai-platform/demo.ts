/**
 * `npm run demo`: a policy for a company that runs language models, and what it answers to a recorded morning. Without a
 * server and without a network.
 */
import { readFileSync } from 'node:fs'
import { isUnreadable, type RecordedRequest, readRequestLine } from '../../src/cli/request-line.ts'
import { ConditionCompiler } from '../../src/conditions/condition.ts'
import {
  type CompiledPolicy,
  compileModel,
  createIdentity,
  createPosture,
  type Decision,
  formatProblem,
} from '../../src/index.ts'
import { checkPolicyText } from '../../src/policy/index.ts'
import { CERTIFICATE_ENDS } from './edges.ts'

type Question = Parameters<CompiledPolicy['authorize']>

/** One line of the stream with its answer; a line that is no request has no decision, and is denied. */
export interface Answered {
  readonly about: string
  readonly question: Question | null
  readonly code: string
  readonly rule: string | null
  readonly decision: Decision | null
}

const print = (line = ''): void => void process.stdout.write(`${line}\n`)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** The policy, compiled. */
export function loadPolicy(): CompiledPolicy {
  const conditions = new ConditionCompiler()
  const checkCondition = (text: string) => conditions.problem(text)
  const { model, problems } = checkPolicyText(read('policy.yaml'), { format: 'yaml', checkCondition })
  if (model === null) throw new Error(problems.map((problem) => formatProblem(problem, 'policy.yaml')).join('\n'))
  return compileModel(model)
}

/** Decides the recorded stream. */
export function decideStream(policy: CompiledPolicy): readonly Answered[] {
  const groups = lines('expected.jsonl').map((line) => (JSON.parse(line) as { readonly about: string }).about)
  return lines('requests.jsonl').map((line, index) => {
    const about = groups[index] ?? ''
    const request = readRequestLine(line)
    if (isUnreadable(request)) {
      return { about, question: null, code: 'DENY_REQUEST_INVALID', rule: null, decision: null }
    }
    const question = questionOf(request)
    const decision = policy.authorize(...question)
    return { about, question, code: decision.code, rule: decision.rule, decision }
  })
}

function lines(name: string): readonly string[] {
  return read(name)
    .split('\n')
    .filter((line) => line !== '')
}

/** What a line says may be anything; `authorize` checks it and never throws. */
function questionOf({ identity, posture, src, dst, at }: RecordedRequest): Question {
  return [identity, posture, src, dst, Date.parse(String(at))] as Question
}

function table(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      rightAligned.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    print(`  ${cells.join('  ').trimEnd()}`)
  }
}

function heading(text: string): void {
  print(`\n${text}\n${'-'.repeat(text.length)}`)
}

/** Groups in the order in which they first appear. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

function showTraffic(answered: readonly Answered[]): void {
  heading('Who asked, and what was answered')
  const traffic = grouped(answered, ({ about }) => (about.startsWith('attack: ') ? 'attacks and mistakes' : about))
  const rows = [...traffic].map(([about, items]) => {
    const allows = items.filter(({ code }) => code === 'ALLOW_RULE').length
    return [about, String(allows), String(items.length - allows)]
  })
  table([['', 'allowed', 'denied'], ...rows], [1, 2])
}

/** Rows of the table of reasons; what is rarer is among the attacks below. */
const MOST_REASONS = 40

function showReasons(answered: readonly Answered[]): void {
  heading('By what, the most frequent first')
  const reasons = grouped(answered, ({ code, rule }) => `${code} ${rule ?? ''}`)
  const rows = [...reasons.values()]
    .sort((one, other) => other.length - one.length)
    .slice(0, MOST_REASONS)
    .map((items) => {
      const { code, rule, about } = items[0] as Answered
      return [String(items.length), code, rule ?? '-', about]
    })
  table([['lines', 'code', 'rule', 'for example'], ...rows], [0])
}

/** Attacks that say most about how the engine reads things. */
const SAMPLES = [
  'attack: address in a form that parsers disagree on',
  'attack: quarantined machine spelt as mapped IPv6',
  'attack: credentials of the machine',
  'attack: expired token',
  'attack: stale posture',
  'attack: silenced sensor',
  'attack: chain of agents that is too long',
  'attack: foreign agent at the end of a chain',
  'attack: HEAD on a route that is closed to GET',
  'attack: path that routers read in two ways',
  'attack: segment that does not exist',
  'attack: training that calls home',
  'attack: key written twice',
]

function showSamples(answered: readonly Answered[]): void {
  heading('Some of the attacks')
  const rows = SAMPLES.map((about) => {
    const found = answered.find((one) => one.about === about)
    return [about.replace('attack: ', ''), found?.code ?? '', found?.rule ?? '']
  })
  table(rows)
}

function showShadow(answered: readonly Answered[]): void {
  heading('What rules on trial would have done')
  const outcomes = grouped(
    answered.filter(({ decision }) => decision?.shadow),
    ({ decision }) => `${decision?.shadow?.rule} would ${decision?.shadow?.effect}`,
  )
  for (const [outcome, items] of outcomes) print(`  ${items.length} of ${answered.length}: ${outcome}`)
}

function showExpiry(answered: readonly Answered[]): void {
  heading(`A certificate runs out at ${new Date(CERTIFICATE_ENDS).toISOString()}`)
  const rows = answered
    .filter(({ about }) => about === 'certificate that runs out')
    .map(({ question, decision }) => {
      const until = decision?.validUntil ?? Number.POSITIVE_INFINITY
      return [
        new Date(question?.[4] ?? 0).toISOString().slice(11, 23),
        decision?.allowed ? 'allow' : 'deny',
        decision?.code ?? '',
        Number.isFinite(until) ? `valid until ${new Date(until).toISOString().slice(11, 23)}` : 'for good',
      ]
    })
  table(rows)
  print('  The same workload, the same call. The answers before it said when they would end.')
}

function showExplanation(policy: CompiledPolicy, answered: readonly Answered[]): void {
  heading('One denial explained')
  const stale = answered.find(({ about }) => about === 'attack: stale posture')
  if (stale?.question) print(policy.explain(...stale.question).text.replace(/^/gm, '  '))
}

/** Decides the stream again and again: as it was read, and with facts that were checked once, as a service keeps them. */
function showSpeed(policy: CompiledPolicy, answered: readonly Answered[]): void {
  const asRead = answered.flatMap(({ question }) => (question === null ? [] : [question]))
  const rate = decisionsPerSecond(policy, asRead)
  const warm = decisionsPerSecond(policy, asRead.map(warmed))
  const { format } = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
  print(
    `\n${format(rate)} decisions per second on this machine, ${format(warm)} with warm facts (one core, ${process.version})`,
  )
}

function warmed([identity, posture, src, dst, at]: Question): Question {
  try {
    return [createIdentity(identity), posture && createPosture(posture), src, dst, at]
  } catch {
    // Malformed facts cannot be kept warm; such a request is refused as it came.
    return [identity, posture, src, dst, at]
  }
}

function decisionsPerSecond(policy: CompiledPolicy, questions: readonly Question[]): number {
  const forAWhile = (milliseconds: number): number => {
    const begin = performance.now()
    let decisions = 0
    let allowed = 0
    while (performance.now() - begin < milliseconds) {
      for (const [identity, posture, src, dst, at] of questions) {
        if (policy.authorize(identity, posture, src, dst, at).allowed) allowed++
      }
      decisions += questions.length
    }
    if (allowed === 0) throw new Error('the stream has allows')
    return decisions / ((performance.now() - begin) / 1000)
  }
  forAWhile(300)
  return forAWhile(700)
}

function main(): void {
  const policy = loadPolicy()
  const answered = decideStream(policy)
  const { rules, segments } = policy.statistics()
  print(`policy ${policy.name}: ${rules} rules, ${segments} segments, hash ${policy.hash.slice(0, 16)}`)
  print(`${answered.length} recorded requests from examples/ai-platform/requests.jsonl`)
  showTraffic(answered)
  showReasons(answered)
  showSamples(answered)
  showShadow(answered)
  showExpiry(answered)
  showExplanation(policy, answered)
  showSpeed(policy, answered)
}

if (process.argv[1] === import.meta.filename) main()
