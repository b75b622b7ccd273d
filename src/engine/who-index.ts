import { TRUE, UNKNOWN } from '../facts/truth.ts'
import type { WhoPredicate } from '../policy/model.ts'
import type { SubjectTables } from '../program/program.ts'
import { type AtomClass, AtomClasses } from './atom-classes.ts'
import { ConditionEvaluator } from './condition-evaluator.ts'
import type { Hop } from './read-identity.ts'

/** Who-conditions that a hop satisfies over a stretch of time. */
export interface WhoPhase {
  readonly from: number
  readonly until: number
  readonly who: AtomClass
}

/** Predicates about one claim: by wanted value, and all of them, for when it is absent. */
interface ClaimAtoms {
  readonly name: string
  readonly values: Map<string | number | boolean, number[]>
  readonly all: number[]
}

/**
 * Finds, from the facts of a hop, the predicates of the policy that it satisfies: one look-up per fact and none per rule.
 * A predicate is an atom; "has no claim c" and "has no acr" are atoms too, that make the predicates about them unknown.
 */
export class WhoIndex {
  readonly #classes: AtomClasses
  readonly #kinds = new Map<string, number[]>()
  readonly #ids = new Map<string, number[]>()
  readonly #idsBelow = new Map<string, number[]>()
  readonly #groups = new Map<string, number[]>()
  readonly #roles = new Map<string, number[]>()
  readonly #claims = new Map<string, ClaimAtoms>()
  readonly #claimList: readonly ClaimAtoms[]
  readonly #acr: { readonly values: readonly string[]; readonly atom: number }[] = []
  readonly #amr: { readonly methods: readonly string[]; readonly atom: number }[] = []
  readonly #ages: { readonly maxAgeMs: number; readonly atom: number }[] = []

  constructor(tables: SubjectTables) {
    tables.predicates.forEach((predicate, atom) => {
      this.#index(predicate, atom)
    })
    this.#claimList = [...this.#claims.values()]
    const evaluator = new ConditionEvaluator(tables.predicates.length, tables.selectors, tables.conditions)
    this.#classes = new AtomClasses(tables.predicates.length, evaluator)
  }

  /** The phase of a hop at an instant. Credential validity is not looked at here. */
  phase(hop: Hop, at: number): WhoPhase {
    this.#classes.begin()
    this.#addAll(this.#kinds.get(hop.kind))
    if (hop.kind !== 'anonymous') this.#addId(hop.id)
    const { groups, roles } = hop
    if (this.#groups.size > 0)
      for (let i = 0; i < groups.length; i++) this.#addAll(this.#groups.get(groups[i] as string))
    if (this.#roles.size > 0) for (let i = 0; i < roles.length; i++) this.#addAll(this.#roles.get(roles[i] as string))
    for (const claim of this.#claimList) this.#addClaim(hop, claim)
    this.#addAssurance(hop)
    if (this.#ages.length === 0) return this.#classes.find().always
    return this.#agePhase(hop.authenticatedAt, at)
  }

  #addAll(atoms: readonly number[] | undefined): void {
    if (atoms === undefined) return
    for (let i = 0; i < atoms.length; i++) this.#classes.add(atoms[i] as number, TRUE)
  }

  #addId(id: string): void {
    this.#addAll(this.#ids.get(id))
    if (this.#idsBelow.size === 0) return
    for (let slash = id.lastIndexOf('/'); slash > 0; slash = id.lastIndexOf('/', slash - 1)) {
      this.#addAll(this.#idsBelow.get(id.slice(0, slash)))
    }
  }

  #addClaim(hop: Hop, claim: ClaimAtoms): void {
    const value = hop.claims?.[claim.name]
    if (value === undefined) {
      for (const atom of claim.all) this.#classes.add(atom, UNKNOWN)
    } else if (typeof value === 'object') {
      for (const item of value) this.#addAll(claim.values.get(item))
    } else {
      this.#addAll(claim.values.get(value))
    }
  }

  #addAssurance(hop: Hop): void {
    for (const { values, atom } of this.#acr) {
      if (hop.acr === null) this.#classes.add(atom, UNKNOWN)
      else if (values.includes(hop.acr)) this.#classes.add(atom, TRUE)
    }
    const { amr } = hop
    for (const { methods, atom } of this.#amr) {
      if (amr === null) this.#classes.add(atom, UNKNOWN)
      else if (methods.every((method) => amr.includes(method))) this.#classes.add(atom, TRUE)
    }
  }

  #agePhase(authenticatedAt: number | null, at: number): WhoPhase {
    let from = Number.NEGATIVE_INFINITY
    let until = Number.POSITIVE_INFINITY
    for (const { maxAgeMs, atom } of this.#ages) {
      const end = authenticatedAt === null ? Number.NaN : authenticatedAt + maxAgeMs
      if (authenticatedAt === null) {
        this.#classes.add(atom, UNKNOWN)
      } else if (at < authenticatedAt) {
        until = Math.min(until, authenticatedAt)
        this.#classes.add(atom, UNKNOWN)
      } else if (at < end) {
        from = Math.max(from, authenticatedAt)
        until = Math.min(until, end)
        this.#classes.add(atom, TRUE)
      } else {
        from = Math.max(from, end)
        this.#classes.add(atom, UNKNOWN)
      }
    }
    return { from, until, who: this.#classes.find() }
  }

  #index(predicate: WhoPredicate, atom: number): void {
    switch (predicate.type) {
      case 'kind':
        append(this.#kinds, predicate.kind, atom)
        break
      case 'id':
        append(predicate.below ? this.#idsBelow : this.#ids, predicate.id, atom)
        break
      case 'group':
        for (const name of new Set(predicate.names)) append(this.#groups, name, atom)
        for (const member of new Set(predicate.members)) append(this.#ids, member, atom)
        break
      case 'role':
        append(this.#roles, predicate.role, atom)
        break
      case 'claim': {
        const claim: ClaimAtoms = this.#claims.get(predicate.claim) ?? {
          name: predicate.claim,
          values: new Map(),
          all: [],
        }
        this.#claims.set(predicate.claim, claim)
        claim.all.push(atom)
        for (const value of new Set(predicate.values)) append(claim.values, value, atom)
        break
      }
      case 'acr':
        this.#acr.push({ values: predicate.values, atom })
        break
      case 'amr':
        this.#amr.push({ methods: predicate.methods, atom })
        break
      case 'authAge':
        this.#ages.push({ maxAgeMs: predicate.maxAgeMs, atom })
        break
      default:
        predicate satisfies never
    }
  }
}

function append<K>(map: Map<K, number[]>, key: K, atom: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [atom])
  else list.push(atom)
}
