/**
 * Writes the recorded stream, requests.jsonl, and what each line of it must be answered, expected.jsonl. Nothing in here
 * asks the engine: every expectation was written by hand, beside its request.
 *
 *     npx tsx examples/ai-platform/record.ts
 */
import { writeFileSync } from 'node:fs'
import { attacks } from './attacks.ts'
import { BEGIN, SECOND } from './cast.ts'
import { edges } from './edges.ts'
import { everyday } from './everyday.ts'

/** One line of the stream, and its answer. */
export interface Recorded {
  readonly at: number
  /** The request without its time, or a text that is written as it is. */
  readonly request: Readonly<Record<string, unknown>> | string
  /** A group of the demo's table. */
  readonly about: string
  readonly code: string
  readonly rule: string | null
}

/** The stream in the order of its time. */
export function stream(): readonly Recorded[] {
  const morning = interleaved([everyday(), attacks()])
  return [...morning, ...edges()].sort((one, other) => one.at - other.at)
}

/** The lines of requests.jsonl, in plain ASCII. */
export function requestLines(recorded: readonly Recorded[]): string {
  return recorded
    .map(({ at, request }) => {
      const line =
        typeof request === 'string' ? request : JSON.stringify({ ...request, at: new Date(at).toISOString() })
      return `${line.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
    })
    .join('')
}

/** The lines of expected.jsonl. */
export function expectedLines(recorded: readonly Recorded[]): string {
  return recorded
    .map(({ about, code, rule }, index) => `${JSON.stringify({ line: index + 1, about, code, rule })}\n`)
    .join('')
}

/** What happens at a time that the time of the day does not matter for: made when the time is known. */
export type Scene = (at: number) => Omit<Recorded, 'at'>

/** Mixes scenes evenly over a morning, one every 12 seconds. */
function interleaved(streams: readonly (readonly Scene[])[]): readonly Recorded[] {
  const placed = streams.flatMap((scenes) =>
    scenes.map((scene, index) => ({ scene, place: (index + 0.5) / scenes.length })),
  )
  placed.sort((one, other) => one.place - other.place)
  return placed.map(({ scene }, index) => {
    const at = BEGIN + index * 12 * SECOND
    return { at, ...scene(at) }
  })
}

if (process.argv[1] === import.meta.filename) {
  const recorded = stream()
  writeFileSync(new URL('requests.jsonl', import.meta.url), requestLines(recorded))
  writeFileSync(new URL('expected.jsonl', import.meta.url), expectedLines(recorded))
  process.stdout.write(`${recorded.length} requests\n`)
}
