import type { FactChange } from './change.ts'
import { quote } from './plain-data.ts'
import { placeText } from './representative.ts'
import { awayText, countText, listText, protocolName } from './wording.ts'

/** One change in words, as something to do. */
export function describeChange(change: FactChange, at: number): string {
  const text = textOf(change, at)
  return 'hop' in change && change.hop > 0 ? `actor ${change.hop}: ${text}` : text
}

function textOf(change: FactChange, at: number): string {
  switch (change.type) {
    case 'at':
      return `ask at ${awayText(change.at, at)}`
    case 'actors':
      return change.keep === 0 ? 'act without an actor' : `act through at most ${countText(change.keep, 'actor')}`
    case 'anonymous':
      return 'ask anonymously'
    case 'identity':
      return `sign in as ${change.kind} ${quote(change.id)}`
    case 'credential':
      return 'renew the credential'
    case 'group':
      return `${change.action} group ${quote(change.group)}`
    case 'role':
      return `${change.action} role ${quote(change.role)}`
    case 'claim':
      return claimText(change.claim, change.value)
    case 'acr':
      return change.value === null ? 'lose the authentication class' : `authenticate with class ${quote(change.value)}`
    case 'amr':
      return change.methods === null || change.methods.length === 0
        ? 'lose the authentication methods'
        : `authenticate with methods ${listText(change.methods, 'and')}`
    case 'authentication':
      return change.action === 'renew' ? 'authenticate again' : 'lose the time of authentication'
    case 'fact':
      return factText(change)
    case 'source':
    case 'destination': {
      const verb = change.type === 'source' ? 'come from' : 'go to'
      const place = placeText(change.endpoint)
      if (change.segment === null) return `${verb} elsewhere (${place})`
      return `${verb} segment ${quote(change.segment)}${place === change.segment ? '' : ` (${place})`}`
    }
    case 'protocol':
      return `use protocol ${protocolName(change.value)}`
    case 'port':
      return `use port ${change.value}`
    case 'sourcePort':
      return `use source port ${change.value}`
    case 'http': {
      const { method, route } = change.value
      return `send HTTP ${method}${route === undefined ? '' : ` ${route}`}`
    }
    case 'method':
    case 'route':
    case 'model':
    case 'tool':
      return `use ${change.type} ${quote(change.value)}`
    case 'grpc':
      return `call gRPC ${change.value.service}/${change.value.method}`
    default:
      return change satisfies never
  }
}

function claimText(claim: string, value: unknown): string {
  if (value === null) return `lose claim ${quote(claim)}`
  return `have claim ${quote(claim)} ${Array.isArray(value) ? `hold ${listText(value, 'and')}` : `be ${quote(value)}`}`
}

function factText(change: FactChange & { type: 'fact' }): string {
  const name = `fact ${quote(change.fact)}`
  switch (change.action) {
    case 'set':
      return `set ${name} to ${quote(change.value)}`
    case 'renew':
      return `renew ${name} (${quote(change.value)})`
    case 'verify':
      return `have ${name} verified (${quote(change.value)})`
    case 'drop':
      return `lose ${name}`
    default:
      return change satisfies never
  }
}
