import type { Cell, Group } from './cell.ts'
import type { Classifier, Traffic } from './classbench/contestants.ts'
import type { WorkloadSpec } from './workloads/workload.ts'

const BASE: WorkloadSpec = {
  rules: 10_000,
  family: 4,
  shape: 'plain',
  distribution: 'zipf',
  mix: 'mixed',
  requests: 2_000,
  distinct: false,
}
/** More distinct questions than any memo of a sensible size holds. */
const UNCACHED = { distribution: 'uniform', requests: 131_072, distinct: true } as const

const PEERS = [
  'sallyport, strings',
  'nested Maps',
  'flat bitset AND',
  'string-keyed decision cache, all hits',
  'linear scan',
  'casbin, CachedEnforcer, all hits',
  'casbin, enforceSync',
  'CASL, one ability per caller',
  'CASL, all rules in one ability',
  'cedar-wasm, stateful',
]

/** The rule sets of a run: the published ones where they are, else our own. */
export function classbenchSets(corpora: boolean): string[] {
  if (!corpora) {
    const styles = ['acl', 'fw', 'ipc'] as const
    return [
      ...styles.map((style) => `own/${style}/4/1000`),
      ...styles.map((style) => `own/${style}/4/10000`),
      'own/acl/6/1000',
      'own/acl/4/100000',
    ]
  }
  const families = ['acl1', 'fw1', 'ipc1']
  return [
    ...['acl1', 'acl2', 'acl4', 'acl5', 'fw1', 'fw2', 'fw3', 'fw5', 'ipc1'].map((set) => `ipv4/${set}_1k`),
    ...['acl1', 'acl2', 'acl5', 'fw1', 'fw5', 'ipc1'].map((set) => `ipv4/${set}_10k`),
    'ipv4/fw1_59k',
    'ipv4/acl1_100k',
    ...families.map((set) => `ipv6/${set}_1k`),
    ...families.map((set) => `ipv6/${set}_10k`),
  ]
}

/** Everything a run measures, in the order of the report. */
export function allGroups(options: { readonly quick: boolean; readonly corpora: boolean }): Group[] {
  return [...ruleGroups(options.quick), ...formGroups(), ...peerGroups(options.quick), ...classbenchGroups(options)]
}

function ours(form: string, changes: Partial<WorkloadSpec>): Cell {
  return { kind: 'segmentation', contestant: `sallyport, ${form}`, workload: { ...BASE, ...changes } }
}

function ruleGroups(quick: boolean): Group[] {
  const sizes = quick ? [10, 100, 1_000, 10_000, 100_000] : [10, 100, 1_000, 10_000, 100_000, 1_000_000]
  return sizes.map((rules) => ({
    name: `rules ${rules}`,
    cells: [
      ours('strings', { rules }),
      ours('strings', { rules, distribution: 'uniform' }),
      ours('parsed', { rules }),
      ...(rules <= 100_000 ? [ours('strings', { rules, distribution: 'uniform', shape: 'wide' })] : []),
    ],
  }))
}

function formGroups(): Group[] {
  return [
    {
      name: 'forms',
      cells: [
        ours('strings', { mix: 'hit' }),
        ours('strings', { mix: 'miss' }),
        ours('objects', {}),
        ours('parsed', {}),
        ours('strings', { family: 6 }),
        ours('parsed', { family: 6 }),
        ours('strings', { shape: 'wide' }),
        ours('strings', { family: 6, shape: 'wide', distribution: 'uniform' }),
      ],
    },
    {
      name: 'working-set',
      cells: [2_000, 16_384, 131_072].map((requests) => ours('strings', { requests })),
    },
    {
      name: 'uncached',
      cells: [
        ours('strings', UNCACHED),
        ours('parsed', UNCACHED),
        ours('strings', { ...UNCACHED, shape: 'wide' }),
        {
          kind: 'segmentation',
          contestant: 'string-keyed decision cache, all hits',
          workload: { ...BASE, ...UNCACHED },
        },
        { kind: 'segmentation', contestant: 'string-keyed decision cache, all hits', workload: BASE },
      ],
    },
    {
      name: 'facts',
      cells: [
        ours('warm identity of 20 groups', {}),
        ours('fresh identity of 20 groups', {}),
        ours('warm posture of 10 facts', {}),
        ours('fresh posture of 10 facts', {}),
      ],
    },
  ]
}

function peerGroups(quick: boolean): Group[] {
  const sizes = quick ? [100, 1_000] : [10, 100, 1_000, 10_000]
  const workload = { ...BASE, distribution: 'uniform' } as const
  return sizes.map((rules) => ({
    name: `peers ${rules}`,
    cells: PEERS.map((contestant): Cell => ({ kind: 'segmentation', contestant, workload: { ...workload, rules } })),
  }))
}

function classbenchGroups({ quick, corpora }: { readonly quick: boolean; readonly corpora: boolean }): Group[] {
  const sets = classbenchSets(corpora).filter((set) => !quick || /(acl1|fw1|acl|fw)(\/4\/|_)10?(k|000)$/.test(set))
  return sets.map((set) => {
    const cell = (contestant: Classifier, traffic: Traffic): Cell => ({
      kind: 'classbench',
      contestant,
      workload: { set, traffic, manyHeaders: 65_536 },
    })
    const fields = set.includes('ipv6') || set.includes('/6/') ? [] : [cell('linear scan', 'distinct')]
    const cells = [cell('sallyport', 'distinct'), ...fields, cell('packed linear scan', 'distinct')]
    // Other traffic on one set of each style and size says enough.
    const other = [cell('sallyport', 'trace'), cell('sallyport', 'many'), cell('packed linear scan', 'many')]
    return { name: `classbench ${set}`, cells: /(acl1|fw1|ipc1)_|own\//.test(set) ? [...cells, ...other] : cells }
  })
}
