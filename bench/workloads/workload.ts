import { type Family, formatAddress, formatEndpoint } from './blocks.ts'
import type { FlowPolicy, FlowRequest } from './flow-rule.ts'
import { createOracle } from './oracle.ts'
import { generateRequests, type Mix } from './requests.ts'
import { generateSegmentation } from './segmentation.ts'

/** One workload, small enough to send to the process that runs it. */
export interface WorkloadSpec {
  readonly rules: number
  readonly family: Family
  readonly shape: 'plain' | 'wide'
  readonly distribution: 'uniform' | 'zipf'
  readonly mix: Mix
  readonly requests: number
  readonly distinct: boolean
}

/** A policy with requests in every form that contestants take, and the expected answers. */
export interface Workload {
  readonly spec: WorkloadSpec
  readonly policy: FlowPolicy
  readonly requests: readonly FlowRequest[]
  /** `10.1.2.3` */
  readonly src: readonly string[]
  /** `10.4.5.6`, without the port */
  readonly dst: readonly string[]
  /** `10.4.5.6:443` */
  readonly dstEndpoint: readonly string[]
  /** Index of the rule that decides, or -1. */
  readonly expected: Int32Array
  /** Share of requests that are allowed. */
  readonly allowedShare: number
}

/** The name of a workload in tables. */
export function workloadName(spec: WorkloadSpec): string {
  const reuse = spec.distinct ? ', all distinct' : ''
  return `${spec.rules.toLocaleString('en')} rules, IPv${spec.family}, ${spec.shape}, ${spec.distribution}, ${spec.mix}${reuse}`
}

/** Builds a workload. The same description gives the same workload everywhere. */
export function createWorkload(spec: WorkloadSpec): Workload {
  const policy = generateSegmentation({
    rules: spec.rules,
    family: spec.family,
    shape: spec.shape,
    seed: 20_261_123 + spec.rules,
  })
  const requests = generateRequests(policy, {
    count: spec.requests,
    distribution: spec.distribution,
    mix: spec.mix,
    seed: 7,
    distinct: spec.distinct,
  })
  const oracle = createOracle(policy)
  const expected = Int32Array.from(requests, oracle)
  const allowed = expected.reduce((sum, rule) => sum + Number(policy.rules[rule]?.effect === 'allow'), 0)
  return {
    spec,
    policy,
    requests,
    src: requests.map((request) => formatAddress(spec.family, request.src)),
    dst: requests.map((request) => formatAddress(spec.family, request.dst)),
    dstEndpoint: requests.map((request) => formatEndpoint(spec.family, request.dst, request.port)),
    expected,
    allowedShare: allowed / requests.length,
  }
}

/** Whether the expected answer of a request is allow. */
export function expectedAllowed(workload: Workload, index: number): boolean {
  return workload.policy.rules[workload.expected[index] as number]?.effect === 'allow'
}
