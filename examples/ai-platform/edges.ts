/** What depends on the time of the day: each question is asked before and after the instant that turns it. */
import { BEGIN, CONTRACTOR, grpc, HOUR, https, image, laptop, MINUTE, person, SRE, tcp, workload } from './cast.ts'
import type { Recorded } from './record.ts'

/** When the certificate of one gateway runs out. */
export const CERTIFICATE_ENDS = BEGIN + 30 * MINUTE

/** 18:00 in Berlin, where it is summer. */
const CLOSING_TIME = Date.UTC(2026, 4, 6, 16)
const NOON = Date.UTC(2026, 4, 6, 12)
/** Sunday, 02:00 in Berlin. */
const WINDOW_OPENS = Date.UTC(2026, 4, 10, 0)

/** The edges of the recorded days. */
export function edges(): readonly Recorded[] {
  return [...certificate(), ...retirement(), ...closing(), ...maintenance(), ...emergencies()]
}

function certificate(): readonly Recorded[] {
  const identity = workload('gateway/pod-9', CERTIFICATE_ENDS)
  const ask = (at: number) => ({
    at,
    about: 'certificate that runs out',
    request: {
      identity,
      posture: image(BEGIN),
      src: '10.60.0.9',
      dst: grpc('10.50.3.1', 8443, 'inference.v1.Generate', 'Stream'),
    },
  })
  return [
    ...[-240_000, -60_000, -1].map((offset) => ({
      ...ask(CERTIFICATE_ENDS + offset),
      code: 'ALLOW_RULE',
      rule: 'gateway-generates',
    })),
    ...[0, 60_000].map((offset) => ({ ...ask(CERTIFICATE_ENDS + offset), code: 'DENY_IDENTITY_EXPIRED', rule: null })),
  ]
}

function retirement(): readonly Recorded[] {
  const ask = (at: number) => ({
    at,
    about: 'model that is retired at noon',
    request: {
      identity: { kind: 'user', id: 'tenant-3', claims: { plan: 'pro' } },
      src: '10.5.0.11',
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-1-large' }),
    },
  })
  return [
    { ...ask(NOON - 1), code: 'ALLOW_RULE', rule: 'customers-chat' },
    { ...ask(NOON), code: 'DENY_RULE', rule: 'no-retired-models' },
  ]
}

function closing(): readonly Recorded[] {
  const ask = (at: number) => ({
    at,
    about: 'working hours',
    request: {
      identity: person('contractor-7', at, CONTRACTOR),
      posture: laptop(at),
      src: '10.11.7.9',
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-small' }),
    },
  })
  return [
    { ...ask(CLOSING_TIME - 1), code: 'ALLOW_RULE', rule: 'contractors-chat' },
    { ...ask(CLOSING_TIME), code: 'DENY_DEFAULT', rule: null },
  ]
}

function maintenance(): readonly Recorded[] {
  const ask = (at: number) => ({
    at,
    about: 'maintenance window',
    request: { identity: person('sam', at, SRE), posture: laptop(at), src: '10.10.250.3', dst: '10.25.0.9:5432' },
  })
  return [
    { ...ask(WINDOW_OPENS - 1), code: 'DENY_DEFAULT', rule: null },
    { ...ask(WINDOW_OPENS), code: 'ALLOW_RULE', rule: 'sre-maintains-stores' },
    { ...ask(WINDOW_OPENS + 3 * HOUR), code: 'DENY_DEFAULT', rule: null },
  ]
}

function emergencies(): readonly Recorded[] {
  const at = WINDOW_OPENS + 4 * HOUR
  const sam = person('sam', at, { ...SRE, claims: { breakglass: true } }, 10)
  const strongest = { ...sam, assurance: { ...sam.assurance, acr: 'phrh' } }
  return [
    {
      at,
      about: 'emergency',
      request: { identity: strongest, posture: laptop(at), src: '10.10.250.3', dst: '10.25.0.9:443' },
      code: 'ALLOW_RULE',
      rule: 'break-glass',
    },
    {
      at: at + MINUTE,
      about: 'emergency',
      request: {
        identity: person('grace', at, {}, 10),
        posture: laptop(at),
        src: '10.10.251.4',
        dst: tcp('10.30.66.9', 22),
      },
      code: 'ALLOW_RULE',
      rule: 'security-investigates',
    },
  ]
}
