/** One line of a plot. */
export interface Series {
  readonly name: string
  /** Number of rules and nanoseconds. */
  readonly points: readonly (readonly [number, number])[]
  /** Marks our own lines. */
  readonly strong: boolean
}

const WIDTH = 860
const HEIGHT = 520
const LEFT = 76
const RIGHT = 230
const TOP = 44
const BOTTOM = 56
/** Height of a name at the right. */
const LINE = 16
// Middle greys and saturated middle tones stay legible on white and on a dark page alike.
const INK = '#808890'
const GRID = '#80889033'
const COLOURS = [
  '#0f8a6d',
  '#2f7fd6',
  '#b5651d',
  '#9b59b6',
  '#c0392b',
  '#7f8c2d',
  '#16a0b0',
  '#d2609a',
  '#6c7a89',
  '#8e6c3a',
  '#4b6cb7',
  '#a04000',
]

/** A plot with logarithmic axes as a standalone SVG without scripts or fonts. */
export function renderPlot(title: string, series: readonly Series[]): string {
  const drawn = series.filter((line) => line.points.length > 0)
  const xs = drawn.flatMap((line) => line.points.map(([x]) => x))
  const ys = drawn.flatMap((line) => line.points.map(([, y]) => y))
  if (xs.length === 0) throw new Error('nothing to plot')
  const xRange = decades(xs)
  const yRange = decades(ys)
  const x = scale(xRange, LEFT, WIDTH - RIGHT)
  const y = scale(yRange, HEIGHT - BOTTOM, TOP)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escapeText(title)}">`,
    text(LEFT, 24, title, `fill="${INK}" font-size="15" font-weight="600"`),
    ...axis(xRange, (power) => {
      const at = x(10 ** power)
      return [
        `<line x1="${at}" y1="${TOP}" x2="${at}" y2="${HEIGHT - BOTTOM}" stroke="${GRID}"/>`,
        text(at, HEIGHT - BOTTOM + 20, (10 ** power).toLocaleString('en'), `fill="${INK}" text-anchor="middle"`),
      ]
    }),
    ...axis(yRange, (power) => {
      const at = y(10 ** power)
      return [
        `<line x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}" stroke="${GRID}"/>`,
        text(LEFT - 8, at + 4, duration(10 ** power), `fill="${INK}" text-anchor="end"`),
      ]
    }),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, 'rules', `fill="${INK}" text-anchor="middle"`),
    ...drawn.flatMap((line, index) => curve(line, COLOURS[index % COLOURS.length] as string, x, y)),
    ...labels(drawn, y),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function curve(line: Series, colour: string, x: (value: number) => number, y: (value: number) => number): string[] {
  const points = line.points.map(([rules, ns]) => `${x(rules)},${y(ns)}`)
  const width = line.strong ? 3 : 1.6
  return [
    `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`,
    ...points.map(
      (point) =>
        `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="${line.strong ? 3.6 : 2.6}" fill="${colour}"/>`,
    ),
  ]
}

/** Names at the right, each near the end of its line and none on top of another. */
function labels(drawn: readonly Series[], y: (value: number) => number): string[] {
  const placed = drawn
    .map((line, index) => ({
      line,
      colour: COLOURS[index % COLOURS.length] as string,
      at: y(line.points[line.points.length - 1]?.[1] ?? 1),
    }))
    .sort((left, right) => left.at - right.at)
  // Down the page first, then back up from the bottom edge: no two names overlap and none leaves the frame.
  for (let index = 0; index < placed.length; index++) {
    const label = placed[index] as (typeof placed)[number]
    label.at = Math.max(label.at, (placed[index - 1]?.at ?? TOP - LINE) + LINE)
  }
  for (let index = placed.length - 1; index >= 0; index--) {
    const label = placed[index] as (typeof placed)[number]
    label.at = Math.min(label.at, (placed[index + 1]?.at ?? HEIGHT - BOTTOM + LINE) - LINE)
  }
  return placed.map(({ line, colour, at }) =>
    text(WIDTH - RIGHT + 12, at + 4, line.name, `fill="${colour}"${line.strong ? ' font-weight="600"' : ''}`),
  )
}

function axis([low, high]: readonly [number, number], draw: (power: number) => string[]): string[] {
  return Array.from({ length: high - low + 1 }, (_, step) => draw(low + step)).flat()
}

function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9)
  return [low, Math.max(high, low + 1)]
}

function scale([low, high]: readonly [number, number], from: number, to: number): (value: number) => number {
  return (value) => Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10
}

function duration(ns: number): string {
  if (ns < 1e3) return `${ns} ns`
  if (ns < 1e6) return `${ns / 1e3} us`
  return ns < 1e9 ? `${ns / 1e6} ms` : `${ns / 1e9} s`
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeText(content)}</text>`
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
