import {
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  type YAMLMap,
} from 'yaml'
import type { ProblemCode } from './codes.ts'
import type { Path, Position, Positions, Problem, Target } from './diagnostics.ts'
import { quote } from './diagnostics.ts'
import { MOST_TEXT_PROBLEMS, type TextDocument } from './json-text.ts'
import type { Limits } from './limits.ts'
import { denseLines, LineIndex } from './text-places.ts'

/** Lists, maps, aliases and scalars as the library hands them over. */
type YamlNode = unknown

/**
 * A policy as people write it has more units of text for each token than this. The library needs microseconds for a token,
 * so a file of nothing but brackets would keep it busy for seconds; what is denser is refused before it sees it.
 */
const UNITS_PER_TOKEN = 4.5
/** Tokens that are read however dense the text is. */
const FEW_TOKENS = 100_000
/** An empty line costs the library a third of another token. */
const LINE_WEIGHT = 1 / 3

/**
 * Reads YAML 1.2 with the core schema, and refuses what a policy has no use for: tags, directives, merge keys, several
 * documents, keys that are not text. Depth and number of tokens are checked before the library builds anything from them,
 * since it builds recursively.
 */
export function readYamlText(text: string, limits: Limits): TextDocument {
  const failures = new YamlFailures(text)
  const composed = compose(text, limits, failures)
  if (composed === null) return { document: undefined, positions: NOWHERE, problems: failures.problems }
  for (const { pos, message } of composed.errors) failures.add('POLICY_YAML_SYNTAX', pos[0], message)
  const builder = new YamlBuilder(limits, failures)
  const document = composed.errors.length > 0 ? undefined : builder.build(composed.contents, 0)
  return {
    document: builder.stopped ? undefined : document,
    positions: new YamlPositions(text, composed.contents, builder.targets),
    problems: failures.problems,
  }
}

const NOWHERE: Positions = { locate: (targets) => targets.map(() => null) }

class YamlFailures {
  readonly problems: Problem[] = []
  readonly #text: string
  #lines: LineIndex | undefined

  constructor(text: string) {
    this.#text = text
  }

  get full(): boolean {
    return this.problems.length >= MOST_TEXT_PROBLEMS
  }

  add(code: ProblemCode, offset: number, message: string, fix?: string): void {
    if (this.full) return
    this.#lines ??= new LineIndex(this.#text)
    const oneLine = message.replace(/\s+/g, ' ').slice(0, 300)
    const place = this.#lines.position(Math.min(offset, this.#text.length))
    this.problems.push({
      code,
      severity: 'error',
      path: [],
      message: oneLine,
      ...place,
      ...(fix !== undefined && { fix }),
    })
  }
}

/** The one document of a text, or `null` after a report. */
function compose(text: string, limits: Limits, failures: YamlFailures): Document | null {
  const tokens = tokenise(text, limits, failures)
  if (tokens === null) return null
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    strict: true,
    merge: false,
    // The library compares every key with every other; the builder below does it in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const documents = withoutStacks(() => [...composer.compose(tokens, true, text.length)])
  const second = documents[1]
  if (second !== undefined) {
    failures.add('POLICY_YAML_UNSUPPORTED', second.range[0], MANY_DOCUMENTS, ONE_DOCUMENT)
    return null
  }
  return documents[0] ?? null
}

/** The library takes its time for each document; a second one is refused anyway, with its place. */
const FEW_DOCUMENTS = 8
const MANY_DOCUMENTS = 'the text has more than one document'
const ONE_DOCUMENT = 'keep one policy in one file'

/** Lexemes of a text that is not too dense and has nothing that is not permitted, or `null` after a report. */
function lex(text: string, limits: Limits, failures: YamlFailures): readonly string[] | null {
  const lexemes: string[] = []
  const most = Math.min(limits.nodes, Math.max(FEW_TOKENS, Math.floor(text.length / UNITS_PER_TOKEN)))
  const dense = denseLines(text, most)
  if (dense !== -1) {
    failures.add('POLICY_TOO_LARGE', dense, `the text has more than ${most} lines`, 'write large policies as JSON')
    return null
  }
  let weight = 0
  let offset = 0
  let aliases = 0
  let anchors = 0
  let documents = 0
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.push(lexeme)
    if (lexeme === '---' && ++documents > FEW_DOCUMENTS) {
      failures.add('POLICY_YAML_UNSUPPORTED', offset, MANY_DOCUMENTS, ONE_DOCUMENT)
      return null
    }
    if (isMark(lexeme)) continue
    const first = lexeme[0]
    if (first === ' ' || first === '\t') weight += 0
    else if (first === '\n' || first === '\r') weight += LINE_WEIGHT
    else weight += 1
    if (weight > most) {
      failures.add('POLICY_TOO_LARGE', offset, `the text has more than ${most} tokens`, 'write large policies as JSON')
      return null
    }
    if ((first === '*' && ++aliases > limits.aliases) || (first === '&' && ++anchors > limits.aliases)) {
      failures.add(
        'POLICY_TOO_MANY_ALIASES',
        offset,
        `the text has more than ${limits.aliases} anchors or aliases`,
        'write the values out',
      )
      return null
    }
    if (first === '!' || first === '%' || first === '"') checkLexeme(lexeme, offset, failures)
    if (failures.full) return null
    offset += lexeme.length
  }
  return failures.problems.length > 0 ? null : lexemes
}

