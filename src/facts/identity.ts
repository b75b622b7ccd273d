/** A claim as it came out of a verified token: a scalar, or a list of scalars. */
export type ClaimValue = string | number | boolean | readonly (string | number | boolean)[]

/** How the caller proved who it is (RFC 9068 section 2.2.1, RFC 8176). */
export interface Assurance {
  /** Authentication context class the issuer asserts. */
  readonly acr?: string
  /** Authentication methods used, e.g. `['pwd', 'mfa']`. */
  readonly amr?: readonly string[]
  /** When the caller last authenticated, in epoch milliseconds. */
  readonly authenticatedAt?: number
}

/** A verified caller: a person, a workload, or an agent. */
export interface PrincipalIdentity {
  readonly kind: 'user' | 'workload' | 'agent'
  /** Stable id: a subject, or a SPIFFE id for a workload. Never empty. */
  readonly id: string
  readonly groups?: readonly string[]
  readonly roles?: readonly string[]
  readonly claims?: Readonly<Record<string, ClaimValue>>
  readonly assurance?: Assurance
  /** First instant, in epoch milliseconds, at which the credential holds. */
  readonly notBefore?: number
  /** First instant, in epoch milliseconds, at which the credential no longer holds. */
  readonly expiresAt?: number
  /** Who acts on behalf of this identity (RFC 8693 `act`); every hop must itself be allowed. */
  readonly actor?: PrincipalIdentity
}

/** Nobody proved anything. A type of its own, so that a failed verification can never pass as an empty principal. */
export interface AnonymousIdentity {
  readonly kind: 'anonymous'
}

/** What `authorize` takes as its first argument. */
export type Identity = PrincipalIdentity | AnonymousIdentity

/** The anonymous caller. */
export const ANONYMOUS: AnonymousIdentity = Object.freeze({ kind: 'anonymous' })
