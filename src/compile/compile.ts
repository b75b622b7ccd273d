import type { PolicyModel } from '../policy/model.ts'
import { ENTRY_RULE, ENTRY_STRIDE, type Program } from '../program/program.ts'
import { PostureCompiler, SubjectCompiler, TimeCompiler } from './conditions.ts'
import { EntryCompiler } from './entries.ts'
import { buildForest } from './forest.ts'
import { hashModel } from './hash.ts'
import { compileSegments } from './segments.ts'

/** Compiles a checked model to a program: deterministic, and the only place where work depends on the number of rules. */
export function compileProgram(model: PolicyModel): Program {
  const subjects = new SubjectCompiler()
  const postures = new PostureCompiler(model)
  const times = new TimeCompiler()
  const compiler = new EntryCompiler(model.segments.length, model.rules.length, subjects, postures, times)
  model.rules.forEach((rule, index) => {
    compiler.add(rule, index)
  })
  const entries = compiler.entries.toArray()
  const segments = compileSegments(model, compiler.used, compiler.unions)
  const shadow = Uint8Array.from(model.rules, (rule) => (rule.mode === 'shadow' ? 1 : 0))
  const isShadow = (entry: number): boolean => shadow[entries[entry * ENTRY_STRIDE + ENTRY_RULE] as number] === 1
  const hasShadow = shadow.includes(1)
  return {
    name: model.name,
    hash: hashModel(model),
    maxDelegationDepth: model.maxDelegationDepth,
    segments: segments.tables,
    operations: compiler.operations,
    subjects: subjects.finish(),
    postures: postures.finish(),
    times: times.finish(),
    rules: {
      ids: model.rules.map((rule) => rule.id),
      allow: Uint8Array.from(model.rules, (rule) => (rule.effect === 'allow' ? 1 : 0)),
      shadow,
      leases: model.rules.some((rule) => rule.leaseMs > 0)
        ? Float64Array.from(model.rules, (rule) => rule.leaseMs)
        : new Float64Array(0),
      obligations: model.rules.map((rule) => (rule.obligations.length === 0 ? NONE : rule.obligations)),
      time: compiler.times.some((time) => time !== 0) ? compiler.times : new Int32Array(0),
      when: new Map(model.rules.flatMap((rule, index) => (rule.when === null ? [] : [[index, rule.when] as const]))),
    },
    entries,
    enforced: buildForest(entries, segments.runs, (entry) => !isShadow(entry)),
    withShadow: hasShadow ? buildForest(entries, segments.runs, () => true) : null,
  }
}

const NONE: readonly never[] = Object.freeze([])
