/** Longer texts are compared by their beginning: a misspelling is found there or not worth finding. */
const LONGEST = 48

/** Edits (insert, delete, replace, swap of neighbours) from one text to another, or `limit + 1` when there are more. */
export function editDistance(left: string, right: string, limit: number): number {
  const a = left.slice(0, LONGEST)
  const b = right.slice(0, LONGEST)
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      current.push(cost)
      if (cost < smallest) smallest = cost
    }
    if (smallest > limit) return limit + 1
    before = previous
    previous = current
  }
  return Math.min(previous[b.length] ?? 0, limit + 1)
}

/** The candidate a reader most likely meant, or `undefined`. Looks at no more than `most` of them. */
export function nearestName(name: string, candidates: Iterable<string>, most: number): string | undefined {
  const lower = name.toLowerCase()
  let limit = Math.max(1, Math.floor(Math.min(name.length, LONGEST) / 3))
  let best: string | undefined
  let left = most
  for (const candidate of candidates) {
    if (left-- <= 0) break
    if (candidate.toLowerCase() === lower) return candidate
    const distance = editDistance(lower, candidate.toLowerCase(), limit)
    if (distance > limit || (distance === limit && best !== undefined)) continue
    best = candidate
    limit = distance
    if (limit === 0) break
  }
  return best
}
