import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FILE = `${ROOT}test/types/define-policy.ts`

function diagnosticsOf(file: string, text: string): readonly string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, version) => {
    const source = host.readFile(name)
    return source === undefined ? undefined : ts.createSourceFile(name, source, version)
  }
  const program = ts.createProgram([file], options, host)
  const source = program.getSourceFile(file)
  return [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  )
}

describe('the types of definePolicy', () => {
  const text = readFileSync(FILE, 'utf8')

  it('accept what is right and refuse what is marked', { timeout: 60_000 }, () => {
    expect(diagnosticsOf(FILE, text)).toEqual([])
  })

  it('would be noticed if they accepted anything or refused everything', { timeout: 60_000 }, () => {
    const marks = text.match(/\/\/ @ts-expect-error/g)?.length ?? 0
    expect(marks).toBeGreaterThan(15)
    const unmarked = diagnosticsOf(FILE, text.replaceAll('// @ts-expect-error', '// expected:'))
    expect(unmarked).toHaveLength(marks)
  })
})
