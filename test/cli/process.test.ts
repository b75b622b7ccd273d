/** The program as a process of its own: real pipes, real exit statuses, real memory. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { file, POLICY, REQUEST } from './capture.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const MAIN = 'src/cli/main.ts'

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

function program(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], { cwd: ROOT }, (_, out, err) =>
      resolve({ status: child.exitCode, out, err }),
    )
    child.stdin?.end(`${JSON.stringify(REQUEST)}\n`)
  })
}

/** Writes the highest resident size of the process, in kilobytes, to standard error when it ends. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('maxRSS ' + process.resourceUsage().maxRSS + '\\n'))",
)}`

/** Streams requests through a process with a small heap. */
async function stream(
  lines: number,
): Promise<{ answered: number; allowed: number; kilobytes: number; status: number }> {
  const node = ['--max-old-space-size=64', '--import', 'tsx', '--import', REPORT_MEMORY]
  const child = spawn(process.execPath, [...node, MAIN, 'authorize', file('policy.yaml', POLICY)], { cwd: ROOT })
  let answered = 0
  let allowed = 0
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    answered += lines.length
    allowed += lines.filter((line) => line.startsWith('{"allowed":true,')).length
  })
  const closed = once(child, 'close') as Promise<[number]>
  const block = 1000
  for (let at = 0; at < lines; at += block) {
    const text = Array.from({ length: Math.min(block, lines - at) }, (_, index) => {
      const n = at + index
      return `${JSON.stringify({ ...REQUEST, identity: { kind: 'user', id: `user-${n}` }, at: n, dst: `10.${2 + (n % 2)}.0.1:443` })}\n`
    })
    if (!child.stdin.write(text.join(''))) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  const [status] = await closed
  return { answered, allowed, kilobytes: Number(/maxRSS (\d+)/.exec(err)?.[1]), status }
}

describe('the process', () => {
  it.each([
    [0, ['check']],
    [0, ['authorize']],
    [0, ['test']],
    [0, ['explain', '--request', JSON.stringify(REQUEST)]],
    [1, ['explain', '--request', '{}']],
    [2, ['explain', '--request', '{']],
    [2, ['check', '--no-such-option']],
  ])('ends with status %i after %j', async (status, [verb = '', ...options]) => {
    const ended = await program(verb, file('policy.yaml', POLICY), ...options)
    expect(ended.status).toBe(status)
    expect(ended.err === '').toBe(status !== 2)
    expect(ended.out === '').toBe(status === 2)
  })

  it('ends quietly with status 0 when the reader of the answers goes away', async () => {
    const command = `yes '${JSON.stringify(REQUEST)}' | "${process.execPath}" --import tsx ${MAIN} authorize "${file('policy.yaml', POLICY)}" | head -n 2; echo "\${PIPESTATUS[@]}"`
    const ended = await new Promise<{ out: string; err: string }>((resolve) => {
      execFile('bash', ['-c', command], { cwd: ROOT }, (_, out, err) => resolve({ out, err }))
    })
    const [first, second, statuses] = ended.out.trim().split('\n')
    expect(first).toContain('"ALLOW_RULE"')
    expect(second).toBe(first)
    expect(statuses).toMatch(/^\d+ 0 0$/)
    expect(ended.err.replace(/^yes:.*\n/gm, '')).toBe('')
  })

  it('ends with status 2 when standard input is a folder', async () => {
    const args = ['--import', 'tsx', MAIN, 'authorize', file('policy.yaml', POLICY)]
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: [openSync(ROOT, 'r'), 'ignore', 'pipe'] })
    let err = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    expect(await once(child, 'close')).toEqual([2, null])
    expect(err).toContain('STREAM_UNREADABLE')
  })

  it('streams 200,000 requests in the memory of 2,000', async () => {
    const few = await stream(2000)
    const many = await stream(200_000)
    expect(few).toMatchObject({ answered: 2000, allowed: 1000, status: 0 })
    expect(many).toMatchObject({ answered: 200_000, allowed: 100_000, status: 0 })
    // The answers alone are 50 MB.
    expect(many.kilobytes - few.kilobytes).toBeLessThan(40_000)
  })
})
