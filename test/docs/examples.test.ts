/** Every example of the documentation compiles, runs, and prints what it says it prints. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import ts from 'typescript'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type CodeBlock, docComments, fencedBlocks, promisedOutput } from '../../scripts/code-blocks.ts'
import { readSourceTree } from '../../scripts/source-graph.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const FOLDER = join(ROOT, 'test/docs/blocks')

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
)
const fromPages = pages.flatMap((path) => fencedBlocks(path, readFileSync(join(ROOT, path), 'utf8')))
const comments = readSourceTree(ROOT, 'src').flatMap(({ path, text }) => docComments(path, text))
const blocks = [...fromPages, ...comments.flatMap((comment) => comment.blocks)]
const runnable = blocks.filter((block) => block.language === 'ts')

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const fileOf = new Map(
  runnable.map((block, at) => {
    const file = join(FOLDER, `block-${at}.ts`)
    // A block without an import or export would share its names with the others.
    writeFileSync(file, `${block.text}export {}\n`)
    return [block, file] as const
  }),
)

function diagnosticsByFile(): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  const paths = {
    sallyport: [join(ROOT, 'src/index.ts')],
    ...Object.fromEntries(
      ['net', 'policy', 'engine'].map((name) => [`sallyport/${name}`, [join(ROOT, `src/${name}/index.ts`)]]),
    ),
  }
  const program = ts.createProgram([...fileOf.values()], { ...options, paths, noUnusedLocals: false })
  return new Map(
    [...fileOf.values()].map((file) => {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file))
      return [file, found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'))]
    }),
  )
}

const named = runnable.map((block) => [block.place, block] as [string, CodeBlock])

describe('examples', () => {
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

  it('are found in the README and in the source', () => {
    expect(runnable.some((block) => block.place.startsWith('README.md'))).toBe(true)
    expect(runnable.some((block) => block.place.startsWith('src/'))).toBe(true)
  })

  it('are blocks of a language', () => {
    const languages = ['ts', 'yaml', 'json', 'jsonl', 'sh', 'text', 'mermaid', 'diff']
    expect(blocks.filter((block) => !languages.includes(block.language)).map((block) => block.place)).toEqual([])
  })

  it('of doc comments are blocks that can be run', () => {
    const without = comments.filter((one) => one.hasExample && !one.blocks.some((block) => block.language === 'ts'))
    expect(without.map((comment) => comment.place)).toEqual([])
  })

  const problems = diagnosticsByFile()
  it.each(named)('%s compiles', (_place, block) => {
    expect(problems.get(fileOf.get(block)!)).toEqual([])
  })

  it.each(named)('%s runs and prints what it says', async (_place, block) => {
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY, colors: false }, ...values))
    })
    try {
      await import(/* @vite-ignore */ fileOf.get(block)!)
    } finally {
      log.mockRestore()
    }
    const promised = promisedOutput(block.text)
    expect(promised, 'every console.log stands on one line and ends with a comment of what it prints').not.toBeNull()
    expect(printed).toEqual(promised)
  })

  it.each(
    blocks
      .filter((block) => block.language === 'yaml' && /^sallyport: 1$/m.test(block.text))
      .map((block) => [block.place, block] as const),
  )('%s is a policy without problems', async (_place, block) => {
    const { checkPolicy } = await import('../../src/policy/check.ts')
    const { parsePolicy } = await import('../../src/policy/index.ts')
    const parsed = parsePolicy(block.text, { format: 'yaml' })
    expect(parsed.problems).toEqual([])
    expect(checkPolicy(parsed.document).problems).toEqual([])
  })
})
