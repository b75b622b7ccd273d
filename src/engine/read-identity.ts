import type { ClaimValue } from '../facts/identity.ts'

/** A hop of the chain, read once from foreign input into own data, so that no getter can answer twice. */
export interface Hop {
  readonly kind: 'user' | 'workload' | 'agent' | 'anonymous'
  readonly id: string
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  /** `null` is none. Only own members count. */
  readonly claims: Readonly<Record<string, ClaimValue>> | null
  readonly acr: string | null
  readonly amr: readonly string[] | null
  readonly authenticatedAt: number | null
  readonly notBefore: number
  readonly expiresAt: number
}

/** The deepest chain that is read at all; a policy's own limit is at most this. */
export const MAX_CHAIN = 17

const NONE: readonly string[] = Object.freeze([])

/**
 * Reads and checks an identity and its actors.
 *
 * @returns The hops, the identity first; `null` when anything is malformed. A chain beyond {@link MAX_CHAIN} is cut there.
 */
export function readIdentity(input: unknown): readonly Hop[] | null {
  const hops: Hop[] = []
  let next: unknown = input
  while (next !== undefined && hops.length < MAX_CHAIN + 1) {
    if (next === null || typeof next !== 'object' || Array.isArray(next)) return null
    const actor = readHop(next as Record<string, unknown>, hops)
    if (actor === MALFORMED) return null
    next = actor
  }
  return hops.length === 0 ? null : hops
}

const MALFORMED: unique symbol = Symbol('malformed')

/** Appends the hop and returns its actor. */
function readHop(input: Record<string, unknown>, hops: Hop[]): unknown {
  let kind: unknown
  let id: unknown
  let groups: unknown
  let roles: unknown
  let claims: unknown
  let assurance: unknown
  let notBefore: unknown
  let expiresAt: unknown
  let actor: unknown
  for (const key of Object.keys(input)) {
    const value = input[key]
    switch (key) {
      case 'kind':
        kind = value
        break
      case 'id':
        id = value
        break
      case 'groups':
        groups = value
        break
      case 'roles':
        roles = value
        break
      case 'claims':
        claims = value
        break
      case 'assurance':
        assurance = value
        break
      case 'notBefore':
        notBefore = value
        break
      case 'expiresAt':
        expiresAt = value
        break
      case 'actor':
        actor = value
        break
      default:
        return MALFORMED
    }
  }
  if (kind === 'anonymous') {
    // An actor or an attribute on nobody is a caller's mistake, and mistakes are refused.
    if (hops.length > 0 || Object.keys(input).length > 1) return MALFORMED
    hops.push(ANONYMOUS_HOP)
    return undefined
  }
  if (kind !== 'user' && kind !== 'workload' && kind !== 'agent') return MALFORMED
  if (typeof id !== 'string' || id === '') return MALFORMED
  const readGroups = readStrings(groups)
  const readRoles = readStrings(roles)
  if (readGroups === null || readRoles === null) return MALFORMED
  const readClaims = claims === undefined ? null : readClaimSet(claims)
  if (readClaims === undefined) return MALFORMED
  const readAssurance = assurance === undefined ? NO_ASSURANCE : readAssuranceOf(assurance)
  if (readAssurance === null) return MALFORMED
  if (notBefore !== undefined && !Number.isFinite(notBefore)) return MALFORMED
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) return MALFORMED
  hops.push({
    kind,
    id,
    groups: readGroups,
    roles: readRoles,
    claims: readClaims,
    acr: readAssurance.acr,
    amr: readAssurance.amr,
    authenticatedAt: readAssurance.authenticatedAt,
    notBefore: notBefore === undefined ? Number.NEGATIVE_INFINITY : (notBefore as number),
    expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : (expiresAt as number),
  })
  return actor
}

const ANONYMOUS_HOP: Hop = Object.freeze({
  kind: 'anonymous',
  id: '',
  groups: NONE,
  roles: NONE,
  claims: null,
  acr: null,
  amr: null,
  authenticatedAt: null,
  notBefore: Number.NEGATIVE_INFINITY,
  expiresAt: Number.POSITIVE_INFINITY,
})

function readStrings(input: unknown): readonly string[] | null {
  if (input === undefined) return NONE
  if (!Array.isArray(input)) return null
  const { length } = input
  const strings = new Array<string>(length)
  for (let i = 0; i < length; i++) {
    const value: unknown = input[i]
    if (typeof value !== 'string') return null
    strings[i] = value
  }
  return strings
}

function readClaimSet(input: unknown): Record<string, ClaimValue> | undefined {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return undefined
  const claims: Record<string, ClaimValue> = Object.create(null) as Record<string, ClaimValue>
  for (const name of Object.keys(input)) {
    const value = (input as Record<string, unknown>)[name]
    if (isScalar(value)) claims[name] = value
    else if (Array.isArray(value)) {
      const list: unknown[] = Array.from(value)
      if (!list.every(isScalar)) return undefined
      claims[name] = list
    } else if (value !== undefined) return undefined
  }
  return claims
}

/** Whether a value is a string, a boolean or a finite number. */
export function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

interface ReadAssurance {
  readonly acr: string | null
  readonly amr: readonly string[] | null
  readonly authenticatedAt: number | null
}

const NO_ASSURANCE: ReadAssurance = { acr: null, amr: null, authenticatedAt: null }

function readAssuranceOf(input: unknown): ReadAssurance | null {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return null
  const given = input as Record<string, unknown>
  for (const key of Object.keys(given)) if (key !== 'acr' && key !== 'amr' && key !== 'authenticatedAt') return null
  const { acr, amr, authenticatedAt } = given
  if (acr !== undefined && typeof acr !== 'string') return null
  if (authenticatedAt !== undefined && !Number.isFinite(authenticatedAt)) return null
  const methods = readStrings(amr)
  if (methods === null) return null
  return {
    acr: acr ?? null,
    amr: amr === undefined ? null : methods,
    authenticatedAt: (authenticatedAt as number | undefined) ?? null,
  }
}
