import type { Identity } from '../facts/identity.ts'
import type { WhoPredicate } from '../policy/model.ts'
import { quote } from './plain-data.ts'
import { assuranceOf, claimOf, groupsOf, idOf, rolesOf } from './who-outcome.ts'
import { awayText, durationText, listText } from './wording.ts'

function has(things: readonly string[], name: string): string {
  return things.length === 0 ? `it has no ${name}s` : `it has ${name}s ${listText(things, 'and')}`
}

/** What a predicate asks for and what the identity has. */
export function describePredicate(predicate: WhoPredicate, identity: Identity, at: number): string {
  const { acr, amr, authenticatedAt } = assuranceOf(identity)
  switch (predicate.type) {
    case 'kind':
      return `identity is of kind ${quote(identity.kind)}, wanted ${quote(predicate.kind)}`
    case 'id': {
      const id = idOf(identity)
      const wanted = predicate.below ? `one below ${quote(predicate.id)}` : quote(predicate.id)
      return `identity is ${id === null ? 'anonymous' : quote(id)}, wanted ${wanted}`
    }
    case 'group': {
      const { group, names } = predicate
      const aliases = names.length === 1 && names[0] === group ? '' : ` (known as ${listText(names)})`
      return `wanted group ${quote(group)}${aliases}, ${has(groupsOf(identity), 'group')}`
    }
    case 'role':
      return `wanted role ${quote(predicate.role)}, ${has(rolesOf(identity), 'role')}`
    case 'claim': {
      const value = claimOf(identity, predicate.claim)
      const wanted = `wanted ${listText(predicate.values)}`
      if (value === undefined) return `claim ${quote(predicate.claim)} is absent, ${wanted}`
      const given = typeof value === 'object' ? `holds ${listText(value, 'and')}` : `is ${quote(value)}`
      return `claim ${quote(predicate.claim)} ${given}, ${wanted}`
    }
    case 'acr':
      return `authentication class ${acr === undefined ? 'is not known' : `is ${quote(acr)}`}, wanted ${listText(predicate.values)}`
    case 'amr': {
      const given = amr === undefined ? 'are not known' : `are ${listText(amr, 'and')}`
      return `authentication methods ${given}, wanted ${listText(predicate.methods, 'and')}`
    }
    case 'authAge': {
      const wanted = `at most ${durationText(predicate.maxAgeMs)} ago`
      if (authenticatedAt === undefined)
        return `time of authentication is not known, wanted ${wanted}: authenticate again`
      const when = awayText(authenticatedAt, at)
      const fresh = authenticatedAt <= at && at < authenticatedAt + predicate.maxAgeMs
      return `authenticated at ${when}, wanted ${wanted}${fresh ? '' : ': authenticate again'}`
    }
    default:
      return predicate satisfies never
  }
}
