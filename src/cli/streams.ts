import { fstatSync } from 'node:fs'

/** What a command reads from and writes to; a test hands in its own. */
export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** The streams of this process. */
export function processStreams(): Streams {
  const { stdout, stderr } = process
  // Node reads a folder as an empty stream, and an empty stream is answered with success.
  if (fstatSync(0).isDirectory()) return { stdin: folder(), stdout, stderr }
  return { stdin: process.stdin, stdout, stderr }
}

// biome-ignore lint/correctness/useYield: it only ever fails
async function* folder(): AsyncGenerator<Uint8Array> {
  throw new Error('standard input is a directory')
}
