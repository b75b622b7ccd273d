import type { Decision } from '../engine/decision.ts'
import { OptionError } from '../errors.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { ChangedRequest, FactChange } from './change.ts'
import { describeChange } from './describe-change.ts'
import { formatExplanation } from './format.ts'
import { nearestRules } from './nearest.ts'
import { alone } from './read-identity.ts'
import { type Reading, readRequest } from './read-request.ts'
import { isInvalid, malformedText, problemOf } from './request-problem.ts'
import { type Decide, searchFlips } from './search.ts'
import type { WhenEvaluator } from './situation.ts'
import { type RuleRole, type RuleTrace, traceRule } from './trace.ts'

/** The request to explain. */
export interface ExplainRequest {
  readonly identity: Identity
  readonly posture: Posture | null | undefined
  readonly src: Endpoint
  readonly dst: Endpoint
  /** Epoch milliseconds. */
  readonly at: number
}

/** What an explanation may cost, and what it needs from outside. */
export interface ExplainOptions {
  /** Evaluates `when` conditions; without it they are all unknown. */
  readonly when?: WhenEvaluator
  /** Rules of each kind to show besides the deciding one. Default 3. */
  readonly nearest?: number
  /** Changes in one set at most: 1 to 3. Default 3. */
  readonly maxChanges?: number
  /** How often the engine may be asked while looking for flips. Default 500; 0 looks for none. */
  readonly maxDecisions?: number
  /** Flips to report. Default 8. */
  readonly maxFlips?: number
}

/** One hop of the chain, asked alone. */
export interface HopTrace {
  /** 0 is the identity, 1 its actor, and so on. */
  readonly hop: number
  readonly kind: Identity['kind']
  readonly id: string | null
  readonly decision: Decision
}

/** A smallest set of changes that turns the decision. Verified: `decision` is the engine's answer to `request`. */
export interface Flip {
  readonly changes: readonly FactChange[]
  readonly request: ChangedRequest
  readonly decision: Decision
  /** What to do, or what would have to happen. */
  readonly text: string
}

/** Why a request was decided as it was, and what would decide it otherwise. Plain data, but for `text`. */
export interface Explanation {
  readonly decision: Decision
  /** Epoch milliseconds. */
  readonly at: number
  /** What is wrong with the request itself: something malformed, unknown or expired. Rules did not decide then. */
  readonly problem: string | null
  readonly hops: readonly HopTrace[]
  /** The deciding rule first, then others that match, then the nearest misses, nearest first. */
  readonly rules: readonly RuleTrace[]
  readonly flips: readonly Flip[]
  /** How often the engine was asked for flips, and whether there may be more than were found. */
  readonly search: { readonly decisions: number; readonly cutOff: boolean }
  /** Set when the trace and the decision disagree: the engine knows something that the policy text does not say. */
  readonly note: string | null
  /** All of it for people: plain ASCII, several lines. Made when it is read. */
  readonly text: string
}

/**
 * Explains a decision. Slow compared with deciding (milliseconds), and it never throws on what a request holds: a
 * malformed request is explained by what is malformed.
 *
 * @param model - The policy.
 * @param decide - The engine compiled from it. Every flip that is reported was confirmed by it.
 * @throws OptionError (`ERR_OPTION_INVALID`) when an option is out of range.
 * @example
 * ```ts
 * const { text } = explainRequest(model, decide, { identity, posture, src: '10.1.2.3', dst: 'inference:443', at: Date.now() })
 * ```
 */
