/** Who imports whom in a source tree, read with the TypeScript parser. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import ts from 'typescript'

export interface ImportEdge {
  /** File that imports, relative to the root, with `/`. */
  readonly from: string
  /** A file relative to the root, or the name of a package (`zod`, `node:fs`). */
  readonly to: string
  readonly outside: boolean
  /** `import type`, `export type` or a type query: gone at run time. */
  readonly typeOnly: boolean
  readonly line: number
}

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
  readonly imports: readonly ImportEdge[]
}

/** Reads every `.ts` file below `root/folder`, in a stable order. */
export function readSourceTree(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
}

/** The imports of one file: static, re-exported, dynamic, `require` and in types. */
export function importsOf(path: string, text: string): readonly ImportEdge[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const edges: ImportEdge[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined) return
    const line = file.getLineAndCharacterOfPosition(specifier.getStart(file)).line + 1
    // A specifier that is not text could be anything: it is kept under a name that no table allows.
    const name = ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)'
    const outside = !name.startsWith('.')
    edges.push({ from: path, to: outside ? packageOf(name) : resolveFile(path, name), outside, typeOnly, line })
  }
  const visit = (node: ts.Node): void => {
    // `import { type A }` still loads the file under verbatimModuleSyntax, so only the clause counts.
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isExternalModuleReference(node)) add(node.expression, false)
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node, true)
    else if (ts.isCallExpression(node)) {
      const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const required = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (dynamic || required) add(node.arguments[0] ?? node, false)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return edges
}

/** Every file that `start` reaches through imports kept at run time, with the packages met on the way. */
export function reach(
  files: readonly SourceFile[],
  start: string,
): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const seen = new Set<string>([start])
  const packages = new Set<string>()
  for (const path of seen) {
    const file = byPath.get(path)
    if (file === undefined) throw new Error(`no such source file: ${path}`)
    for (const edge of file.imports) {
      if (edge.typeOnly) continue
      if (edge.outside) packages.add(edge.to)
      else seen.add(edge.to)
    }
  }
  return { files: seen, packages }
}

/** Circles of imports kept at run time, each as a path that ends where it began; empty when there is none. */
export function circles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const found: string[][] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path])
    if (at >= 0 || done.has(path)) return
    for (const edge of byPath.get(path)?.imports ?? [])
      if (!edge.outside && !edge.typeOnly) walk(edge.to, [...trail, path])
    done.add(path)
  }
  for (const file of files) walk(file.path, [])
  return found
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

function resolveFile(from: string, specifier: string): string {
  return normalize(join(dirname(from), specifier))
    .split(sep)
    .join('/')
}
