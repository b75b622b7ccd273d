import type { PrincipalIdentity } from '../../src/facts/identity.ts'
import type { Posture, PostureFact } from '../../src/facts/posture.ts'
import { deviceFacts, type FlowDevice, type FlowUser, groupName } from '../workloads/flow-rule.ts'

/** The names of the groups of a caller. */
export function groupsOf(user: FlowUser): string[] {
  return user.groups.map(groupName)
}

/** The caller's own groups, filled up to twenty with groups that no rule names, as directories do. */
export function twentyGroupsOf(user: FlowUser): string[] {
  const own = groupsOf(user)
  return [...own, ...Array.from({ length: 20 - own.length }, (_, index) => `directory-${index}`)]
}

/** A new object every time, as a token verification gives one. */
export function newPrincipal(user: FlowUser, groups: readonly string[]): PrincipalIdentity {
  return { kind: 'user', id: user.id, groups: groups.slice() }
}

/** A new object every time, as a posture provider gives one. */
export function newPosture(device: FlowDevice, observedAt: number, tenFacts: boolean): Posture {
  const fact = (value: PostureFact['value']): PostureFact => ({ value, observedAt, verification: 'signature' })
  if (!tenFacts) {
    return {
      facts: Object.fromEntries(Object.entries(deviceFacts(device)).map(([name, value]) => [name, fact(value)])),
    }
  }
  return {
    facts: {
      'zta.score': fact(device.score),
      'device.managed': fact(device.managed),
      'disk.encrypted': fact(true),
      'os.version': fact('14.2.1'),
      'os.platform': fact('linux'),
      'firewall.enabled': fact(true),
      'screen.lock': fact(true),
      'agent.version': fact('7.12.0'),
      'secure.boot': fact(true),
      'patch.age': fact(5),
    },
  }
}
