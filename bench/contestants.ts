import { SALLYPORT } from './engine/sallyport.ts'
import { casbinCached, casbinSync } from './peers/casbin.ts'
import { caslAllRules, caslPerUser } from './peers/casl.ts'
import { cedarStateful } from './peers/cedar.ts'
import type { Contestant } from './peers/contestant.ts'
import { decisionCache } from './peers/decision-cache.ts'
import { flatBitset } from './peers/flat-bitset.ts'
import { linearScan } from './peers/linear-scan.ts'
import { nestedMaps } from './peers/nested-maps.ts'

/** Every contestant on the segmentation workload. */
export const CONTESTANTS: readonly Contestant[] = [
  ...SALLYPORT,
  nestedMaps,
  flatBitset,
  decisionCache,
  linearScan,
  casbinCached,
  casbinSync,
  caslPerUser,
  caslAllRules,
  cedarStateful,
]

/** The contestant of this name. */
export function contestantNamed(name: string): Contestant {
  const found = CONTESTANTS.find((contestant) => contestant.name === name)
  if (found === undefined) throw new Error(`no contestant is called ${JSON.stringify(name)}`)
  return found
}
