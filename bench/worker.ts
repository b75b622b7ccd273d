/**
 * One contestant in a process of its own: prepares it, checks its answers, then measures it and the floor whenever the
 * parent says so. Alone, its call sites stay monomorphic, as they are in a service that has one engine.
 */

import { mustAgree } from './agree.ts'
import type { Cell, FromWorker, ToWorker } from './cell.ts'
import { createRuleSet, headerTexts, prepareClassifier } from './classbench/contestants.ts'
import { contestantNamed } from './contestants.ts'
import { consumed, type Effort, measure, measurePrepared, type Sample } from './measure.ts'
import { createFloor, type FloorInput } from './peers/floor.ts'
import { createRandom } from './random.ts'
import { formatAddress } from './workloads/blocks.ts'
import { createWorkload, expectedAllowed } from './workloads/workload.ts'

interface Ready {
  readonly rules: number
  readonly requests: number
  readonly allowedShare: number
  readonly contestant: (effort: Effort) => Promise<Sample>
  readonly floor: (effort: Effort) => Sample
}

let ready: Ready | null = null

process.on('message', (message: ToWorker) => {
  handle(message).then(tell, (error: unknown) =>
    tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})

async function handle(message: ToWorker): Promise<FromWorker> {
  if (message.type === 'prepare') {
    ready = await prepare(message.cell)
    return { type: 'ready', rules: ready.rules, requests: ready.requests, allowedShare: ready.allowedShare }
  }
  if (ready === null) throw new Error('asked to measure before anything was prepared')
  globalThis.gc?.()
  const floor = ready.floor(message.effort)
  const sample = await ready.contestant(message.effort)
  if (!Number.isFinite(consumed())) throw new Error('the answers were not consumed')
  return { type: 'measured', sample, floor }
}

function tell(message: FromWorker): void {
  process.send?.(message)
}

async function prepare(cell: Cell): Promise<Ready> {
  if (cell.kind === 'classbench') {
    const set = createRuleSet(cell.workload)
    const decide = prepareClassifier(set, cell.contestant)
    const requests = set.headers.length
    const allowed = set.expected.reduce((sum, line) => sum + Number(line >= 0), 0)
    return {
      rules: set.rules.length,
      requests,
      allowedShare: allowed / requests,
      contestant: measurePrepared({ kind: 'now', decide }, requests),
      floor: floorOf(headerTexts(set)),
    }
  }
  const workload = createWorkload(cell.workload)
  const contestant = contestantNamed(cell.contestant)
  const requests = Math.min(workload.requests.length, contestant.requestLimit(workload.policy.rules.length))
  const prepared = await contestant.prepare(workload)
  await mustAgree(prepared, requests, (index) => expectedAllowed(workload, index), cell.contestant)
  return {
    rules: workload.policy.rules.length,
    requests,
    allowedShare: workload.allowedShare,
    contestant: measurePrepared(prepared, requests),
    floor: floorOf(workload.spec.family === 4 ? workload : quads(workload.requests.length)),
  }
}

function floorOf(input: FloorInput): (effort: Effort) => Sample {
  const batch = createFloor(input)
  return (effort) => measure(batch, input.src.length, effort)
}

/** The floor reads IPv4 also where the workload is IPv6, so that one unit holds for all tables. */
function quads(count: number): FloorInput {
  const random = createRandom(4)
  const texts = (): string[] =>
    Array.from({ length: count }, () => formatAddress(4, [(0x0a00_0000 | (random.word() >>> 8)) >>> 0]))
  return { src: texts(), dst: texts() }
}
