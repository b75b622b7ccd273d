/** Which tests answer for which part of the source. */
export interface Target {
  readonly source: string
  readonly tests: readonly string[]
}

export const TARGETS: readonly Target[] = [
  { source: 'src/net/', tests: ['test/net'] },
  { source: 'src/tables/', tests: ['test/tables', 'test/compile', 'test/differential'] },
  { source: 'src/policy/', tests: ['test/policy'] },
  { source: 'src/conditions/', tests: ['test/conditions', 'test/differential'] },
  { source: 'src/program/', tests: ['test/program', 'test/differential'] },
  { source: 'src/compile/', tests: ['test/compile', 'test/differential'] },
  { source: 'src/engine/', tests: ['test/engine', 'test/differential'] },
  { source: 'src/explain/', tests: ['test/explain'] },
  { source: 'src/gate/', tests: ['test/gate'] },
]
