import type { AnonymousIdentity, Identity, PrincipalIdentity } from '../../src/facts/identity.ts'
import { hasOnlyKeys, isFiniteNumber, isPlainObject, isScalar, isStringArray } from './plain-object.ts'

const PRINCIPAL_KEYS = ['kind', 'id', 'groups', 'roles', 'claims', 'assurance', 'notBefore', 'expiresAt', 'actor']

/** Semantics section 1, step 2. */
export function isWellFormedIdentity(identity: unknown): identity is Identity {
  return isAnonymous(identity) || isWellFormedPrincipal(identity)
}

/** The identity, then its actor, then the actor of that one, ... */
export function hopsOf(identity: Identity): Identity[] {
  const hops: Identity[] = [identity]
  let actor = identity.kind === 'anonymous' ? undefined : identity.actor
  for (; actor !== undefined; actor = actor.actor) hops.push(actor)
  return hops
}

function isAnonymous(identity: unknown): identity is AnonymousIdentity {
  return isPlainObject(identity) && identity.kind === 'anonymous' && hasOnlyKeys(identity, ['kind'])
}

function isWellFormedPrincipal(identity: unknown): identity is PrincipalIdentity {
  if (!isPlainObject(identity) || !hasOnlyKeys(identity, PRINCIPAL_KEYS)) return false
  const { kind, id, groups, roles, claims, assurance, notBefore, expiresAt, actor } = identity
  return (
    (kind === 'user' || kind === 'workload' || kind === 'agent') &&
    typeof id === 'string' &&
    id !== '' &&
    (groups === undefined || isStringArray(groups)) &&
    (roles === undefined || isStringArray(roles)) &&
    (claims === undefined || areWellFormedClaims(claims)) &&
    (assurance === undefined || isWellFormedAssurance(assurance)) &&
    (notBefore === undefined || isFiniteNumber(notBefore)) &&
    (expiresAt === undefined || isFiniteNumber(expiresAt)) &&
    (actor === undefined || isWellFormedPrincipal(actor))
  )
}

function areWellFormedClaims(claims: unknown): boolean {
  return (
    isPlainObject(claims) &&
    Object.values(claims).every((value) => isScalar(value) || (Array.isArray(value) && value.every(isScalar)))
  )
}

function isWellFormedAssurance(assurance: unknown): boolean {
  if (!isPlainObject(assurance) || !hasOnlyKeys(assurance, ['acr', 'amr', 'authenticatedAt'])) return false
  const { acr, amr, authenticatedAt } = assurance
  return (
    (acr === undefined || typeof acr === 'string') &&
    (amr === undefined || isStringArray(amr)) &&
    (authenticatedAt === undefined || isFiniteNumber(authenticatedAt))
  )
}
