import { quote } from './diagnostics.ts'
import type { InvariantDocument, Loose, TestDocument } from './document.ts'
import type { Invariant, PolicyTest } from './model.ts'
import { readPlainData } from './plain-data.ts'
import { readEnds, readPostureNames, readServiceSelection, readWhoList, type Tables } from './read-rules.ts'
import { isList, readAt, readItems, readPart } from './reading.ts'
import type { Report } from './report.ts'
import { readInstant } from './times.ts'

/** Reads the tests of a policy. They stay as written: whether their facts are well formed is for the run to say. */
export function readTests(
  document: readonly (Loose<TestDocument> | undefined)[],
  rules: ReadonlySet<string>,
  report: Report,
): readonly PolicyTest[] {
  const names = new Set<string>()
  const read = (test: Loose<TestDocument>): PolicyTest => {
    checkAssertionName('test', test.name, names, report)
    return readTest(test, rules, report)
  }
  return readItems('tests', document, read, report)
}

function checkAssertionName(kind: string, name: string | undefined, names: Set<string>, report: Report): void {
  if (name === undefined) return
  if (name.trim() === '')
    report.add('POLICY_NAME_INVALID', `the name of a ${kind} must not be empty`, { below: ['name'] })
  else if (names.has(name))
    report.add('POLICY_NAME_DUPLICATE', `${kind} name ${quote(name)} is used already`, {
      below: ['name'],
      fix: `give each ${kind} its own name`,
    })
  names.add(name)
}

function readTest(test: Loose<TestDocument>, rules: ReadonlySet<string>, report: Report): PolicyTest {
  const part = (key: 'identity' | 'posture' | 'src' | 'dst', absent: unknown): unknown =>
    readPart<unknown, unknown, unknown>(key, test[key], (value) => readPlainData(value, report), absent, report)
  return {
    name: test.name ?? '',
    identity: part('identity', Object.freeze({ kind: 'anonymous' })),
    posture: part('posture', null),
    src: part('src', null),
    dst: part('dst', null),
    at: readPart('at', test.at, readInstant, null, report),
    expect: readExpectation(test.expect, rules, report),
  }
}

function readExpectation(
  expect: Loose<TestDocument>['expect'],
  rules: ReadonlySet<string>,
  report: Report,
): PolicyTest['expect'] {
  if (expect === undefined) return { effect: 'deny', code: null, rule: null }
  if (typeof expect === 'string') return { effect: expect, code: null, rule: null }
  const { effect = 'deny', code = null, rule = null } = expect
  if (rule !== null && !rules.has(rule))
    report.add('POLICY_RULE_UNKNOWN', `rule ${quote(rule)} does not exist`, {
      below: ['expect', 'rule'],
      nearest: report.nearest(rule, rules),
    })
  if (code !== null && !code.startsWith(`${effect.toUpperCase()}_`))
    report.add('POLICY_VALUE_INVALID', `${quote(code)} is not a code of ${effect}`, {
      below: ['expect', 'code'],
      expected: `a decision code that begins with ${effect.toUpperCase()}_`,
    })
  return { effect, code, rule }
}

const KINDS = ['never', 'only', 'always'] as const

/** Reads the invariants of a policy. */
export function readInvariants(
  document: readonly (Loose<InvariantDocument> | undefined)[],
  tables: Tables,
  report: Report,
): readonly Invariant[] {
  const names = new Set<string>()
  const read = (invariant: Loose<InvariantDocument>): Invariant | undefined => {
    checkAssertionName('invariant', invariant.name, names, report)
    return readInvariant(invariant, tables, report)
  }
  return readItems('invariants', document, read, report)
}

function readInvariant(document: Loose<InvariantDocument>, tables: Tables, report: Report): Invariant | undefined {
  const kinds = KINDS.filter((kind) => Object.hasOwn(document, kind))
  const [kind] = kinds
  if (kinds.length !== 1 || kind === undefined) {
    report.add(
      'POLICY_INVARIANT_INVALID',
      kinds.length === 0 ? 'the invariant states nothing' : `the invariant has ${kinds.join(' and ')}`,
      { expected: 'exactly one of never, only, always' },
    )
    return undefined
  }
  const readFlows = (flows: Loose<Flows>) => ({
    ...readEnds(flows, tables, report),
    services: readServiceSelection(flows.services, tables, report).entries,
    who: readWhoList(flows.who, tables, report),
    posture: readPostureNames(flows.posture, tables, report),
  })
  const selection = readAt(kind, document[kind] ?? {}, readFlows, report)
  return {
    name: document.name ?? '',
    kind,
    ...selection,
    except: document.except === undefined ? [] : readExceptions(document.except, tables, report),
  }
}

type Flows = NonNullable<InvariantDocument['never']>
type ExceptionDocument = Loose<Exclude<NonNullable<InvariantDocument['except']>, readonly unknown[]>>

function readExceptions(
  document: Loose<NonNullable<InvariantDocument['except']>>,
  tables: Tables,
  report: Report,
): Invariant['except'] {
  const read = (exception: ExceptionDocument): Invariant['except'][number] => {
    // An exception of everything leaves nothing to hold.
    if (Object.keys(exception).length === 0)
      report.add('POLICY_SELECTOR_EMPTY', 'an empty exception would except every flow', {
        fix: 'name from or to, or leave `except` out',
      })
    return readEnds(exception, tables, report)
  }
  // Unlike other lists, an empty one says what it means.
  if (isList<ExceptionDocument | undefined>(document)) return readItems('except', document, read, report)
  return [readAt('except', document, read, report)]
}
