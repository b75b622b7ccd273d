import { PROBLEM_CODES } from '../../src/policy/codes.ts'
import { GENERATED, page, table } from './markdown.ts'

/** docs/policy-problems.md */
export function problemCodesPage(): string {
  const rows = (severity: string): string[][] =>
    Object.entries(PROBLEM_CODES)
      .filter(([, row]) => row.severity === severity)
      .map(([code, row]) => [`\`${code}\``, row.meaning])
  return page(
    GENERATED,
    '# Policy problems',
    'What `sallyport check` prints and `PolicyError.problems` holds. All problems of a policy are found in one pass. Each names its place in the text (`line`, `column`) or in the document (`path`), and where it can, what was expected, the nearest name and a fix. Codes are stable and never used again.',
    '## Errors\n\nA policy with an error does not load.',
    table(['code', 'meaning'], rows('error')),
    '## Warnings\n\nA policy with a warning loads. It is legal, and probably not what was meant.',
    table(['code', 'meaning'], rows('warning')),
  )
}
