import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

/** Room for a million rules with their requests. */
const HEAP_MB = 12_000

/**
 * Node 20's V8 ends the process ("unreachable code" in the deoptimizer) when optimised code with an inlined call into
 * wasm is thrown away; cedar-wasm meets that after some thousand calls. The flag costs such a call some nanoseconds.
 */
const WASM_FLAGS = process.versions.node.startsWith('20.') ? ['--no-turbo-inline-js-wasm-calls'] : []

/** Starts a TypeScript file of this folder in a process with its own heap and a callable `gc`. */
export function startWorker(file: string): ChildProcess {
  return fork(join(import.meta.dirname, file), [], {
    execArgv: ['--import', 'tsx', '--expose-gc', `--max-old-space-size=${HEAP_MB}`, ...WASM_FLAGS],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

/** Sends one message and waits for the one answer to it. A worker that fails or ends rejects. */
export function ask<Question extends object, Answer extends { readonly type: string }>(
  worker: ChildProcess,
  question: Question,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a bench process ended early with status ${code}`))
    worker.once('exit', onExit)
    worker.once('message', (answer: Answer & { message?: string }) => {
      worker.off('exit', onExit)
      if (answer.type === 'failed') reject(new Error(answer.message))
      else resolve(answer)
    })
    worker.send(question)
  })
}

/** Ends a worker that this run started. */
export function stopWorker(worker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (worker.exitCode !== null || worker.signalCode !== null) resolve()
    else {
      worker.once('exit', () => resolve())
      worker.kill()
    }
  })
}
