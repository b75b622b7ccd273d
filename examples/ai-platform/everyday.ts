/** What happens all day: customers, pipelines, people and agents that do what they may, and some that just may not. */
import {
  agent,
  CONTRACTOR,
  customer,
  DATA,
  gpu,
  grpc,
  HOUR,
  https,
  image,
  laptop,
  ML,
  person,
  SRE,
  tcp,
  through,
  workload,
} from './cast.ts'
import type { Scene } from './record.ts'

const ANONYMOUS = { kind: 'anonymous' }

function allowed(about: string, rule: string, request: (at: number) => Record<string, unknown>): Scene {
  return (at) => ({ about, code: 'ALLOW_RULE', rule, request: request(at) })
}

function refused(
  about: string,
  code: string,
  rule: string | null,
  request: (at: number) => Record<string, unknown>,
): Scene {
  return (at) => ({ about, code, rule, request: request(at) })
}

/** Five rounds of the same platform, each with other machines and people. */
export function everyday(): readonly Scene[] {
  return [0, 1, 2, 3, 4].flatMap((round) => [
    ...serving(round),
    ...pipelines(round),
    ...people(round),
    ...agents(round),
  ])
}

function serving(round: number): readonly Scene[] {
  const edge = round % 2 === 0 ? `10.5.0.${10 + round}` : `fd5a:11ce:7000:500::${10 + round}`
  const gateway = round % 2 === 0 ? '10.60.0.4' : 'fd5a:11ce:7000:6000::4'
  const chat = https(gateway, 'POST', '/v1/chat/completions', { model: 'acme-2-large' })
  return [
    allowed('customers', 'customers-chat', (at) => ({
      identity: customer(`tenant-${round}`, at, round % 2 === 0 ? 'pro' : 'enterprise'),
      src: edge,
      dst: chat,
    })),
    allowed('customers', 'customers-chat', (at) => ({
      identity: customer(`tenant-${round + 10}`, at, 'enterprise'),
      src: edge,
      dst: https(gateway, 'POST', '/v1/embeddings', { model: 'embed-3' }),
    })),
    refused('customers', 'DENY_DEFAULT', null, (at) => ({
      identity: customer(`free-${round}`, at, 'free'),
      src: edge,
      dst: chat,
    })),
    allowed('customers', 'catalogue', (at) => ({
      identity: customer(`tenant-${round}`, at, 'pro'),
      src: edge,
      dst: https(gateway, round % 2 === 0 ? 'GET' : 'HEAD', '/v1/models/{id}'),
    })),
    allowed('operations', 'health', () => ({ identity: ANONYMOUS, src: edge, dst: https(gateway, 'GET', '/healthz') })),
    allowed('serving', 'gateway-generates', (at) => ({
      identity: workload(`gateway/pod-${round}`, at + HOUR),
      posture: image(at),
      src: gateway,
      dst: grpc(`10.50.3.${round + 1}`, 8443, 'inference.v1.Generate', round % 2 === 0 ? 'Run' : 'Stream'),
    })),
    allowed('serving', 'inference-searches', (at) => ({
      identity: workload('inference/llm', at + HOUR),
      posture: image(at),
      src: { address: `10.50.3.${round + 1}`, workload: 'spiffe://prod.acme.example/inference/llm' },
      dst: grpc('10.70.0.8', 6334, 'vector.v1.Search', 'Query'),
    })),
    allowed('serving', 'inference-pulls-weights', (at) => ({
      identity: workload('inference/llm', at + HOUR),
      posture: gpu(at),
      src: `10.50.4.${round + 1}`,
      dst: https('fd5a:11ce:7000:4000::2', 'GET', '/v1/weights/:name'),
    })),
    allowed('serving', 'workloads-read-secrets', (at) => ({
      identity: workload(`gateway/pod-${round}`, at + HOUR),
      posture: image(at),
      src: gateway,
      dst: grpc('10.90.0.3', 8200, 'secrets.v1.Store', 'Read'),
    })),
    allowed('operations', 'scrape-metrics', (at) => ({
      identity: workload('observability/scraper', at + HOUR),
      src: '10.91.0.5',
      dst: tcp(`10.50.3.${round + 1}`, 9100, { http: { method: 'GET', route: '/metrics' } }),
    })),
    allowed('operations', 'send-telemetry', (at) => ({
      identity: workload('inference/llm', at + HOUR),
      src: `fd5a:11ce:7000:5000::${round + 1}`,
      dst: '[fd5a:11ce:7000:9100::7]:4317',
    })),
    allowed('operations', 'resolve-names', (at) => ({
      identity: workload('ingestion/crawler', at + HOUR),
      src: `10.20.0.${round + 1}`,
      dst: { address: '10.0.0.53', port: 53, protocol: 'udp' },
    })),
  ]
}

