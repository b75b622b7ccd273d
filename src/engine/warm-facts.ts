import { OptionError } from '../errors.ts'
import { ANONYMOUS, type Assurance, type ClaimValue, type Identity, type PrincipalIdentity } from '../facts/identity.ts'
import type { Posture, PostureFact } from '../facts/posture.ts'
import { readPosture } from './posture-index.ts'
import { readIdentity } from './read-identity.ts'

/** A checked, deeply frozen copy of an identity that an engine may remember things about. */
export class WarmIdentity implements PrincipalIdentity {
  readonly kind: PrincipalIdentity['kind']
  readonly id: string
  declare readonly groups?: readonly string[]
  declare readonly roles?: readonly string[]
  declare readonly claims?: Readonly<Record<string, ClaimValue>>
  declare readonly assurance?: Assurance
  declare readonly notBefore?: number
  declare readonly expiresAt?: number
  declare readonly actor?: PrincipalIdentity
  // What the engine that asked last derived from this, beside the facts themselves: a hit must touch little memory.
  #engine: object | null = null
  #key = 0
  #record: unknown = null

  constructor(copy: PrincipalIdentity) {
    this.kind = copy.kind
    this.id = copy.id
    Object.assign(this, copy)
    Object.freeze(this)
  }

  /** What `engine` derived last from an identity made by {@link createIdentity}, or `null`. */
  static recordOf(identity: WarmIdentity, engine: object): unknown {
    return identity.#engine === engine ? identity.#record : null
  }

  /** The number under which `engine` knows it, or 0. */
  static keyOf(identity: WarmIdentity, engine: object): number {
    return identity.#engine === engine ? identity.#key : 0
  }

  static remember(identity: WarmIdentity, engine: object, record: unknown, key: number): void {
    identity.#engine = engine
    identity.#record = record
    identity.#key = key
  }
}

/** A checked, deeply frozen copy of a posture that an engine may remember things about. */
export class WarmPosture implements Posture {
  readonly facts: Readonly<Record<string, PostureFact>>
  #engine: object | null = null
  #key = 0
  #record: unknown = null

  constructor(facts: Readonly<Record<string, PostureFact>>) {
    this.facts = facts
    Object.freeze(this)
  }

  /** What `engine` derived last from a posture made by {@link createPosture}, or `null`. */
  static recordOf(posture: WarmPosture, engine: object): unknown {
    return posture.#engine === engine ? posture.#record : null
  }

  /** The number under which `engine` knows it, or 0. */
  static keyOf(posture: WarmPosture, engine: object): number {
    return posture.#engine === engine ? posture.#key : 0
  }

  static remember(posture: WarmPosture, engine: object, record: unknown, key: number): void {
    posture.#engine = engine
    posture.#record = record
    posture.#key = key
  }
}

/**
 * Checks an identity once and keeps it warm: `authorize` reads a plain object anew at every call, because it may have been
 * changed in between; it trusts the frozen copy made here and finds its classes without looking at a single claim.
 *
 * @throws OptionError (`ERR_OPTION_INVALID`) when the identity is malformed.
 * @example
 * ```ts
 * import { createIdentity } from 'sallyport'
 *
 * const alice = createIdentity({ kind: 'user', id: 'alice', groups: ['ml'], expiresAt: Date.now() + 3_600_000 })
 * ```
 */
export function createIdentity(identity: Identity): Identity {
  const copy = frozenCopy(identity) as PrincipalIdentity
  const hops = readIdentity(copy)
  if (hops === null) throw new OptionError('createIdentity: expected a well-formed identity with only known members')
  if (hops[0]?.kind === 'anonymous') return ANONYMOUS
  return new WarmIdentity(copy)
}

/**
 * Checks a posture once and keeps it warm, as {@link createIdentity} does for an identity.
 *
 * @throws OptionError (`ERR_OPTION_INVALID`) when it is not an object with an object `facts`.
 * @example
 * ```ts
 * import { createPosture } from 'sallyport'
 *
 * const laptop = createPosture({
 *   facts: { 'disk.encrypted': { value: true, observedAt: Date.now(), verification: 'signature', source: 'mdm' } },
 * })
 * ```
 */
export function createPosture(posture: Posture): Posture {
  const copy = frozenCopy(posture) as Posture
  if (copy === null || copy === undefined || readPosture(copy) === null) {
    throw new OptionError('createPosture: expected an object with an object "facts"')
  }
  return new WarmPosture(copy.facts)
}

/** Deep copies plain data by own members; anything deeper than an actor chain may be is cut off as malformed later. */
function frozenCopy(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value
  if (depth > 64) throw new OptionError('expected facts nested no deeper than 64 levels')
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozenCopy(item, depth + 1)))
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    Object.defineProperty(copy, key, {
      value: frozenCopy((value as Record<string, unknown>)[key], depth + 1),
      enumerable: true,
    })
  }
  return Object.freeze(copy)
}
