import type { Position, Positions, Problem, Target } from './diagnostics.ts'
import { quote } from './diagnostics.ts'
import type { Limits } from './limits.ts'
import { LineIndex, offsetOf, type Place, placesOf } from './text-places.ts'

/** What was read from a text. */
export interface TextDocument {
  /** `undefined` when nothing could be read. */
  readonly document: unknown
  readonly positions: Positions
  readonly problems: readonly Problem[]
}

/** Problems that are reported of one text. */
export const MOST_TEXT_PROBLEMS = 200

/**
 * Reads JSON as `JSON.parse` does, and also says where, refuses a key that is written twice and keeps `__proto__` an
 * ordinary key. Walks with its own stack: depth costs memory of the heap and is bounded.
 */
export function readJsonText(text: string, limits: Limits): TextDocument {
  const reader = new JsonReader(text, limits, null)
  const document = reader.read()
  const lines = reader.failures.length === 0 ? null : new LineIndex(text)
  const problems = reader.failures.map(({ offset, code, message, fix }): Problem => {
    const place = lines?.position(offset)
    return { code, severity: 'error', path: [], message, ...place, ...(fix !== undefined && { fix }) }
  })
  return { document, problems, positions: new JsonPositions(text, limits) }
}

/** Finds places by reading the text once more: a policy without problems pays nothing for them. */
class JsonPositions implements Positions {
  readonly #text: string
  readonly #limits: Limits

  constructor(text: string, limits: Limits) {
    this.#text = text
    this.#limits = limits
  }

  locate(targets: readonly Target[]): readonly (Position | null)[] {
    if (targets.length === 0) return []
    const places = placesOf(targets)
    new JsonReader(this.#text, this.#limits, places).read()
    const lines = new LineIndex(this.#text)
    return targets.map(({ path, at }) => {
      const offset = offsetOf(places, path, at)
      return offset === -1 ? null : lines.position(offset)
    })
  }
}

interface Failure {
  readonly offset: number
  readonly code: 'POLICY_JSON_SYNTAX' | 'POLICY_DUPLICATE_KEY' | 'POLICY_TOO_DEEP' | 'POLICY_TOO_LARGE'
  readonly message: string
  readonly fix?: string
}

interface Frame {
  readonly list: unknown[] | null
  readonly object: Record<string, unknown> | null
  /** Key whose value comes next; `null` when the key is a duplicate, whose value is dropped. */
  key: string | null
  readonly place: Place | undefined
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const STOP = Symbol('stop')

class JsonReader {
  readonly failures: Failure[] = []
  readonly #text: string
  readonly #limits: Limits
  readonly #places: Place | null
  readonly #stack: Frame[] = []
  #at = 0
  #nodes = 0

  constructor(text: string, limits: Limits, places: Place | null) {
    this.#text = text
    this.#limits = limits
    this.#places = places
  }

  read(): unknown {
    const root: Frame = { list: [], object: null, key: null, place: undefined }
    this.#space()
    let place = this.#places ?? undefined
    if (place !== undefined) place.value = this.#at
    for (;;) {
      const depth = this.#stack.length
      const parent = this.#stack[depth - 1] ?? root
      const value = this.#value(place)
      if (value === STOP) return undefined
      // A list or object that was just opened is put in its parent at once, and filled afterwards.
      this.#put(parent, value)
      const justOpened = this.#stack.length > depth
      const next = this.#next(justOpened)
      if (next === STOP) return undefined
      if (next === null) return root.list?.[0]
      place = next.place
    }
  }

  #put(frame: Frame, value: unknown): void {
    if (frame.list !== null) frame.list.push(value)
    else if (frame.object !== null && frame.key !== null) {
      if (frame.key === '__proto__') {
        Object.defineProperty(frame.object, frame.key, { value, enumerable: true, configurable: true, writable: true })
      } else frame.object[frame.key] = value
    }
  }

  /** After a value or an opening bracket: to where the next value begins, or `null` at the end of the text. */
  #next(justOpened: boolean): { readonly place: Place | undefined } | null | typeof STOP {
    let first = justOpened
    for (;;) {
      this.#space()
      const frame = this.#stack[this.#stack.length - 1]
      if (frame === undefined) return this.#at === this.#text.length ? null : this.#fail('something follows the value')
      const code = this.#text.charCodeAt(this.#at)
      const close = frame.list !== null ? 0x5d : 0x7d
      if (code === close) {
        this.#at++
        this.#stack.pop()
        first = false
        continue
      }
      if (!first) {
        if (code !== COMMA) return this.#fail(`expected "," or "${String.fromCharCode(close)}"`)
        this.#at++
        this.#space()
      }
      return frame.list !== null ? this.#item(frame) : this.#key(frame)
    }
  }

  #item(frame: Frame): { readonly place: Place | undefined } {
    const place = frame.place?.children.get(frame.list?.length ?? 0)
    if (place !== undefined) place.key = place.value = this.#at
    return { place }
  }

