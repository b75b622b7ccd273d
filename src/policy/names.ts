import { quote } from './diagnostics.ts'
import type { ProblemDetails, Report } from './report.ts'

/** What a name names. Each has its own table. */
export type NameKind = 'segment' | 'group' | 'service' | 'posture' | 'tier' | 'rule'

const CHOOSE_ANOTHER = 'choose another name'
const LONGEST_NAME = 128
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
const RULE_ID = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/

/** Members of every object: a table that is looked up by such a name in a plain object finds what nobody put there. */
const OBJECT_MEMBERS: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])
const POLICY_WORDS: Readonly<Record<NameKind, readonly string[]>> = {
  segment: ['any', 'none', 'internet', 'default'],
  group: ['any', 'none'],
  service: ['any', 'none', 'inline'],
  posture: ['any', 'none'],
  tier: ['any', 'none'],
  rule: [],
}

/** True for a name that every object has, such as `constructor`. */
export function isObjectMember(name: string): boolean {
  return OBJECT_MEMBERS.has(name)
}

/** Checks the name of a fact, claim or label; `false` after a report. Its place is given as for {@link Report.add}. */
export function checkMemberName(what: string, name: string, report: Report, place: ProblemDetails): boolean {
  if (name !== '' && !isObjectMember(name)) return true
  report.add('POLICY_NAME_RESERVED', `${what} ${quote(name)} has a name that every object has, or none`, {
    ...place,
    fix: CHOOSE_ANOTHER,
  })
  return false
}

/** Checks a name where it is defined. `at` says whether it is written as a key or as a value. */
export function checkName(kind: NameKind, name: string, report: Report, at: 'key' | 'value'): void {
  const reserved = isObjectMember(name) ? 'every object has' : POLICY_WORDS[kind].includes(name) ? 'is built in' : null
  if (reserved !== null)
    report.add('POLICY_NAME_RESERVED', `${kind} ${quote(name)} has a name that ${reserved}`, {
      at,
      fix: CHOOSE_ANOTHER,
    })
  else if (kind === 'segment' && looksLikeAddress(name)) {
    report.add('POLICY_NAME_ADDRESS', `segment ${quote(name)} could be read as an address`, {
      at,
      fix: 'begin the name with a letter, without colons and slashes',
    })
  } else if (name.length > LONGEST_NAME || !(kind === 'rule' ? RULE_ID : NAME).test(name)) {
    const nearest = toAscii(name)
    report.add('POLICY_NAME_INVALID', `${kind} name ${quote(name)} is not plain`, {
      at,
      expected: `1 to ${LONGEST_NAME} characters: ASCII letters, digits, ${kind === 'rule' ? '".", "_", "/"' : '".", "_"'} and "-"`,
      nearest: nearest !== name && NAME.test(nearest) ? nearest : undefined,
    })
  }
}

/** True for a text that an endpoint would read as an address, a prefix or a SPIFFE id, and not as a segment name. */
export function looksLikeAddress(text: string): boolean {
  const first = text.charCodeAt(0)
  return (first >= 48 && first <= 57) || first === 91 || text.includes('/') || text.includes(':')
}

/**
 * Letters that are drawn like plain ones, most of them Greek and Cyrillic: what each looks like, separated by commas, from
 * the code point in front on; nothing for a letter that looks like itself only.
 */
const DRAWN_ALIKE_FROM: readonly (readonly [first: number, plain: string])[] = [
  [0x00df, 'ss,,,,,,,ae'],
  [0x00f8, 'o'],
  [0x0131, 'i'],
  [0x0261, 'g'],
  [0x0391, 'A,B,,,E,Z,H,,I,K,,M,N,,O,,P,,,T,Y,,X,,,,,,,,,,a,,,,,,,,i,k,,,v,,o,,p,,,,u'],
  [0x0405, 'S,I,,J,,,,,,,,A,,B,,,E,,,,,K,,M,H,O,,P,C,T,,,X,,,,,,,,,,,a,,b,r,,e,,,,,k,,m,h,o,,p,c,t,y,,x'],
  [0x0455, 's,i,,j'],
  [0x04bb, 'h'],
  [0x0501, 'd'],
  [0x051b, 'q,,w'],
  [0x2010, '-,-,-,-,-'],
  [0x2212, '-'],
]

const DRAWN_ALIKE: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  DRAWN_ALIKE_FROM.flatMap(([first, plain]) =>
    plain.split(',').map((text, at) => [String.fromCharCode(first + at), text] as const),
  ),
)

/** The plain name a name looks like. */
export function toAscii(name: string): string {
  if (NAME.test(name)) return name
  let plain = ''
  for (const char of name.slice(0, LONGEST_NAME * 2).normalize('NFKD')) {
    if (char >= ' ' && char <= '~') plain += char === ' ' ? '-' : char
    else plain += DRAWN_ALIKE.get(char) ?? ''
  }
  return plain
}

/** What two names have in common when a reader may take one for the other. */
export function skeleton(name: string): string {
  return toAscii(name)
    .toLowerCase()
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/0/g, 'o')
    .replace(/[1|i]/g, 'l')
    .replace(/5/g, 's')
    .replace(/[-_.]/g, '-')
}

/** Warns of names of one table that look alike. */
export function checkLookalikes(kind: NameKind, names: Iterable<string>, report: Report, at: 'key' | 'value'): void {
  const seen = new Map<string, string>()
  let index = 0
  for (const name of names) {
    const shape = skeleton(name)
    const first = seen.get(shape)
    if (first === undefined) seen.set(shape, name)
    else if (first !== name) {
      const how = first.toLowerCase() === name.toLowerCase() ? 'only in case' : 'only in characters that look alike'
      report.add('POLICY_NAME_LOOKALIKE', `${kind} ${quote(name)} differs from ${quote(first)} ${how}`, {
        at,
        below: [at === 'key' ? name : index],
        fix: 'rename one of them',
      })
    }
    index++
  }
}
