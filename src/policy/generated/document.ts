// Generated from scripts/policy-schema by `npm run docs`; do not edit.

/** A named set of endpoints: any of its prefixes, workloads, labels and segments, without what is in `except`. */
export interface SegmentDocument {
  /** Free text for people; never changes a decision. */
  readonly description?: string
  /** IPv4 and IPv6 prefixes without host bits, or single addresses. */
  readonly cidrs?: readonly string[]
  /** SPIFFE ids, exact, or all ids below a path when they end in /*. */
  readonly workloads?: readonly string[]
  /** A set of labels that must all be present, or a list of such sets of which one must match. */
  readonly labels?: { readonly [name: string]: string } | readonly { readonly [name: string]: string }[]
  /** Names of segments whose members belong here too. */
  readonly segments?: readonly string[]
  /** Endpoints taken out again. */
  readonly except?: {
    /** IPv4 and IPv6 prefixes without host bits, or single addresses. */
    readonly cidrs?: readonly string[]
    /** SPIFFE ids, exact, or all ids below a path when they end in /*. */
    readonly workloads?: readonly string[]
    /** A set of labels that must all be present, or a list of such sets of which one must match. */
    readonly labels?: { readonly [name: string]: string } | readonly { readonly [name: string]: string }[]
    /** Names of segments whose members belong here too. */
    readonly segments?: readonly string[]
  }
}

/** A group of identities. */
export interface GroupDocument {
  /** Free text for people; never changes a decision. */
  readonly description?: string
  /** Names under which identity providers send this group; default is its own name. */
  readonly names?: readonly string[]
  /** Identity ids that belong to it whatever the provider says. */
  readonly members?: readonly string[]
}

/** What is asked of the destination; every part that is present must match. */
export interface ServiceEntryDocument {
  /** Protocol name or IANA number. */
  readonly protocol?: string | number
  /** Ports 0 to 65535, or inclusive ranges as text. */
  readonly ports?: readonly (number | string)[]
  /** Ports 0 to 65535, or inclusive ranges as text. */
  readonly sourcePorts?: readonly (number | string)[]
  /** HTTP requests; an empty object is any HTTP request. */
  readonly http?: {
    /** HTTP methods; GET also covers HEAD. */
    readonly methods?: readonly string[]
    /** Route templates; parameters as :id or {id}, everything below a path with /*. */
    readonly routes?: readonly string[]
  }
  /** gRPC calls. */
  readonly grpc?: {
    /** Fully qualified gRPC service. */
    readonly service: string
    /** gRPC method names without slashes. */
    readonly methods?: readonly string[]
  }
  /** Model names; a final * stands for any ending. */
  readonly models?: readonly string[]
  /** Tool names; a final * stands for any ending. */
  readonly tools?: readonly string[]
}

/** One service entry, or a list of entries of which one must match. */
export type ServiceDocument = ServiceEntryDocument | readonly ServiceEntryDocument[]

/** A duration: a whole number and ms, s, m, h or d. */
export type DurationDocument = string

/** A text, a finite number, or true or false. */
export type ScalarDocument = string | number | boolean

/** One comparison of a fact with exactly one operator; its own maxAge overrides that of the posture. */
export interface ComparisonDocument {
  /** Name of the fact. */
  readonly fact: string
  /** How long this fact may be believed; overrides the posture. */
  readonly maxAge?: DurationDocument
  /** The fact is this value, of the same type. */
  readonly equals?: ScalarDocument
  /** The fact is another value of the same type. */
  readonly notEquals?: ScalarDocument
  /** The fact is this number or more. */
  readonly atLeast?: number
  /** The fact is this number or less. */
  readonly atMost?: number
  /** The fact is more than this number. */
  readonly above?: number
  /** The fact is less than this number. */
  readonly below?: number
  /** The fact is this version or a later one. */
  readonly atLeastVersion?: string
  /** The fact is this version or an earlier one. */
  readonly atMostVersion?: string
  /** The fact is one of these values. */
  readonly oneOf?: readonly ScalarDocument[]
  /** The fact is none of these values. */
  readonly noneOf?: readonly ScalarDocument[]
  /** The fact is known. */
  readonly present?: true
  /** There is no such fact. */
  readonly absent?: true
}

