/** One row per problem code: the only place that names them. Codes are stable and never reused. */
export const PROBLEM_CODES = {
  POLICY_TOO_LARGE: { severity: 'error', meaning: 'the text or the document is larger than the limit' },
  POLICY_TOO_DEEP: { severity: 'error', meaning: 'the text or the document is nested deeper than the limit' },
  POLICY_TOO_MANY_ALIASES: { severity: 'error', meaning: 'the YAML text has more anchors or aliases than the limit' },
  POLICY_TOO_MANY_PROBLEMS: { severity: 'error', meaning: 'there are more problems than are reported' },
  POLICY_JSON_SYNTAX: { severity: 'error', meaning: 'the text is not JSON' },
  POLICY_YAML_SYNTAX: { severity: 'error', meaning: 'the text is not YAML' },
  POLICY_YAML_UNSUPPORTED: {
    severity: 'error',
    meaning:
      'the text uses a part of YAML that a policy must not use: tags, merge keys, several documents, keys that are not text, cyclic aliases',
  },
  POLICY_DUPLICATE_KEY: { severity: 'error', meaning: 'a key is written twice in the same object' },
  POLICY_UNREADABLE: { severity: 'error', meaning: 'the document is not plain data' },
  POLICY_TYPE_INVALID: { severity: 'error', meaning: 'a value has the wrong type' },
  POLICY_VALUE_INVALID: { severity: 'error', meaning: 'a value has the right type but is not one of those permitted' },
  POLICY_UNKNOWN_KEY: { severity: 'error', meaning: 'an object has a key that means nothing here' },
  POLICY_MISSING_KEY: { severity: 'error', meaning: 'an object lacks a key it must have' },
  POLICY_NAME_INVALID: { severity: 'error', meaning: 'a name has characters it may not have, or is too long' },
  POLICY_NAME_RESERVED: { severity: 'error', meaning: 'a name is taken by the language or by the policy format' },
  POLICY_NAME_ADDRESS: {
    severity: 'error',
    meaning: 'a segment name could be read as an address, prefix or SPIFFE id',
  },
  POLICY_NAME_LOOKALIKE: {
    severity: 'warning',
    meaning: 'two names differ only in case or in characters that look alike',
  },
  POLICY_NAME_DUPLICATE: { severity: 'error', meaning: 'a name or rule id is used twice' },
  POLICY_PREFIX_INVALID: { severity: 'error', meaning: 'an address or prefix is not in its one canonical form' },
  POLICY_WORKLOAD_INVALID: { severity: 'error', meaning: 'a SPIFFE id or pattern is malformed' },
  POLICY_SEGMENT_UNKNOWN: { severity: 'error', meaning: 'a reference names a segment that is not defined' },
  POLICY_SEGMENT_CYCLE: { severity: 'error', meaning: 'segments include or exclude each other in a circle' },
  POLICY_SEGMENT_EMPTY: { severity: 'warning', meaning: 'a segment selects nothing' },
  POLICY_SEGMENT_UNUSED: { severity: 'warning', meaning: 'a segment is never referred to' },
  POLICY_GROUP_UNKNOWN: { severity: 'error', meaning: 'a reference names a group that is not defined' },
  POLICY_GROUP_UNUSED: { severity: 'warning', meaning: 'a group is never referred to' },
  POLICY_SERVICE_UNKNOWN: { severity: 'error', meaning: 'a reference names a service that is not defined' },
  POLICY_SERVICE_UNUSED: { severity: 'warning', meaning: 'a service is never referred to' },
  POLICY_POSTURE_UNKNOWN: { severity: 'error', meaning: 'a reference names a posture that is not defined' },
  POLICY_POSTURE_UNUSED: { severity: 'warning', meaning: 'a posture is never referred to' },
  POLICY_TIER_UNKNOWN: { severity: 'error', meaning: 'a rule names a tier that is not defined' },
  POLICY_RULE_UNKNOWN: { severity: 'error', meaning: 'a test names a rule that does not exist' },
  POLICY_RULE_BROAD: { severity: 'warning', meaning: 'an allow rule opens everything to everybody' },
  POLICY_SELECTOR_EMPTY: { severity: 'error', meaning: 'an empty selector would match everything' },
  POLICY_LIST_EMPTY: {
    severity: 'warning',
    meaning: 'an empty list matches nothing, so that the rule or selector never matches',
  },
  POLICY_ENTRY_DUPLICATE: { severity: 'warning', meaning: 'a list has the same entry twice' },
  POLICY_DURATION_INVALID: { severity: 'error', meaning: 'a duration is malformed' },
  POLICY_INSTANT_INVALID: { severity: 'error', meaning: 'an instant is malformed or lacks its offset' },
  POLICY_VALIDITY_EMPTY: { severity: 'error', meaning: 'a validity ends before it begins' },
  POLICY_HOURS_INVALID: { severity: 'error', meaning: 'the hours of a schedule are malformed or empty' },
  POLICY_ZONE_UNKNOWN: { severity: 'error', meaning: 'a time zone is not in the IANA database of this runtime' },
  POLICY_PORT_INVALID: {
    severity: 'error',
    meaning: 'a port or range of ports is malformed, out of range or reversed',
  },
  POLICY_PROTOCOL_UNKNOWN: {
    severity: 'error',
    meaning: 'a protocol is neither a known name nor a number from 0 to 255',
  },
  POLICY_METHOD_INVALID: { severity: 'error', meaning: 'an HTTP or gRPC method or a gRPC service is malformed' },
  POLICY_ROUTE_INVALID: { severity: 'error', meaning: 'a route template is malformed' },
  POLICY_PATTERN_INVALID: {
    severity: 'error',
    meaning: 'the name of a model or tool is empty or has a star that is not at its end',
  },
  POLICY_IDENTITY_INVALID: {
    severity: 'error',
    meaning: 'an id, role, claim or authentication method in a selector of identities is malformed',
  },
  POLICY_COMPARISON_INVALID: { severity: 'error', meaning: 'a comparison does not have exactly one operator' },
  POLICY_VERSION_INVALID: { severity: 'error', meaning: 'a version in a comparison is not dotted decimal' },
  POLICY_CONDITION_EMPTY: { severity: 'error', meaning: 'a condition has no text' },
  POLICY_CONDITION_INVALID: { severity: 'error', meaning: 'a condition is not a valid CEL expression' },
  POLICY_INVARIANT_INVALID: {
    severity: 'error',
    meaning: 'an invariant does not have exactly one of never, only, always',
  },
} as const satisfies Record<string, { readonly severity: Severity; readonly meaning: string }>

/** An error stops the policy from loading; a warning does not. */
export type Severity = 'error' | 'warning'

/** What is wrong with a policy. */
export type ProblemCode = keyof typeof PROBLEM_CODES
