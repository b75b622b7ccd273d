import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { ConditionCompiler } from '../../src/conditions/condition.ts'
import { readIdentity as readHops } from '../../src/engine/read-identity.ts'
import { applyChanges } from '../../src/explain/change.ts'
import {
  evaluateRule,
  type Situation,
  satisfies,
  situationOf,
  type WhenEvaluator,
} from '../../src/explain/conditions.ts'
import { explainRequest } from '../../src/explain/explain.ts'
import { asRequest, type RequestFacts, readRequest } from '../../src/explain/request.ts'
import { quote } from '../../src/explain/wording.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { policyModel } from '../arbitraries/policy.ts'
import { request, wellFormedRequest } from '../arbitraries/request.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { readEndpoint as readReferenceEndpoint } from '../reference/endpoint.ts'
import { type Request, referenceAuthorize } from '../reference/interpreter.ts'
import { matches } from '../reference/match.ts'
import { evaluateWhen, referenceDecide } from './reference-decide.ts'

/** What fast-check makes is of unknown types on purpose; the public signature is for callers who have types. */
function explained(model: PolicyModel, asked: Request, maxDecisions = 200) {
  return explainRequest(model, referenceDecide(model), asked as Parameters<typeof explainRequest>[2], {
    when: evaluateWhen,
    maxDecisions,
  })
}

function situationFor(model: PolicyModel, asked: Request): Situation | null {
  const facts = readRequest(asked)
  return facts === null ? null : situationOf(model, facts, 0, evaluateWhen)
}

function isMatch(rule: PolicyModel['rules'][number], situation: Situation): boolean {
  return evaluateRule(rule, situation).every(({ truth }) => satisfies(rule, truth))
}

/** The part of the request that the explanation must speak of when it is malformed. */
const MALFORMED: Readonly<Record<string, keyof Request>> = {
  DENY_CLOCK_INVALID: 'at',
  DENY_IDENTITY_INVALID: 'identity',
  DENY_POSTURE_INVALID: 'posture',
  DENY_SOURCE_INVALID: 'src',
  DENY_DESTINATION_INVALID: 'dst',
}
/** Codes of decisions that are made by trying rules. */
const TRIED = ['ALLOW_RULE', 'DENY_RULE', 'DENY_DEFAULT', 'DENY_DELEGATION']

describe('explain agrees with the reference interpreter', () => {
  it('about which rules match', () => {
    let matched = 0
    let missed = 0
    fc.assert(
      fc.property(policyModel(), wellFormedRequest, (model, asked) => {
        const situation = situationFor(model, asked)
        const src = readReferenceEndpoint(asked.src)
        const dst = readReferenceEndpoint(asked.dst)
        expect(situation === null).toBe(src === null || dst === null)
        if (situation === null || src === null || dst === null) return
        const { identity, posture, at } = asRequest(situation.request)
        const { facts } = posture
        for (const rule of model.rules) {
          const expected = matches(rule, { model, identity, facts, src, dst, at, evaluate: evaluateCondition })
          expect(isMatch(rule, situation), rule.id).toBe(expected)
          if (expected) matched++
          else missed++
        }
      }),
      { numRuns: 400 },
    )
    expect(matched).toBeGreaterThan(10)
    expect(missed).toBeGreaterThan(10)
  })

  it('about what is malformed, and never throws', () => {
    fc.assert(
      fc.property(policyModel(), request, (model, asked) => {
        const explanation = explained(model, asked, 20)
        const { code } = explanation.decision
        const said = MALFORMED[code]
        if (said !== undefined) expect(explanation.problem).toBe(`reference ${code}: ${quote(asked[said])}`)
        if (TRIED.includes(code)) expect(explanation.problem).toBeNull()
        expect(explanation.note).toBeNull()
        expect(explanation.text).toMatch(/^[\x20-\x7e\n]+$/)
        if (explanation.decision.rule !== null && code !== 'DENY_DELEGATION') {
          expect(explanation.rules[0]).toMatchObject({
            rule: explanation.decision.rule,
            role: 'decided',
            matches: true,
          })
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('explain agrees with the compiled engine', () => {
  it('about the rule that decides', () => {
    const conditions = new ConditionCompiler()
    const when: WhenEvaluator = (text, { identity, src, dst }) => {
      const caller = readHops(identity)?.[0]
      if (caller === undefined) throw new Error('the engine does not read what it decided on')
      return ([false, 'unknown', true] as const)[conditions.compile(text)({ identity: caller, src, dst })]
    }
    let tried = 0
    fc.assert(
      fc.property(policyModel(), request, (model, asked) => {
        const policy = compileModel(model)
        const whole = asked as Parameters<typeof explainRequest>[2]
        const { note, decision, problem, text } = explainRequest(
          model,
          (...question) => policy.authorize(...question),
          whole,
          {
            when,
            maxDecisions: 50,
          },
        )
        expect(note, text).toBeNull()
        if (!TRIED.includes(decision.code)) return
        expect(problem).toBeNull()
        tried++
      }),
      { numRuns: 150 },
    )
    expect(tried).toBeGreaterThan(10)
  })
})

describe('every flip', () => {
  it('turns the decision, and no smaller part of it does', () => {
    const seen = { toAllow: 0, several: 0 }
    fc.assert(
      fc.property(policyModel(), wellFormedRequest, (model, asked) => {
        const { decision, flips, hops } = explained(model, asked)
        const decide = referenceDecide(model)
        for (const flip of flips) {
          const { identity, posture, src, dst, at } = flip.request
          const answer = referenceAuthorize(model, flip.request, evaluateCondition)
          expect(answer.effect === 'allow').toBe(!decision.allowed)
          expect(decide(identity, posture, src, dst, at)).toEqual(flip.decision)
          expect(flip.changes.length).toBeGreaterThan(0)
          expect(flip.changes.length).toBeLessThanOrEqual(3)
          for (let mask = 0; mask < (1 << flip.changes.length) - 1; mask++) {
            const part = flip.changes.filter((_, index) => mask & (1 << index))
            const whole = baseOf(asked)
            const partial = asRequest(applyChanges(whole, part))
            const effect = referenceAuthorize(model, partial, evaluateCondition).effect
            expect(effect === 'allow', JSON.stringify(part)).toBe(decision.allowed)
          }
          if (!decision.allowed) seen.toAllow++
          if (flip.changes.length > 1) seen.several++
        }
        expect(hops.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
    // A tenth of what is seen. That flips towards deny are found at all is for the tests of single flips to say.
    expect(seen.toAllow).toBeGreaterThan(10)
    expect(seen.several).toBeGreaterThan(3)
  })
})

/** Losses that the search knows how to make good. */
const LOSSES = ['group', 'role', 'fact', 'acr', 'amr', 'authentication']

describe('what is taken away', () => {
  it('is found again', () => {
    const shape = { combining: ['deny-overrides'], shadows: false } as const
    fc.assert(
      fc.property(policyModel(shape), wellFormedRequest, (model, asked) => {
        const { decision, flips } = explained(model, asked)
        if (!decision.allowed) return
        for (const { changes, request: denied } of flips) {
          if (changes.length !== 1 || !LOSSES.includes(changes[0]?.type ?? '')) continue
          const back = explained(model, denied, 500)
          expect(back.flips.length, `${JSON.stringify(changes)} ${back.text}`).toBeGreaterThan(0)
        }
      }),
      { numRuns: 150 },
    )
  })
})

function baseOf(asked: Request): RequestFacts {
  const facts = readRequest(asked)
  if (facts === null) throw new Error('flips need a well-formed request')
  return facts
}