/** A state of the device or workload; maxAge says how long a fact may be believed and is mandatory. */
export interface PostureDocument {
  /** Free text for people; never changes a decision. */
  readonly description?: string
  /** How long a fact may be believed after it was observed; mandatory. */
  readonly maxAge: DurationDocument
  /** Comparisons that must all hold. */
  readonly all: readonly ComparisonDocument[]
}

/** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
export type EndpointsDocument = string | readonly string[]

/** Names of services or inline entries; one or a list of which one must match; absent is any. */
export type ServicesDocument = string | ServiceEntryDocument | readonly (string | ServiceEntryDocument)[]

/** A selector of identities; every key that is present must hold. */
export interface WhoDocument {
  /** Kind of identity. */
  readonly kind?: 'user' | 'workload' | 'agent' | 'anonymous'
  /** Identity id, exact; a SPIFFE id may end in /* for everything below. */
  readonly id?: string
  /** One group, or a list of groups that must all hold. */
  readonly group?: string | readonly string[]
  /** One role, or a list of roles that must all hold. */
  readonly role?: string | readonly string[]
  /** Claims that must all hold; a list of values means one of them. */
  readonly claims?: { readonly [name: string]: string | number | boolean | readonly ScalarDocument[] }
  /** How the caller must have proved who it is. */
  readonly assurance?: {
    /** Accepted authentication context classes. */
    readonly acr?: string | readonly string[]
    /** Authentication methods that must all have been used. */
    readonly amr?: string | readonly string[]
    /** Longest time since the caller authenticated. */
    readonly maxAge?: DurationDocument
  }
}

/** One selector of identities, or a list of which one must match; absent is everybody. */
export type WhoListDocument = WhoDocument | readonly WhoDocument[]

/** Names of postures of which one must hold; absent asks for none. */
export type PostureNamesDocument = string | readonly string[]

/** An instant in RFC 3339 form with Z or an offset. */
export type InstantDocument = string

/** When the rule is in force: from (inclusive), until (exclusive), and a schedule. */
export interface ValidityDocument {
  /** First instant at which the rule is in force. */
  readonly from?: InstantDocument
  /** First instant at which it no longer is. */
  readonly until?: InstantDocument
  /** Windows of which one must hold. */
  readonly schedule?: readonly {
    /** Days of the week; absent is every day. */
    readonly days?: readonly ('sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat')[]
    /** Local time from (inclusive) to (exclusive); may cross midnight; absent is all day. */
    readonly hours?: string
    /** IANA time zone; mandatory, since the zone of the machine decides nothing. */
    readonly zone: string
  }[]
}

/** One rule: it matches when every dimension that is present matches. */
export interface RuleDocument {
  /** Unique id, named in every decision. */
  readonly id: string
  /** Free text for people; never changes a decision. */
  readonly description?: string
  /** What the rule decides when it matches. */
  readonly effect: 'allow' | 'deny'
  /** Name of the tier; default is the lowest. */
  readonly tier?: string
  /** Shadow is evaluated and reported but never decides; off does not exist; default enforce. */
  readonly mode?: 'enforce' | 'shadow' | 'off'
  /** Where the flow may come from: segment names, prefixes, SPIFFE ids, any or internet; absent is any, an empty list is nobody. */
  readonly from?: EndpointsDocument
  /** Where the flow may go: segment names, prefixes, SPIFFE ids, any or internet; absent is any, an empty list is nowhere. */
  readonly to?: EndpointsDocument
  /** Names of services or inline entries; one or a list of which one must match; absent is any. */
  readonly services?: ServicesDocument
  /** One selector of identities, or a list of which one must match; absent is everybody. */
  readonly who?: WhoListDocument
  /** Names of postures of which one must hold; absent asks for none. */
  readonly posture?: PostureNamesDocument
  /** A CEL condition over `request`. */
  readonly when?: string
  /** When the rule is in force: from (inclusive), until (exclusive), and a schedule. */
  readonly valid?: ValidityDocument
  /** Duties handed to the enforcement point with the decision. */
  readonly obligations?: readonly {
    /** What the enforcement point must do. */
    readonly type: string
    readonly [key: string]: unknown
  }[]
  /** Longest time the decision may be relied on. */
  readonly lease?: DurationDocument
}

