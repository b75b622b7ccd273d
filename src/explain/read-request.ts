import type { PolicyModel } from '../policy/model.ts'
import type { RequestFacts } from './change.ts'
import type { ExplainRequest } from './explain.ts'
import { isMalformed, isRecord, typeName } from './plain-data.ts'
import type { Facts } from './posture-outcome.ts'
import { readEndpoint } from './read-endpoint.ts'
import { readIdentity } from './read-identity.ts'
import { createSituation, type Situation, type WhenEvaluator } from './situation.ts'

/** A request taken apart, or what is malformed in it. */
export type Reading =
  | { readonly malformed: string }
  | {
      readonly facts: RequestFacts
      readonly situation: (hop: number, model: PolicyModel, when: WhenEvaluator) => Situation
    }

/** Takes the request apart. What it holds may be anything, getters that throw included. */
export function readRequest(request: ExplainRequest): Reading {
  try {
    return readParts(request)
  } catch {
    return { malformed: 'the request cannot be read: a member of it throws when it is looked at' }
  }
}

function readParts({ identity, posture, src, dst, at }: ExplainRequest): Reading {
  if (!Number.isFinite(at)) return { malformed: `the time is ${String(at)} and should be a finite number` }
  const chain = readIdentity(identity)
  if (isMalformed(chain)) return { malformed: chain.problem }
  const facts = readFacts(posture)
  if (facts === null)
    return { malformed: `the posture is ${typeName(posture)} and should be null or { facts: { ... } }` }
  const source = readEndpoint(src)
  if (isMalformed(source)) return { malformed: `the source does not parse: ${source.problem}` }
  const destination = readEndpoint(dst)
  if (isMalformed(destination)) return { malformed: `the destination does not parse: ${destination.problem}` }
  const { hops } = chain
  return {
    facts: { hops, facts, src: source.written, dst: destination.written, at },
    situation: (hop, model, when) =>
      createSituation(
        model,
        { identity: hops[hop] ?? { kind: 'anonymous' }, facts, src: source, dst: destination, at },
        when,
      ),
  }
}

function readFacts(posture: unknown): Facts | null {
  if (posture === null || posture === undefined) return {}
  return isRecord(posture) && isRecord(posture.facts) ? posture.facts : null
}
