import { quote } from './diagnostics.ts'
import type { Report } from './report.ts'

/** What a name names. Each has its own table. */
export type NameKind = 'segment' | 'group' | 'service' | 'posture' | 'tier' | 'rule'

const LONGEST_NAME = 128
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
const RULE_ID = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/

/** Members of every object: a table that is looked up by such a name in a plain object finds what nobody put there. */
const OBJECT_MEMBERS: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])
const POLICY_WORDS: Readonly<Record<NameKind, ReadonlySet<string>>> = {
  segment: new Set(['any', 'internet', 'default', 'none']),
  group: new Set(['any', 'none']),
  service: new Set(['any', 'none', 'inline']),
  posture: new Set(['any', 'none']),
  tier: new Set(['any', 'none']),
  rule: new Set(),
}

/** True for a name that every object has, such as `constructor`. */
export function isObjectMember(name: string): boolean {
  return OBJECT_MEMBERS.has(name)
}

/** Checks a name where it is defined. `at` says whether it is written as a key or as a value. */
export function checkName(kind: NameKind, name: string, report: Report, at: 'key' | 'value'): void {
  if (isObjectMember(name))
    report.add('POLICY_NAME_RESERVED', `${kind} ${quote(name)} has a name that every object has`, {
      at,
      fix: 'choose another name',
    })
  else if (POLICY_WORDS[kind].has(name))
    report.add('POLICY_NAME_RESERVED', `${kind} ${quote(name)} has a name that is built in`, {
      at,
      fix: 'choose another name',
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

/** Cyrillic and Greek letters that are drawn like Latin ones. */
const DRAWN_ALIKE: Readonly<Record<string, string>> = {
  '\u0430': 'a',
  '\u0435': 'e',
  '\u043e': 'o',
  '\u0440': 'p',
  '\u0441': 'c',
  '\u0445': 'x',
  '\u0443': 'y',
  '\u0456': 'i',
  '\u0458': 'j',
  '\u0455': 's',
  '\u04bb': 'h',
  '\u0501': 'd',
  '\u051b': 'q',
  '\u051d': 'w',
  '\u043a': 'k',
  '\u043c': 'm',
  '\u043d': 'h',
  '\u0442': 't',
  '\u0432': 'b',
  '\u0433': 'r',
  '\u0410': 'A',
  '\u0412': 'B',
  '\u0415': 'E',
  '\u041a': 'K',
  '\u041c': 'M',
  '\u041d': 'H',
  '\u041e': 'O',
  '\u0420': 'P',
  '\u0421': 'C',
  '\u0422': 'T',
  '\u0425': 'X',
  '\u0406': 'I',
  '\u0408': 'J',
  '\u0405': 'S',
  '\u03bf': 'o',
  '\u03b1': 'a',
  '\u03bd': 'v',
  '\u03c1': 'p',
  '\u03b9': 'i',
  '\u03ba': 'k',
  '\u03c5': 'u',
  '\u0391': 'A',
  '\u0392': 'B',
  '\u0395': 'E',
  '\u0396': 'Z',
  '\u0397': 'H',
  '\u0399': 'I',
  '\u039a': 'K',
  '\u039c': 'M',
  '\u039d': 'N',
  '\u039f': 'O',
  '\u03a1': 'P',
  '\u03a4': 'T',
  '\u03a5': 'Y',
  '\u03a7': 'X',
  '\u0131': 'i',
  '\u0261': 'g',
  '\u00df': 'ss',
  '\u00e6': 'ae',
  '\u00f8': 'o',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
}

/** The plain name a name looks like. */
export function toAscii(name: string): string {
  if (NAME.test(name)) return name
  let plain = ''
  for (const char of name.slice(0, LONGEST_NAME * 2).normalize('NFKD')) {
    if (char >= ' ' && char <= '~') plain += char === ' ' ? '-' : char
    else plain += DRAWN_ALIKE[char] ?? ''
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
