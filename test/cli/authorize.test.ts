import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { MAX_LINE_BYTES } from '../../src/cli/commands/authorize.ts'
import { run } from '../../src/cli/run.ts'
import { call, file, input, POLICY, REQUEST, Sink } from './capture.ts'

const policy = (): string => file('policy.yaml', POLICY)
const line = (change: Record<string, unknown> = {}): string => JSON.stringify({ ...REQUEST, ...change })

async function answers(...lines: readonly (string | Uint8Array)[]): Promise<Record<string, unknown>[]> {
  const chunks = lines.flatMap((one) => [one, '\n'])
  const { status, out, err } = await call(['authorize', policy()], input(...chunks))
  expect([status, err]).toEqual([0, ''])
  return out
    .split('\n')
    .slice(0, -1)
    .map((one) => JSON.parse(one) as Record<string, unknown>)
}

describe('authorize', () => {
  it('answers with exactly these members, in this order', async () => {
    const { out } = await call(['authorize', policy()], input(line()))
    const hash = /"policy":"([0-9a-f]{64})"/.exec(out)?.[1]
    expect(out).toBe(
      '{"allowed":true,"effect":"allow","code":"ALLOW_RULE","rule":"web-to-api",' +
        '"reason":"an allow rule is the first rule that matches: \\"web-to-api\\"","validUntil":301000,' +
        `"obligations":[{"type":"log"}],"policy":"${hash}"}\n`,
    )
  })

  it('says null for an answer that time cannot change', async () => {
    const [answer] = await answers(line({ identity: { kind: 'anonymous' } }))
    expect(Object.keys(answer ?? {})).toEqual([
      'allowed',
      'effect',
      'code',
      'rule',
      'reason',
      'validUntil',
      'obligations',
      'policy',
    ])
    expect(answer).toMatchObject({
      allowed: false,
      code: 'DENY_DEFAULT',
      rule: null,
      validUntil: null,
      obligations: [],
    })
  })

  it('adds what a shadow rule would have done, last', async () => {
    const [answer] = await answers(line({ identity: { kind: 'user', id: 'eve' } }))
    expect(Object.keys(answer ?? {}).at(-1)).toBe('shadow')
    expect(answer).toMatchObject({ allowed: true, shadow: { effect: 'deny', rule: 'trial' } })
  })

  it('reads times as numbers and as RFC 3339, and takes now when there is none', async () => {
    const [number, text, now] = await answers(line(), line({ at: '1970-01-01T00:00:01Z' }), line({ at: undefined }))
    expect(text).toEqual(number)
    const until = Number(now?.validUntil)
    expect(Math.abs(until - 300_000 - Date.now())).toBeLessThan(60_000)
  })

  it.each([
    ['cut off', '{"src":', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['a number', '1', 'not a JSON object'],
    ['an unknown member', line({ extra: 1 }), 'unknown member "extra"'],
    ['a key written twice', line().replace('{', '{"src":"10.1.0.9",'), 'a key is written twice'],
    ['a key written twice inside', line().replace('"id":"ann"', '"id":"ann","id":"eve"'), 'a key is written twice'],
    ['too long', `{"src":"${'x'.repeat(MAX_LINE_BYTES)}"}`, `longer than ${MAX_LINE_BYTES} bytes`],
    ['not UTF-8', Buffer.from(line(), 'utf8').fill(0xff, 30, 31), 'not UTF-8'],
  ])('denies a line that is %s, and goes on', async (_, bad, why) => {
    const [before, answer, after] = await answers(line(), bad, line())
    expect(answer).toMatchObject({
      allowed: false,
      effect: 'deny',
      code: 'DENY_REQUEST_INVALID',
      rule: null,
      validUntil: null,
    })
    expect(answer?.reason).toContain(why)
    expect(answer?.policy).toBe(before?.policy)
    expect([before?.code, after?.code]).toEqual(['ALLOW_RULE', 'ALLOW_RULE'])
  })

  it.each([
    ['DENY_IDENTITY_INVALID', { identity: undefined }],
    ['DENY_IDENTITY_INVALID', { identity: {} }],
    ['DENY_POSTURE_INVALID', { posture: [] }],
    ['DENY_SOURCE_INVALID', { src: undefined }],
    ['DENY_SOURCE_INVALID', { src: '010.1.0.1' }],
    ['DENY_SOURCE_UNKNOWN', { src: 'wbe' }],
    ['DENY_DESTINATION_INVALID', { dst: {} }],
    ['DENY_CLOCK_INVALID', { at: 'noon' }],
    ['DENY_CLOCK_INVALID', { at: null }],
  ])('answers %s to %j', async (code, change) => {
    expect((await answers(line(change)))[0]).toMatchObject({ allowed: false, code })
  })

  it('skips empty lines and reads lines that end in CRLF', async () => {
    const { out, status } = await call(['authorize', policy()], input(`\n \t\n${line()}\r\n\r\n${line()}`))
    expect(status).toBe(0)
    expect(out.split('\n').slice(0, -1)).toHaveLength(2)
  })

  it('answers nothing to nothing', async () => {
    expect(await call(['authorize', policy()])).toEqual({ status: 0, out: '', err: '' })
  })

  it('takes --json and changes nothing', async () => {
    const plain = await call(['authorize', policy()], input(line()))
    expect(await call(['authorize', policy(), '--json'], input(line()))).toEqual(plain)
  })

  it('ends with status 2 when the stream cannot be read', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${line()}\n`)
      throw new Error('the disk is gone')
    }
    const { status, out, err } = await call(['authorize', policy()], broken())
    expect(status).toBe(2)
    expect(out.split('\n')).toHaveLength(2)
    expect(err).toContain('STREAM_UNREADABLE Error: the disk is gone')
  })
})

describe('the output', () => {
  it('stops asking for input while the reader is slow', async () => {
    let given = 0
    let taken = 0
    let ahead = 0
    async function* requests(): AsyncGenerator<Uint8Array> {
      const chunk = Buffer.from(`${line()}\n`.repeat(100))
      for (; given < 50; given++) {
        ahead = Math.max(ahead, given - taken)
        yield chunk
      }
    }
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        setTimeout(() => {
          taken++
          done()
        }, 1)
      },
    })
    expect(await run(['authorize', policy()], { stdin: requests(), stdout: slow, stderr: new Sink() })).toBe(0)
    expect(taken).toBe(50)
    expect(ahead).toBeLessThanOrEqual(1)
  })

  it('stops quietly when the reader goes away', async () => {
    let given = 0
    async function* requests(): AsyncGenerator<Uint8Array> {
      for (; given < 1000; given++) yield Buffer.from(`${line()}\n`)
    }
    const gone = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      },
    })
    const stderr = new Sink()
    expect(await run(['authorize', policy()], { stdin: requests(), stdout: gone, stderr })).toBe(0)
    expect(given).toBeLessThan(10)
    expect(stderr.chunks).toEqual([])
  })

  it('ends with status 2 when it cannot be written', async () => {
    const full = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
      },
    })
    const stderr = new Sink()
    expect(
      await run(['authorize', policy()], { stdin: input(`${line()}\n`, `${line()}\n`), stdout: full, stderr }),
    ).toBe(2)
    expect(stderr.chunks.join('')).toContain('STREAM_UNWRITABLE no space left')
  })
})
