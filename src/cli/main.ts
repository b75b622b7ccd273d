#!/usr/bin/env node
import { run } from './run.ts'
import { processStreams } from './streams.ts'

// The status is set and not forced, so that what was written reaches its reader.
process.exitCode = await run(process.argv.slice(2), processStreams())
