import ts from 'typescript'
import { readSourceTree } from '../source-graph.ts'
import { GENERATED, page, table } from './markdown.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const CODE = /^ERR_[A-Z_]+$/

export interface ErrorClass {
  readonly code: string
  readonly name: string
  readonly meaning: string
  readonly path: string
}

/** Every class of the source that has a `code` of its own, with what its doc comment says. */
export function errorClasses(): readonly ErrorClass[] {
  return readSourceTree(ROOT, 'src')
    .flatMap(({ path, text }) => {
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
      return file.statements.filter(ts.isClassDeclaration).flatMap((node) => {
        const code = node.members
          .filter(ts.isPropertyDeclaration)
          .map(codeOf)
          .find((found) => found !== null)
        return code === undefined ? [] : [{ code, path, name: node.name?.text ?? '', meaning: commentOf(node) }]
      })
    })
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** The members of the union `ErrorCode`, as written in src/errors.ts. */
export function declaredErrorCodes(): readonly string[] {
  const source = readSourceTree(ROOT, 'src').find((file) => file.path === 'src/errors.ts')
  if (source === undefined) throw new Error('src/errors.ts is missing')
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2022, true)
  const union = file.statements.filter(ts.isTypeAliasDeclaration).find((node) => node.name.text === 'ErrorCode')
  if (union === undefined || !ts.isUnionTypeNode(union.type)) throw new Error('ErrorCode is not a union of literals')
  return union.type.types.map((member) => {
    if (ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)) return member.literal.text
    throw new Error(`not a literal: ${member.getText(file)}`)
  })
}

/** docs/errors.md */
export function errorsPage(): string {
  return page(
    GENERATED,
    '# Errors',
    'Everything this package throws on purpose is a `SallyportError` with one of these codes. Recognise an error by `code`: `instanceof` is false between the ESM and the CommonJS copy of a class. `authorize` and `explain` never throw; they answer with a [decision code](codes.md).',
    table(
      ['code', 'class', 'meaning'],
      errorClasses().map((row) => [`\`${row.code}\``, `\`${row.name}\``, row.meaning]),
    ),
  )
}

function codeOf(member: ts.PropertyDeclaration): string | null {
  const named = ts.isIdentifier(member.name) && member.name.text === 'code'
  const value = member.initializer
  return named && value !== undefined && ts.isStringLiteral(value) && CODE.test(value.text) ? value.text : null
}

function commentOf(node: ts.ClassDeclaration): string {
  const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)
  return (ts.getTextOfJSDocComment(doc?.comment) ?? '').replace(/\{@link (\w+)\}/g, '`$1`').trim()
}
