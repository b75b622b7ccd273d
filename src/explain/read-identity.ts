import type { Identity, PrincipalIdentity } from '../facts/identity.ts'
import {
  isFiniteNumber,
  isRecord,
  isScalar,
  isStringArray,
  type Malformed,
  type Members,
  quote,
  typeName,
  unknownKey,
} from './plain-data.ts'

const PRINCIPAL_KEYS = ['kind', 'id', 'groups', 'roles', 'claims', 'assurance', 'notBefore', 'expiresAt', 'actor']
const ASSURANCE_KEYS = ['acr', 'amr', 'authenticatedAt']
/** A chain longer than any policy permits is not walked: it could be a cycle. */
const LONGEST_CHAIN = 64

/** The identity and its actors, the identity first. */
export interface Chain {
  readonly hops: readonly Identity[]
}

/** Reads the identity and its actors, and says what is wrong when they are malformed. */
export function readIdentity(input: unknown): Chain | Malformed {
  if (isRecord(input) && input.kind === 'anonymous') {
    const extra = unknownKey(input, ['kind'])
    return extra === null
      ? { hops: [{ kind: 'anonymous' }] }
      : { problem: `an anonymous identity has no key ${quote(extra)}: it has "kind" only` }
  }
  const hops: Identity[] = []
  for (let hop: unknown = input; hop !== undefined; hop = (hop as Members).actor) {
    if (hops.length > LONGEST_CHAIN) return { problem: `the actor chain is longer than ${LONGEST_CHAIN} hops` }
    const name = hops.length === 0 ? 'the identity' : `actor ${hops.length}`
    const problem = problemOfPrincipal(hop, name)
    if (problem !== null) return { problem }
    hops.push(hop as PrincipalIdentity)
  }
  return hops.length === 0
    ? { problem: 'the identity is missing: pass ANONYMOUS for a caller who proved nothing' }
    : { hops }
}

function problemOfPrincipal(input: unknown, name: string): string | null {
  if (!isRecord(input)) return `${name} is ${typeName(input)} and should be a plain object`
  const extra = unknownKey(input, PRINCIPAL_KEYS)
  if (extra !== null) return `${name} has an unknown key ${quote(extra)}`
  const { kind, id, groups, roles, claims, assurance, notBefore, expiresAt } = input
  if (kind !== 'user' && kind !== 'workload' && kind !== 'agent') {
    return `the kind of ${name} is ${quote(kind)} and should be "user", "workload" or "agent"`
  }
  if (typeof id !== 'string' || id === '') return `the id of ${name} should be a non-empty string`
  if (groups !== undefined && !isStringArray(groups)) return `the groups of ${name} should be a list of strings`
  if (roles !== undefined && !isStringArray(roles)) return `the roles of ${name} should be a list of strings`
  if (notBefore !== undefined && !isFiniteNumber(notBefore)) return `notBefore of ${name} should be a finite number`
  if (expiresAt !== undefined && !isFiniteNumber(expiresAt)) return `expiresAt of ${name} should be a finite number`
  return problemOfClaims(claims, name) ?? problemOfAssurance(assurance, name)
}

function problemOfClaims(claims: unknown, name: string): string | null {
  if (claims === undefined) return null
  if (!isRecord(claims)) return `the claims of ${name} should be a plain object`
  for (const [claim, value] of Object.entries(claims)) {
    if (!isScalar(value) && !(Array.isArray(value) && value.every(isScalar))) {
      return `claim ${quote(claim)} of ${name} should be a scalar or a list of scalars`
    }
  }
  return null
}

function problemOfAssurance(assurance: unknown, name: string): string | null {
  if (assurance === undefined) return null
  if (!isRecord(assurance)) return `the assurance of ${name} should be a plain object`
  const extra = unknownKey(assurance, ASSURANCE_KEYS)
  if (extra !== null) return `the assurance of ${name} has an unknown key ${quote(extra)}`
  const { acr, amr, authenticatedAt } = assurance
  if (acr !== undefined && typeof acr !== 'string') return `acr of ${name} should be a string`
  if (amr !== undefined && !isStringArray(amr)) return `amr of ${name} should be a list of strings`
  if (authenticatedAt !== undefined && !isFiniteNumber(authenticatedAt)) {
    return `authenticatedAt of ${name} should be a finite number`
  }
  return null
}

/** One hop as an identity of its own, without whom it acts for. */
export function alone(hop: Identity): Identity {
  if (hop.kind === 'anonymous' || hop.actor === undefined) return hop
  const { actor: _, ...rest } = hop
  return rest
}

/** The chain as one identity again. */
export function chained(hops: readonly Identity[]): Identity {
  const [first = { kind: 'anonymous' }, ...actors] = hops
  if (first.kind === 'anonymous') return first
  const own = alone(first) as PrincipalIdentity
  return actors.length === 0 ? own : { ...own, actor: chained(actors) as PrincipalIdentity }
}
