const VERSION = /^\d{1,9}(?:\.\d{1,9}){0,7}$/

/**
 * Compares dotted decimal versions part by part; a missing part is 0.
 *
 * @returns Negative, zero or positive; `null` when either is not a version.
 */
export function compareVersions(left: string, right: string): number | null {
  if (left.length > 80 || right.length > 80 || !VERSION.test(left) || !VERSION.test(right)) return null
  const leftParts = left.split('.')
  const rightParts = right.split('.')
  for (let i = 0; i < Math.max(leftParts.length, rightParts.length); i++) {
    const difference = Number(leftParts[i] ?? 0) - Number(rightParts[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
