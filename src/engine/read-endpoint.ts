import type { OperationClass } from './operation-index.ts'

/** One end of a flow, as the search needs it. Reused between requests. */
export class ReadEndpoint {
  /** Of no meaning while {@link isWord}. */
  classId = 0
  /** Whether the evidence is one IPv4 address whose class has not been looked up: what is remembered may make it needless. */
  isWord = false
  word = 0
  /** -1 is not known. */
  port = -1
  /** -1 is not known. */
  protocol = -1
  operation: OperationClass

  constructor(none: OperationClass) {
    this.operation = none
  }
}

/** What a remembered decision knows an end of the flow by: its address, or its class where that takes more than one word. */
export function endKey(end: ReadEndpoint): number {
  return end.isWord ? end.word : end.classId
}

/** Protocol, source port, and which of the ends are known by address, in one key. */
export function flowKey(destination: ReadEndpoint, source: ReadEndpoint): number {
  return protocolKey(destination, source) | (source.isWord ? 1 << 26 : 0) | (destination.isWord ? 1 << 27 : 0)
}

/** Protocol and source port in one key. */
export function protocolKey(destination: ReadEndpoint, source: ReadEndpoint): number {
  return (destination.protocol + 1) | ((source.port + 1) << 9)
}