/** Lexemes that are no part of the text: where a document or a plain scalar begins, and where a flow collection breaks off. */
function isMark(lexeme: string): boolean {
  return lexeme === CST.DOCUMENT || lexeme === CST.SCALAR || lexeme === CST.FLOW_END
}

const BAD_ESCAPE = /\\(?!["\\/0abefnrtvNLP_ \t\r\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/

function checkLexeme(lexeme: string, offset: number, failures: YamlFailures): void {
  const type = CST.tokenType(lexeme)
  if (type === 'tag')
    failures.add('POLICY_YAML_UNSUPPORTED', offset, `tag ${quote(lexeme)} is not permitted`, 'remove it')
  if (type === 'directive-line' && lexeme !== '%YAML 1.2') {
    failures.add('POLICY_YAML_UNSUPPORTED', offset, `directive ${quote(lexeme)} is not permitted`, 'remove it')
  }
  if (type !== 'double-quoted-scalar') return
  // The library makes an error of each of them. Pairs of backslashes are taken out first: they escape each other.
  const bad = BAD_ESCAPE.exec(lexeme.replaceAll('\\\\', '//'))
  if (bad !== null)
    failures.add(
      'POLICY_YAML_SYNTAX',
      offset + bad.index,
      'unknown escape in a quoted text',
      'write \\\\ for a backslash',
    )
}

/** Tokens of a text that is not too deep, or `null` after a report. */
function tokenise(text: string, limits: Limits, failures: YamlFailures): CST.Token[] | null {
  const lexemes = lex(text, limits, failures)
  if (lexemes === null) return null
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let offset = 0
  for (const lexeme of lexemes) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The first entry of the stack is the document itself.
    if (parser.stack.length > limits.depth + 2) {
      failures.add('POLICY_TOO_DEEP', offset, `the text is nested deeper than ${limits.depth}`)
      return null
    }
    if (!isMark(lexeme)) offset += lexeme.length
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

/**
 * Runs something that may make a hundred thousand errors. Their stack traces, which nobody reads, would take ten times as
 * long as all the rest.
 */
function withoutStacks<T>(run: () => T): T {
  const limit = Error.stackTraceLimit
  const writable = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true
  if (writable) Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    if (writable) Error.stackTraceLimit = limit
  }
}

interface Anchored {
  readonly node: YamlNode
  value: unknown
  /** Values in it; -1 while it is being built. */
  size: number
}

/** Builds plain data from the nodes of the library. Depth is bounded before. */
class YamlBuilder {
  stopped = false
  /** What each alias stands for, to find places behind it. */
  readonly targets = new Map<YamlNode, YamlNode>()
  readonly #limits: Limits
  readonly #failures: YamlFailures
  readonly #anchors = new Map<string, Anchored>()
  #size = 0

  constructor(limits: Limits, failures: YamlFailures) {
    this.#limits = limits
    this.#failures = failures
  }

  build(node: YamlNode, depth: number): unknown {
    if (this.stopped) return undefined
    if (depth > this.#limits.depth)
      return this.#stop('POLICY_TOO_DEEP', node, `the text is nested deeper than ${this.#limits.depth}`)
    if (++this.#size > this.#limits.nodes)
      return this.#stop('POLICY_TOO_LARGE', node, `the document has more than ${this.#limits.nodes} values`)
    if (isAlias(node)) return this.#alias(node.source, node)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor === undefined) return this.#plain(node, depth)
    const anchored: Anchored = { node, value: undefined, size: -1 }
    this.#anchors.set(anchor, anchored)
    const before = this.#size
    anchored.value = this.#plain(node, depth)
    anchored.size = this.#size - before + 1
    return anchored.value
  }

  #plain(node: YamlNode, depth: number): unknown {
    if (isMap(node)) return this.#map(node, depth)
    if (isSeq(node)) return node.items.map((item) => this.build(item, depth + 1))
    if (!isScalar(node)) return null
    const { value, source } = node
    if (typeof value === 'number' && source !== undefined && /^[-+]?0[0-9]/.test(source)) {
      this.#failures.add(
        'POLICY_YAML_UNSUPPORTED',
        offsetOfNode(node),
        `number ${quote(source)} has a leading zero, which some programs read as octal`,
        'remove the zero, or quote it',
      )
    }
    return value
  }

  #map(node: YAMLMap, depth: number): unknown {
    const object: Record<string, unknown> = {}
    for (const pair of node.items) {
      const key = this.#key(pair)
      if (key === null) continue
      if (Object.hasOwn(object, key)) {
        this.#failures.add(
          'POLICY_DUPLICATE_KEY',
          offsetOfNode(pair.key),
          `key ${quote(key)} is written twice`,
          'remove one of them',
        )
        continue
      }
      const value = this.build(pair.value, depth + 1)
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      else object[key] = value
    }
    return object
  }

  #key(pair: Pair): string | null {
    const { key } = pair
    if (isScalar(key) && typeof key.value === 'string' && key.anchor === undefined) {
      if (key.value !== '<<' || key.type !== 'PLAIN') return key.value
      this.#failures.add(
        'POLICY_YAML_UNSUPPORTED',
        offsetOfNode(key),
        'merge keys are not permitted',
        'write the keys out',
      )
      return null
    }
    const source =
      isScalar(key) && typeof key.source === 'string' && key.source !== ''
        ? `write "${key.source.slice(0, 60)}"`
        : 'quote it'
    this.#failures.add('POLICY_YAML_UNSUPPORTED', offsetOfNode(key ?? pair.value), 'a key is not text', source)
    return null
  }

  #alias(name: string, node: YamlNode): unknown {
    const anchored = this.#anchors.get(name)
    if (anchored === undefined || anchored.size === -1) {
      const message =
        anchored === undefined
          ? `alias ${quote(name)} has no anchor before it`
          : `alias ${quote(name)} stands inside what it stands for`
      this.#failures.add('POLICY_YAML_UNSUPPORTED', offsetOfNode(node), message, 'write the value out')
      return undefined
    }
    this.targets.set(node, anchored.node)
    this.#size += anchored.size
    if (this.#size > this.#limits.nodes)
      return this.#stop(
        'POLICY_TOO_LARGE',
        node,
        `the document has more than ${this.#limits.nodes} values once its aliases are written out`,
      )
    return anchored.value
  }

  #stop(code: ProblemCode, node: YamlNode, message: string): undefined {
    this.stopped = true
    this.#failures.add(code, offsetOfNode(node), message)
    return undefined
  }
}