export function explainRequest(
  model: PolicyModel,
  decide: Decide,
  request: ExplainRequest,
  options: ExplainOptions = {},
): Explanation {
  const { when = () => 'unknown', nearest = 3, maxChanges = 3, maxDecisions = 500, maxFlips = 8 } = options
  checkCount('nearest', nearest, 0, 1000)
  checkCount('maxChanges', maxChanges, 1, 3)
  checkCount('maxDecisions', maxDecisions, 0, 1_000_000)
  checkCount('maxFlips', maxFlips, 0, 1000)
  const { identity, posture, src, dst, at } = request
  const decision = decide(identity, posture, src, dst, at)
  const reading = readRequest(request)
  if ('malformed' in reading) return explanation({ decision, at, problem: malformedText(decision, reading.malformed) })
  const { facts } = reading
  const hops = facts.hops.map((hop, index): HopTrace => {
    const own = facts.hops.length === 1 ? decision : decide(alone(hop), posture, src, dst, at)
    return { hop: index, kind: hop.kind, id: hop.kind === 'anonymous' ? null : hop.id, decision: own }
  })
  const rules = isInvalid(decision) ? [] : traceRules(model, reading, decision, hops, when, nearest)
  const limits = { maxChanges, maxDecisions, maxFlips }
  const found = maxDecisions === 0 ? NO_SEARCH : searchFlips(model, decide, { facts, decision }, when, limits)
  const flips = found.flips.map((flip) => ({ ...flip, text: flipText(flip.changes, decision, flip.decision, at) }))
  const problem = isInvalid(decision) ? malformedText(decision, null) : problemOf(decision, facts, model)
  const { decisions, cutOff } = found
  return explanation({
    decision,
    at,
    problem,
    hops,
    rules,
    flips,
    search: { decisions, cutOff },
    note: noteOn(rules),
  })
}

const NO_SEARCH = { flips: [], decisions: 0, cutOff: false }

type ExplanationParts = Pick<Explanation, 'decision' | 'at' | 'problem'> & Partial<Omit<Explanation, 'text'>>

function explanation(parts: ExplanationParts): Explanation {
  const whole = {
    hops: [],
    rules: [],
    flips: [],
    search: { decisions: 0, cutOff: false },
    note: null,
    ...parts,
    get text(): string {
      return formatExplanation(whole)
    },
  }
  return whole
}

function checkCount(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new OptionError(`"${name}" option must be an integer from ${least} to ${most}`)
}

/** The deciding rule, the others that match, and the nearest misses, for the hop that decided. */
function traceRules(
  model: PolicyModel,
  reading: Exclude<Reading, { readonly malformed: string }>,
  decision: Decision,
  hops: readonly HopTrace[],
  when: WhenEvaluator,
  nearest: number,
): RuleTrace[] {
  const hop =
    decision.code === 'DENY_DELEGATION'
      ? Math.max(
          0,
          hops.findIndex((one) => !one.decision.allowed),
        )
      : 0
  const situation = reading.situation(hop, model, when)
  const traces = new Map<string, RuleTrace>()
  const add = (index: number, role: RuleRole): void => {
    const rule = model.rules[index]
    if (rule !== undefined && !traces.has(rule.id)) traces.set(rule.id, traceRule(rule, situation, role, hop))
  }
  const deciding = decision.rule === null ? -1 : model.rules.findIndex(({ id }) => id === decision.rule)
  add(deciding, 'decided')
  if (decision.shadow !== null)
    add(
      model.rules.findIndex(({ id }) => id === decision.shadow?.rule),
      'shadow',
    )
  // An allow is only in danger from denies that come before it; a deny may be the first of several.
  const before = decision.allowed && deciding !== -1 ? deciding : model.rules.length
  const denies = nearestRules(situation, { effect: 'deny', before, keep: nearest + 1 })
  const allows = nearestRules(situation, { effect: 'allow', before: model.rules.length, keep: nearest + 1 })
  const isMatching = ({ distance }: { readonly distance: { readonly dimensions: number } }): boolean =>
    distance.dimensions === 0
  for (const ranked of [...denies, ...allows].filter(isMatching)) add(ranked.index, 'matched')
  const misses = (decision.allowed ? denies : allows).filter((ranked) => !isMatching(ranked))
  for (const ranked of misses.slice(0, nearest)) add(ranked.index, 'near')
  return [...traces.values()]
}

function noteOn(rules: readonly RuleTrace[]): string | null {
  const odd = rules.find(({ role, matches }) => role === 'decided' && !matches)
  if (odd === undefined) return null
  return `rule "${odd.rule}" decided, but this trace does not see it match: the engine knows members or conditions that the policy text does not say`
}

function flipText(changes: readonly FactChange[], before: Decision, after: Decision, at: number): string {
  const steps = changes.map((change) => describeChange(change, at)).join(', and ')
  const by = after.rule === null ? '' : ` by rule "${after.rule}"`
  return `${steps}: ${before.allowed ? `denied with ${after.code}` : 'allowed'}${by}`
}
