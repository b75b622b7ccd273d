import type { FactValue } from '../facts/posture.ts'
import { quote } from './diagnostics.ts'
import type { Loose, PostureDocument } from './document.ts'
import type { Comparison, FactComparison, PostureModel } from './model.ts'
import { checkLookalikes, checkName, isObjectMember } from './names.ts'
import { sortScalars } from './read-identities.ts'
import { readEach } from './reading.ts'
import type { Report } from './report.ts'
import { readDuration } from './times.ts'
import { COMPARISON_OPERATORS } from './vocabulary.ts'

/** The postures of a policy, in code-unit order of their names. */
export class PostureTable {
  readonly postures: PostureModel[] = []
  readonly #names = new Map<string, number>()
  readonly #used = new Set<string>()

  add(posture: PostureModel): void {
    this.#names.set(posture.name, this.postures.length)
    this.postures.push(posture)
  }

  resolve(name: string, report: Report): number | undefined {
    const index = this.#names.get(name)
    if (index === undefined)
      report.add('POLICY_POSTURE_UNKNOWN', `posture ${quote(name)} is not defined`, {
        nearest: report.nearest(name, this.#names.keys()),
      })
    else this.#used.add(name)
    return index
  }

  reportUnused(report: Report): void {
    report.path.push('postures')
    for (const { name } of this.postures) {
      if (!this.#used.has(name))
        report.add('POLICY_POSTURE_UNUSED', `posture ${quote(name)} is never used`, {
          at: 'key',
          below: [name],
          fix: 'remove it, or refer to it in a rule',
        })
    }
    report.path.pop()
  }
}

/** Reads the named postures. */
export function readPostures(
  document: Readonly<Record<string, Loose<PostureDocument> | undefined>>,
  report: Report,
): PostureTable {
  const table = new PostureTable()
  const { path } = report
  const names = Object.keys(document).sort()
  path.push('postures')
  checkLookalikes('posture', names, report, 'key')
  for (const name of names) {
    path.push(name)
    checkName('posture', name, report, 'key')
    table.add(readPosture(name, document[name] ?? {}, report))
    path.pop()
  }
  path.pop()
  return table
}

function readPosture(name: string, document: Loose<PostureDocument>, report: Report): PostureModel {
  const maxAgeMs = document.maxAge === undefined ? 0 : readAge(document.maxAge, report)
  const { all } = document
  // All of nothing is true of every device, the broken ones too.
  if (all?.length === 0)
    report.add('POLICY_SELECTOR_EMPTY', `posture ${quote(name)} asks for nothing`, {
      below: ['all'],
      fix: 'add a comparison, or remove the posture',
    })
  const comparisons =
    all === undefined || all.length === 0
      ? []
      : readEach('all', all, (comparison) => readComparison(comparison, maxAgeMs, report), report)
  return { name, all: comparisons }
}

function readAge(text: string, report: Report): number {
  report.path.push('maxAge')
  const value = readDuration(text, report) ?? 0
  report.path.pop()
  return value
}

type ComparisonDocument = Loose<PostureDocument['all'][number]>

function readComparison(
  document: ComparisonDocument,
  postureAgeMs: number,
  report: Report,
): FactComparison | undefined {
  const { fact = '' } = document
  if (document.fact !== undefined && (fact === '' || isObjectMember(fact)))
    report.add('POLICY_NAME_RESERVED', `fact ${quote(fact)} has a name that every object has, or none`, {
      below: ['fact'],
      fix: 'choose another name',
    })
  const maxAgeMs = document.maxAge === undefined ? postureAgeMs : readAge(document.maxAge, report)
  const operators = COMPARISON_OPERATORS.filter((operator) => Object.hasOwn(document, operator))
  if (operators.length !== 1) {
    const message =
      operators.length === 0
        ? 'the comparison has no operator'
        : `the comparison has ${operators.length} operators: ${operators.join(', ')}`
    report.add('POLICY_COMPARISON_INVALID', message, {
      expected: `exactly one of ${COMPARISON_OPERATORS.join(', ')}`,
      fix: operators.length > 1 ? 'write one comparison for each' : undefined,
    })
    return undefined
  }
  const comparison = readOperator(document, report)
  return comparison === undefined ? undefined : { ...comparison, fact, maxAgeMs }
}

function readOperator(document: ComparisonDocument, report: Report): Comparison | undefined {
  for (const op of ['equals', 'notEquals'] as const) {
    const value = document[op]
    if (value !== undefined) return { op, value }
  }
  for (const op of ['atLeast', 'atMost', 'above', 'below'] as const) {
    const value = document[op]
    if (value !== undefined) return { op, value }
  }
  for (const op of ['atLeastVersion', 'atMostVersion'] as const) {
    const value = document[op]
    if (value !== undefined) return { op, value: readVersion(op, value, report) }
  }
  for (const op of ['oneOf', 'noneOf'] as const) {
    const values = document[op]
    if (values === undefined) continue
    if (op === 'noneOf' && values.length === 0)
      report.add('POLICY_SELECTOR_EMPTY', 'an empty `noneOf` is true of every value', {
        below: [op],
        fix: 'name a value, or use `present: true`',
      })
    else
      return {
        op,
        values: sortScalars(readEach<FactValue | undefined, FactValue>(op, values, (value) => value, report)),
      }
  }
  if (document.present !== undefined) return { op: 'present' }
  return document.absent === undefined ? undefined : { op: 'absent' }
}

const VERSION = /^\d{1,9}(?:\.\d{1,9}){0,7}$/

function readVersion(operator: string, text: string, report: Report): string {
  if (!VERSION.test(text)) {
    const bare = text.replace(/^[vV]/, '')
    report.add('POLICY_VERSION_INVALID', `${quote(text)} is not a version`, {
      below: [operator],
      expected: 'up to 8 decimal numbers with dots, such as "14.2.1"',
      fix: VERSION.test(bare) ? `write "${bare}"` : undefined,
    })
  }
  return text
}
