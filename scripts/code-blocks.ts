/** The examples of the documentation: fenced blocks of Markdown pages and of doc comments. */
import ts from 'typescript'

export interface CodeBlock {
  /** `README.md:12`, the line of the opening fence. */
  readonly place: string
  readonly language: string
  readonly text: string
}

/** Every fenced block of a Markdown text. */
export function fencedBlocks(path: string, text: string, firstLine = 1): readonly CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { readonly line: number; readonly language: string; readonly indent: string } | null = null
  let body: string[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^(\s*)```(\S*)/.exec(line)
    if (open === null && fence !== null) {
      open = { line: firstLine + at, language: fence[2] ?? '', indent: fence[1] ?? '' }
      body = []
    } else if (open !== null && fence !== null) {
      blocks.push({ place: `${path}:${open.line}`, language: open.language, text: `${body.join('\n')}\n` })
      open = null
    } else if (open !== null) body.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
  }
  if (open !== null) throw new Error(`${path}:${open.line} fence is never closed`)
  return blocks
}

export interface DocComment {
  readonly place: string
  readonly hasExample: boolean
  readonly blocks: readonly CodeBlock[]
}

/** Every doc comment of a source text that has an `@example` or a fenced block. */
export function docComments(path: string, text: string): readonly DocComment[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const seen = new Map<number, DocComment>()
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
      if (seen.has(comment.pos)) continue
      const line = file.getLineAndCharacterOfPosition(comment.pos).line + 1
      const plain = comment.getText(file).replace(/^\s*\* ?/gm, '')
      const hasExample = plain.includes('@example')
      const blocks = fencedBlocks(path, plain, line)
      if (hasExample || blocks.length > 0) seen.set(comment.pos, { place: `${path}:${line}`, hasExample, blocks })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...seen.values()]
}

/**
 * What a block says it prints: the comment behind each `console.log(...)` that stands on one line, in order.
 * `null` when a block logs without saying what, or logs over several lines.
 */
export function promisedOutput(text: string): readonly string[] | null {
  const lines = text.split('\n').filter((line) => line.includes('console.log('))
  const promised = lines.map((line) => /console\.log\(.*\)\s*\/\/ (.+)$/.exec(line)?.[1]?.trim())
  return promised.every((entry) => entry !== undefined) ? (promised as string[]) : null
}
