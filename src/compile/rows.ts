/** Compressed rows: row `i` is `values[start[i] .. start[i + 1]]`. */
export interface Rows {
  readonly start: Int32Array
  readonly values: Int32Array
}

/** Packs lists of integers into compressed rows. */
export function packRows(lists: readonly (readonly number[])[]): Rows {
  const start = new Int32Array(lists.length + 1)
  let total = 0
  for (let i = 0; i < lists.length; i++) {
    start[i] = total
    total += (lists[i] as readonly number[]).length
  }
  start[lists.length] = total
  const values = new Int32Array(total)
  for (let i = 0; i < lists.length; i++) values.set(lists[i] as readonly number[], start[i])
  return { start, values }
}
