import { describe, expect, it } from 'vitest'
import { type AskedOperation, OperationIndex, operationTruth } from '../../src/engine/operation-index.ts'
import { isPlainPath, normalizeTemplate, pathMatches, templateTruth } from '../../src/engine/route.ts'
import { compareVersions } from '../../src/engine/version.ts'
import { FALSE, TRUE, UNKNOWN } from '../../src/facts/truth.ts'
import type { Operation } from '../../src/program/program.ts'

describe('routes', () => {
  it.each([
    ['/a/{id}/b', '/a/:/b'],
    ['/a/:id', '/a/:'],
    ['/a/{id', '/a/{id'],
    ['/a/id}', '/a/id}'],
    ['/a/x:y', '/a/x:y'],
    ['/a/*', '/a/*'],
  ])('%s is %s without names', (template, expected) => {
    expect(normalizeTemplate(template)).toBe(expected)
  })

  it.each([
    ['/a/:id', '/a/{key}', TRUE],
    ['/a/:id', '/a/b', FALSE],
    ['/a/*', '/a/b/c', TRUE],
    ['/a/*', '/a/', TRUE],
    ['/a/*', '/a', FALSE],
    ['/a/*', '/ab/c', FALSE],
    ['/a', '/a/b', FALSE],
    ['/a*', '/ab', FALSE],
    ['/a/b', '/a/*', UNKNOWN],
    ['/a/b', '/*', UNKNOWN],
    ['/a/b', '/b/*', FALSE],
    ['/a/b', '/a/x*', UNKNOWN],
    ['/a/b', '/a/', FALSE],
    ['/a/b/c', '/a/*', UNKNOWN],
  ])('pattern %s, router said %s', (pattern, route, truth) => {
    expect(templateTruth(pattern, route)).toBe(truth)
  })

  it.each([
    ['/', true],
    ['/a', true],
    ['/a/b.c-d_e~f', true],
    ['/.well-known/x', true],
    ['/a/..b', true],
    ['', false],
    ['a', false],
    ['/a/', false],
    ['/a//b', false],
    ['//', false],
    ['/a/./b', false],
    ['/a/../b', false],
    ['/..', false],
    ['/a/.', false],
    ['/a%2fb', false],
    ['/a\\b', false],
    ['/a;b', false],
    ['/a?b', false],
    ['/a#b', false],
    ['/a b', false],
    ['/\u00e9', false],
    ['/\u007f', false],
    [`/${'a'.repeat(4095)}`, true],
    [`/${'a'.repeat(4096)}`, false],
  ])('%s can be compared: %s', (path, expected) => {
    expect(isPlainPath(path)).toBe(expected)
  })

  it.each([
    ['/a/:id', '/a/b', true],
    ['/a/:id', '/a/', false],
    ['/a/:id', '/a', false],
    ['/a/:id', '/a/b/c', false],
    ['/a/b', '/a/c', false],
    ['/a/*', '/a/b/c', true],
    ['/a/*', '/a', false],
    ['/a/*/c', '/a/*/c', true],
    ['/a/*/c', '/a/b/c', false],
    ['/*', '/', true],
    ['/', '/', true],
    ['/', '/a', false],
  ])('%s matches %s: %s', (pattern, path, expected) => {
    expect(pathMatches(pattern, path)).toBe(expected)
  })
})

describe('versions', () => {
  it.each([
    ['1.2', '1.2.0', 0],
    ['1.10', '1.9', 1],
    ['1.9', '1.10', -1],
    ['2', '1.99', 1],
    ['1.0.0.0.0.0.0.1', '1', 1],
    ['1', '1.0.0.0.0.0.0.1', -1],
    ['0', '0.0', 0],
    ['010', '10', 0],
    ['1.2.3.4.5.6.7.8.9', '1', null],
    ['1', '1.2.3.4.5.6.7.8.9', null],
    ['1.', '1', null],
    ['1', '', null],
    ['v1', '1', null],
    ['1-rc', '1', null],
    ['1234567890', '1', null],
    ['123456789', '1', 1],
    ['1', ' 1', null],
  ])('%s and %s: %s', (left, right, sign) => {
    const order = compareVersions(left, right)
    expect(order === null ? null : Math.sign(order)).toBe(sign)
  })

  it('has a longest version', () => {
    const longest = Array.from({ length: 8 }, () => '999999999').join('.')
    expect(longest).toHaveLength(79)
    expect(compareVersions(longest, longest)).toBe(0)
  })
})

