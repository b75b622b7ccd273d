import {
  ANY_SEGMENT,
  type FactComparison,
  type PolicyModel,
  type RuleModel,
  type Selector,
} from '../../src/policy/model.ts'

/**
 * The two readings of a condition with three values, as Cedar expressions. Cedar has no unknown: an expression that
 * fails makes it skip the whole policy, `forbid` included. So an unknown is never left to Cedar. A permit is written with
 * `certain` (true, and not unknown), a forbid with `possible` (true or unknown), and neither ever fails.
 */
interface Reading {
  readonly certain: string
  readonly possible: string
}

const ALWAYS = same('true')
const NEVER = same('false')

/** The policy set in Cedar's own syntax, one `permit` or `forbid` a rule. */
export function toCedar(model: PolicyModel): string {
  return model.rules.map((rule) => toStatement(model, rule)).join('\n')
}

function toStatement(model: PolicyModel, rule: RuleModel): string {
  const condition = all([
    rule.from === null ? ALWAYS : same(isInAny(model, 'context.src', rule.from)),
    rule.to === null ? ALWAYS : same(isInAny(model, 'context.dst', rule.to)),
    rule.services === null
      ? ALWAYS
      : any(rule.services.map(({ ports }) => (ports === null ? ALWAYS : any(ports.map(isPort))))),
    rule.who === null ? ALWAYS : any(rule.who.map((selector) => all(selector.map(isWho)))),
    rule.posture === null
      ? ALWAYS
      : any(rule.posture.map((index) => all((model.postures[index]?.all ?? []).map(isFact)))),
  ])
  const [effect, text] = rule.effect === 'allow' ? ['permit', condition.certain] : ['forbid', condition.possible]
  return `@id(${JSON.stringify(rule.id)})\n${effect}(principal, action, resource) when { ${text} };`
}

function isInAny(model: PolicyModel, address: string, segments: readonly number[]): string {
  return or(segments.map((index) => isIn(model, address, index)))
}

function isIn(model: PolicyModel, address: string, index: number): string {
  if (index === ANY_SEGMENT) return 'true'
  const segment = model.segments[index]
  if (segment === undefined) throw new RangeError(`the model has no segment ${index}`)
  return `(${isSelected(model, address, segment.include)} && !${isSelected(model, address, segment.except)})`
}

function isSelected(model: PolicyModel, address: string, { prefixes, segments }: Selector): string {
  return or([
    ...prefixes.map((prefix) => `${address}.isInRange(ip("${prefix}"))`),
    ...segments.map((index) => isIn(model, address, index)),
  ])
}

function isPort({ from, to }: { readonly from: number; readonly to: number }): Reading {
  return optional('context', 'port', (port) => `${port} >= ${from} && ${port} <= ${to}`)
}

function isWho(predicate: NonNullable<RuleModel['who']>[number][number]): Reading {
  if (predicate.type !== 'group') throw new TypeError(`not in the shared subset: ${predicate.type}`)
  return same(or(predicate.names.map((name) => `principal in Group::${JSON.stringify(name)}`)))
}

function isFact(comparison: FactComparison): Reading {
  if (comparison.op !== 'equals') throw new TypeError(`not in the shared subset: ${comparison.op}`)
  return optional('context.posture', comparison.fact, (fact) => `${fact} == ${String(comparison.value)}`)
}

/** An attribute that may be missing. */
function optional(record: string, name: string, condition: (attribute: string) => string): Reading {
  const has = `${record} has ${JSON.stringify(name)}`
  const holds = `(${condition(`${record}[${JSON.stringify(name)}]`)})`
  return { certain: `(${has} && ${holds})`, possible: `(!(${has}) || ${holds})` }
}

function same(text: string): Reading {
  return { certain: text, possible: text }
}

function all(readings: readonly Reading[]): Reading {
  return readings.reduce(
    (one, other) => ({
      certain: `(${one.certain} && ${other.certain})`,
      possible: `(${one.possible} && ${other.possible})`,
    }),
    ALWAYS,
  )
}

function any(readings: readonly Reading[]): Reading {
  return readings.reduce(
    (one, other) => ({
      certain: `(${one.certain} || ${other.certain})`,
      possible: `(${one.possible} || ${other.possible})`,
    }),
    NEVER,
  )
}

function or(texts: readonly string[]): string {
  return texts.length === 0 ? 'false' : `(${texts.join(' || ')})`
}