  #key(frame: Frame): { readonly place: Place | undefined } | typeof STOP {
    const start = this.#at
    if (this.#text.charCodeAt(start) !== QUOTE) return this.#fail('expected a key in double quotes')
    const key = this.#string()
    if (key === null) return STOP
    this.#space()
    if (this.#text.charCodeAt(this.#at) !== COLON) return this.#fail('expected ":" after a key')
    this.#at++
    this.#space()
    if (frame.object !== null && Object.hasOwn(frame.object, key)) {
      this.#report({
        offset: start,
        code: 'POLICY_DUPLICATE_KEY',
        message: `key ${quote(key)} is written twice`,
        fix: 'remove one of them',
      })
      frame.key = null
      return { place: undefined }
    }
    frame.key = key
    const place = frame.place?.children.get(key)
    if (place !== undefined) {
      place.key = start
      place.value = this.#at
    }
    return { place }
  }

  #value(place: Place | undefined): unknown {
    if (++this.#nodes > this.#limits.nodes) {
      this.#report({
        offset: this.#at,
        code: 'POLICY_TOO_LARGE',
        message: `the document has more than ${this.#limits.nodes} values`,
      })
      return STOP
    }
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string() ?? STOP
      case '{':
        return this.#open({ list: null, object: {}, key: null, place })
      case '[':
        return this.#open({ list: [], object: null, key: null, place })
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #open(frame: Frame): unknown {
    if (this.#stack.length >= this.#limits.depth) {
      this.#report({
        offset: this.#at,
        code: 'POLICY_TOO_DEEP',
        message: `the document is nested deeper than ${this.#limits.depth}`,
      })
      return STOP
    }
    this.#at++
    this.#stack.push(frame)
    return frame.list ?? frame.object
  }

  #word(word: string, value: unknown): unknown {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('expected a value')
    this.#at += word.length
    return value
  }

  #number(): unknown {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) return this.#fail('expected a value')
    this.#at = NUMBER.lastIndex
    return Number(match[0])
  }

  #string(): string | null {
    const text = this.#text
    const start = this.#at + 1
    let from = start
    let parts: string | null = null
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.#at = at + 1
        return parts === null ? text.slice(start, at) : parts + text.slice(from, at)
      }
      if (code === BACKSLASH) {
        const char = this.#escape(at)
        if (char === null) return null
        parts = (parts ?? '') + text.slice(from, at) + char
        at += text[at + 1] === 'u' ? 5 : 1
        from = at + 1
      } else if (!(code >= 0x20)) {
        this.#at = Math.min(at, text.length)
        this.#fail(at >= text.length ? 'a text does not end' : 'a text has a control character that is not escaped')
        return null
      }
    }
  }

  #escape(at: number): string | null {
    const letter = this.#text[at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(at + 2, at + 6)
      if (/^[0-9a-fA-F]{4}$/.test(digits)) return String.fromCharCode(Number.parseInt(digits, 16))
    } else {
      const char = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
      if (char !== undefined) return char
    }
    this.#at = at
    this.#fail('unknown escape')
    return null
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }

  #fail(message: string): typeof STOP {
    const end = this.#at >= this.#text.length
    const found = end ? 'the text ends' : `found ${quote(this.#text[this.#at] ?? '')}`
    const mark = this.#text.charCodeAt(this.#at) === 0xfeff ? { fix: 'save the file without a byte order mark' } : {}
    this.#report({ offset: this.#at, code: 'POLICY_JSON_SYNTAX', message: `${message}, ${found}`, ...mark })
    return STOP
  }

  #report(failure: Failure): void {
    if (this.failures.length < MOST_TEXT_PROBLEMS) this.failures.push(failure)
  }
}
