import { describe, expect, it } from 'vitest'
import { generateHeaders, generateRuleSet } from '../../bench/classbench/generate.ts'
import { createFieldScan, createPackedScan } from '../../bench/classbench/linear-scan.ts'
import { corpusFolder, corpusNames, loadRuleSet, parseHeader, parseRule } from '../../bench/classbench/load.ts'
import { headerEndpoints, lineId, ruleSetDocument, ruleSetModel } from '../../bench/classbench/policy.ts'
import { firstLine, type RuleSet } from '../../bench/classbench/rule-set.ts'
import { compileModel } from '../../src/compiled-policy.ts'
import { ANONYMOUS } from '../../src/facts/identity.ts'
import { type CompiledPolicy, compile, type PolicyDocument } from '../../src/index.ts'

const OWN_SETS = (['acl', 'fw', 'ipc'] as const).flatMap((style, index) =>
  ([4, 6] as const).map((family) => generateRuleSet(style, family, 700, 3_000, 10 * index + family)),
)

/** Headers on which the policy names another line than expected, the first few of them spelled out. */
function wrongAnswers(policy: CompiledPolicy, { headers, expected }: RuleSet): string[] {
  const wrong: string[] = []
  headers.forEach((header, index) => {
    const { src, dst } = headerEndpoints(header)
    const decision = policy.authorize(ANONYMOUS, null, src, dst, 0)
    const line = expected[index] as number
    const wanted = line < 0 ? null : lineId(line)
    if (decision.rule === wanted && decision.allowed === (wanted !== null)) return
    if (wrong.length < 5)
      wrong.push(
        `header ${index} ${JSON.stringify({ src, dst })}: ${decision.rule} ${decision.code}, expected ${wanted}`,
      )
    else wrong.push(`header ${index}`)
  })
  return wrong
}

describe('own rule sets against the linear scan', () => {
  it.each(OWN_SETS)('$name: every line and the default occur in the headers', ({ expected }) => {
    // Otherwise the tests below would say little.
    expect(new Set(expected).size).toBeGreaterThan(50)
    expect(expected).toContain(-1)
  })

  it.each(OWN_SETS)('$name: the policy names the first matching line for every header', (set) => {
    expect(wrongAnswers(compileModel(ruleSetModel(set.rules), {}), set)).toEqual([])
  })

  it.each(OWN_SETS)('$name: the packed baseline of the bench agrees', (set) => {
    const scan = createPackedScan(set, set.headers)
    expect(Int32Array.from(set.headers, (_, index) => scan(index))).toEqual(set.expected)
  })

  it.each(OWN_SETS.filter((set) => set.family === 4))(
    '$name: the field by field baseline of the bench agrees',
    (set) => {
      const scan = createFieldScan(set, set.headers)
      expect(Int32Array.from(set.headers, (_, index) => scan(index))).toEqual(set.expected)
    },
  )

  it.each(OWN_SETS)('$name: a document with inline prefixes gives the same answers', (set) => {
    const policy = compile(ruleSetDocument(set.rules) as PolicyDocument)
    expect(wrongAnswers(policy, set)).toEqual([])
  })

  it('never draws the same header twice', () => {
    const headers = generateHeaders(OWN_SETS[0]?.rules ?? [], 2_000, 3)
    expect(new Set(headers.map((header) => JSON.stringify(header))).size).toBe(2_000)
  })
})

describe('the reader of rule files', () => {
  it('clears host bits and keeps an exact protocol', () => {
    const rule = parseRule(
      '@37.184.89.216/28\t37.184.85.16/29\t0 : 65535\t24032 : 24040\t0x11/0xFF\t0x0000/0x0000\t',
      4,
    )
    expect(rule.from.text).toBe('37.184.89.208/28')
    expect(rule.to.text).toBe('37.184.85.16/29')
    expect(rule).toMatchObject({ sourcePorts: [0, 65_535], ports: [24_032, 24_040], protocol: 17 })
  })

  it('reads a line without flags, any protocol, and IPv6', () => {
    const rule = parseRule('@1a00:654::/32\tfc37:85ba:8000::/34\t0 : 65535\t21 : 21\t0x00/0x00', 6)
    expect(rule.from.text).toBe('1a00:654::/32')
    expect(rule.protocol).toBeNull()
  })

  it('refuses a protocol mask that is neither exact nor any', () => {
    expect(() => parseRule('@1.2.3.4/32\t1.2.3.4/32\t0 : 1\t0 : 1\t0x06/0x0F', 4)).toThrow('protocol mask')
  })

  it('reads trace lines of both families', () => {
    expect(parseHeader('4294967295 3129164778 65535 80 6 371', 4)).toEqual({
      header: { src: [4_294_967_295], dst: [3_129_164_778], sourcePort: 65_535, port: 80, protocol: 6 },
      best: 371,
    })
    expect(parseHeader('1a00:65a:0:0:ffff:ffff:0:0 0:0:0:0:0:0:0:1 1 2 6 -1', 6).header.src).toEqual([
      0x1a00_065a, 0, 0xffff_ffff, 0,
    ])
  })

  it('finds no match in an empty set', () => {
    expect(firstLine([], { src: [0], dst: [0], sourcePort: 0, port: 0, protocol: 0 })).toBe(-1)
  })
})

const folder = corpusFolder()
const names = folder === null ? [] : corpusNames(folder)

describe.skipIf(folder === null)(
  'published rule sets (skipped without SALLYPORT_CORPORA: they may not be redistributed with the package)',
  () => {
    it.each(names)('%s: every header of the trace gets the line of the trace', { timeout: 60_000 }, (name) => {
      const set = loadRuleSet(folder as string, name)
      expect(set.headers.length).toBe(20_000)
      expect(wrongAnswers(compileModel(ruleSetModel(set.rules), {}), set)).toEqual([])
    })
  },
)
