import type { Explanation } from './explain.ts'
import { quote } from './plain-data.ts'
import type { RuleTrace } from './trace.ts'
import { countText, instantText } from './wording.ts'

const INDENT = '  '
/** Reasons of one dimension that are written out. */
const MAX_REASONS = 4

/** An explanation as text: plain ASCII, short lines, the decision first. */
export function formatExplanation(explanation: Omit<Explanation, 'text'>): string {
  return [
    ...headLines(explanation),
    ...hopLines(explanation),
    ...explanation.rules.flatMap(ruleLines),
    ...flipLines(explanation),
  ].join('\n')
}

function headLines({ decision, at, problem, note }: Omit<Explanation, 'text'>): string[] {
  const by = decision.rule === null ? '' : ` by rule ${quote(decision.rule)}`
  const lines = [`${decision.allowed ? 'ALLOW' : 'DENY'} ${decision.code}${by}`, `at ${instantText(at)}`]
  if (problem !== null) lines.push(`problem: ${ascii(problem)}`)
  if (Number.isFinite(decision.validUntil)) lines.push(`this can change at ${instantText(decision.validUntil)}`)
  if (note !== null) lines.push(`note: ${ascii(note)}`)
  return lines
}

function hopLines({ hops }: Omit<Explanation, 'text'>): string[] {
  if (hops.length < 2) return []
  return [
    'chain',
    ...hops.map(({ hop, kind, id, decision }) => {
      const name = hop === 0 ? 'identity' : `actor ${hop}`
      const by = decision.rule === null ? '' : ` by rule ${quote(decision.rule)}`
      return `${INDENT}${name}, ${kind} ${quote(id ?? '')}: ${decision.allowed ? 'allowed' : decision.code}${by}`
    }),
  ]
}

function ruleLines(trace: RuleTrace): string[] {
  const { dimensions: failing, conditions } = trace.distance
  const status = {
    decided: 'decided',
    matched: 'matches too',
    shadow: 'would decide if it were enforced',
    near: `misses by ${countText(failing, 'dimension')}, ${countText(conditions, 'condition')}`,
  }[trace.role]
  const who = trace.hop === 0 ? '' : ` for actor ${trace.hop}`
  // What holds is of interest where the rule decides; where it does not, only what is missing.
  const shown = trace.dimensions.filter(({ holds }) => trace.role === 'decided' || trace.role === 'shadow' || !holds)
  const lines = shown.flatMap(({ dimension, outcome, reasons }) => [
    ...reasons.slice(0, MAX_REASONS).map((reason) => `${INDENT}${dimension} ${outcome}: ${ascii(reason)}`),
    ...(reasons.length > MAX_REASONS ? [`${INDENT}${dimension}: ${reasons.length - MAX_REASONS} more`] : []),
  ])
  return [`${trace.effect} rule ${quote(trace.rule)}${who} ${status}`, ...lines]
}

function flipLines({ decision, flips, search }: Omit<Explanation, 'text'>): string[] {
  if (search.decisions === 0) return []
  const opposite = decision.allowed ? 'deny' : 'allow'
  const more = search.cutOff
    ? [`${INDENT}the search stopped after asking for ${countText(search.decisions, 'decision')}: there may be more`]
    : []
  if (flips.length === 0) return [`no small change was found that would make it ${opposite}`, ...more]
  return [
    `what would make it ${opposite}`,
    ...flips.map(({ text }, index) => `${INDENT}${index + 1}. ${ascii(text)}`),
    ...more,
  ]
}

/** Names come from policies and requests: nothing but printable ASCII reaches a terminal. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
