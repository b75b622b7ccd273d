import type { Prepared } from './peers/contestant.ts'

/** A contestant that answers one question otherwise than the reference is not measured: the run stops. */
export async function mustAgree(
  prepared: Prepared,
  requests: number,
  expected: (index: number) => boolean,
  name: string,
): Promise<void> {
  for (let index = 0; index < requests; index++) {
    const answer = prepared.kind === 'now' ? prepared.decide(index) : await prepared.decide(index)
    if (answer !== expected(index)) {
      throw new Error(`${name} answers request ${index} with ${answer}, the reference with ${expected(index)}`)
    }
  }
}
