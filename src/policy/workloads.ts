import { quote } from './diagnostics.ts'
import type { WorkloadPattern } from './model.ts'
import type { Report } from './report.ts'

const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/[A-Za-z0-9._-]+)*$/
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/
const LONGEST_ID = 2048

/** True for an exact SPIFFE id. */
export function isSpiffeId(text: string): boolean {
  return text.length <= LONGEST_ID && SPIFFE_ID.test(text) && !DOT_SEGMENT.test(text.slice('spiffe:/'.length))
}

/** Reads a SPIFFE id or a pattern that ends in `/*`, or `null` after a report. */
export function readWorkload(text: string, report: Report): WorkloadPattern | null {
  const below = text.endsWith('/*')
  const id = below ? text.slice(0, -2) : text
  if (isSpiffeId(id)) return { id, below }
  report.add('POLICY_WORKLOAD_INVALID', `${quote(text)} is not a SPIFFE id`, {
    expected: 'spiffe://trust-domain/path, with /* at the end for everything below',
    fix: spiffeFix(text, below ? '/*' : ''),
  })
  return null
}

function spiffeFix(text: string, ending: string): string | undefined {
  if (text.length > LONGEST_ID) return `use at most ${LONGEST_ID} characters`
  const id = ending === '' ? text : text.slice(0, -ending.length)
  const match = /^(spiffe:\/\/)([^/]*)(.*)$/i.exec(id)
  if (match === null) return undefined
  const repaired = `spiffe://${(match[2] ?? '').toLowerCase()}${(match[3] ?? '').replace(/\/+$/, '')}`
  return repaired !== id && isSpiffeId(repaired) ? `write ${repaired}${ending}` : undefined
}
