import { compileModel } from '../../src/compiled-policy.ts'
import { createIdentity, createPosture } from '../../src/engine/warm-facts.ts'
import type { Compile, Engine, Sealer } from './agreement.ts'

/** The compiled engine as the harness sees it: it may be asked anything. */
export const COMPILE: Compile = (model, clock) =>
  compileModel(model, {
    clock,
    onInternalError: (error) => {
      console.error(error)
    },
  }) as Engine

/** The facts of the public surface. */
export const SEALER: Sealer = {
  identity: (raw) => createIdentity(raw as never),
  posture: (raw) => createPosture(raw as never),
}
