import type { FactComparison, PolicyModel, RuleModel, Validity, WhoPredicate, WhoSelector } from '../policy/model.ts'
import type { Alternatives, PostureTables, SubjectTables, TimeCondition } from '../program/program.ts'
import { Interner } from './interner.ts'

/** Compiles `who`: equal predicates, selectors and conditions are shared between rules. Index 0 is anybody. */
export class SubjectCompiler {
  readonly #predicates = new Interner<WhoPredicate>()
  readonly #selectors = new Interner<readonly number[]>()
  readonly #conditions = new Interner<Alternatives>()
  readonly #bySource = new Map<string, number>()

  constructor() {
    const everybody = this.#selectors.intern('', [])
    this.#conditions.intern('anybody', { anyOf: [everybody], deny: false })
  }

  condition(who: readonly WhoSelector[] | null, deny: boolean): number {
    if (who === null) return 0
    // Rules repeat each other's `who`; its text finds the repetition before anything is built.
    const source = (deny ? '-' : '+') + who.map(selectorKey).join('|')
    const known = this.#bySource.get(source)
    if (known !== undefined) return known
    const anyOf = [...new Set(who.map((selector) => this.#selector(selector)))].sort((x, y) => x - y)
    const index = this.#conditions.intern(`${deny ? '-' : '+'}${anyOf.join()}`, { anyOf, deny })
    this.#bySource.set(source, index)
    return index
  }

  finish(): SubjectTables {
    return {
      predicates: this.#predicates.values,
      selectors: this.#selectors.values,
      conditions: this.#conditions.values,
    }
  }

  #selector(selector: WhoSelector): number {
    const all = selector.map((predicate) => this.#predicates.intern(predicateKey(predicate), predicate))
    const distinct = [...new Set(all)].sort((x, y) => x - y)
    return this.#selectors.intern(distinct.join(), distinct)
  }
}

function selectorKey(selector: WhoSelector): string {
  return selector.length === 1 ? predicateKey(selector[0] as WhoPredicate) : selector.map(predicateKey).join('&')
}

/** Equal for equal predicates; quoted, so that no name can imitate another predicate. The common ones are made quickly. */
function predicateKey(predicate: WhoPredicate): string {
  switch (predicate.type) {
    case 'kind':
      return predicate.kind
    case 'role':
      return `role${JSON.stringify(predicate.role)}`
    case 'id':
      return `${predicate.below ? 'below' : 'id'}${JSON.stringify(predicate.id)}`
    default:
      return JSON.stringify(predicate)
  }
}

/** Compiles `posture` in the same way. Index 0 is any posture. */
export class PostureCompiler {
  readonly #comparisons = new Interner<FactComparison>()
  readonly #conditions = new Interner<Alternatives>()
  readonly #postures: (readonly number[])[]

  constructor(model: PolicyModel) {
    this.#postures = model.postures.map((posture) => [
      ...new Set(posture.all.map((comparison) => this.#comparisons.intern(JSON.stringify(comparison), comparison))),
    ])
    this.#postures.push([])
    this.#conditions.intern('any', { anyOf: [this.#postures.length - 1], deny: false })
  }

  condition(postures: readonly number[] | null, deny: boolean): number {
    if (postures === null) return 0
    const anyOf = [...new Set(postures)].sort((x, y) => x - y)
    return this.#conditions.intern(`${deny ? '-' : '+'}${anyOf.join()}`, { anyOf, deny })
  }

  finish(): PostureTables {
    return { comparisons: this.#comparisons.values, postures: this.#postures, conditions: this.#conditions.values }
  }
}

/** Compiles validity windows. Index 0 is always. */
export class TimeCompiler {
  readonly #times = new Interner<TimeCondition>()

  constructor() {
    this.#times.intern('always', { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, schedule: null })
  }

  condition(valid: Validity | null): number {
    if (valid === null) return 0
    const key = `${valid.from} ${valid.until} ${JSON.stringify(valid.schedule)}`
    return this.#times.intern(key, { from: valid.from, until: valid.until, schedule: valid.schedule })
  }

  finish(): readonly TimeCondition[] {
    return this.#times.values
  }
}

/** Whether no request whatever can match: some dimension is an empty list. */
export function matchesNobody(rule: RuleModel): boolean {
  return (
    rule.from?.length === 0 ||
    rule.to?.length === 0 ||
    rule.services?.length === 0 ||
    rule.who?.length === 0 ||
    rule.posture?.length === 0
  )
}
