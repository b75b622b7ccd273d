import type { Decision } from '../engine/decision.ts'
import { OptionError } from '../errors.ts'
import type { Endpoint } from '../facts/endpoint.ts'
import type { Identity } from '../facts/identity.ts'
import type { Posture } from '../facts/posture.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { FactChange } from './change.ts'
import { type Situation, situationOf, type WhenEvaluator } from './conditions.ts'
import { formatExplanation } from './format.ts'
import { nearestRules } from './nearest.ts'
import { asIdentity, type ChangedRequest, type RequestFacts, readRequest } from './request.ts'
import { type Decide, Search } from './search.ts'
import { type RuleRole, type RuleTrace, traceRule } from './trace.ts'
import { awayText, changeText, countText, quote } from './wording.ts'

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
  const refused = REFUSED[decision.code]
  try {
    if (refused !== undefined) {
      const problem = refused === null ? decision.reason : `${decision.reason}: ${quote(request[refused])}`
      return explanation({ decision, at, problem })
    }
    const facts = readRequest(request)
    if (facts === null) return explanation({ decision, at, problem: decision.reason })
    const hops = facts.hops.map((hop, index): HopTrace => {
      const own = facts.hops.length === 1 ? decision : decide(asIdentity([hop]), posture, src, dst, at)
      return { hop: index, kind: hop.kind, id: hop.kind === 'anonymous' ? null : hop.id, decision: own }
    })
    const tracedHop = decision.code === 'DENY_DELEGATION' ? hops.findIndex((one) => !one.decision.allowed) : 0
    const situation = situationOf(model, facts, tracedHop, when)
    const rules = situation === null ? [] : traceRules(situation, tracedHop, decision, nearest)
    const limits = { maxChanges, maxDecisions, maxFlips }
    const { flips, ...search } = new Search(model, decide, { facts, decision }, when, limits).run()
    return explanation({
      decision,
      at,
      problem: problemOf(decision, facts, model),
      hops,
      rules,
      flips: flips.map((flip) => ({ ...flip, text: flipText(flip.changes, flip.decision, at) })),
      search,
      note: noteOn(rules),
    })
  } catch {
    return explanation({ decision, at, problem: 'a member of the request throws when it is looked at' })
  }
}

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

/** Parts of a request that the engine can refuse to read. */
const REFUSED: Partial<Record<Decision['code'], keyof ExplainRequest | null>> = {
  DENY_CLOCK_INVALID: 'at',
  DENY_IDENTITY_INVALID: 'identity',
  DENY_POSTURE_INVALID: 'posture',
  DENY_SOURCE_INVALID: 'src',
  DENY_DESTINATION_INVALID: 'dst',
  DENY_REQUEST_INVALID: null,
  DENY_INTERNAL: null,
}

/** What is wrong with a request that can be read. */
function problemOf(
  { code, reason }: Decision,
  { hops, src, dst, at }: RequestFacts,
  model: PolicyModel,
): string | null {
  switch (code) {
    case 'DENY_SOURCE_UNKNOWN':
      return `${reason}: ${quote(src.segment)}`
    case 'DENY_DESTINATION_UNKNOWN':
      return `${reason}: ${quote(dst.segment)}`
    case 'DENY_DELEGATION_DEPTH':
      return `${reason}: ${countText(hops.length - 1, 'actor')}, at most ${model.maxDelegationDepth}`
    case 'DENY_IDENTITY_EXPIRED':
    case 'DENY_IDENTITY_NOT_YET_VALID': {
      const index = hops.findIndex(({ notBefore, expiresAt }) => at < notBefore || at >= expiresAt)
      const { notBefore = at, expiresAt = at } = hops[index] ?? {}
      const edge = awayText(at < notBefore ? notBefore : expiresAt, at)
      return `${reason}: ${index === 0 ? 'identity' : `actor ${index}`}, ${edge}`
    }
    default:
      return null
  }
}

/** The deciding rule, the others that match, and the nearest misses, for the hop that decided. */
function traceRules(situation: Situation, hop: number, decision: Decision, nearest: number): RuleTrace[] {
  const { rules } = situation.model
  const traces = new Map<number, RuleTrace>()
  const add = (index: number, role: RuleRole): void => {
    const rule = rules[index]
    if (rule !== undefined && !traces.has(index)) traces.set(index, traceRule(rule, situation, role, hop))
  }
  const deciding = rules.findIndex(({ id }) => id === decision.rule)
  add(deciding, 'decided')
  if (decision.shadow !== null)
    add(
      rules.findIndex(({ id }) => id === decision.shadow?.rule),
      'shadow',
    )
  // An allow is only in danger from denies that come before it; a deny may be the first of several.
  const before = decision.allowed && deciding !== -1 ? deciding : rules.length
  const denies = nearestRules(situation, 'deny', before, nearest + 1)
  const allows = nearestRules(situation, 'allow', rules.length, nearest + 1)
  for (const { index, distance } of [...denies, ...allows]) if (distance.dimensions === 0) add(index, 'matched')
  const misses = (decision.allowed ? denies : allows).filter(({ distance }) => distance.dimensions > 0)
  for (const { index } of misses.slice(0, nearest)) add(index, 'near')
  return [...traces.values()]
}

function noteOn(rules: readonly RuleTrace[]): string | null {
  const odd = rules.find(({ role, matches }) => role === 'decided' && !matches)
  if (odd === undefined) return null
  return `rule ${quote(odd.rule)} decided, but this trace does not see it match: the engine knows more than the policy says`
}

function flipText(changes: readonly FactChange[], { allowed, code, rule }: Decision, at: number): string {
  const steps = changes.map((change) => changeText(change, at)).join(', and ')
  return `${steps}: ${allowed ? 'allowed' : `denied with ${code}`}${rule === null ? '' : ` by rule ${quote(rule)}`}`
}