/** A question with the answer it must get. */
export interface TestDocument {
  /** Unique name of the test. */
  readonly name: string
  /** The identity as passed to authorize; absent is anonymous. */
  readonly identity?: {
    readonly [key: string]: unknown
  }
  /** The posture as passed to authorize; absent is no facts. */
  readonly posture?: {
    readonly [key: string]: unknown
  } | null
  /** The source as passed to authorize. */
  readonly src:
    | string
    | {
        readonly [key: string]: unknown
      }
  /** The destination as passed to authorize. */
  readonly dst:
    | string
    | {
        readonly [key: string]: unknown
      }
  /** The time of the question; absent is the time of the run. */
  readonly at?: InstantDocument
  /** The answer: allow, deny, or an effect with code and rule. */
  readonly expect:
    | 'allow'
    | 'deny'
    | {
        /** The effect. */
        readonly effect: 'allow' | 'deny'
        /** The decision code. */
        readonly code?: string
        /** Id of the rule that decides. */
        readonly rule?: string
      }
}

/** A set of flows. */
export interface FlowsDocument {
  /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
  readonly from?: EndpointsDocument
  /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
  readonly to?: EndpointsDocument
  /** Names of services or inline entries; one or a list of which one must match; absent is any. */
  readonly services?: ServicesDocument
  /** One selector of identities, or a list of which one must match; absent is everybody. */
  readonly who?: WhoListDocument
  /** Names of postures of which one must hold; absent asks for none. */
  readonly posture?: PostureNamesDocument
}

/** A statement about every flow: never, only or always. */
export interface InvariantDocument {
  /** Unique name of the invariant. */
  readonly name: string
  /** No such flow is allowed. */
  readonly never?: FlowsDocument
  /** Nothing but such flows is allowed to the same destinations. */
  readonly only?: FlowsDocument
  /** Every such flow is allowed. */
  readonly always?: FlowsDocument
  /** Flows the invariant does not speak of. */
  readonly except?:
    | {
        /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
        readonly from?: EndpointsDocument
        /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
        readonly to?: EndpointsDocument
      }
    | readonly {
        /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
        readonly from?: EndpointsDocument
        /** Segment names, prefixes, SPIFFE ids, any or internet; one or a list of which one must match; absent is any, an empty list is nobody. */
        readonly to?: EndpointsDocument
      }[]
}

/** A policy of sallyport. */
export interface PolicyDocument {
  /** Address of the JSON Schema, for editors. */
  readonly $schema?: string
  /** Version of the document format. */
  readonly sallyport: 1
  /** Name of the policy. */
  readonly name: string
  /** Free text for people; never changes a decision. */
  readonly description?: string
  /** Order within a tier: denies before allows, or as written; default deny-overrides. */
  readonly combining?: 'deny-overrides' | 'first-match'
  /** Limits of acting on behalf of others. */
  readonly delegation?: {
    /** Longest chain of actors, 0 to 16; default 3. */
    readonly maxDepth: number
  }
  /** Names of the tiers, highest first. */
  readonly tiers?: readonly string[]
  /** Segments by name. */
  readonly segments?: { readonly [name: string]: SegmentDocument }
  /** Groups by name. */
  readonly groups?: { readonly [name: string]: GroupDocument }
  /** Services by name. */
  readonly services?: { readonly [name: string]: ServiceDocument }
  /** Postures by name. */
  readonly postures?: { readonly [name: string]: PostureDocument }
  /** Rules; nothing is allowed unless a rule allows it. */
  readonly rules: readonly RuleDocument[]
  /** Questions with the answers they must get. */
  readonly tests?: readonly TestDocument[]
  /** Statements about every flow, proved by the analysis. */
  readonly invariants?: readonly InvariantDocument[]
}
