import { describe, expect, it } from 'vitest'
import { call, file, POLICY, REQUEST } from './capture.ts'

const explain = (request: string, ...options: string[]) =>
  call(['explain', file('policy.yaml', POLICY), '--request', request, ...options])

describe('explain', () => {
  it('holds when the request is allowed', async () => {
    const { status, out, err } = await explain(JSON.stringify(REQUEST))
    expect([status, err]).toEqual([0, ''])
    expect(out).toMatch(/^ALLOW ALLOW_RULE by rule "web-to-api"\nat 1970-01-01T00:00:01\.000Z\n/)
  })

  it('does not hold when it is denied, and says what would turn it', async () => {
    const { status, out } = await explain(JSON.stringify({ ...REQUEST, dst: '10.2.0.1:80' }))
    expect(status).toBe(1)
    expect(out).toContain('DENY DENY_DEFAULT')
    expect(out).toContain('port is 80, wanted 443')
    expect(out).toContain('what would make it allow')
  })

  it('explains a request that the engine cannot read', async () => {
    const { status, out } = await explain(JSON.stringify({ ...REQUEST, src: '010.1.0.1' }))
    expect(status).toBe(1)
    expect(out).toContain('DENY_SOURCE_INVALID')
  })

  it('says the same in JSON', async () => {
    const { status, out } = await explain(JSON.stringify({ ...REQUEST, dst: '10.2.0.1:80' }), '--json')
    expect(status).toBe(1)
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({
      decision: { allowed: false, code: 'DENY_DEFAULT' },
      at: 1000,
      rules: [{ rule: 'web-to-api', role: 'near' }],
    })
  })

  it.each([
    ['{', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{"src":1,"src":2}', 'a key is written twice'],
    ['{"sorce":1}', 'unknown member "sorce"'],
  ])('%s is unusable', async (request, why) => {
    const { status, out, err } = await explain(request)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(/^--request:1:1 REQUEST_INVALID /)
    expect(err).toContain(why)
  })

  it('reports a broken policy and a broken request at once', async () => {
    const { status, err } = await call(['explain', '/nowhere/x.yaml', '--request', '{'])
    expect(status).toBe(2)
    expect(err).toContain('FILE_UNREADABLE')
    expect(err).toContain('REQUEST_INVALID')
  })
})
