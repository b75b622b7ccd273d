import type {
  GroupDocument,
  PolicyDocument,
  PostureDocument,
  RuleDocument,
  SegmentDocument,
  ServiceDocument,
  ServiceEntryDocument,
  TestDocument,
  WhoDocument,
} from './document.ts'

/** What may stand in `from` and `to` beside the names of segments: built-in segments, prefixes, addresses, SPIFFE patterns. */
export type InlineEndpoint =
  | 'any'
  | 'internet'
  | `spiffe://${string}`
  | `${string}/${number}`
  | `${number}.${number}.${string}`
  | `${string}:${string}:${string}`

type OneOrList<T> = T | readonly T[]

/** A segment that may refer to the segments named `S`. */
export interface TypedSegment<S extends string> extends Omit<SegmentDocument, 'segments' | 'except'> {
  readonly segments?: readonly (S | 'any' | 'internet')[]
  readonly except?: Omit<NonNullable<SegmentDocument['except']>, 'segments'> & {
    readonly segments?: readonly (S | 'any' | 'internet')[]
  }
}

/** A selector of identities that may refer to the groups named `G`. */
export interface TypedWho<G extends string> extends Omit<WhoDocument, 'group'> {
  readonly group?: OneOrList<G>
}

/** The dimensions of a rule or an invariant with the names of one policy. */
export interface TypedFlows<S extends string, G extends string, V extends string, P extends string> {
  readonly from?: OneOrList<S | InlineEndpoint>
  readonly to?: OneOrList<S | InlineEndpoint>
  readonly services?: OneOrList<V | 'any' | ServiceEntryDocument>
  readonly who?: OneOrList<TypedWho<G>>
  readonly posture?: OneOrList<P>
}

/** A rule with the names of one policy. */
export interface TypedRule<S extends string, G extends string, V extends string, P extends string, T extends string>
  extends Omit<RuleDocument, 'from' | 'to' | 'services' | 'who' | 'posture' | 'tier'>,
    TypedFlows<S, G, V, P> {
  readonly tier?: T
}

/** An invariant with the names of one policy. */
export interface TypedInvariant<S extends string, G extends string, V extends string, P extends string> {
  readonly name: string
  readonly never?: TypedFlows<S, G, V, P>
  readonly only?: TypedFlows<S, G, V, P>
  readonly always?: TypedFlows<S, G, V, P>
  readonly except?: OneOrList<Pick<TypedFlows<S, G, V, P>, 'from' | 'to'>>
}

/** A policy whose rules may refer to nothing but its own segments `S`, groups `G`, services `V`, postures `P` and tiers `T`. */
export interface TypedPolicy<S extends string, G extends string, V extends string, P extends string, T extends string>
  extends Pick<PolicyDocument, '$schema' | 'sallyport' | 'name' | 'description' | 'combining' | 'delegation'> {
  readonly tiers?: readonly T[]
  readonly segments?: { readonly [K in S]: TypedSegment<NoInfer<S>> }
  readonly groups?: { readonly [K in G]: GroupDocument }
  readonly services?: { readonly [K in V]: ServiceDocument }
  readonly postures?: { readonly [K in P]: PostureDocument }
  readonly rules: readonly TypedRule<NoInfer<S>, NoInfer<G>, NoInfer<V>, NoInfer<P>, NoInfer<T>>[]
  readonly tests?: readonly TestDocument[]
  readonly invariants?: readonly TypedInvariant<NoInfer<S>, NoInfer<G>, NoInfer<V>, NoInfer<P>>[]
}

/**
 * Gives a policy written in TypeScript its types: a segment, group, service, posture or tier that is not defined, and a
 * key that is misspelt, fail the type check. Does nothing at run time; `compile` checks the policy.
 *
 * @example
 * ```ts
 * const policy = definePolicy({
 *   sallyport: 1,
 *   name: 'ai-platform',
 *   segments: { gateway: { cidrs: ['10.1.0.0/16'] }, inference: { cidrs: ['10.30.0.0/16'] } },
 *   rules: [{ id: 'chat', effect: 'allow', from: 'gateway', to: 'inference' }],
 * })
 * ```
 */
export function definePolicy<
  const S extends string = never,
  const G extends string = never,
  const V extends string = never,
  const P extends string = never,
  const T extends string = never,
>(policy: TypedPolicy<S, G, V, P, T>): TypedPolicy<S, G, V, P, T> {
  return policy
}
