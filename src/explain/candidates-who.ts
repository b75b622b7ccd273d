import type { ClaimValue, Identity } from '../facts/identity.ts'
import type { FactValue } from '../facts/posture.ts'
import type { WhoPredicate } from '../policy/model.ts'
import type { FactChange } from './change.ts'
import type { Target } from './outcome.ts'
import { assuranceOf, claimOf, groupsOf } from './who-outcome.ts'

/** The id of somebody who signs in, where a rule asks for no id. */
const SOMEBODY = 'somebody'

/** A value of the same type that is not the given one. */
export function otherValue(value: FactValue): FactValue {
  if (typeof value === 'boolean') return !value
  return typeof value === 'number' ? value + 1 : `not-${value}`
}

/** Single changes of one hop of the chain that can bring a predicate to what is wanted. */
export function whoChanges(predicate: WhoPredicate, target: Target, identity: Identity, hop: number): FactChange[] {
  const gain = target === 'true' || target === 'notFalse'
  // An anonymous caller has nothing that could be changed before it has signed in.
  if (gain && identity.kind === 'anonymous') return signIn(predicate, hop)
  if (identity.kind === 'anonymous') return predicate.type === 'kind' ? signIn({ ...predicate, kind: 'user' }, hop) : []
  return gain ? gaining(predicate, target, identity, hop) : losing(predicate, target, identity, hop)
}

function signIn(predicate: WhoPredicate, hop: number): FactChange[] {
  if (predicate.type === 'kind') {
    return predicate.kind === 'anonymous' ? [] : [{ type: 'identity', hop, kind: predicate.kind, id: SOMEBODY }]
  }
  if (predicate.type === 'id') return [becoming(predicate, hop, 'user')]
  return [{ type: 'identity', hop, kind: 'user', id: SOMEBODY }]
}

function becoming(
  pattern: { id: string; below: boolean },
  hop: number,
  kind: 'user' | 'workload' | 'agent',
): FactChange {
  const id = pattern.below ? `${pattern.id}/workload` : pattern.id
  return { type: 'identity', hop, kind: id.startsWith('spiffe://') ? 'workload' : kind, id }
}

type Principal = Exclude<Identity, { readonly kind: 'anonymous' }>

function gaining(predicate: WhoPredicate, target: Target, identity: Principal, hop: number): FactChange[] {
  switch (predicate.type) {
    case 'kind':
      if (predicate.kind !== 'anonymous') return [{ type: 'identity', hop, kind: predicate.kind, id: identity.id }]
      return hop === 0 ? [{ type: 'anonymous' }] : []
    case 'id':
      return [becoming(predicate, hop, identity.kind)]
    case 'group': {
      const { group, names } = predicate
      return names.length === 0 ? [] : [{ type: 'group', hop, action: 'join', group, names }]
    }
    case 'role':
      return [{ type: 'role', hop, action: 'gain', role: predicate.role }]
    case 'claim': {
      const present = claimOf(identity, predicate.claim)
      const set = predicate.values.map((value): FactChange => {
        const all = typeof present === 'object' ? [...present, value] : value
        return { type: 'claim', hop, claim: predicate.claim, value: all }
      })
      return target === 'notFalse' ? [...set, { type: 'claim', hop, claim: predicate.claim, value: null }] : set
    }
    case 'acr':
      return predicate.values.map((value) => ({ type: 'acr', hop, value }))
    case 'amr': {
      const methods = [...new Set([...(assuranceOf(identity).amr ?? []), ...predicate.methods])]
      return [{ type: 'amr', hop, methods }]
    }
    case 'authAge':
      return [{ type: 'authentication', hop, action: 'renew' }]
    default:
      return predicate satisfies never
  }
}

function losing(predicate: WhoPredicate, target: Target, identity: Principal, hop: number): FactChange[] {
  const forget = target === 'notTrue'
  switch (predicate.type) {
    case 'kind':
    case 'id':
      return [] // Somebody else is not a change of facts.
    case 'group': {
      const { group, names, members } = predicate
      if (members.includes(identity.id) || !groupsOf(identity).some((name) => names.includes(name))) return []
      return [{ type: 'group', hop, action: 'leave', group, names }]
    }
    case 'role':
      return [{ type: 'role', hop, action: 'lose', role: predicate.role }]
    case 'claim': {
      const { claim } = predicate
      if (forget) return [{ type: 'claim', hop, claim, value: null }]
      const value = withoutValues(claimOf(identity, claim), predicate.values)
      return value === null ? [] : [{ type: 'claim', hop, claim, value }]
    }
    case 'acr': {
      const other = predicate.values[0] === undefined ? null : `not-${predicate.values[0]}`
      return [{ type: 'acr', hop, value: forget ? null : other }]
    }
    case 'amr': {
      const methods = (assuranceOf(identity).amr ?? []).filter((method) => !predicate.methods.includes(method))
      return [{ type: 'amr', hop, methods }]
    }
    case 'authAge':
      return forget ? [{ type: 'authentication', hop, action: 'forget' }] : []
    default:
      return predicate satisfies never
  }
}

function withoutValues(present: ClaimValue | undefined, values: readonly FactValue[]): ClaimValue | null {
  if (typeof present === 'object') return present.filter((item) => !values.includes(item))
  const [value] = values
  if (value === undefined) return null
  const other = otherValue(value)
  return values.includes(other) ? null : other
}
