/** Longest SPIFFE id (SPIFFE-ID specification, section 2.3). */
const MAX_LENGTH = 2048
const SCHEME = 'spiffe://'
const ID = /^spiffe:\/\/[a-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/

/** Whether a text is a SPIFFE id: canonical, without `.` or `..` segments. */
export function isWorkloadId(text: string): boolean {
  if (text.length > MAX_LENGTH || !text.startsWith(SCHEME) || !ID.test(text)) return false
  return !/\/\.{1,2}(?:\/|$)/.test(text.slice(SCHEME.length))
}
