/**
 * Hostile texts of about a mebibyte, one for each part of the readers that could be slow: the tokens of YAML alone and
 * inside each other, and the lists and tables of a policy. Each must be answered soon, with problems, and without an
 * exception.
 */
export interface HostileText {
  readonly name: string
  readonly format: 'json' | 'yaml'
  readonly text: string
}

const SIZE = 1024 * 1024

function filled(unit: string, size = SIZE): string {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size)
}

function many(line: (index: number) => string, separator = '\n', size = SIZE): string {
  const lines: string[] = []
  for (let index = 0, length = 0; length < size; index++) {
    const next = line(index)
    lines.push(next)
    length += next.length + separator.length
  }
  return lines.join(separator)
}

const HEAD = 'sallyport: 1\nname: x\n'
/** Below the limit of density, so that the library has to do the work. */
const SPARSE = ' '.repeat(6)

function staircase(): string {
  let text = ''
  for (let indent = 0; text.length < SIZE; indent++) text += `${' '.repeat(indent)}a:\n`
  return text
}

function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `a${level + 1}: &a${level + 1} [${Array(10).fill(`*a${level}`).join(', ')}]`,
  )
  return `a0: &a0 [${Array(10).fill('x').join(', ')}]\n${levels.join('\n')}`
}

const YAML_TEXTS: Readonly<Record<string, string>> = {
  'flow lists inside each other': filled('['),
  'flow maps inside each other': filled('{a: '),
  'block lists inside each other': filled('- '),
  'block keys inside each other': filled('? '),
  'a staircase of indentation': staircase(),
  'flow lists inside quotes and lists': filled('[ "]" , '),
  'an alias bomb': bomb(),
  'an alias of what it stands in': 'rules: &a [*a]',
  'two aliases of what they stand in': 'a: &a { b: &b [*a, *b] }',
  'many aliases': `a: &a x\nb: [${filled('*a,')}]`,
  'many anchors': many((index) => `${SPARSE}- &a${index} some text`),
  'many directives': filled('%TAG ! x\n'),
  'many documents': filled('---\n'),
  'one huge plain text': `${HEAD}description: ${filled('a')}`,
  'one huge quoted text': `name: "${filled('a')}"`,
  'one huge text over many lines': `name: ${filled('a\n  ')}`,
  'one huge block text': `name: |\n  ${filled('aaaa\n  ')}`,
  'one huge folded text': `name: >\n${filled('  b\n\n')}`,
  'a quoted text of escapes': `name: "${filled('\\n')}"`,
  'a quoted text that does not end': `name: "${filled('a ')}`,
  'many keys': many((index) => `key-number-${index}: some text`),
  'many short items': `[${filled('a,')}]`,
  'many colons': filled(': '),
  'many empty lines of windows': filled('\r\n'),
  'many comments': filled('#\n'),
  'many spaces': filled(' '),
  'tabs as indentation': filled('key:\n\tvalue of it\n'),
  'many closing brackets on lines': filled('}          \n'),
  'many errors': filled(`key: ]${SPARSE}\n`),
  'many keys that are lists': filled('? [a, b]        \n: some text\n'),
  'NUL characters': filled('\0'),
  'byte order marks': filled('\ufeff'),
  'lone surrogates': filled('\ud800'),
  'rules with unknown keys': `${HEAD}rules:\n${many((index) => `  - id: rule-${index}\n    efect: allow`)}`,
}

function policy(body: string): string {
  return `{"sallyport":1,"name":"x",${body}}`
}

function list(item: (index: number) => string): string {
  return `[${many(item, ',')}]`
}

