export { compile, compileModel, CompiledPolicy, type CompileOptions, type PolicyStatistics } from './compiled-policy.ts'
