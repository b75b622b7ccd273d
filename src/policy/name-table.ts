import type { ProblemCode } from './codes.ts'
import { quote } from './diagnostics.ts'
import { checkLookalikes, checkName, type NameKind } from './names.ts'
import type { Report } from './report.ts'

/** What a policy defines by name, with what has been referred to. */
export class NameTable<T> {
  readonly #kind: NameKind
  readonly #unknown: ProblemCode
  readonly #unused: ProblemCode
  readonly #entries = new Map<string, T>()
  readonly #used = new Set<string>()

  constructor(kind: NameKind, unknown: ProblemCode, unused: ProblemCode) {
    this.#kind = kind
    this.#unknown = unknown
    this.#unused = unused
  }

  get size(): number {
    return this.#entries.size
  }

  set(name: string, entry: T): void {
    this.#entries.set(name, entry)
  }

  /** Counts the name as referred to, whether it is defined or not. */
  use(name: string): T | undefined {
    this.#used.add(name)
    return this.#entries.get(name)
  }

  /** What a name means, or `undefined` after a report. */
  resolve(name: string, report: Report, fix?: string): T | undefined {
    const entry = this.use(name)
    if (entry === undefined)
      report.add(this.#unknown, `${this.#kind} ${quote(name)} is not defined`, {
        nearest: report.nearest(name, this.#entries.keys()),
        fix,
      })
    return entry
  }

  /** Warns of what nobody refers to. */
  reportUnused(report: Report): void {
    for (const name of this.#entries.keys()) {
      if (!this.#used.has(name))
        report.add(this.#unused, `${this.#kind} ${quote(name)} is never used`, {
          at: 'key',
          below: [`${this.#kind}s`, name],
          fix: 'remove it, or refer to it in a rule',
        })
    }
  }
}

/** Runs `read` on each name of a table of the document, with the report standing at it. */
export function readNamed<T>(
  kind: NameKind,
  names: readonly string[],
  document: Readonly<Record<string, T | undefined>>,
  read: (name: string, definition: T | undefined) => void,
  report: Report,
): void {
  const { path } = report
  const depth = path.push(`${kind}s`)
  checkLookalikes(kind, names, report, 'key')
  for (const name of names) {
    path[depth] = name
    checkName(kind, name, report, 'key')
    read(name, document[name])
  }
  path.length = depth - 1
}
