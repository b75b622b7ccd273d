/** One policy in a process of its own: how long it takes to compile, what it weighs, and what an update costs. */

import { compileModel } from '../src/compiled-policy.ts'
import { createIdentity, createPosture } from '../src/engine/warm-facts.ts'
import { ANONYMOUS, type Identity } from '../src/facts/identity.ts'
import type { CompiledPolicy, PolicyDocument } from '../src/index.ts'
import type { PolicyModel } from '../src/policy/model.ts'
import { createRuleSet } from './classbench/contestants.ts'
import { ruleSetModel } from './classbench/policy.ts'
import { groupsOf, newPosture, newPrincipal } from './engine/facts.ts'
import type { LoadJob, LoadResult, UpdateResult } from './load.ts'
import { median } from './measure.ts'
import { type Block, formatAddress, formatEndpoint } from './workloads/blocks.ts'
import { toDocument } from './workloads/document.ts'
import type { FlowDevice, FlowRule, FlowUser } from './workloads/flow-rule.ts'
import { toModel } from './workloads/model.ts'
import { generateSegmentation } from './workloads/segmentation.ts'

/** How many prefixes an update job adds. */
const UPDATES = 2_000

process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ type: 'done', result }),
    (error: unknown) => {
      process.send?.({
        type: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    },
  )
})

async function run(job: LoadJob): Promise<LoadResult | UpdateResult> {
  return job.kind === 'update' ? update(job.rules) : load(job, await sourceOf(job))
}

interface Source {
  readonly rules: number
  /** Makes a model or document, and gives back what compiles it: only the second step is timed. */
  readonly prepare: () => () => CompiledPolicy
}

async function sourceOf(job: Extract<LoadJob, { kind: 'load' }>): Promise<Source> {
  if (job.source !== 'segmentation') {
    const set = createRuleSet({ set: job.source, traffic: 'trace', manyHeaders: 0 })
    return modelSource(set.rules.length, () => ruleSetModel(set.rules))
  }
  const policy = generateSegmentation({ rules: job.rules, family: 4, shape: job.shape, seed: 20_261_123 + job.rules })
  if (job.route === 'model') return modelSource(job.rules, () => toModel(policy))
  // Only a document needs the checker: a process that has a model does not load it.
  const { compile } = await import('../src/index.ts')
  return {
    rules: job.rules,
    prepare: () => {
      const document = toDocument(policy) as PolicyDocument
      return () => compile(document)
    },
  }
}

function modelSource(rules: number, makeModel: () => PolicyModel): Source {
  return {
    rules,
    prepare: () => {
      const model = makeModel()
      return () => compileModel(model, {})
    },
  }
}

function load(job: Extract<LoadJob, { kind: 'load' }>, { rules, prepare }: Source): LoadResult {
  const before = weigh()
  const first = timed(prepare())
  // One question before weighing: what is only made on first use belongs to the weight.
  askOnce(first.policy)
  const after = weigh()
  const times = [first.ms]
  // Once more and once more, as a service that swaps policies does; the first time is the cold one.
  for (let again = 1; again < job.repeats; again++) times.push(timed(prepare()).ms)
  return {
    job,
    rules,
    coldMs: first.ms,
    warmMs: times.length > 1 ? median(times.slice(1)) : null,
    heapBytes: after.heap - before.heap,
    typedArrayBytes: after.arrays - before.arrays,
  }
}

/** An identity without groups from outside: nothing in a segmentation policy allows it. */
function askOnce(policy: CompiledPolicy): void {
  const decision = policy.authorize(ANONYMOUS, null, '192.0.2.1', '192.0.2.2:1')
  if (policy.name === 'bench' && decision.allowed) throw new Error(`allowed what no rule names: ${decision.rule}`)
}

function timed(compileIt: () => CompiledPolicy): { ms: number; policy: CompiledPolicy } {
  const start = process.hrtime.bigint()
  const policy = compileIt()
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, policy }
}

/** The model or document is garbage by now unless the policy holds on to it: then it belongs to the weight. */
function weigh(): { heap: number; arrays: number } {
  for (let turn = 0; turn < 3; turn++) globalThis.gc?.()
  const usage = process.memoryUsage()
  return { heap: usage.heapUsed, arrays: usage.arrayBuffers }
}

async function update(rules: number): Promise<UpdateResult> {
  const { Gate } = await import('../src/index.ts')
  const policy = generateSegmentation({ rules, family: 4, shape: 'plain', seed: 20_261_123 + rules })
  const gate = new Gate(compileModel(toModel(policy), {}))
  const names = new Map(policy.blocks.map((block, index) => [block, `s${index}`]))
  const memberOf = new Map(policy.users.flatMap((user) => user.groups.map((group) => [group, user] as const)))
  const identities = new Map(policy.users.map((user) => [user, createIdentity(newPrincipal(user, groupsOf(user)))]))
  // The first device satisfies every posture.
  const posture = createPosture(newPosture(policy.devices[0] as FlowDevice, Date.now() - 1_000, false))
  const times = { add: [] as number[], decide: [] as number[], remove: [] as number[] }
  for (let turn = 0; turn < UPDATES; turn++) {
    const rule = policy.rules[(turn * 7919) % rules] as FlowRule
    const segment = names.get(rule.from as Block) as string
    const identity = identities.get(memberOf.get(rule.group) as FlowUser) as Identity
    const network = (0xac10_0000 + turn * 256) >>> 0
    const prefix = `${formatAddress(4, [network])}/24`
    const dst = formatEndpoint(4, (rule.to as Block).words, rule.firstPort)
    const decide = (): boolean => gate.authorize(identity, posture, formatAddress(4, [network + 7]), dst).allowed
    if (decide()) throw new Error(`${prefix} is allowed before it is a member of ${segment}`)
    times.add.push(timeUs(() => gate.members.add(segment, prefix)))
    times.decide.push(timeUs(() => mustBe(true, decide())))
    // Half of them stay, so that later turns meet an overlay that has grown.
    if (turn % 2 === 0) continue
    times.remove.push(timeUs(() => gate.members.remove(segment, prefix)))
    mustBe(false, decide())
  }
  times.add.sort((left, right) => left - right)
  return {
    job: { kind: 'update', rules },
    addUs: median(times.add),
    addP99Us: times.add[Math.floor(UPDATES * 0.99)] as number,
    nextDecisionUs: median(times.decide),
    removeUs: median(times.remove),
  }
}

function timeUs(action: () => void): number {
  const start = process.hrtime.bigint()
  action()
  return Number(process.hrtime.bigint() - start) / 1e3
}

function mustBe(expected: boolean, allowed: boolean): void {
  if (allowed !== expected) throw new Error(`an edited segment gave ${allowed}, expected ${expected}`)
}
