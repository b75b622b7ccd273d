import type { Command } from '../command.ts'
import { authorize } from './authorize.ts'
import { check } from './check.ts'
import { explain } from './explain.ts'
import { test } from './test.ts'

/** Every verb of this version, in the order of the help. */
export const COMMANDS: readonly Command[] = [check, test, authorize, explain]
