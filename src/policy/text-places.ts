import type { Path, Position, Target } from './diagnostics.ts'

/** Turns offsets of a text into lines and columns. */
export class LineIndex {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  position(offset: number): Position {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 }
  }
}

/** A place that is looked for: a node of the tree of all paths that problems name. */
export interface Place {
  readonly children: Map<string | number, Place>
  key: number
  value: number
}

function emptyPlace(): Place {
  return { children: new Map(), key: -1, value: -1 }
}

/** The tree of some paths. Places are found for all of them in one pass over the text. */
export function placesOf(targets: readonly Target[]): Place {
  const root = emptyPlace()
  for (const { path } of targets) {
    let place = root
    for (const part of path) {
      let child = place.children.get(part)
      if (child === undefined) {
        child = emptyPlace()
        place.children.set(part, child)
      }
      place = child
    }
  }
  return root
}

/** The offset of a target, or of the nearest place around it; -1 when nothing was found. */
export function offsetOf(root: Place, path: Path, at: 'key' | 'value'): number {
  let place = root
  let offset = root.value
  let last = root
  for (const part of path) {
    const child = place.children.get(part)
    if (child === undefined || child.value === -1) return last.key !== -1 && last.value === -1 ? last.key : offset
    place = child
    last = child
    offset = child.value
  }
  return at === 'key' && last.key !== -1 ? last.key : offset
}

/** Where a text has had more lines than it may have tokens, or -1. Counting them first spares the library the empty ones. */
export function denseLines(text: string, most: number): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) if (++lines > most) return at
  return -1
}
