/** Bounds on the text of a policy, so that a hostile file costs little before it is refused. */
export interface Limits {
  /** Length of the text in UTF-16 units. */
  readonly size: number
  /** Lists and objects inside each other. */
  readonly depth: number
  /** Values of a document, those that an alias repeats included. */
  readonly nodes: number
  /** Uses of YAML aliases, and anchors for them. */
  readonly aliases: number
}

/** What holds when nothing else is asked for. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  size: 16 * 1024 * 1024,
  depth: 64,
  nodes: 4_000_000,
  aliases: 100,
})

/** The default limits with some of them replaced. Anything that is no number leaves the default: it must not lift a limit. */
export function limitsOf(limits: Partial<Limits> | undefined): Limits {
  const of = (key: keyof Limits): number => {
    const value: unknown = limits?.[key]
    return typeof value === 'number' && value >= 0 ? value : DEFAULT_LIMITS[key]
  }
  return { size: of('size'), depth: Math.min(of('depth'), 256), nodes: of('nodes'), aliases: of('aliases') }
}
