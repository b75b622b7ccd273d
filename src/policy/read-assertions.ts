import { quote } from './diagnostics.ts'
import type { InvariantDocument, Loose, TestDocument } from './document.ts'
import type { Invariant, PolicyTest } from './model.ts'
import { readPlainData } from './plain-data.ts'
import { readEndpoints, readPostureNames, readServiceSelection, readWhoList, type Tables } from './read-rules.ts'
import { isList } from './reading.ts'
import type { Report } from './report.ts'
import { readInstant } from './times.ts'

/** Reads the tests of a policy. They stay as written: whether their facts are well formed is for the run to say. */
export function readTests(
  document: readonly (Loose<TestDocument> | undefined)[],
  rules: ReadonlySet<string>,
  report: Report,
): readonly PolicyTest[] {
  const { path } = report
  const tests: PolicyTest[] = []
  const names = new Set<string>()
  path.push('tests')
  document.forEach((test, index) => {
    if (test === undefined) return
    path.push(index)
    checkAssertionName('test', test.name, names, report)
    tests.push(readTest(test, rules, report))
    path.pop()
  })
  path.pop()
  return tests
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
  const { path } = report
  const part = (key: 'identity' | 'posture' | 'src' | 'dst', absent: unknown): unknown => {
    const value: unknown = test[key]
    if (value === undefined) return absent
    path.push(key)
    const data = readPlainData(value, report)
    path.pop()
    return data
  }
  let at: number | null = null
  if (test.at !== undefined) {
    path.push('at')
    at = readInstant(test.at, report)
    path.pop()
  }
  return {
    name: test.name ?? '',
    identity: part('identity', Object.freeze({ kind: 'anonymous' })),
    posture: part('posture', null),
    src: part('src', null),
    dst: part('dst', null),
    at,
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
  const { path } = report
  const invariants: Invariant[] = []
  const names = new Set<string>()
  path.push('invariants')
  document.forEach((invariant, index) => {
    if (invariant === undefined) return
    path.push(index)
    checkAssertionName('invariant', invariant.name, names, report)
    const read = readInvariant(invariant, tables, report)
    if (read !== undefined) invariants.push(read)
    path.pop()
  })
  path.pop()
  return invariants
}

function readInvariant(document: Loose<InvariantDocument>, tables: Tables, report: Report): Invariant | undefined {
  const { path } = report
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
  const flows = document[kind] ?? {}
  path.push(kind)
  const selection = {
    from: flows.from === undefined ? null : readEndpoints('from', flows.from, tables.segments, report),
    to: flows.to === undefined ? null : readEndpoints('to', flows.to, tables.segments, report),
    services: readServiceSelection(flows.services, tables, report).entries,
    who: readWhoList(flows.who, tables, report),
    posture: readPostureNames(flows.posture, tables, report),
  }
  path.pop()
  return {
    name: document.name ?? '',
    kind,
    ...selection,
    except: document.except === undefined ? [] : readExceptions(document.except, tables, report),
  }
}

type ExceptionDocument = Loose<Exclude<NonNullable<InvariantDocument['except']>, readonly unknown[]>>

function readExceptions(
  document: Loose<NonNullable<InvariantDocument['except']>>,
  tables: Tables,
  report: Report,
): Invariant['except'] {
  const { path } = report
  const exceptions: Invariant['except'][number][] = []
  const read = (exception: ExceptionDocument): void => {
    // An exception of everything leaves nothing to hold.
    if (Object.keys(exception).length === 0)
      report.add('POLICY_SELECTOR_EMPTY', 'an empty exception would except every flow', {
        fix: 'name from or to, or leave `except` out',
      })
    exceptions.push({
      from: exception.from === undefined ? null : readEndpoints('from', exception.from, tables.segments, report),
      to: exception.to === undefined ? null : readEndpoints('to', exception.to, tables.segments, report),
    })
  }
  path.push('except')
  if (isList<ExceptionDocument | undefined>(document)) {
    document.forEach((exception, index) => {
      if (exception === undefined) return
      path.push(index)
      read(exception)
      path.pop()
    })
  } else read(document)
  path.pop()
  return exceptions
}
