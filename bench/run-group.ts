import type { ChildProcess } from 'node:child_process'
import type { Cell, CellResult, FromWorker, Group, ToWorker } from './cell.ts'
import { type Effort, median, type Sample } from './measure.ts'
import { ask, startWorker, stopWorker } from './worker-process.ts'

/** How thoroughly a group is measured. */
export interface Plan {
  readonly rounds: number
  readonly effort: Effort
}

interface Contender {
  readonly cell: Cell
  readonly worker: ChildProcess
  readonly ready: Extract<FromWorker, { type: 'ready' }>
  readonly samples: Sample[]
  readonly floors: Sample[]
}

/** Starts a process per cell, then measures them in turns: one measures while the others sleep. */
export async function runGroup(group: Group, plan: Plan, log: (text: string) => void): Promise<CellResult[]> {
  const workers: ChildProcess[] = []
  try {
    const contenders: Contender[] = []
    for (const cell of group.cells) {
      const worker = startWorker('worker.ts')
      workers.push(worker)
      const ready = await ask<ToWorker, FromWorker>(worker, { type: 'prepare', cell })
      if (ready.type !== 'ready') throw new Error(`unexpected answer ${ready.type}`)
      contenders.push({ cell, worker, ready, samples: [], floors: [] })
      log(`${group.name}: ${cell.contestant} agrees with the reference on ${ready.requests} requests`)
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const contender of contenders) {
        const answer = await ask<ToWorker, FromWorker>(contender.worker, { type: 'measure', effort: plan.effort })
        if (answer.type !== 'measured') throw new Error(`unexpected answer ${answer.type}`)
        contender.samples.push(answer.sample)
        contender.floors.push(answer.floor)
      }
    }
    return contenders.map((contender) => resultOf(group.name, contender))
  } finally {
    await Promise.all(workers.map(stopWorker))
  }
}

function resultOf(group: string, { cell, ready, samples, floors }: Contender): CellResult {
  const rounds = samples.map((sample) => sample.ns)
  return {
    group,
    cell,
    rules: ready.rules,
    requests: ready.requests,
    allowedShare: ready.allowedShare,
    ns: median(rounds),
    floorNs: median(floors.map((sample) => sample.ns)),
    // Ratio first, median second: both sides of a ratio come from the same moment.
    ratio: median(rounds.map((ns, round) => ns / (floors[round] as Sample).ns)),
    rounds,
    warning: samples.find((sample) => sample.warning !== null)?.warning ?? null,
  }
}
