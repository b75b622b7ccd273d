import type { FactValue } from '../facts/posture.ts'
import { quote } from './diagnostics.ts'
import type { Loose, PostureDocument } from './document.ts'
import type { Comparison, FactComparison, PostureModel } from './model.ts'
import { NameTable, readNamed } from './name-table.ts'
import { checkMemberName } from './names.ts'
import { sortScalars } from './read-identities.ts'
import { readEach, readItems, readPart } from './reading.ts'
import type { Report } from './report.ts'
import { readDuration } from './times.ts'
import { COMPARISON_OPERATORS } from './vocabulary.ts'

/** The postures of a policy, in code-unit order of their names. */
export interface PostureTable {
  readonly postures: readonly PostureModel[]
  /** Indices by name. */
  readonly names: NameTable<number>
}

/** Reads the named postures. */
export function readPostures(
  document: Readonly<Record<string, Loose<PostureDocument> | undefined>>,
  report: Report,
): PostureTable {
  const postures: PostureModel[] = []
  const table = new NameTable<number>('posture', 'POLICY_POSTURE_UNKNOWN', 'POLICY_POSTURE_UNUSED')
  const read = (name: string, posture: Loose<PostureDocument> = {}): void => {
    table.set(name, postures.length)
    postures.push(readPosture(name, posture, report))
  }
  readNamed('posture', Object.keys(document).sort(), document, read, report)
  return { postures, names: table }
}

function readPosture(name: string, document: Loose<PostureDocument>, report: Report): PostureModel {
  const maxAgeMs = readPart('maxAge', document.maxAge, readDuration, 0, report) ?? 0
  const { all } = document
  // All of nothing is true of every device, the broken ones too.
  if (all?.length === 0)
    report.add('POLICY_SELECTOR_EMPTY', `posture ${quote(name)} asks for nothing`, {
      below: ['all'],
      fix: 'add a comparison, or remove the posture',
    })
  const comparisons = readItems('all', all ?? [], (comparison) => readComparison(comparison, maxAgeMs, report), report)
  return { name, all: comparisons }
}

type ComparisonDocument = Loose<PostureDocument['all'][number]>

function readComparison(
  document: ComparisonDocument,
  postureAgeMs: number,
  report: Report,
): FactComparison | undefined {
  const { fact = '' } = document
  if (document.fact !== undefined) checkMemberName('fact', fact, report, { below: ['fact'] })
  const maxAgeMs = readPart('maxAge', document.maxAge, readDuration, postureAgeMs, report) ?? 0
  const operators = COMPARISON_OPERATORS.filter((operator) => Object.hasOwn(document, operator))
  const [operator] = operators
  if (operators.length !== 1 || operator === undefined) {
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
  const comparison = readOperator(operator, document, report)
  return comparison === undefined ? undefined : { ...comparison, fact, maxAgeMs }
}

function readOperator(
  op: (typeof COMPARISON_OPERATORS)[number],
  document: ComparisonDocument,
  report: Report,
): Comparison | undefined {
  const value = document[op]
  if (value === undefined) return undefined
  if (op === 'present' || op === 'absent') return { op }
  if (op === 'atLeastVersion' || op === 'atMostVersion') return { op, value: readVersion(op, String(value), report) }
  if (op !== 'oneOf' && op !== 'noneOf') return { op, value } as Comparison
  const values = value as readonly (FactValue | undefined)[]
  if (op === 'noneOf' && values.length === 0) {
    report.add('POLICY_SELECTOR_EMPTY', 'an empty `noneOf` is true of every value', {
      below: [op],
      fix: 'name a value, or use `present: true`',
    })
    return undefined
  }
  return { op, values: sortScalars(readEach<FactValue | undefined, FactValue>(op, values, (item) => item, report)) }
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
