import fc from 'fast-check'
import type { PolicyModel } from '../../src/policy/model.ts'
import type { Request } from '../reference/interpreter.ts'
import { endpoint } from './endpoint.ts'
import { identity } from './identity.ts'
import { instant } from './instants.ts'
import { type PolicyShape, policyModel } from './policy.ts'
import { posture } from './posture.ts'

/**
 * A policy and questions about it. The questions share few identity, posture and endpoint objects and few instants in no
 * order, so that whatever an engine remembers about an object is asked for again with everything else changed.
 */
export interface Scenario {
  readonly model: PolicyModel
  readonly requests: readonly Request[]
}

const clockReading = fc.oneof(
  { weight: 80, arbitrary: instant },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
)

/** Questions that share their parts. */
export function requests(count: number): fc.Arbitrary<Request[]> {
  const pool = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 6, maxLength: 6 })
  const place = fc.nat({ max: 5 })
  return fc
    .tuple(
      pool(identity),
      pool(posture),
      pool(endpoint),
      pool(endpoint),
      pool(clockReading),
      fc.array(fc.tuple(place, place, place, place, place), { minLength: 1, maxLength: count, size: 'max' }),
    )
    .map(([identities, postures, sources, destinations, instants, places]) =>
      places.map(([who, shape, src, dst, at]) => ({
        identity: identities[who],
        posture: postures[shape],
        src: sources[src],
        dst: destinations[dst],
        at: instants[at] ?? 0,
      })),
    )
}

/** A policy and up to `count` questions. */
export function scenario(count: number, shape: Partial<PolicyShape> = {}): fc.Arbitrary<Scenario> {
  return fc.record({ model: policyModel(shape), requests: requests(count) }, { noNullPrototype: true })
}
