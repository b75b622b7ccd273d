import { deserializeProgram } from '../program/deserialize.ts'
import { Engine, type EngineOptions } from './engine.ts'

/**
 * Loads a policy that `CompiledPolicy.serialize` wrote, and checks it before it may decide.
 *
 * @param options - A policy with `when` conditions also needs `compileCondition`, as `ConditionCompiler` of `sallyport` has it.
 * @throws ProgramError (`ERR_PROGRAM_INVALID`) when the bytes are not a sound compiled policy of this version.
 * @example
 * ```ts
 * import { compile } from 'sallyport'
 * import { loadPolicy } from 'sallyport/engine'
 *
 * const bytes = compile({ sallyport: 1, name: 'empty', rules: [] }).serialize()
 * const engine = loadPolicy(bytes)
 * engine.authorize({ kind: 'workload', id: 'w' }, null, '10.1.0.7', '10.2.0.9:443').code // 'DENY_DEFAULT'
 * ```
 */
export function loadPolicy(bytes: Uint8Array, options: EngineOptions = {}): Engine {
  return new Engine(deserializeProgram(bytes), options)
}
