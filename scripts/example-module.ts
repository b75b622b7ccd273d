/**
 * Turns an example into a module that checks itself.
 *
 * Doc comments leave out the imports of what they document, and say what an expression is in a comment behind it:
 *
 *     parsePrefix('10.0.0.0/8').length  // 8
 *     parsePrefix('10.0.0.5/8')         // throws
 */
import { inspect } from 'node:util'
import ts from 'typescript'

/** Where names come from that an example uses without importing them. */
export interface NameSource {
  readonly module: string
  readonly names: readonly string[]
}

/** The example with imports for the names it uses but does not declare; the first source that has a name gives it. */
export function withImports(text: string, sources: readonly NameSource[]): string {
  const file = ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2022, true)
  const used = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isProperty(node)) (isDeclared(node) ? declared : used).add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  const given = new Set<string>(declared)
  const lines = sources.flatMap(({ module, names }) => {
    const wanted = names.filter((name) => used.has(name) && !given.has(name))
    for (const name of wanted) given.add(name)
    return wanted.length === 0 ? [] : [`import { ${wanted.join(', ')} } from ${JSON.stringify(module)}`]
  })
  // One line, so that the lines of the example keep their numbers but for it.
  return `${lines.join('; ')}\n${text}export {}\n`
}

/** Names after a dot and keys of objects are nobody's import. */
function isProperty(node: ts.Identifier): boolean {
  const parent = node.parent
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node
}

function isDeclared(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return true
  const declares = ts.isVariableDeclaration(parent) || ts.isFunctionDeclaration(parent) || ts.isParameter(parent)
  return declares && parent.name === node
}

export interface SelfCheckingExample {
  /** Calls `globalThis.checkExample(evaluate, promise)` for each promise. */
  readonly text: string
  readonly promises: number
}

/** The example with a call of the check in place of every expression that a comment promises a value of. */
export function withChecks(text: string): SelfCheckingExample {
  const file = ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2022, true)
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && !isLog(node.expression)) {
      const promise = promiseBehind(text, node.end)
      if (promise !== null) {
        const start = node.getStart(file)
        const call = `globalThis.checkExample(() => (${node.expression.getText(file)}), ${JSON.stringify(promise)})`
        edits.push({ start, end: node.end, text: call })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  let result = text
  for (const edit of edits.reverse()) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end)
  return { text: result, promises: edits.length }
}

function isLog(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && node.expression.getText().startsWith('console.')
}

/** The comment on the same line, or alone on the next one. */
function promiseBehind(text: string, end: number): string | null {
  return /^[ \t]*(?:\r?\n[ \t]*)?\/\/ (.+)/.exec(text.slice(end))?.[1]?.trim() ?? null
}

/** Whether the promise holds; a promise may go on with words after the value. */
export function keepsPromise(evaluate: () => unknown, promise: string): true | string {
  let shown: string
  try {
    shown = show(evaluate())
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return isThrow(promise, message) ? true : `threw ${message}`
  }
  const rest = promise.startsWith(shown) ? promise.slice(shown.length) : null
  return rest !== null && (rest === '' || /^[,:;]? /.test(rest)) ? true : `is ${shown}`
}

/** `throws`, or `throws: message`, where `...` leaves out a part. */
function isThrow(promise: string, message: string): boolean {
  if (promise === 'throws') return true
  if (!promise.startsWith('throws: ')) return false
  let at = 0
  for (const part of promise.slice('throws: '.length).split('...')) {
    const found = message.indexOf(part, at)
    if (found < 0 || (at === 0 && found > 0)) return false
    at = found + part.length
  }
  return true
}

function show(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 6 })
  return text.replace(/\[ /g, '[').replace(/ \]/g, ']')
}
