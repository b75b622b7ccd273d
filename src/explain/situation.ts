import type { EndpointObject } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { PolicyModel } from '../policy/model.ts'
import { Membership } from './membership.ts'
import type { Outcome } from './outcome.ts'
import type { Facts } from './posture-outcome.ts'
import type { ParsedEndpoint } from './read-endpoint.ts'
import type { Operation } from './service-outcome.ts'

/** What a `when` condition sees as `request`. */
export interface WhenRequest {
  /** The hop that is asked about. */
  readonly identity: Identity
  readonly src: EndpointObject
  readonly dst: EndpointObject
  readonly context: Readonly<Record<string, unknown>> | null
}

/** Gives the value of a `when` condition; an error and a value that is no boolean are unknown. */
export type WhenEvaluator = (when: string, request: WhenRequest) => Outcome

/** All that rules are matched against, for one hop. */
export interface Situation {
  readonly model: PolicyModel
  readonly identity: Identity
  readonly facts: Facts
  readonly at: number
  readonly src: ParsedEndpoint
  readonly dst: ParsedEndpoint
  readonly from: Membership
  readonly to: Membership
  readonly operation: Operation
  readonly when: (text: string) => Outcome
}

/** Puts the parts of a well-formed request together. */
export function createSituation(
  model: PolicyModel,
  request: { identity: Identity; facts: Facts; src: ParsedEndpoint; dst: ParsedEndpoint; at: number },
  evaluate: WhenEvaluator,
): Situation {
  const { identity, facts, src, dst, at } = request
  const { protocol, port, http, grpc, model: modelName, tool } = dst
  return {
    model,
    identity,
    facts,
    at,
    src,
    dst,
    from: new Membership(model, src),
    to: new Membership(model, dst),
    operation: { protocol, port, sourcePort: src.port, http, grpc, model: modelName, tool },
    when: (text) => evaluate(text, { identity, src: src.written, dst: dst.written, context: dst.context }),
  }
}