function pipelines(round: number): readonly Scene[] {
  const crawler = (at: number) => workload('ingestion/crawler', at + HOUR)
  const trainer = (at: number) => workload(`training/run-${round}`, at + 2 * HOUR)
  return [
    allowed('ingestion', 'ingestion-fetches', (at) => ({
      identity: crawler(at),
      posture: image(at),
      src: `10.20.1.${round + 1}`,
      dst: ['93.184.215.14:443', '[2606:2800:220:1::1]:443', '1.1.1.1:443', '8.8.8.8:443', '9.9.9.9:443'][round],
    })),
    allowed('ingestion', 'ingestion-writes-features', (at) => ({
      identity: crawler(at),
      posture: image(at),
      src: `10.20.1.${round + 1}`,
      dst: grpc('10.25.0.9', 8443, 'ingest.v1.Batch', 'Write'),
    })),
    allowed('ingestion', 'ingestion-embeds', (at) => ({
      identity: crawler(at),
      posture: image(at),
      src: `10.20.1.${round + 1}`,
      dst: tcp('10.50.9.1', 8443, { model: 'embed-3-large' }),
    })),
    allowed('ingestion', 'ingestion-indexes', (at) => ({
      identity: crawler(at),
      posture: image(at),
      src: `fd5a:11ce:7000:2001::${round + 1}`,
      dst: grpc('fd5a:11ce:7000:7000::8', 6334, 'vector.v1.Index', 'Upsert'),
    })),
    allowed('training', 'training-reads-features', (at) => ({
      identity: trainer(at),
      posture: gpu(at),
      src: `10.30.1.${round + 1}`,
      dst: '10.25.0.9:5432',
    })),
    // A rented machine has no address of ours: its labels are what is known of it.
    allowed('training', 'training-reads-features', (at) => ({
      identity: trainer(at),
      posture: gpu(at),
      src: { labels: { pool: 'gpu-burst', cluster: 'training', zone: `eu-${round}` } },
      dst: { segment: 'feature-store', port: 5432 },
    })),
    allowed('training', 'training-pushes-weights', (at) => ({
      identity: trainer(at),
      posture: gpu(at),
      src: `spiffe://prod.acme.example/training/run-${round}`,
      dst: https('10.40.0.2', 'PUT', '/v1/weights/{model}'),
    })),
    allowed('delivery', 'ci-deploys', (at) => ({
      identity: {
        kind: 'workload',
        id: 'spiffe://ci.acme.example/runner',
        claims: { repository: 'acme/model-deploy', ref: 'refs/heads/main' },
        expiresAt: at + HOUR,
      },
      src: `10.92.0.${round + 20}`,
      dst: https('10.50.0.1', 'POST', '/deploy/:model'),
    })),
    refused('delivery', 'DENY_DEFAULT', null, (at) => ({
      identity: {
        kind: 'workload',
        id: 'spiffe://ci.acme.example/runner',
        claims: { repository: 'acme/model-deploy', ref: `refs/heads/try-${round}` },
        expiresAt: at + HOUR,
      },
      src: `10.92.0.${round + 20}`,
      dst: https('10.50.0.1', 'POST', '/deploy/:model'),
    })),
  ]
}

