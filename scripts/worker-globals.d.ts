/** What worker runtimes have and the library of types for them leaves out. The source guards against its absence. */
interface ErrorConstructor {
  stackTraceLimit: number
}
