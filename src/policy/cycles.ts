/**
 * One cycle for each strongly connected part of a graph that has any: a shortest way round from its first node. Tarjan's
 * algorithm with its own stack, since a chain of a million segments must not overflow ours.
 */
export function findCycles(edges: readonly (readonly number[])[]): number[][] {
  const component = components(edges)
  const cycles: number[][] = []
  const done = new Set<number>()
  for (let node = 0; node < edges.length; node++) {
    const own = component[node] ?? -1
    if (done.has(own)) continue
    done.add(own)
    const cycle = wayRound(node, edges, component)
    if (cycle !== null) cycles.push(cycle)
  }
  return cycles
}

function components(edges: readonly (readonly number[])[]): Int32Array {
  const size = edges.length
  const order = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const component = new Int32Array(size).fill(-1)
  const next = new Int32Array(size)
  const open: number[] = []
  const walk: number[] = []
  let clock = 0
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue
    walk.push(root)
    while (walk.length > 0) {
      const node = walk[walk.length - 1] ?? 0
      if (order[node] === -1) {
        order[node] = low[node] = clock++
        open.push(node)
      }
      const target = edges[node]?.[next[node] ?? 0]
      if (target !== undefined) {
        next[node] = (next[node] ?? 0) + 1
        if (order[target] === -1) walk.push(target)
        else if (component[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0)
        continue
      }
      walk.pop()
      const parent = walk[walk.length - 1]
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0)
      if (low[node] === order[node]) {
        let member: number | undefined
        do {
          member = open.pop()
          if (member !== undefined) component[member] = node
        } while (member !== undefined && member !== node)
      }
    }
  }
  return component
}

/** Breadth first from a node back to itself, inside its own part. */
function wayRound(start: number, edges: readonly (readonly number[])[], component: Int32Array): number[] | null {
  const from = new Map<number, number>()
  const queue = [start]
  for (const node of queue) {
    for (const target of edges[node] ?? []) {
      if (target === start) {
        const cycle = [node]
        for (let at = node; at !== start; ) {
          at = from.get(at) ?? start
          cycle.push(at)
        }
        return cycle.reverse()
      }
      if (component[target] !== component[start] || from.has(target)) continue
      from.set(target, node)
      queue.push(target)
    }
  }
  return null
}