const JSON_TEXTS: Readonly<Record<string, string>> = {
  'lists inside each other': filled('['),
  'objects inside each other': filled('{"a":'),
  'lists that close again': filled('[', SIZE / 2) + filled(']', SIZE / 2),
  'many numbers': `[${filled('1,', SIZE)}1]`,
  'many empty objects': list(() => '{}'),
  'many keys': `{${many((index) => `"k${index}":1`, ',')}}`,
  'one key many times': `{${many(() => '"a":1', ',')}}`,
  'one long number': `[${filled('1')}]`,
  'one long text': `"${filled('a')}"`,
  'one long text of escapes': `"${filled('\\n')}"`,
  'one long text of long escapes': `"${'\\u0041'.repeat(170_000)}"`,
  'a text that does not end': `"${filled('a')}`,
  'many spaces': filled(' '),
  'many quotes': filled('"'),
  'rules that are numbers': policy(`"rules":${list(String)}`),
  'rules with unknown keys': policy(`"rules":${list((index) => `{"id":"r${index}","efect":"x"}`)}`),
  'rules with unknown zones': policy(
    `"rules":${list((index) => `{"id":"r${index}","effect":"allow","valid":{"schedule":[{"zone":"Zone/Nr${index}"}]}}`)}`,
  ),
  'rules with one id': policy(`"rules":${list(() => '{"id":"r","effect":"deny"}')}`),
  'rules for nobody': policy(`"rules":${list((index) => `{"id":"r${index}","effect":"deny","from":[]}`)}`),
  'rules that are open': policy(`"rules":${list((index) => `{"id":"r${index}","effect":"allow"}`)}`),
  'unknown segments in one rule': policy(
    `"rules":[{"id":"r","effect":"deny","from":${list((index) => `"nosuch${index}"`)}}]`,
  ),
  'unknown groups in one rule': policy(
    `"rules":[{"id":"r","effect":"deny","who":{"group":${list((index) => `"nosuch${index}"`)}}}]`,
  ),
  'broken prefixes': policy(`"rules":[],"segments":{"a":{"cidrs":${list((index) => `"10.0.0.${index}/33"`)}}}`),
  'one prefix many times': policy(`"rules":[],"segments":{"a":{"cidrs":${list(() => '"10.0.0.0/8"')}}}`),
  'a long prefix': policy(`"rules":[],"segments":{"a":{"cidrs":["${filled('1')}/8"]}}`),
  'a long SPIFFE id': policy(`"rules":[],"segments":{"a":{"workloads":["spiffe://${filled('a/')}"]}}`),
  'empty segments': policy(`"rules":[],"segments":{${many((index) => `"s${index}":{}`, ',')}}`),
  'a chain of segments': policy(
    `"rules":[],"segments":{${many((index) => `"s${index}":{"segments":["s${index + 1}"]}`, ',')}}`,
  ),
  'segments that hold themselves': policy(
    `"rules":[],"segments":{${many((index) => `"s${index}":{"segments":["s${index}"]}`, ',')}}`,
  ),
  'a chain that ends in its beginning': policy(
    `"rules":[],"segments":{${Array.from({ length: 30_000 }, (_, index) => `"s${index}":{"segments":["s${(index + 1) % 30_000}"]}`).join(',')}}`,
  ),
  'a name of look-alikes': policy(`"rules":[],"segments":{"${filled('\u0430')}":{}}`),
  'many look-alikes': policy(
    `"rules":[],"groups":{${many((index) => `"${index.toString(2).replaceAll('1', 'l').replaceAll('0', 'I')}":{}`, ',')}}`,
  ),
  'many labels': policy(`"rules":[],"segments":{"a":{"labels":{${many((index) => `"l${index}":"x"`, ',')}}}}`),
  'many claims': policy(
    `"rules":[{"id":"r","effect":"deny","who":{"claims":{${many((index) => `"c${index}":"x"`, ',')}}}}]`,
  ),
  'a long id, name and condition': policy(
    `"rules":[{"id":"${filled('a.')}","effect":"allow","when":"${filled('(')}"}]`,
  ),
  'a long route': policy(
    `"rules":[],"services":{"a":{"http":{"routes":["${filled('/:')}"]},"ports":["${filled('1-')}"]}}`,
  ),
  'a long duration and instant': policy(
    `"rules":[{"id":"r","effect":"deny","lease":"${filled('1')}","valid":{"from":"${filled('2')}"}}]`,
  ),
  'many ports': policy(`"rules":[],"services":{"a":{"ports":${list((index) => `${(index * 7919) % 65536}`)}}}`),
  'many keys of an obligation': policy(
    `"rules":[{"id":"r","effect":"deny","obligations":[{"type":"t",${many((index) => `"k${index}":1`, ',')}}]}]`,
  ),
}

export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...Object.entries(YAML_TEXTS).map(([name, text]) => ({ name, format: 'yaml' as const, text })),
  ...Object.entries(JSON_TEXTS).map(([name, text]) => ({ name, format: 'json' as const, text })),
  // YAML reads JSON too: the shapes that its own texts do not have.
  ...[
    'objects inside each other',
    'many numbers',
    'one key many times',
    'one long text of long escapes',
    'many quotes',
  ].map((name) => ({ name: `JSON: ${name}`, format: 'yaml' as const, text: JSON_TEXTS[name]! })),
]
