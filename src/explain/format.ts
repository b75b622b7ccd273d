import type { Decision } from '../engine/decision.ts'
import type { Explanation } from './explain.ts'
import type { RuleTrace } from './trace.ts'
import { ascii, countText, instantText, quote } from './wording.ts'

const INDENT = '  '
/** Reasons of one dimension that are written out. */
const MAX_REASONS = 4

/** An explanation as text: plain ASCII, short lines, the decision first. */
export function formatExplanation(explanation: Omit<Explanation, 'text'>): string {
  const { decision, at, problem, note, hops, rules } = explanation
  const lines = [`${decision.allowed ? 'ALLOW' : 'DENY'} ${decision.code}${byRule(decision)}`, `at ${instantText(at)}`]
  if (problem !== null) lines.push(`problem: ${problem}`)
  if (Number.isFinite(decision.validUntil)) lines.push(`this can change at ${instantText(decision.validUntil)}`)
  if (note !== null) lines.push(`note: ${note}`)
  if (hops.length > 1) lines.push('chain')
  for (const { hop, kind, id, decision: own } of hops.length > 1 ? hops : []) {
    const name = hop === 0 ? 'identity' : `actor ${hop}`
    lines.push(`${INDENT}${name}, ${kind} ${quote(id ?? '')}: ${own.allowed ? 'allowed' : own.code}${byRule(own)}`)
  }
  return [...lines, ...rules.flatMap(ruleLines), ...flipLines(explanation)].map(ascii).join('\n')
}

function byRule({ rule }: Decision): string {
  return rule === null ? '' : ` by rule ${quote(rule)}`
}

function ruleLines({ rule, effect, role, hop, distance, dimensions }: RuleTrace): string[] {
  const { dimensions: failing, conditions } = distance
  const status = {
    decided: 'decided',
    matched: 'matches too',
    shadow: 'would decide if it were enforced',
    near: `misses by ${countText(failing, 'dimension')}, ${countText(conditions, 'condition')}`,
  }[role]
  // What holds is of interest where the rule decides; where it does not, only what is missing.
  const shown = dimensions.filter(({ holds }) => role === 'decided' || role === 'shadow' || !holds)
  const lines = shown.flatMap(({ dimension, outcome, reasons }) => [
    ...reasons.slice(0, MAX_REASONS).map((reason) => `${INDENT}${dimension} ${outcome}: ${reason}`),
    ...(reasons.length > MAX_REASONS ? [`${INDENT}${dimension}: ${reasons.length - MAX_REASONS} more`] : []),
  ])
  return [`${effect} rule ${quote(rule)}${hop === 0 ? '' : ` for actor ${hop}`} ${status}`, ...lines]
}

function flipLines({ decision, flips, search }: Omit<Explanation, 'text'>): string[] {
  if (search.decisions === 0) return []
  const opposite = decision.allowed ? 'deny' : 'allow'
  const found = flips.map(({ text }, index) => `${INDENT}${index + 1}. ${text}`)
  const head = found.length === 0 ? 'no small change was found that would make it' : 'what would make it'
  if (search.cutOff) {
    found.push(
      `${INDENT}the search stopped after asking for ${countText(search.decisions, 'decision')}: there may be more`,
    )
  }
  return [`${head} ${opposite}`, ...found]
}
