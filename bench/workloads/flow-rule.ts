import type { Block, Family, Words } from './blocks.ts'

/** A rule in a form every contestant can read. `null` and -1 are any. */
export interface FlowRule {
  readonly id: string
  readonly effect: 'allow' | 'deny'
  readonly from: Block | null
  readonly to: Block | null
  readonly firstPort: number
  readonly lastPort: number
  readonly group: number
  readonly posture: number
}

/** A named posture: `score >= minimumScore` and `managed`. */
export interface FlowPosture {
  readonly name: string
  readonly minimumScore: number
}

/** A caller. Groups are indices. */
export interface FlowUser {
  readonly id: string
  readonly groups: readonly number[]
}

/** The state of a device: the two facts that rules read, and others that nothing reads. */
export interface FlowDevice {
  readonly score: number
  readonly managed: boolean
  readonly extra: Readonly<Record<string, string | number | boolean>>
}

/** Rules in evaluation order (denies first, then by id) with the people and devices that requests draw from. */
export interface FlowPolicy {
  readonly family: Family
  readonly rules: readonly FlowRule[]
  /** Every distinct block of the rules; a rule's `from` and `to` are elements of it. */
  readonly blocks: readonly Block[]
  readonly groups: number
  readonly postures: readonly FlowPosture[]
  readonly users: readonly FlowUser[]
  readonly devices: readonly FlowDevice[]
}

/** One question. */
export interface FlowRequest {
  readonly user: number
  readonly device: number
  readonly src: Words
  readonly dst: Words
  readonly port: number
}

/** Whether the device is in the posture. */
export function satisfies(device: FlowDevice, posture: FlowPosture): boolean {
  return device.managed && device.score >= posture.minimumScore
}

/** The name of a group in documents, tokens and peers. */
export function groupName(group: number): string {
  return `team-${group}`
}

/** Facts of a device by name, as posture documents know them. */
export function deviceFacts(device: FlowDevice): Record<string, string | number | boolean> {
  return { 'zta.score': device.score, 'device.managed': device.managed, ...device.extra }
}
