import type { z } from 'zod'
import type { policySchema } from './schema/document.ts'

/** Readonly all the way down, so that constants fit. */
export type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/** A policy as it is written in YAML, JSON or TypeScript. */
export type PolicyDocument = DeepReadonly<z.infer<typeof policySchema>>

/** One rule of a {@link PolicyDocument}. */
export type RuleDocument = PolicyDocument['rules'][number]
/** One segment of a {@link PolicyDocument}. */
export type SegmentDocument = NonNullable<PolicyDocument['segments']>[string]
/** One group of a {@link PolicyDocument}. */
export type GroupDocument = NonNullable<PolicyDocument['groups']>[string]
/** One service of a {@link PolicyDocument}. */
export type ServiceDocument = NonNullable<PolicyDocument['services']>[string]
/** One entry of a service. */
export type ServiceEntryDocument = Exclude<ServiceDocument, readonly unknown[]>
/** One posture of a {@link PolicyDocument}. */
export type PostureDocument = NonNullable<PolicyDocument['postures']>[string]
/** One selector of identities. */
export type WhoDocument = Exclude<NonNullable<RuleDocument['who']>, readonly unknown[]>
/** One test of a {@link PolicyDocument}. */
export type TestDocument = NonNullable<PolicyDocument['tests']>[number]
/** One invariant of a {@link PolicyDocument}. */
export type InvariantDocument = NonNullable<PolicyDocument['invariants']>[number]

/**
 * A document in which every part may be missing: what is left of a broken one after its shape was checked. The passes that
 * follow read this, so that one broken key does not hide the problems of the rest.
 */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly (Loose<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
    : T
