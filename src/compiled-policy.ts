import { compileProgram } from './compile/compile.ts'
import { ConditionCompiler } from './conditions/condition.ts'
import type { Clock } from './engine/clock.ts'
import type { Decision } from './engine/decision.ts'
import { Engine, type EngineOptions } from './engine/engine.ts'
import type { Endpoint } from './facts/endpoint.ts'
import type { Identity } from './facts/identity.ts'
import type { Posture } from './facts/posture.ts'
import type { PolicyModel } from './policy/model.ts'
import type { Program } from './program/program.ts'

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
  readonly #engine: Engine

  constructor(model: PolicyModel, options: CompileOptions = {}) {
    this.model = model
    this.program = compileProgram(model)
    this.name = model.name
    this.hash = this.program.hash
    this.#engine = new Engine(this.program, engineOptions(options))
  }

  /**
   * Decides. Synchronous, never throws, allocates nothing on a warm identity and posture.
   *
   * @param at - Epoch milliseconds; default: the injected clock.
   */
  authorize(identity: Identity, posture: Posture | null | undefined, src: Endpoint, dst: Endpoint, at?: number): Decision {
    return this.#engine.authorize(identity, posture, src, dst, at)
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

/** Compiles a checked model. */
export function compileModel(model: PolicyModel, options: CompileOptions = {}): CompiledPolicy {
  return new CompiledPolicy(model, options)
}

/** What the engine needs of the options, with the compiler of `when` conditions. */
export function engineOptions(options: CompileOptions): EngineOptions {
  const conditions = new ConditionCompiler()
  return {
    compileCondition: (text) => conditions.compile(text),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.onInternalError === undefined ? {} : { onInternalError: options.onInternalError }),
  }
}
