import { type Block, wordMask } from '../workloads/blocks.ts'
import { satisfies } from '../workloads/flow-rule.ts'
import type { Workload } from '../workloads/workload.ts'
import { addressNumber } from './address-number.ts'
import { type Contestant, NO_LIMIT } from './contestant.ts'

/** Sorted starts of intervals, each with the bitset of rules that accept it. */
interface Dimension {
  readonly starts: Float64Array
  readonly sets: readonly Uint32Array[]
}

/** The textbook structure: one flat bitset per interval of each dimension, ANDed word by word until a bit is left. */
export const flatBitset: Contestant = {
  name: 'flat bitset AND',
  what: 'a bitset per interval, port, caller and device; first bit of the AND',
  requestLimit: NO_LIMIT,
  prepare(workload: Workload) {
    const { policy, requests, src, dst } = workload
    const count = policy.rules.length
    const words = Math.ceil(count / 32)
    const from = dimension(
      count,
      policy.rules.map((rule) => span(rule.from)),
    )
    const to = dimension(
      count,
      policy.rules.map((rule) => span(rule.to)),
    )
    const port = dimension(
      count,
      policy.rules.map((rule) => [rule.firstPort, rule.lastPort] as const),
    )
    const callers = policy.users.map((user) =>
      bits(count, (index) => {
        const group = policy.rules[index]?.group ?? -1
        return group < 0 || user.groups.includes(group)
      }),
    )
    const devices = policy.devices.map((device) =>
      bits(count, (index) => {
        const posture = policy.postures[policy.rules[index]?.posture ?? -1]
        return posture === undefined || satisfies(device, posture)
      }),
    )
    const allow = bits(count, (index) => policy.rules[index]?.effect === 'allow')
    return {
      kind: 'now',
      decide(index) {
        const request = requests[index] as (typeof requests)[number]
        const a = setAt(from, addressNumber(src[index] as string))
        const b = setAt(to, addressNumber(dst[index] as string))
        const c = setAt(port, request.port)
        const d = callers[request.user] as Uint32Array
        const e = devices[request.device] as Uint32Array
        for (let word = 0; word < words; word++) {
          const left =
            (a[word] as number) & (b[word] as number) & (c[word] as number) & (d[word] as number) & (e[word] as number)
          if (left !== 0) return ((allow[word] as number) & (left & -left)) !== 0
        }
        return false
      },
    }
  },
}

function span(block: Block | null): readonly [number, number] {
  if (block === null) return [0, 0xffff_ffff]
  const first = block.words[0] as number
  return [first, first + (~wordMask(block.length, 0) >>> 0)]
}

/** Cuts the line at every edge of a span; equal neighbours share nothing, as in the textbook. */
function dimension(count: number, spans: readonly (readonly [number, number])[]): Dimension {
  const edges = new Set([0])
  for (const [first, last] of spans) {
    edges.add(first)
    edges.add(last + 1)
  }
  const starts = Float64Array.from([...edges].sort((left, right) => left - right))
  const sets = Array.from(starts, () => new Uint32Array(Math.ceil(count / 32)))
  spans.forEach(([first, last], rule) => {
    for (let at = find(starts, first); at < starts.length && (starts[at] as number) <= last; at++) {
      const set = sets[at] as Uint32Array
      set[rule >>> 5] = (set[rule >>> 5] as number) | (1 << (rule & 31))
    }
  })
  return { starts, sets }
}

function setAt(dimension: Dimension, value: number): Uint32Array {
  return dimension.sets[find(dimension.starts, value)] as Uint32Array
}

/** Index of the last start that is not above the value; the first start is 0. */
function find(starts: Float64Array, value: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] as number) <= value) low = middle
    else high = middle - 1
  }
  return low
}

function bits(count: number, test: (index: number) => boolean): Uint32Array {
  const set = new Uint32Array(Math.ceil(count / 32))
  for (let index = 0; index < count; index++) {
    if (test(index)) set[index >>> 5] = (set[index >>> 5] as number) | (1 << (index & 31))
  }
  return set
}
