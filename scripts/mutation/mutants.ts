/** Small changes of a source text that a good test suite notices. */
import ts from 'typescript'

export interface Mutant {
  readonly path: string
  readonly line: number
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
}

const SWAPS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AmpersandToken]: '|',
  [ts.SyntaxKind.BarToken]: '&',
  [ts.SyntaxKind.LessThanLessThanToken]: '>>>',
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: '<<',
}

/** Every mutant of a file, in source order. */
export function mutantsOf(path: string, text: string): readonly Mutant[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const found: Mutant[] = []
  const change = (node: ts.Node, after: string): void => {
    const start = node.getStart(file)
    const line = file.getLineAndCharacterOfPosition(start).line + 1
    found.push({ path, line, start, end: node.end, before: node.getText(file), after })
  }
  const visit = (node: ts.Node): void => {
    // Types are gone at run time, so that a change in them is no change.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isBinaryExpression(node)) {
      const other = SWAPS[node.operatorToken.kind]
      // A text joined with minus is not a mutant but nonsense.
      const joins = node.operatorToken.kind === ts.SyntaxKind.PlusToken && [node.left, node.right].some(isText)
      if (other !== undefined && !joins) change(node.operatorToken, other)
    } else if (ts.isIfStatement(node)) change(node.expression, `!(${node.expression.getText(file)})`)
    else if (ts.isConditionalExpression(node)) change(node.condition, `!(${node.condition.getText(file)})`)
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      change(node, node.operand.getText(file))
    else if (node.kind === ts.SyntaxKind.TrueKeyword) change(node, 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword) change(node, 'true')
    else if (ts.isNumericLiteral(node)) change(node, String(Number(node.text) + 1))
    else if (ts.isContinueStatement(node)) change(node, 'break')
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

/** The text with the mutant in it. */
export function applyMutant(text: string, mutant: Mutant): string {
  return text.slice(0, mutant.start) + mutant.after + text.slice(mutant.end)
}
