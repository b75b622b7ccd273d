import ts from 'typescript'
import { ENTRIES } from '../entries.ts'
import { readSourceTree } from '../source-graph.ts'

const ROOT = new URL('../..', import.meta.url).pathname

/** test/packaging/exports.txt: every exported name, so that gaining or losing one is a line in a review. */
export function exportedNamesPage(): string {
  const files = new Map(readSourceTree(ROOT, 'src').map((file) => [file.path, file.text]))
  const namesIn = (path: string): string[] => {
    const text = files.get(path)
    if (text === undefined) return []
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
    return file.statements.flatMap((node) => {
      if (!ts.isExportDeclaration(node)) return declaredNames(node)
      const from = node.moduleSpecifier as ts.StringLiteral | undefined
      if (node.exportClause !== undefined && ts.isNamedExports(node.exportClause))
        return node.exportClause.elements.map(
          (one) => `${node.isTypeOnly || one.isTypeOnly ? 'type ' : ''}${one.name.text}`,
        )
      const target = new URL(from?.text ?? '', `file:///${path}`).pathname.slice(1)
      return namesIn(target).map((name) => (node.isTypeOnly && !name.startsWith('type ') ? `type ${name}` : name))
    })
  }
  const parts = ENTRIES.filter((entry) => entry.subpath !== null).map((entry) => {
    const names = [...new Set(namesIn(entry.source))].sort()
    return `${entry.subpath}\n${names.map((name) => `  ${name}`).join('\n')}\n`
  })
  return parts.join('\n')
}

function declaredNames(node: ts.Statement): string[] {
  const exported =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)
  if (!exported) return []
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((one) => one.name.getText())
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return [`type ${node.name.text}`]
  const named = node as ts.FunctionDeclaration | ts.ClassDeclaration
  return [named.name?.text ?? 'default']
}
