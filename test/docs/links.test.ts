import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const pages = ['.', 'docs', 'examples', 'bench']
  .filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  )

/** The anchors of a page as the common hosts make them. */
function anchors(text: string): Set<string> {
  return new Set(
    [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
      match[1]!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '')
}

describe('links', () => {
  it('finds the pages', () => {
    expect(pages).toContain('README.md')
    expect(pages).toContain('docs/semantics.md')
  })

  it.each(pages)('%s links to files and headings that exist', (page) => {
    const text = withoutCode(readFileSync(join(ROOT, page), 'utf8'))
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#')
        const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path)
        if (!existsSync(file)) return true
        return anchor !== undefined && !anchors(readFileSync(file, 'utf8')).has(anchor)
      })
    expect(broken).toEqual([])
  })

  it('every page of docs is linked from the README or from another page of docs', () => {
    const linked = pages.map((page) => readFileSync(join(ROOT, page), 'utf8')).join('\n')
    const lost = readdirSync(join(ROOT, 'docs')).filter(
      (name) => name.endsWith('.md') && !linked.includes(`${name})`) && !linked.includes(`${name}#`),
    )
    expect(lost).toEqual([])
  })
})
