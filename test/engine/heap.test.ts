import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url)

/** Runs a program against the source in a process of its own, which can collect garbage when asked. */
function run(program: string): Record<string, number> {
  const prelude = `
    import { compile, createIdentity, createPosture } from './src/index.ts'
    const policy = compile({
      sallyport: 1,
      name: 'heap',
      segments: { a: { cidrs: ['10.1.0.0/16'] }, b: { cidrs: ['10.2.0.0/16'] } },
      postures: { ok: { maxAge: '15m', all: [{ fact: 'disk', equals: true }] } },
      rules: [
        { id: 'r', effect: 'allow', from: 'a', to: 'b', posture: 'ok', who: { kind: 'user' }, services: [{ protocol: 'tcp', ports: [443] }] },
      ],
    }, { clock: { now: () => 1000 } })
    const alice = createIdentity({ kind: 'user', id: 'alice', groups: ['ml'] })
    const laptop = createPosture({ facts: { disk: { value: true, observedAt: 500, verification: 'signature', source: 'mdm' } } })
    const used = () => { globalThis.gc(); globalThis.gc(); return process.memoryUsage().heapUsed }
  `
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', prelude + program]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })) as Record<string, number>
}

describe('the heap', () => {
  it('does not grow with warm decisions', () => {
    const { allowed, grown } = run(`
      let allowed = 0
      const ask = (count) => {
        for (let i = 0; i < count; i++) if (policy.authorize(alice, laptop, '10.1.0.7', '10.2.0.9:443').allowed) allowed++
      }
      ask(20000)
      const before = used()
      ask(200000)
      console.log(JSON.stringify({ allowed, grown: used() - before }))
    `)
    expect(allowed).toBe(220_000)
    // One number kept for each decision would be 1.6 MB.
    expect(grown).toBeLessThan(200_000)
  }, 60_000)

  it('is not touched by warm decisions: nothing is collected meanwhile', () => {
    const { collections } = run(`
      import { PerformanceObserver } from 'node:perf_hooks'
      const ask = (count) => { for (let i = 0; i < count; i++) policy.authorize(alice, laptop, '10.1.0.7', '10.2.0.9:443', 1000) }
      ask(50000)
      globalThis.gc()
      let collections = 0
      new PerformanceObserver((list) => { collections += list.getEntries().length }).observe({ entryTypes: ['gc'] })
      await new Promise((resolve) => setTimeout(resolve, 20))
      collections = 0
      ask(200000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      console.log(JSON.stringify({ collections }))
    `)
    // At 16 bytes a decision there would be several.
    expect(collections).toBeLessThanOrEqual(1)
  }, 60_000)

  it('lets go of what callers pass', () => {
    const { alive } = run(`
      const kept = []
      const ask = () => {
        for (let i = 0; i < 50; i++) {
          const parts = [
            { kind: 'user', id: 'u' + i, claims: { n: i } },
            { facts: { disk: { value: true, observedAt: 500, verification: 'signature', source: 'mdm' } } },
            { address: '10.1.0.7', labels: { n: String(i) } },
            { address: '10.2.0.9', port: 443, context: { n: i } },
          ]
          policy.authorize(...parts)
          policy.authorize(createIdentity(parts[0]), laptop, parts[2], parts[3])
          for (const part of parts) kept.push(new WeakRef(part))
        }
      }
      ask()
      await new Promise((resolve) => setTimeout(resolve, 20))
      globalThis.gc()
      await new Promise((resolve) => setTimeout(resolve, 20))
      globalThis.gc()
      console.log(JSON.stringify({ alive: kept.filter((ref) => ref.deref() !== undefined).length }))
    `)
    expect(alive).toBe(0)
  }, 60_000)

  it('stays bounded whatever callers make up', () => {
    const { grown } = run(`
      const flood = (from, count) => {
        for (let i = from; i < from + count; i++) {
          policy.authorize({ kind: 'user', id: 'u' + i, groups: ['g' + i], claims: { c: i } }, null,
            { workload: 'spiffe://td/w' + i }, { address: '10.2.0.9', port: i % 65536, http: { method: 'GET', path: '/p/' + i }, model: 'm' + i })
        }
      }
      flood(0, 100000)
      const before = used()
      flood(100000, 100000)
      console.log(JSON.stringify({ grown: used() - before }))
    `)
    // What is remembered is remembered in bounded tables, which are full or were just emptied: 100 000 answers of 100 bytes are not kept.
    expect(grown).toBeLessThan(8_000_000)
  }, 60_000)
})