function offsetOfNode(node: YamlNode): number {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return node.range?.[0] ?? 0
  return 0
}

class YamlPositions implements Positions {
  readonly #text: string
  readonly #root: YamlNode
  readonly #targets: ReadonlyMap<YamlNode, YamlNode>
  readonly #members = new Map<YAMLMap, Map<string, Pair>>()

  constructor(text: string, root: YamlNode, targets: ReadonlyMap<YamlNode, YamlNode>) {
    this.#text = text
    this.#root = root
    this.#targets = targets
  }

  locate(targets: readonly Target[]): readonly (Position | null)[] {
    const lines = new LineIndex(this.#text)
    return targets.map(({ path, at }) => lines.position(this.#offset(path, at)))
  }

  #offset(path: Path, at: 'key' | 'value'): number {
    let node = this.#root
    let offset = offsetOfNode(node)
    let key = offset
    for (const part of path) {
      const holder = this.#targets.get(node) ?? node
      if (isMap(holder) && typeof part === 'string') {
        const pair = this.#member(holder, part)
        if (pair === undefined) return offset
        key = offsetOfNode(pair.key)
        node = pair.value
        offset = node === null ? key : offsetOfNode(node)
      } else if (isSeq(holder) && typeof part === 'number' && part < holder.items.length) {
        node = holder.items[part]
        offset = key = offsetOfNode(node)
      } else return offset
    }
    return at === 'key' ? key : offset
  }

  #member(map: YAMLMap, name: string): Pair | undefined {
    let members = this.#members.get(map)
    if (members === undefined) {
      members = new Map()
      for (const pair of map.items) {
        const key = isScalar(pair.key) ? pair.key.value : undefined
        if (typeof key === 'string' && !members.has(key)) members.set(key, pair)
      }
      this.#members.set(map, members)
    }
    return members.get(name)
  }
}
