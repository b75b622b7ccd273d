import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { block, type Family, type Words } from '../workloads/blocks.ts'
import type { FilterRule, Header, RuleSet } from './rule-set.ts'

/** Where the rule sets lie, or `null`: they are not part of the package. */
export function corpusFolder(): string | null {
  const configured = process.env.SALLYPORT_CORPORA
  const folder = resolve(configured ?? join(import.meta.dirname, '../../../shared/corpora'), 'classbench')
  if (existsSync(folder)) return folder
  if (configured !== undefined) throw new Error(`SALLYPORT_CORPORA has no folder classbench: ${folder}`)
  return null
}

/** Names such as `ipv4/acl1_10k` of every rule set that has a trace. */
export function corpusNames(folder: string): string[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) =>
    readdirSync(join(folder, family))
      .filter((file) => file.endsWith('.trace.gz'))
      .map((file) => `${family}/${file.slice(0, -'.trace.gz'.length)}`)
      .sort(),
  )
}

/** Reads a rule set with its trace. */
export function loadRuleSet(folder: string, name: string): RuleSet {
  const family: Family = name.startsWith('ipv6/') ? 6 : 4
  const path = join(folder, name)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8')
  const rules = linesOf(text).map((line) => parseRule(line, family))
  const trace = linesOf(gunzipSync(readFileSync(`${path}.trace.gz`)).toString('utf8')).map((line) =>
    parseHeader(line, family),
  )
  return {
    name,
    family,
    rules,
    headers: trace.map((entry) => entry.header),
    expected: Int32Array.from(trace, (entry) => entry.best),
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

const RULE = /^@(\S+)\/(\d+)\s+(\S+)\/(\d+)\s+(\d+) : (\d+)\s+(\d+) : (\d+)\s+0x([0-9a-f]+)\/0x([0-9a-f]+)/i

/** Reads one rule line; host bits are cleared and the flags column is ignored. */
export function parseRule(line: string, family: Family): FilterRule {
  const match = RULE.exec(line)
  if (match === null) throw new Error(`not a rule: ${line}`)
  const [, src, srcLength, dst, dstLength, sourceFirst, sourceLast, first, last, protocol, mask] =
    match as unknown as string[]
  const maskValue = Number.parseInt(mask as string, 16)
  if (maskValue !== 0 && maskValue !== 0xff) throw new Error(`a protocol mask that is neither exact nor any: ${line}`)
  return {
    // `block` clears host bits, which the format leaves in.
    from: block(family, parseWords(src as string, family), Number(srcLength)),
    to: block(family, parseWords(dst as string, family), Number(dstLength)),
    sourcePorts: [Number(sourceFirst), Number(sourceLast)],
    ports: [Number(first), Number(last)],
    protocol: maskValue === 0 ? null : Number.parseInt(protocol as string, 16),
  }
}

/** Reads one trace line. */
export function parseHeader(line: string, family: Family): { header: Header; best: number } {
  const [src, dst, sourcePort, port, protocol, best] = line.trim().split(/\s+/)
  if (src === undefined || dst === undefined || best === undefined) throw new Error(`not a header: ${line}`)
  const words = (text: string): Words => (family === 4 ? [Number(text) >>> 0] : parseWords(text, 6))
  return {
    header: {
      src: words(src),
      dst: words(dst),
      sourcePort: Number(sourcePort),
      port: Number(port),
      protocol: Number(protocol),
    },
    best: Number(best),
  }
}

/** Reads the spellings of these files only; what a service is given is read by `sallyport/net`. */
function parseWords(text: string, family: Family): Words {
  if (family === 4) {
    const octets = text.split('.').map(Number)
    if (octets.length !== 4) throw new Error(`not an IPv4 address: ${text}`)
    return [octets.reduce((value, octet) => value * 256 + octet, 0)]
  }
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right].map(
    (group) => Number.parseInt(group, 16),
  )
  if (groups.length !== 8) throw new Error(`not an IPv6 address: ${text}`)
  return [0, 2, 4, 6].map((at) => (((groups[at] as number) << 16) | (groups[at + 1] as number)) >>> 0)
}
