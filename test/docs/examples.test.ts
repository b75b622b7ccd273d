/** Every example of the documentation compiles, runs, and prints what it says it prints. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import ts from 'typescript'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type CodeBlock, docComments, fencedBlocks, promisedOutput } from '../../scripts/code-blocks.ts'
import { keepsPromise, type NameSource, withChecks, withImports } from '../../scripts/example-module.ts'
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

/** A doc comment may use, without an import, what its own file and its entry point export. */
async function namesFor(block: CodeBlock): Promise<readonly NameSource[]> {
  const path = block.place.slice(0, block.place.lastIndexOf(':'))
  if (!path.startsWith('src/')) return []
  const folder = path.split('/')[1]!
  const [entry, module] = ['net', 'policy'].includes(folder)
    ? [`sallyport/${folder}`, `src/${folder}/index.ts`]
    : ['sallyport', 'src/index.ts']
  const namesOf = async (file: string): Promise<readonly string[]> =>
    Object.keys(await import(/* @vite-ignore */ join(ROOT, file)))
  return [
    { module: entry, names: await namesOf(module) },
    { module: join(ROOT, path), names: await namesOf(path) },
  ]
}

interface Example {
  readonly block: CodeBlock
  /** As it is compiled. */
  readonly file: string
  /** As it is run. */
  readonly checked: string
  readonly promises: number
}

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const examples = await Promise.all(
  runnable.map(async (block, at): Promise<Example> => {
    const [file, checked] = [join(FOLDER, `block-${at}.ts`), join(FOLDER, `block-${at}.checked.ts`)]
    const text = withImports(block.text, await namesFor(block))
    const { text: checking, promises } = withChecks(text)
    writeFileSync(file, text)
    writeFileSync(checked, checking)
    return { block, file, checked, promises }
  }),
)
const named = examples.map((example) => [example.block.place, example] as const)

function diagnosticsByFile(): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  const paths = {
    sallyport: [join(ROOT, 'src/index.ts')],
    ...Object.fromEntries(
      ['net', 'policy', 'engine'].map((name) => [`sallyport/${name}`, [join(ROOT, `src/${name}/index.ts`)]]),
    ),
  }
  const files = examples.map((example) => example.file)
  const program = ts.createProgram(files, { ...options, paths, noUnusedLocals: false })
  return new Map(
    files.map((file) => {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file))
      return [file, found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'))]
    }),
  )
}

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
  it.each(named)('%s compiles', (_place, example) => {
    expect(problems.get(example.file)).toEqual([])
  })

  it.each(named)('%s runs and does what it says', async (_place, { block, checked, promises }) => {
    const broken: string[] = []
    let kept = 0
    vi.stubGlobal('checkExample', (evaluate: () => unknown, promise: string) => {
      const verdict = keepsPromise(evaluate, promise)
      if (verdict === true) kept += 1
      else broken.push(`${promise}: ${verdict}`)
    })
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY, colors: false }, ...values))
    })
    try {
      await import(/* @vite-ignore */ checked)
    } finally {
      log.mockRestore()
      vi.unstubAllGlobals()
    }
    expect(broken).toEqual([])
    expect(kept, 'promises kept').toBe(promises)
    const promised = promisedOutput(block.text)
    expect(promised, 'each console.log stands on one line and ends with a comment of what it prints').not.toBeNull()
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
