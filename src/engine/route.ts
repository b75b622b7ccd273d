import { FALSE, TRUE, type Truth, UNKNOWN } from '../facts/truth.ts'

/**
 * HTTP routes, segment by segment: no regular expression ever meets a caller's path (CVE-2024-45296, CVE-2026-0621).
 */

/** The canonical text of a route template: parameters lose their names, `{id}` is `:id`. */
export function normalizeTemplate(template: string): string {
  return template
    .split('/')
    .map((segment) => (isParameter(segment) ? ':' : segment))
    .join('/')
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':') || (segment.startsWith('{') && segment.endsWith('}'))
}

/**
 * Compares a route template that a router matched with the policy's.
 *
 * @returns True when it is the policy's template, or below it when that ends in `/*`; unknown when the router matched a
 *   catch-all under which the policy's route may lie; else false.
 */
export function templateTruth(pattern: string, route: string): Truth {
  const wanted = normalizeTemplate(pattern)
  const given = normalizeTemplate(route)
  if (wanted === given) return TRUE
  if (wanted.endsWith('/*') && given.startsWith(wanted.slice(0, -1))) return TRUE
  return given.endsWith('*') && wanted.startsWith(given.slice(0, given.lastIndexOf('/') + 1)) ? UNKNOWN : FALSE
}

/** What servers and routers are known to read in different ways; such a path proves nothing (facts of CVE-2021-29492 and kin). */
const AMBIGUOUS = /[%\\;?#]|[^!-~]|\/\/|\/\.{1,2}(?:\/|$)|.\/$/

/** Whether a concrete path can be compared with templates at all. */
export function isPlainPath(path: string): boolean {
  return path.startsWith('/') && path.length <= 4096 && !AMBIGUOUS.test(path)
}

/** Whether a plain path is an instance of the policy's template. A parameter is one non-empty segment. */
export function pathMatches(pattern: string, path: string): boolean {
  const wanted = normalizeTemplate(pattern).split('/')
  const given = path.split('/')
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '*' && i === wanted.length - 1) return given.length > i
    if (i >= given.length) return false
    if (wanted[i] === ':' ? given[i] === '' : wanted[i] !== given[i]) return false
  }
  return wanted.length === given.length
}
