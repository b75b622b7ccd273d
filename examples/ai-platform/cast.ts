/** Who and what appears in the recorded stream: identities, devices and workloads of the platform. */
import type { Assurance, ClaimValue, EndpointObject, FactValue, Posture, PrincipalIdentity } from '../../src/index.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** The stream begins on a Wednesday morning. */
export const BEGIN = Date.UTC(2026, 4, 6, 8)

const TRUST_DOMAIN = 'spiffe://prod.acme.example'

type Attributes = Partial<Omit<PrincipalIdentity, 'kind' | 'id'>>

/** A person who logged in with a second factor some minutes before `at`. */
export function person(id: string, at: number, attributes: Attributes = {}, minutesAgo = 20): PrincipalIdentity {
  const assurance: Assurance = { acr: 'phr', amr: ['hwk', 'mfa'], authenticatedAt: at - minutesAgo * MINUTE }
  return { kind: 'user', id, assurance, expiresAt: at + 45 * MINUTE, ...attributes }
}

export const ML: Attributes = { groups: ['idp-ml'], roles: ['weights-reader'] }
export const DATA: Attributes = { groups: ['idp-data'] }
export const SRE: Attributes = { groups: ['idp-sre'], roles: ['on-call'] }
export const CONTRACTOR: Attributes = { groups: ['idp-contractors'] }

/** A customer with an API key of a plan. */
export function customer(id: string, at: number, plan: ClaimValue): PrincipalIdentity {
  return { kind: 'user', id, claims: { plan, tenant: id }, expiresAt: at + 10 * MINUTE }
}

/** A workload with a certificate of the platform's own authority. */
export function workload(path: string, expiresAt: number, attributes: Attributes = {}): PrincipalIdentity {
  return { kind: 'workload', id: `${TRUST_DOMAIN}/${path}`, expiresAt, ...attributes }
}

/** An agent that acts for somebody; `actor` is who acts for the agent in turn. */
export function agent(name: string, at: number, attributes: Attributes = {}): PrincipalIdentity {
  return { kind: 'agent', id: `${TRUST_DOMAIN}/agents/${name}`, expiresAt: at + 5 * MINUTE, ...attributes }
}

/** A person whose token was issued for agents, and the agents that use it, outermost first. */
export function through(owner: PrincipalIdentity, ...agents: readonly PrincipalIdentity[]): PrincipalIdentity {
  const [first, ...rest] = agents
  const claims = owner.kind === 'user' ? { ...owner.claims, aud: 'agents' } : owner.claims
  const same = claims === undefined ? owner : { ...owner, claims }
  return first === undefined ? same : { ...same, actor: rest.length === 0 ? first : through(first, ...rest) }
}

type Facts = Readonly<Record<string, FactValue>>

function observed(
  facts: Facts,
  observedAt: number,
  source: string,
  verification: 'signature' | 'attestation',
): Posture {
  return {
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, { value, observedAt, verification, source }]),
    ),
  }
}

/** A managed laptop, seen by its sensor `secondsAgo`. */
export function laptop(at: number, facts: Facts = {}, secondsAgo = 60): Posture {
  const sound = {
    'disk.encrypted': true,
    'os.version': '14.6.1',
    'screen.lock': 120,
    'zta.score': 91,
    'edr.threat': 'none',
  }
  return observed({ ...sound, ...facts }, at - secondsAgo * SECOND, 'edr', 'signature')
}

/** An image that was signed and scanned in the night. */
export function image(at: number, facts: Facts = {}, hoursAgo = 6): Posture {
  return observed(
    { 'image.signed': true, 'image.cve.critical': 0, ...facts },
    at - hoursAgo * HOUR,
    'admission',
    'signature',
  )
}

/** An accelerator that attested itself some minutes ago. */
export function gpu(at: number, facts: Facts = {}, minutesAgo = 20): Posture {
  const sound = { 'image.signed': true, 'gpu.attestation': 'verified', 'gpu.firmware': '96.0.41' }
  return observed({ ...sound, ...facts }, at - minutesAgo * MINUTE, 'gpu-attester', 'attestation')
}

type Operation = Pick<EndpointObject, 'http' | 'grpc' | 'model' | 'tool' | 'context'>

/** A TCP destination with what is asked of it. */
export function tcp(address: string, port: number, operation: Operation = {}): EndpointObject {
  return { address, port, protocol: 'tcp', ...operation }
}

/** An HTTPS request as the router understood it. */
export function https(address: string, method: string, route: string, operation: Operation = {}): EndpointObject {
  return tcp(address, 443, { http: { method, route }, ...operation })
}

/** A gRPC call. */
export function grpc(address: string, port: number, service: string, method: string): EndpointObject {
  return tcp(address, port, { grpc: { service, method } })
}
