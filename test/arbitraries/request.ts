import fc from 'fast-check'
import type { Request } from '../reference/interpreter.ts'
import { endpoint, wellFormedEndpoint } from './endpoint.ts'
import { identity, wellFormedIdentity } from './identity.ts'
import { instant } from './instants.ts'
import { posture, wellFormedPosture } from './posture.ts'

/** Any request; about one in eight is refused before a rule is tried. */
export const request: fc.Arbitrary<Request> = fc.record(
  {
    identity,
    posture,
    src: endpoint,
    dst: endpoint,
    at: fc.oneof(
      { weight: 60, arbitrary: instant },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
    ),
  },
  { noNullPrototype: true },
)

/** A request in which everything is well formed. */
export const wellFormedRequest: fc.Arbitrary<Request> = fc.record(
  {
    identity: wellFormedIdentity,
    posture: wellFormedPosture,
    src: wellFormedEndpoint,
    dst: wellFormedEndpoint,
    at: instant,
  },
  { noNullPrototype: true },
)
