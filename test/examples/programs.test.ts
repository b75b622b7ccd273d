/** Every example runs, and prints what its comments say it prints. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const programs = readdirSync(`${ROOT}examples`).filter((name) => name.endsWith('.ts'))

/** The comments behind `console.log(...)`, or the block of comments at the end of the file. */
function promised(text: string): string {
  const behind = [...text.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1])
  const last = /(?:^\/\/ .*\n)+$/m.exec(text.slice(text.lastIndexOf('\n}\n') + 3))?.[0] ?? ''
  const block = last
    .split('\n')
    .slice(0, -1)
    .map((line) => line.slice(3))
  return [...behind, ...block].map((line) => `${line}\n`).join('')
}

function output(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', 'tsx', path], { cwd: ROOT }, (error, out, err) => {
      if (error === null) resolve(out)
      else reject(new Error(`${path}: ${err}`))
    })
  })
}

describe('examples', () => {
  it('are some', () => {
    expect(programs.length).toBeGreaterThanOrEqual(3)
  })

  it.each(programs)('%s', async (name) => {
    const promise = promised(readFileSync(`${ROOT}examples/${name}`, 'utf8'))
    expect(promise).not.toBe('')
    expect(await output(`examples/${name}`)).toBe(promise)
  })

  it('ai-platform/demo.ts shows what it says', async () => {
    const begin = performance.now()
    const out = await output('examples/ai-platform/demo.ts')
    expect(performance.now() - begin).toBeLessThan(15_000)
    for (const part of [
      /^policy ai-platform: 45 rules/,
      /attacks and mistakes +0 +\d+\n/,
      /08:29:59\.999 {2}allow {2}ALLOW_RULE +valid until 08:30:00\.000\n {2}08:30:00\.000 {2}deny {3}DENY_IDENTITY_EXPIRED/,
      /what would make it allow\n/,
      /\n[\d,]+ decisions per second on this machine/,
    ]) {
      expect(out).toMatch(part)
    }
    expect(out.split('\n').length).toBeLessThan(150)
  })
})
