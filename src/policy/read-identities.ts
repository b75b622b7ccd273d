import type { FactValue } from '../facts/posture.ts'
import { quote } from './diagnostics.ts'
import type { GroupDocument, Loose, WhoDocument } from './document.ts'
import type { WhoPredicate, WhoSelector } from './model.ts'
import { NameTable, readNamed } from './name-table.ts'
import { checkMemberName } from './names.ts'
import { byCodeUnit, readEach, readItems, readPart, unique } from './reading.ts'
import type { Report } from './report.ts'
import { readDuration } from './times.ts'
import { readWorkload } from './workloads.ts'

type GroupPredicate = Extract<WhoPredicate, { readonly type: 'group' }>

/** The groups of a policy by name. */
export type GroupTable = NameTable<GroupPredicate>

/** Reads the named groups. */
export function readGroups(
  document: Readonly<Record<string, Loose<GroupDocument> | undefined>>,
  report: Report,
): GroupTable {
  const table: GroupTable = new NameTable('group', 'POLICY_GROUP_UNKNOWN', 'POLICY_GROUP_UNUSED')
  const read = (name: string, group: Loose<GroupDocument> = {}): void => {
    table.set(name, {
      type: 'group',
      group: name,
      names: readIds('names', group.names ?? [name], report),
      members: readIds('members', group.members ?? [], report),
    })
    if (group.names?.length === 0 && (group.members ?? []).length === 0)
      report.add('POLICY_LIST_EMPTY', `nobody is in group ${quote(name)}`, {
        below: ['names'],
        fix: 'name a group of the provider, or a member',
      })
  }
  readNamed('group', Object.keys(document), document, read, report)
  return table
}

function readIds(key: string, document: readonly (string | undefined)[], report: Report): readonly string[] {
  return unique(readItems(key, document, (id) => readText(id, 'id', report), report))
}

/** A text that is compared as it is: not empty, no control characters, no spaces around it that nobody sees. */
function readText(text: string, what: string, report: Report): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (text !== '' && text.length <= 2048 && text.trim() === text && !/[\u0000-\u001f\u007f]/.test(text)) return text
  report.add('POLICY_IDENTITY_INVALID', `${quote(text)} is not a usable ${what}`, {
    expected: 'text without control characters and without spaces around it',
  })
  return undefined
}

/** Reads one selector of identities with the report standing at it. Predicates come in one fixed order. */
export function readWho(document: Loose<WhoDocument>, groups: GroupTable, report: Report): WhoSelector {
  const predicates: WhoPredicate[] = []
  if (Object.keys(document).length === 0)
    report.add('POLICY_SELECTOR_EMPTY', 'an empty selector would match everybody', {
      fix: 'name a kind, group or id, or leave `who` out to mean everybody',
    })
  if (document.kind !== undefined) predicates.push({ type: 'kind', kind: document.kind })
  if (document.id !== undefined) predicates.push(readPart('id', document.id, readId, NOBODY, report))
  if (document.group !== undefined)
    predicates.push(
      ...allOf('group', document.group, (name) => resolveGroup(name, groups, report), report).sort((a, b) =>
        byCodeUnit(a.group, b.group),
      ),
    )
  if (document.role !== undefined) {
    const roles = allOf('role', document.role, (role) => readText(role, 'role', report), report)
    predicates.push(...unique(roles).map((role) => ({ type: 'role', role }) as const))
  }
  readPart('claims', document.claims, (claims) => readClaims(claims, predicates, report), undefined, report)
  readPart('assurance', document.assurance, (part) => readAssurance(part, predicates, report), undefined, report)
  return predicates
}

/** Reads a list whose items must all hold. An empty one would hold for everybody, so it is an error and not a warning. */
function allOf<R>(
  key: string,
  value: string | readonly (string | undefined)[],
  read: (item: string) => R | undefined,
  report: Report,
): R[] {
  if (value.length > 0 || typeof value === 'string') return readEach<string | undefined, R>(key, value, read, report)
  report.add('POLICY_SELECTOR_EMPTY', `an empty list of ${quote(key)} asks for nothing`, {
    below: [key],
    fix: `name one, or leave ${quote(key)} out`,
  })
  return []
}

function resolveGroup(name: string, groups: GroupTable, report: Report): GroupPredicate | undefined {
  return groups.resolve(name, report, groups.size === 0 ? `define it under groups: { ${quote(name)}: {} }` : undefined)
}

const NOBODY: WhoPredicate = { type: 'id', id: '', below: false }

function readId(text: string, report: Report): WhoPredicate {
  let id = text
  let below = false
  if (text.startsWith('spiffe:')) ({ id, below } = readWorkload(text, report) ?? { id, below })
  else if (text.endsWith('*'))
    report.add('POLICY_IDENTITY_INVALID', `${quote(text)} has a star, which only a SPIFFE id may have`, {
      expected: 'an exact id, or spiffe://trust-domain/path/*',
    })
  else readText(text, 'id', report)
  return { type: 'id', id, below }
}

type ClaimsDocument = Loose<NonNullable<WhoDocument['claims']>>

function readClaims(document: ClaimsDocument, predicates: WhoPredicate[], report: Report): void {
  const claims = Object.keys(document).sort()
  if (claims.length === 0)
    report.add('POLICY_SELECTOR_EMPTY', 'an empty set of claims asks for nothing', {
      fix: 'name a claim, or leave `claims` out',
    })
  for (const claim of claims) {
    checkMemberName('claim', claim, report, { at: 'key', below: [claim] })
    const values = readEach<FactValue | undefined, FactValue>(claim, document[claim], (value) => value, report)
    predicates.push({ type: 'claim', claim, values: sortScalars(values) })
  }
}

/** Each value once, in one fixed order. */
export function sortScalars(values: readonly FactValue[]): readonly FactValue[] {
  const key = (value: FactValue): string => `${typeof value} ${String(value)}`
  return [...new Set(values)].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function readAssurance(
  document: Loose<NonNullable<WhoDocument['assurance']>>,
  predicates: WhoPredicate[],
  report: Report,
): void {
  if (Object.keys(document).length === 0)
    report.add('POLICY_SELECTOR_EMPTY', 'an empty assurance asks for nothing', {
      fix: 'name acr, amr or maxAge, or leave `assurance` out',
    })
  const read = (text: string): string | undefined => readText(text, 'authentication class or method', report)
  if (document.acr !== undefined)
    predicates.push({ type: 'acr', values: unique(readEach('acr', document.acr, read, report)) })
  if (document.amr !== undefined)
    predicates.push({ type: 'amr', methods: unique(allOf('amr', document.amr, read, report)) })
  const maxAgeMs = readPart('maxAge', document.maxAge, readDuration, undefined, report)
  if (maxAgeMs !== undefined) predicates.push({ type: 'authAge', maxAgeMs: maxAgeMs ?? 0 })
}
