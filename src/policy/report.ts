import type { ProblemCode } from './codes.ts'
import type { Path, Positions, Problem, Target } from './diagnostics.ts'
import { nearestName } from './nearest.ts'
import { severityOf } from './severity.ts'

/** What a problem says beside its code and message. */
export interface ProblemDetails {
  readonly expected?: string
  readonly nearest?: string | undefined
  readonly fix?: string | undefined
  /** Where the problem points: at the value, or at the key in front of it. */
  readonly at?: 'key' | 'value'
  /** Last parts of the path, below the one the report stands at. */
  readonly below?: Path
}

/** Problems that are reported of one document. */
export const MOST_PROBLEMS = 200
/** Errors after which the reading stops: so many are counted, though not all are reported. */
const MOST_COUNTED = 2000
/** Names that are looked at to find the nearest, for one problem and for all problems of a document. */
const MOST_CANDIDATES = 512
const MOST_COMPARISONS = 16_384

/** Thrown by {@link Report.add} to end the reading of a document that has nothing but errors. */
export class TooManyProblems extends Error {}

/**
 * Collects the problems of one document. `path` is where the reading pass stands; it is pushed and popped in place, so
 * that a document without problems pays for no path.
 */
export class Report {
  readonly path: (string | number)[] = []
  readonly #problems: Problem[] = []
  readonly #targets: Target[] = []
  #errors = 0
  #warnings = 0
  #comparisons = MOST_COMPARISONS

  /** True once nothing more will be kept: checks that cost much may be left out, since the policy is refused anyway. */
  get full(): boolean {
    return this.#errors >= MOST_PROBLEMS
  }

  get failed(): boolean {
    return this.#errors > 0
  }

  add(code: ProblemCode, message: string, details: ProblemDetails = {}): void {
    const severity = severityOf(code)
    const count = severity === 'error' ? ++this.#errors : ++this.#warnings
    if (this.#errors > MOST_COUNTED) throw new TooManyProblems()
    if (count > MOST_PROBLEMS) return
    const path = details.below === undefined ? [...this.path] : [...this.path, ...details.below]
    this.#targets.push({ path, at: details.at ?? 'value' })
    this.#problems.push({
      code,
      severity,
      path,
      message,
      ...(details.expected !== undefined && { expected: details.expected }),
      ...(details.nearest !== undefined && { nearest: details.nearest }),
      ...(details.fix !== undefined && { fix: details.fix }),
    })
  }

  /** The nearest of some names, while the budget for looking lasts. */
  nearest(name: string, candidates: Iterable<string>): string | undefined {
    if (this.full || this.#comparisons <= 0) return undefined
    let looked = 0
    const counted = (function* () {
      for (const candidate of candidates) {
        looked++
        yield candidate
      }
    })()
    const found = nearestName(name, counted, Math.min(MOST_CANDIDATES, this.#comparisons))
    this.#comparisons -= looked
    return found
  }

  /** All problems in the order of the text, errors before warnings when not all can be kept. */
  finish(positions: Positions | undefined): readonly Problem[] {
    const places = positions?.locate(this.#targets)
    const located = this.#problems.map((problem, index): Problem => {
      const place = places?.[index]
      return place == null ? problem : { ...problem, line: place.line, column: place.column }
    })
    const kept = [
      ...located.filter(({ severity }) => severity === 'error'),
      ...located.filter(({ severity }) => severity === 'warning'),
    ].slice(0, MOST_PROBLEMS)
    if (positions !== undefined) kept.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    const more = this.#errors + this.#warnings - kept.length
    if (more > 0) kept.push(tooMany(more, this.failed, this.#errors > MOST_COUNTED))
    return Object.freeze(kept)
  }
}

function tooMany(more: number, failed: boolean, stopped: boolean): Problem {
  const message = `and ${stopped ? 'at least ' : ''}${more} more ${more === 1 ? 'problem' : 'problems'}`
  // A document with warnings only still loads, so the line that counts the rest must not fail it.
  return { code: 'POLICY_TOO_MANY_PROBLEMS', severity: failed ? 'error' : 'warning', path: [], message }
}
