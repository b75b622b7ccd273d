import type { Address } from '../net/address.ts'

/** An HTTP request as the router understood it. */
export interface HttpOperation {
  readonly method: string
  /** The route template the router matched, e.g. `/v1/models/:id`. Preferred: it cannot disagree with the router. */
  readonly route?: string
  /** A concrete path. Used only without `route`; an ambiguous path (`//`, `..`, `%2f`, `;`, ...) counts as unknown. */
  readonly path?: string
}

/** A gRPC call by its canonical names from the service definition. */
export interface GrpcOperation {
  /** Fully qualified service name, e.g. `inference.v1.Generate`. */
  readonly service: string
  /** Method name without slashes. */
  readonly method: string
}

/** One end of a flow. As a destination it also says what is asked. An unknown key makes the endpoint invalid. */
export interface EndpointObject {
  readonly address?: string | Address
  /** SPIFFE id of the workload at this end. */
  readonly workload?: string
  /** Declares membership of a segment by name, for callers that already know it. */
  readonly segment?: string
  readonly labels?: Readonly<Record<string, string>>
  /** 0 to 65535. On a source it is the source port. */
  readonly port?: number
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `sctp`, ... or the IANA number 0 to 255. */
  readonly protocol?: string | number
  readonly http?: HttpOperation
  readonly grpc?: GrpcOperation
  readonly model?: string
  readonly tool?: string
  /** Free facts for `when` conditions, seen there as `request.context`. */
  readonly context?: Readonly<Record<string, unknown>>
}

/**
 * What `authorize` takes as source and destination: an address (`"10.1.2.3"`, `"10.1.2.3:443"`, `"fd00::1"`,
 * `"[fd00::1]:443"`), a SPIFFE id (`"spiffe://prod.example/ns/web"`), a segment name (`"inference"`,
 * `"inference:8443"`), a parsed {@link Address}, or an {@link EndpointObject}.
 */
export type Endpoint = string | Address | EndpointObject