describe('operations', () => {
  const NONE: Operation = { http: null, grpc: null, models: null, tools: null, deny: false }
  const ASKED: AskedOperation = {
    method: null,
    route: null,
    path: null,
    grpcService: null,
    grpcMethod: null,
    model: null,
    tool: null,
  }
  const http = (methods: string[] | null, routes: string[] | null): Operation => ({
    ...NONE,
    http: { methods, routes },
  })

  it.each([
    [NONE, ASKED, TRUE],
    [http(null, null), ASKED, FALSE],
    [http(null, null), { ...ASKED, method: 'PUT' }, TRUE],
    [http(['GET'], null), { ...ASKED, method: 'GET' }, TRUE],
    [http(['GET'], null), { ...ASKED, method: 'HEAD' }, TRUE],
    [http(['HEAD'], null), { ...ASKED, method: 'GET' }, FALSE],
    [http(['POST'], null), { ...ASKED, method: 'HEAD' }, FALSE],
    [http([], null), { ...ASKED, method: 'GET' }, FALSE],
    [http(null, []), { ...ASKED, method: 'GET', route: '/a' }, FALSE],
    [http(null, []), { ...ASKED, method: 'GET' }, FALSE],
    [http(null, ['/a', '/b']), { ...ASKED, method: 'GET', route: '/b' }, TRUE],
    [http(null, ['/b', '/a']), { ...ASKED, method: 'GET', route: '/b' }, TRUE],
    [http(null, ['/a', '/b']), { ...ASKED, method: 'GET', route: '/c' }, FALSE],
    [http(null, ['/a', '/b']), { ...ASKED, method: 'GET', route: '/*' }, UNKNOWN],
    [http(null, ['/a', '/b']), { ...ASKED, method: 'GET', path: '/b' }, TRUE],
    [http(null, ['/a', '/b']), { ...ASKED, method: 'GET', path: '/c' }, FALSE],
    [http(null, ['/a']), { ...ASKED, method: 'GET', path: '/a/' }, UNKNOWN],
    [http(null, ['/a']), { ...ASKED, method: 'GET' }, UNKNOWN],
    [http(['POST'], ['/a']), { ...ASKED, method: 'GET' }, FALSE],
    [{ ...NONE, models: ['m', 'e-*'] }, ASKED, FALSE],
    [{ ...NONE, models: ['m', 'e-*'] }, { ...ASKED, model: 'm' }, TRUE],
    [{ ...NONE, models: ['m', 'e-*'] }, { ...ASKED, model: 'mm' }, FALSE],
    [{ ...NONE, models: ['m', 'e-*'] }, { ...ASKED, model: 'e-1' }, TRUE],
    [{ ...NONE, models: ['m', 'e-*'] }, { ...ASKED, model: 'e' }, FALSE],
    [{ ...NONE, tools: ['t'] }, { ...ASKED, tool: 't' }, TRUE],
    [{ ...NONE, tools: ['t'] }, { ...ASKED, model: 't' }, FALSE],
    [{ ...NONE, tools: ['t'], models: ['m'] }, { ...ASKED, tool: 't' }, FALSE],
    [{ ...NONE, tools: ['t'], models: ['m'] }, { ...ASKED, tool: 't', model: 'm' }, TRUE],
    [{ ...NONE, grpc: { service: 's', methods: null } }, { ...ASKED, grpcService: 's' }, TRUE],
    [{ ...NONE, grpc: { service: 's', methods: null } }, { ...ASKED, grpcService: 'x' }, FALSE],
    [{ ...NONE, grpc: { service: 's', methods: ['A'] } }, { ...ASKED, grpcService: 's', grpcMethod: 'A' }, TRUE],
    [{ ...NONE, grpc: { service: 's', methods: ['A'] } }, { ...ASKED, grpcService: 's', grpcMethod: 'B' }, FALSE],
    [{ ...NONE, grpc: { service: 's', methods: ['A'] } }, { ...ASKED, grpcService: 'x', grpcMethod: 'A' }, FALSE],
    [{ ...http(null, ['/a']), models: ['m'] }, { ...ASKED, method: 'GET', model: 'x' }, FALSE],
    [{ ...http(null, ['/a']), models: ['m'] }, { ...ASKED, method: 'GET', model: 'm' }, UNKNOWN],
  ])('%j, asked %j', (operation, asked, truth) => {
    expect(operationTruth(operation, asked)).toBe(truth)
  })

  const LIST: readonly Operation[] = [
    NONE,
    { ...NONE, models: ['m'] },
    { ...NONE, models: ['m', 'n*'], deny: true },
    { ...NONE, tools: ['t', 'u'] },
    { ...NONE, tools: ['t*'] },
    { ...NONE, grpc: { service: 's', methods: ['A'] } },
    http(['GET'], ['/a']),
    { ...http(['GET'], ['/a']), deny: true },
    { ...NONE, models: ['m'], tools: ['t'] },
    ...Array.from({ length: 40 }, (_, index) => ({ ...NONE, models: [`x${index}`] })),
    { ...NONE, models: ['m'] },
  ]
  const LAST = LIST.length - 1

  it('are found from what is asked, as bits and as a list', () => {
    const index = new OperationIndex(LIST)
    const find = (asked: Partial<AskedOperation>) => {
      const { bits, ids } = index.find({ ...ASKED, ...asked })
      expect(LIST.flatMap((_, id) => (((bits[id >>> 5] as number) >>> (id & 31)) & 1 ? [id] : []))).toEqual([...ids])
      return [...ids]
    }
    expect([...index.none.ids]).toEqual([0])
    expect(find({ model: 'm' })).toEqual([0, 1, 2, LAST])
    expect(find({ model: 'nn' })).toEqual([0, 2])
    expect(find({ model: 'm', tool: 't' })).toEqual([0, 1, 2, 3, 4, 8, LAST])
    expect(find({ tool: 'u' })).toEqual([0, 3])
    expect(find({ tool: 'tx' })).toEqual([0, 4])
    expect(find({ grpcService: 's', grpcMethod: 'A' })).toEqual([0, 5])
    expect(find({ grpcService: 's', grpcMethod: 'B' })).toEqual([0])
    expect(find({ method: 'GET', route: '/a' })).toEqual([0, 6, 7])
    expect(find({ method: 'GET', path: '/a' })).toEqual([0, 6, 7])
    expect(find({ method: 'GET', route: '/b', path: '/a' })).toEqual([0])
    expect(find({ method: 'GET' })).toEqual([0, 7])
    expect(find({ method: 'PUT', route: '/a' })).toEqual([0])
    expect(find({ model: 'x39' })).toEqual([0, 9 + 39])
    expect(find({})).toEqual([0])
  })

  it('are one class when asked again, and another for every other question', () => {
    const index = new OperationIndex(LIST)
    const questions: Partial<AskedOperation>[] = [
      {},
      { method: 'GET' },
      { method: 'PUT' },
      { method: 'GET', route: '/a' },
      { method: 'GET', path: '/a' },
      { method: 'GET', path: '/b' },
      { method: 'GET', route: '/b' },
      { grpcService: 's', grpcMethod: 'A' },
      { grpcService: 's', grpcMethod: 'B' },
      { grpcService: 'a', grpcMethod: 'A' },
      { model: 'm' },
      { tool: 'm' },
      { model: 'm', tool: 't' },
      { method: 'GET', model: 'm' },
    ]
    const ask = () => questions.map((question) => index.find({ ...ASKED, ...question }))
    const first = ask()
    expect(new Set(first.map(({ id }) => id)).size).toBe(questions.length)
    expect(first.some(({ id }) => id === index.none.id)).toBe(false)
    expect(ask().every((one, at) => one === first[at])).toBe(true)
  })

  it('are forgotten beyond a bound, and a number is never given twice', () => {
    const index = new OperationIndex(LIST.slice(0, 3))
    const find = (model: string) => index.find({ ...ASKED, model })
    const first = find('m')
    const seen = new Set([index.none.id])
    for (let i = 0; i < 16_384; i++) seen.add(find(`y${i}`).id)
    expect(seen.size).toBe(16_385)
    const again = find('m')
    expect(again === first).toBe(false)
    expect(seen.has(again.id)).toBe(false)
    expect([...again.ids]).toEqual([0, 1, 2])
  })
})
