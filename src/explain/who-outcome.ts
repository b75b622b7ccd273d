import type { Assurance, ClaimValue, Identity } from '../facts/identity.ts'
import type { WhoPredicate } from '../policy/model.ts'
import type { Outcome } from './outcome.ts'

const NONE: readonly string[] = []

/** The groups of an identity; none for the anonymous one. */
export function groupsOf(identity: Identity): readonly string[] {
  return identity.kind === 'anonymous' ? NONE : (identity.groups ?? NONE)
}

/** The roles of an identity; none for the anonymous one. */
export function rolesOf(identity: Identity): readonly string[] {
  return identity.kind === 'anonymous' ? NONE : (identity.roles ?? NONE)
}

/** The id of an identity, or `null`. */
export function idOf(identity: Identity): string | null {
  return identity.kind === 'anonymous' ? null : identity.id
}

/** One claim of an identity, or `undefined`. Never something inherited. */
export function claimOf(identity: Identity, claim: string): ClaimValue | undefined {
  if (identity.kind === 'anonymous' || identity.claims === undefined) return undefined
  return Object.hasOwn(identity.claims, claim) ? identity.claims[claim] : undefined
}

/** How the caller proved who it is; empty for the anonymous one. */
export function assuranceOf(identity: Identity): Assurance {
  return identity.kind === 'anonymous' ? {} : (identity.assurance ?? {})
}

/** Whether an id is the pattern, or strictly below it. */
export function idMatches(id: string, pattern: { readonly id: string; readonly below: boolean }): boolean {
  return pattern.below ? id.startsWith(`${pattern.id}/`) : id === pattern.id
}

function claimOutcome(value: ClaimValue | undefined, wanted: readonly (string | number | boolean)[]): Outcome {
  if (value === undefined) return 'unknown'
  return typeof value === 'object' ? value.some((item) => wanted.includes(item)) : wanted.includes(value)
}

/** What one predicate of a selector comes to for an identity. */
export function predicateOutcome(predicate: WhoPredicate, identity: Identity, at: number): Outcome {
  switch (predicate.type) {
    case 'kind':
      return identity.kind === predicate.kind
    case 'id': {
      const id = idOf(identity)
      return id !== null && idMatches(id, predicate)
    }
    case 'group': {
      const id = idOf(identity)
      if (id === null) return false
      return predicate.members.includes(id) || groupsOf(identity).some((group) => predicate.names.includes(group))
    }
    case 'role':
      return rolesOf(identity).includes(predicate.role)
    case 'claim':
      return claimOutcome(claimOf(identity, predicate.claim), predicate.values)
    case 'acr': {
      const { acr } = assuranceOf(identity)
      return acr === undefined ? 'unknown' : predicate.values.includes(acr)
    }
    case 'amr': {
      const { amr } = assuranceOf(identity)
      return amr === undefined ? 'unknown' : predicate.methods.every((method) => amr.includes(method))
    }
    case 'authAge': {
      const { authenticatedAt } = assuranceOf(identity)
      if (authenticatedAt === undefined) return 'unknown'
      return authenticatedAt <= at && at < authenticatedAt + predicate.maxAgeMs ? true : 'unknown'
    }
    default:
      return predicate satisfies never
  }
}
