import { compileProgram } from './compile/compile.ts'
import { type CompiledCondition, ConditionCompiler } from './conditions/condition.ts'
import { type Clock, systemClock } from './engine/clock.ts'
import type { Decision } from './engine/decision.ts'
import { Engine, type EngineOptions } from './engine/engine.ts'
import { readIdentity } from './engine/read-identity.ts'
import { type Decide, type Explanation, explainRequest, type WhenEvaluator } from './explain/index.ts'
import type { Endpoint } from './facts/endpoint.ts'
import type { Identity } from './facts/identity.ts'
import type { Posture } from './facts/posture.ts'
import { TRUE, UNKNOWN } from './facts/truth.ts'
import { checkPolicy } from './policy/check.ts'
import { PolicyError, type Positions } from './policy/diagnostics.ts'
import type { PolicyDocument } from './policy/document.ts'
import type { PolicyModel } from './policy/model.ts'
import type { Program } from './program/program.ts'
import { serializeProgram } from './program/serialize.ts'

/** How a policy is compiled. */
export interface CompileOptions {
  /** Where `authorize` reads the time when it is given none. Default: the system clock. */
  readonly clock?: Clock
  /** Told of a failure inside the engine. The request is refused with `DENY_INTERNAL` whatever this does. */
  readonly onInternalError?: (error: unknown) => void
}

/** Sizes of a compiled policy. */
export interface PolicyStatistics {
  readonly rules: number
  readonly entries: number
  readonly segments: number
  readonly addressClasses: number
  /** Bytes of the decision structure: tries, classes, entries and forests. */
  readonly bytes: number
}

/** An immutable compiled policy: the policy decision point (PDP) of NIST SP 800-207, in process. */
export class CompiledPolicy {
  readonly name: string
  /** SHA-256 of the policy's canonical form; the same for every order of rules under `deny-overrides`. */
  readonly hash: string
  readonly model: PolicyModel
  /** The decision structure; what `sallyport/engine` runs. */
  readonly program: Program
  /** What a gate makes its own engine with. */
  readonly engineOptions: EngineOptions
  readonly #engine: Engine
  readonly #conditions = new ConditionCompiler()

  constructor(model: PolicyModel, options: CompileOptions = {}) {
    this.model = model
    this.program = compileProgram(model)
    this.name = model.name
    this.hash = this.program.hash
    this.engineOptions = engineOptions(options, this.#conditions)
    this.#engine = new Engine(this.program, this.engineOptions)
  }

  /**
   * Decides. Synchronous, never throws, allocates nothing on a warm identity and posture.
   *
   * @param at - Epoch milliseconds; default: the injected clock.
   */
  authorize(
    identity: Identity,
    posture: Posture | null | undefined,
    src: Endpoint,
    dst: Endpoint,
    at?: number,
  ): Decision {
    return this.#engine.authorize(identity, posture, src, dst, at)
  }

  /**
   * Explains a decision: which dimension of which rule failed, the nearest rules, and the smallest sets of fact changes
   * that would turn it, each verified by deciding again. Slow beside `authorize`; for people, not for the request path.
   *
   * @param at - Epoch milliseconds; default: the injected clock.
   */
  explain(
    identity: Identity,
    posture: Posture | null | undefined,
    src: Endpoint,
    dst: Endpoint,
    at?: number,
  ): Explanation {
    const instant = at ?? (this.engineOptions.clock ?? systemClock()).now()
    const decide: Decide = (...question) => this.authorize(...question)
    return explainRequest(
      this.model,
      decide,
      { identity, posture, src, dst, at: instant },
      { when: explainWhen(this.#conditions) },
    )
  }

  /** The decision structure as bytes, for `loadPolicy` of `sallyport/engine`. */
  serialize(): Uint8Array {
    return serializeProgram(this.program)
  }

  /** Sizes, for reports and benches. */
  statistics(): PolicyStatistics {
    const { segments, entries, enforced, withShadow, rules } = this.program
    const arrays = [
      ...Object.values(segments).filter((value) => value instanceof Int32Array),
      entries,
      enforced.nodes,
      withShadow?.nodes ?? new Int32Array(0),
      rules.allow,
      rules.shadow,
      rules.leases,
      rules.time,
    ]
    return {
      rules: rules.ids.length,
      entries: entries.length / 8,
      segments: segments.names.length,
      addressClasses: segments.classParent.length,
      bytes: arrays.reduce((sum, array) => sum + array.byteLength, 0),
    }
  }
}

/**
 * Checks and compiles a policy document.
 *
 * @throws PolicyError (`ERR_POLICY_INVALID`) with all problems at once.
 * @example
 * ```ts
 * import { compile, definePolicy } from 'sallyport'
 *
 * const policy = compile(
 *   definePolicy({
 *     sallyport: 1,
 *     name: 'shop',
 *     segments: { web: { cidrs: ['10.1.0.0/16'] }, db: { cidrs: ['10.2.0.0/16'] } },
 *     rules: [{ id: 'web-to-db', effect: 'allow', from: 'web', to: 'db', services: [{ protocol: 'tcp', ports: [5432] }] }],
 *   }),
 * )
 * policy.authorize({ kind: 'workload', id: 'web-1' }, null, '10.1.0.7', '10.2.0.9:5432').allowed // true
 * ```
 */
export function compile(document: PolicyDocument, options?: CompileOptions): CompiledPolicy
/** Checks and compiles a document that `parsePolicy` of `sallyport/policy` read, with line and column in every problem. */
export function compile(document: unknown, options: CompileOptions & { readonly positions: Positions }): CompiledPolicy
export function compile(
  document: unknown,
  options: CompileOptions & { readonly positions?: Positions } = {},
): CompiledPolicy {
  const conditions = new ConditionCompiler()
  const { model, problems } = checkPolicy(document, {
    checkCondition: (text) => conditions.problem(text),
    ...(options.positions === undefined ? {} : { positions: options.positions }),
  })
  if (model === null) throw new PolicyError(problems)
  return compileModel(model, options)
}

/** Compiles a checked model. */
export function compileModel(model: PolicyModel, options: CompileOptions = {}): CompiledPolicy {
  return new CompiledPolicy(model, options)
}

/** The engine's way of evaluating a `when`, in the terms of an explanation. */
function explainWhen(conditions: ConditionCompiler): WhenEvaluator {
  // A search for flips asks the same few conditions hundreds of times.
  const compiled = new Map<string, CompiledCondition>()
  return (text, { identity, src, dst, context }) => {
    const condition = compiled.get(text) ?? conditions.compile(text)
    compiled.set(text, condition)
    const hop = readIdentity(identity)?.[0]
    if (hop === undefined) return 'unknown'
    const destination = context === null ? dst : { ...dst, context }
    const truth = condition({ identity: hop, src, dst: destination })
    return truth === UNKNOWN ? 'unknown' : truth === TRUE
  }
}

/** What the engine needs of the options, with the compiler of `when` conditions. */
function engineOptions(options: CompileOptions, conditions: ConditionCompiler): EngineOptions {
  return {
    compileCondition: (text) => conditions.compile(text),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.onInternalError === undefined ? {} : { onInternalError: options.onInternalError }),
  }
}
