import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll } from 'vitest'
import type { ExitStatus } from '../../src/cli/exit-status.ts'
import { run } from '../../src/cli/run.ts'

/** What a run of the program left behind. */
export interface Captured {
  readonly status: ExitStatus
  readonly out: string
  readonly err: string
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file for this test file and answers its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

export class Sink extends Writable {
  readonly chunks: string[] = []
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.chunks.push(chunk.toString('utf8'))
    done()
  }
}

/** The chunks of a standard input. */
export async function* input(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** Runs the program in this process. */
export async function call(args: readonly string[], stdin: AsyncIterable<Uint8Array> = input()): Promise<Captured> {
  const stdout = new Sink()
  const stderr = new Sink()
  const status = await run(args, { stdin, stdout, stderr })
  return { status, out: stdout.chunks.join(''), err: stderr.chunks.join('') }
}

/** A policy of one rule: users of segment `web` reach port 443 of segment `api`, for five minutes at most. */
export const POLICY = `sallyport: 1
name: tiny
segments:
  web: { cidrs: [10.1.0.0/16] }
  api: { cidrs: [10.2.0.0/16] }
rules:
  - id: web-to-api
    effect: allow
    from: web
    to: api
    services: { protocol: tcp, ports: [443] }
    who: { kind: user }
    obligations: [{ type: log }]
    lease: 5m
  - { id: trial, effect: deny, mode: shadow, to: api, who: { id: eve } }
tests:
  - { name: users may, identity: { kind: user, id: a }, src: 10.1.0.1, dst: '10.2.0.1:443', expect: allow }
  - { name: nobody may not, src: 10.1.0.1, dst: '10.2.0.1:443', expect: { effect: deny, code: DENY_DEFAULT } }
`

/** A request that the policy allows. */
export const REQUEST = { identity: { kind: 'user', id: 'ann' }, src: '10.1.0.1', dst: '10.2.0.1:443', at: 1000 }
