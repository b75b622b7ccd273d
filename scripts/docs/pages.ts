import { DOCUMENT_PATH, documentModule, SHAPE_PATH, shapeModule } from '../generate-shape.ts'
import { policyJsonSchema } from '../policy-schema/json-schema.ts'
import { commandLinePage } from './command-line.ts'
import { decisionCodesPage } from './decision-codes.ts'
import { errorsPage } from './error-classes.ts'
import { exportedNamesPage } from './exported-names.ts'
import { policyReferencePage, type Schema } from './policy-reference.ts'
import { problemCodesPage } from './problem-codes.ts'

export interface Page {
  /** Relative to the root. */
  readonly path: string
  /** The text the file must have. */
  render(): string
}

/** Every generated file of the repository. A new one is a row here. */
export const PAGES: readonly Page[] = [
  { path: 'docs/cli.md', render: commandLinePage },
  { path: 'docs/codes.md', render: decisionCodesPage },
  { path: 'docs/errors.md', render: errorsPage },
  { path: 'docs/policy-problems.md', render: problemCodesPage },
  { path: 'docs/policy-reference.md', render: () => policyReferencePage(policyJsonSchema() as Schema) },
  { path: SHAPE_PATH, render: shapeModule },
  { path: DOCUMENT_PATH, render: documentModule },
  { path: 'test/packaging/exports.txt', render: exportedNamesPage },
  { path: 'schema/policy.schema.json', render: () => `${JSON.stringify(policyJsonSchema(), null, 2)}\n` },
]
