/**
 * A long call, for example a stream of tokens, ends when what allowed it ends. Every decision says how long it can be relied
 * on; ask again then, not every second. The clock is injected, so that nothing here waits.
 */
import { type Clock, compile, definePolicy, type Identity, type Posture } from '../src/index.ts'

const BEGIN = Date.UTC(2026, 4, 6, 9)
const MINUTE = 60_000

class ManualClock implements Clock {
  #now = BEGIN
  now(): number {
    return this.#now
  }
  set(instant: number): void {
    this.#now = instant
  }
}

const clock = new ManualClock()
const policy = compile(
  definePolicy({
    sallyport: 1,
    name: 'serving',
    segments: { gateway: { cidrs: ['10.60.0.0/24'] }, inference: { cidrs: ['10.50.0.0/16'] } },
    postures: { signed: { maxAge: '20m', all: [{ fact: 'image.signed', equals: true }] } },
    rules: [
      {
        id: 'generate',
        effect: 'allow',
        from: 'gateway',
        to: 'inference',
        posture: 'signed',
        who: { kind: 'workload' },
        lease: '15m',
      },
    ],
  }),
  { clock },
)

const identity: Identity = { kind: 'workload', id: 'spiffe://prod.example/gateway', expiresAt: BEGIN + 18 * MINUTE }
const posture: Posture = {
  facts: { 'image.signed': { value: true, observedAt: BEGIN - MINUTE, verification: 'attestation' } },
}

for (;;) {
  const { code, validUntil } = policy.authorize(identity, posture, '10.60.0.4', '10.50.0.1:8443')
  console.log(`minute ${(clock.now() - BEGIN) / MINUTE}: ${code}`)
  if (code !== 'ALLOW_RULE') break
  // A service would set a timer here, and close the stream when the answer has changed.
  clock.set(validUntil)
}
// minute 0: ALLOW_RULE
// minute 15: ALLOW_RULE
// minute 18: DENY_IDENTITY_EXPIRED
