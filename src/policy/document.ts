/** The types of a policy as it is written in YAML, JSON or TypeScript; made from the schema. */
export type {
  GroupDocument,
  InvariantDocument,
  PolicyDocument,
  PostureDocument,
  RuleDocument,
  SegmentDocument,
  ServiceDocument,
  ServiceEntryDocument,
  TestDocument,
  WhoDocument,
} from './generated/document.ts'

/**
 * A document in which every part may be missing: what is left of a broken one after its shape was checked. The passes that
 * follow read this, so that one broken key does not hide the problems of the rest.
 */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly (Loose<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
    : T