function people(round: number): readonly Scene[] {
  const desk = round % 2 === 0 ? `10.10.4.${round + 30}` : `fd5a:11ce:7000:1004::${round + 30}`
  const alice = (at: number) => person('alice', at, ML)
  return [
    allowed('staff', 'staff-chat', (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: desk,
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-large' }),
    })),
    allowed('staff', 'contractors-chat', (at) => ({
      identity: person(`contractor-${round}`, at, CONTRACTOR),
      posture: laptop(at),
      src: `10.11.7.${round + 1}`,
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-small' }),
    })),
    // Allowed, and reported by the shadow rule that is on trial.
    allowed('staff', 'contractors-chat', (at) => ({
      identity: person(`contractor-${round}`, at, CONTRACTOR),
      posture: laptop(at),
      src: `10.11.7.${round + 1}`,
      dst: https('10.60.0.4', 'POST', '/v1/embeddings', { model: 'embed-3' }),
    })),
    refused('staff', 'DENY_DEFAULT', null, (at) => ({
      identity: person(`contractor-${round}`, at, CONTRACTOR),
      posture: laptop(at),
      src: `10.11.7.${round + 1}`,
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-large' }),
    })),
    allowed('staff', 'ml-submits-jobs', (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: desk,
      dst: grpc('10.30.0.2', 8443, 'train.v1.Jobs', 'Submit'),
    })),
    // Would be allowed if the shadow rule on trial were in force.
    refused('staff', 'DENY_DEFAULT', null, (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: `10.11.8.${round + 1}`,
      dst: grpc('10.30.0.2', 8443, 'train.v1.Jobs', 'Get'),
    })),
    allowed('staff', 'ml-reads-weights', (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: desk,
      dst: https('10.40.0.2', 'GET', '/v1/weights/:model'),
    })),
    allowed('staff', 'data-queries-features', (at) => ({
      identity: person('dave', at, DATA, 300),
      posture: laptop(at),
      src: desk,
      dst: '10.25.0.9:5432',
    })),
    allowed('staff', 'ml-debugs-vectors', (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: desk,
      dst: { ...grpc('10.70.0.8', 6334, 'vector.v1.Search', 'Query'), context: { ticket: `INC-${1000 + round}` } },
    })),
    refused('staff', 'DENY_DEFAULT', null, (at) => ({
      identity: alice(at),
      posture: laptop(at),
      src: desk,
      dst: grpc('10.70.0.8', 6334, 'vector.v1.Search', 'Query'),
    })),
    allowed('operations', 'sre-ssh', (at) => ({
      identity: person('sam', at, SRE),
      posture: laptop(at),
      src: round % 2 === 0 ? '10.10.250.3' : 'fd5a:11ce:7000:10fa::3',
      dst: `10.50.3.${round + 1}:22`,
    })),
  ]
}

function agents(round: number): readonly Scene[] {
  const sandbox = round % 2 === 0 ? `10.80.2.${round + 1}` : `fd5a:11ce:7000:8002::${round + 1}`
  const alice = (at: number) => person('alice', at, { ...ML, roles: ['tool-approver'] })
  const coder = (at: number) => agent('coder', at, { claims: { reviewed: true } })
  return [
    allowed('agents', 'agents-chat', (at) => ({
      identity: through(alice(at), coder(at)),
      src: sandbox,
      dst: https('10.60.0.4', 'POST', '/v1/chat/completions', { model: 'acme-2-large' }),
    })),
    allowed('agents', 'agents-use-safe-tools', (at) => ({
      identity: through(alice(at), agent('planner', at), coder(at)),
      src: sandbox,
      dst: tcp('10.81.0.2', 443, { tool: round % 2 === 0 ? 'web.search' : 'tickets.read.one' }),
    })),
    allowed('agents', 'agents-use-writing-tools', (at) => ({
      identity: through(alice(at), coder(at)),
      src: sandbox,
      dst: tcp('10.81.0.2', 443, { tool: 'code.commit' }),
    })),
    // The person may, the agent was not reviewed: rights only narrow along the chain.
    refused('agents', 'DENY_DELEGATION', null, (at) => ({
      identity: through(alice(at), agent('intern', at)),
      src: sandbox,
      dst: tcp('10.81.0.2', 443, { tool: 'code.commit' }),
    })),
  ]
}
