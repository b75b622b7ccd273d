import type { ProblemCode } from '../../src/policy/codes.ts'
import type { Path } from '../../src/policy/diagnostics.ts'

/** One way to provoke a problem. `@@` stands where the problem must be reported; the text is JSON, which is YAML too. */
export interface ProblemCase {
  readonly code: ProblemCode
  readonly text: string
  readonly path: Path
  readonly nearest?: string
  readonly fix?: string
}

/** Adds what every document needs and the case does not speak of. */
function whole(body: string): string {
  const rules = body.includes('"rules"') ? '' : ',\n  "rules": []'
  return `{\n  "sallyport": 1,\n  "name": "x",\n  ${body}${rules}\n}`
}

function rule(body: string, rest = ''): string {
  return whole(`${rest}"rules": [\n    { "id": "r", "effect": "deny",\n      ${body} }\n  ]`)
}

function service(body: string): string {
  return rule(`"services": [{ ${body} }]`)
}

function who(body: string): string {
  return rule(`"who": ${body}`)
}

function comparison(body: string): string {
  return whole(`"postures": { "p": { "maxAge": "1h", "all": [${body}] } }`)
}

function one(code: ProblemCode, text: string, path: Path, rest: Partial<ProblemCase> = {}): ProblemCase {
  return { code, text, path, ...rest }
}

const WHO: Path = ['rules', 0, 'who']
const SERVICE: Path = ['rules', 0, 'services', 0]

export const PROBLEM_CASES: readonly ProblemCase[] = [
  // Shape
  one('POLICY_UNKNOWN_KEY', whole('@@"segmets": {}'), ['segmets'], { nearest: 'segments' }),
  one('POLICY_UNKNOWN_KEY', whole('"rules": [{ "id": "r", "effect": "deny", @@"form": [] }]'), ['rules', 0, 'form'], {
    nearest: 'from',
  }),
  one('POLICY_UNKNOWN_KEY', whole('@@"__proto__": {}'), ['__proto__']),
  one('POLICY_UNKNOWN_KEY', whole('@@"constructor": {}'), ['constructor']),
  one('POLICY_MISSING_KEY', whole('"rules": [\n@@{ "id": "r" }]'), ['rules', 0]),
  one('POLICY_MISSING_KEY', '@@{ "name": "x", "rules": [] }', []),
  one('POLICY_MISSING_KEY', whole('"postures": { @@"p": { "all": [{ "fact": "f", "present": true }] } }'), [
    'postures',
    'p',
  ]),
  one('POLICY_TYPE_INVALID', whole('"rules": @@{}'), ['rules']),
  one('POLICY_TYPE_INVALID', rule('"from": @@null'), ['rules', 0, 'from']),
  one('POLICY_TYPE_INVALID', rule('"from": ["any", @@7]'), ['rules', 0, 'from', 1]),
  one('POLICY_TYPE_INVALID', '@@[]', []),
  one('POLICY_VALUE_INVALID', whole('"rules": [{ "id": "r", "effect": @@"alow" }]'), ['rules', 0, 'effect'], {
    nearest: 'allow',
  }),
  one('POLICY_VALUE_INVALID', '{ "sallyport": @@2, "name": "x", "rules": [] }', ['sallyport']),
  one('POLICY_VALUE_INVALID', whole('"delegation": { "maxDepth": @@17 }'), ['delegation', 'maxDepth']),
  one('POLICY_VALUE_INVALID', whole('"tiers": @@[]'), ['tiers']),
  one('POLICY_DUPLICATE_KEY', whole('"rules": [{ "id": "r", "effect": "deny", @@"effect": "allow" }]'), []),
  one('POLICY_TOO_DEEP', rule(`"obligations": [{ "type": "t", "v": ${'['.repeat(32)}@@[]${']'.repeat(32)} }]`), [
    'rules',
    0,
    'obligations',
    0,
    'v',
    ...Array.from({ length: 32 }, () => 0),
  ]),
  // Names
  one('POLICY_NAME_INVALID', whole('"groups": { @@"m l": {} }'), ['groups', 'm l'], { nearest: 'm-l' }),
  one('POLICY_NAME_INVALID', whole('"groups": { @@"\\u0430dmins": {} }'), ['groups', '\u0430dmins'], {
    nearest: 'admins',
  }),
  one('POLICY_NAME_INVALID', whole('"rules": [{ "id": @@"-r", "effect": "deny" }]'), ['rules', 0, 'id']),
  one('POLICY_NAME_INVALID', '{ "sallyport": 1, "name": @@"", "rules": [] }', ['name']),
  one('POLICY_NAME_RESERVED', whole('"segments": { @@"constructor": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    'constructor',
  ]),
  one('POLICY_NAME_RESERVED', whole('"segments": { @@"__proto__": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    '__proto__',
  ]),
  one('POLICY_NAME_RESERVED', whole('"segments": { @@"internet": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    'internet',
  ]),
  one('POLICY_NAME_RESERVED', whole('"segments": { @@"any": { "cidrs": ["10.0.0.0/8"] } }'), ['segments', 'any']),
  one('POLICY_NAME_RESERVED', whole('"segments": { @@"default": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    'default',
  ]),
  one('POLICY_NAME_RESERVED', whole('"services": { @@"any": { "protocol": "tcp" } }'), ['services', 'any']),
  one('POLICY_NAME_RESERVED', whole('"groups": { @@"toString": {} }'), ['groups', 'toString']),
  one(
    'POLICY_NAME_RESERVED',
    whole('"postures": { @@"valueOf": { "maxAge": "1h", "all": [{ "fact": "f", "present": true }] } }'),
    ['postures', 'valueOf'],
  ),
  one('POLICY_NAME_RESERVED', whole('"tiers": [@@"hasOwnProperty"]'), ['tiers', 0]),
  one('POLICY_NAME_RESERVED', whole('"rules": [{ "id": @@"prototype", "effect": "deny" }]'), ['rules', 0, 'id']),
  one('POLICY_NAME_RESERVED', who('{ "claims": { @@"__proto__": "x" } }'), [...WHO, 'claims', '__proto__']),
  one('POLICY_NAME_RESERVED', whole('"segments": { "a": { "labels": { @@"constructor": "x" } } }'), [
    'segments',
    'a',
    'labels',
    'constructor',
  ]),
  one('POLICY_NAME_RESERVED', comparison('{ "fact": @@"__proto__", "present": true }'), [
    'postures',
    'p',
    'all',
    0,
    'fact',
  ]),
  one('POLICY_NAME_RESERVED', rule('"obligations": [{ "type": "t", @@"__proto__": 1 }]'), [
    'rules',
    0,
    'obligations',
    0,
    '__proto__',
  ]),
  one('POLICY_NAME_ADDRESS', whole('"segments": { @@"10.0.0.1": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    '10.0.0.1',
  ]),
  one('POLICY_NAME_ADDRESS', whole('"segments": { @@"fd00::1": { "cidrs": ["10.0.0.0/8"] } }'), [
    'segments',
    'fd00::1',
  ]),
  one('POLICY_NAME_LOOKALIKE', whole('"groups": { "ml": {}, @@"ML": {} }'), ['groups', 'ML']),
  one(
    'POLICY_NAME_LOOKALIKE',
    whole('"segments": { "store-0": { "cidrs": ["10.0.0.0/8"] }, @@"store-O": { "cidrs": ["10.0.0.0/8"] } }'),
    ['segments', 'store-O'],
  ),
  one(
    'POLICY_NAME_DUPLICATE',
    whole('"rules": [{ "id": "r", "effect": "deny" }, { "id": @@"r", "effect": "allow", "who": { "kind": "user" } }]'),
    ['rules', 1, 'id'],
  ),
  one('POLICY_NAME_DUPLICATE', whole('"tiers": ["a", @@"a"]'), ['tiers', 1]),
  one('POLICY_NAME_DUPLICATE', whole('"invariants": [{ "name": "i", "never": {} }, { "name": @@"i", "never": {} }]'), [
    'invariants',
    1,
    'name',
  ]),
  // Segments
  one(
    'POLICY_PREFIX_INVALID',
    whole('"segments": { "a": { "cidrs": ["10.0.0.0/8",\n @@"10.0.0.5/8"] } }'),
    ['segments', 'a', 'cidrs', 1],
    { fix: 'write 10.0.0.0/8' },
  ),
  one('POLICY_PREFIX_INVALID', rule('"from": @@"10/8"'), ['rules', 0, 'from'], { fix: 'write 10.0.0.0/8' }),
  one('POLICY_PREFIX_INVALID', rule('"to": ["any", @@"010.0.0.0/8"]'), ['rules', 0, 'to', 1]),
  one(
    'POLICY_WORKLOAD_INVALID',
    whole('"segments": { "a": { "workloads": [@@"spiffe://Prod/x"] } }'),
    ['segments', 'a', 'workloads', 0],
    { fix: 'write spiffe://prod/x' },
  ),
  one('POLICY_WORKLOAD_INVALID', rule('"from": @@"spiffe://td/a/../b"'), ['rules', 0, 'from']),
  one('POLICY_WORKLOAD_INVALID', who('{ "id": @@"spiffe://td//x" }'), [...WHO, 'id']),
  one(
    'POLICY_SEGMENT_UNKNOWN',
    rule('"from": ["training", @@"trainign"]', '"segments": { "training": { "cidrs": ["10.0.0.0/8"] } },\n'),
    ['rules', 0, 'from', 1],
    { nearest: 'training' },
  ),
  one('POLICY_SEGMENT_UNKNOWN', whole('"segments": { "a": { "segments": [@@"b"] } }'), [
    'segments',
    'a',
    'segments',
    0,
  ]),
  one('POLICY_SEGMENT_UNKNOWN', whole('"invariants": [{ "name": "i", "never": { "to": @@"b" } }]'), [
    'invariants',
    0,
    'never',
    'to',
  ]),
  one('POLICY_SEGMENT_CYCLE', whole('"segments": { "a": { "segments": [@@"b"] }, "b": { "segments": ["a"] } }'), [
    'segments',
    'a',
    'segments',
    0,
  ]),
  one(
    'POLICY_SEGMENT_CYCLE',
    whole('"segments": { "a": { "cidrs": ["10.0.0.0/8"], "except": { "segments": [@@"a"] } } }'),
    ['segments', 'a', 'except', 'segments', 0],
  ),
  one('POLICY_SEGMENT_EMPTY', whole('"segments": { @@"a": { "cidrs": [], "labels": {} } }'), ['segments', 'a']),
  one('POLICY_SEGMENT_UNUSED', whole('"segments": { @@"a": { "cidrs": ["10.0.0.0/8"] } }'), ['segments', 'a']),
  one('POLICY_ENTRY_DUPLICATE', whole('"segments": { "a": { "cidrs": ["fd00::/8", @@"FD00:0::/8"] } }'), [
    'segments',
    'a',
    'cidrs',
    1,
  ]),
  one('POLICY_ENTRY_DUPLICATE', rule('"from": ["10.0.0.0/8", @@"10.0.0.0/8"]'), ['rules', 0, 'from', 1]),
  one('POLICY_ENTRY_DUPLICATE', rule('"services": ["s", @@"s"]', '"services": { "s": { "protocol": 6 } },\n'), [
    'rules',
    0,
    'services',
    1,
  ]),
  // References
  one(
    'POLICY_GROUP_UNKNOWN',
    rule('"who": { "group": ["ops", @@"op"] }', '"groups": { "ops": {} },\n'),
    [...WHO, 'group', 1],
    { nearest: 'ops' },
  ),
  one('POLICY_GROUP_UNUSED', whole('"groups": { @@"ops": {} }'), ['groups', 'ops']),
  one('POLICY_SERVICE_UNKNOWN', rule('"services": @@"api"'), ['rules', 0, 'services']),
  one('POLICY_SERVICE_UNUSED', whole('"services": { @@"api": { "protocol": "tcp" } }'), ['services', 'api']),
  one('POLICY_POSTURE_UNKNOWN', rule('"posture": [@@"healthy"]'), ['rules', 0, 'posture', 0]),
  one(
    'POLICY_POSTURE_UNUSED',
    whole('"postures": { @@"p": { "maxAge": "1h", "all": [{ "fact": "f", "present": true }] } }'),
    ['postures', 'p'],
  ),
  one('POLICY_TIER_UNKNOWN', rule('"tier": @@"hihg"', '"tiers": ["high"],\n'), ['rules', 0, 'tier'], {
    nearest: 'high',
  }),
  one(
    'POLICY_RULE_UNKNOWN',
    whole(
      '"tests": [{ "name": "t", "src": "10.0.0.1", "dst": "any", "expect": { "effect": "allow", "rule": @@"no" } }]',
    ),
    ['tests', 0, 'expect', 'rule'],
  ),
  one(
    'POLICY_VALUE_INVALID',
    whole(
      '"tests": [{ "name": "t", "src": "10.0.0.1", "dst": "any", "expect": { "effect": "allow", "code": @@"DENY_RULE" } }]',
    ),
    ['tests', 0, 'expect', 'code'],
  ),
  one('POLICY_RULE_BROAD', whole('"rules": [\n@@{ "id": "r", "effect": "allow", "to": ["any"] }]'), ['rules', 0]),
  // Selectors that would grow by being empty, and lists that match nothing
  one('POLICY_SELECTOR_EMPTY', who('@@{}'), WHO),
  one('POLICY_SELECTOR_EMPTY', who('[{ "kind": "user" }, @@{}]'), [...WHO, 1]),
  one('POLICY_SELECTOR_EMPTY', who('{ "group": @@[] }'), [...WHO, 'group']),
  one('POLICY_SELECTOR_EMPTY', who('{ "role": @@[] }'), [...WHO, 'role']),
  one('POLICY_SELECTOR_EMPTY', who('{ "claims": @@{} }'), [...WHO, 'claims']),
  one('POLICY_SELECTOR_EMPTY', who('{ "assurance": @@{} }'), [...WHO, 'assurance']),
  one('POLICY_SELECTOR_EMPTY', who('{ "assurance": { "amr": @@[] } }'), [...WHO, 'assurance', 'amr']),
  one('POLICY_SELECTOR_EMPTY', rule('"services": [@@{}]'), SERVICE),
  one('POLICY_SELECTOR_EMPTY', whole('"postures": { "p": { "maxAge": "1h", "all": @@[] } }'), ['postures', 'p', 'all']),
  one('POLICY_SELECTOR_EMPTY', comparison('{ "fact": "f", "noneOf": @@[] }'), ['postures', 'p', 'all', 0, 'noneOf']),
  one('POLICY_SELECTOR_EMPTY', whole('"segments": { "a": { "labels": [@@{}] } }'), ['segments', 'a', 'labels', 0]),
  one('POLICY_SELECTOR_EMPTY', whole('"invariants": [{ "name": "i", "never": {}, "except": @@{} }]'), [
    'invariants',
    0,
    'except',
  ]),
  one('POLICY_LIST_EMPTY', rule('"from": @@[]'), ['rules', 0, 'from']),
  one('POLICY_LIST_EMPTY', rule('"services": @@[]'), ['rules', 0, 'services']),
  one('POLICY_LIST_EMPTY', rule('"who": @@[]'), ['rules', 0, 'who']),
  one('POLICY_LIST_EMPTY', rule('"posture": @@[]'), ['rules', 0, 'posture']),
  one('POLICY_LIST_EMPTY', service('"ports": @@[]'), [...SERVICE, 'ports']),
  one('POLICY_LIST_EMPTY', rule('"valid": { "schedule": @@[] }'), ['rules', 0, 'valid', 'schedule']),
  one('POLICY_LIST_EMPTY', rule('"valid": { "schedule": [{ "days": @@[], "zone": "UTC" }] }'), [
    'rules',
    0,
    'valid',
    'schedule',
    0,
    'days',
  ]),
  // Times
  one('POLICY_DURATION_INVALID', rule('"lease": @@"5 min"'), ['rules', 0, 'lease']),
  one('POLICY_DURATION_INVALID', rule('"lease": @@"0s"'), ['rules', 0, 'lease']),
  one('POLICY_DURATION_INVALID', rule('"lease": @@"99999999d"'), ['rules', 0, 'lease'], {
    fix: 'write at most 36525d',
  }),
  one(
    'POLICY_DURATION_INVALID',
    whole('"postures": { "p": { "maxAge": @@"", "all": [{ "fact": "f", "present": true }] } }'),
    ['postures', 'p', 'maxAge'],
  ),
  one('POLICY_DURATION_INVALID', who('{ "assurance": { "maxAge": @@"1w" } }'), [...WHO, 'assurance', 'maxAge']),
  one('POLICY_INSTANT_INVALID', rule('"valid": { "from": @@"2026-02-30T00:00:00Z" }'), ['rules', 0, 'valid', 'from']),
  one('POLICY_INSTANT_INVALID', rule('"valid": { "until": @@"2026-02-03T00:00:00" }'), ['rules', 0, 'valid', 'until']),
  one(
    'POLICY_INSTANT_INVALID',
    whole('"tests": [{ "name": "t", "src": "10.0.0.1", "dst": "any", "expect": "deny", "at": @@"now" }]'),
    ['tests', 0, 'at'],
  ),
  one(
    'POLICY_VALIDITY_EMPTY',
    rule('"valid": { "from": "2026-01-01T00:00:00Z", "until": @@"2026-01-01T01:00:00+01:00" }'),
    ['rules', 0, 'valid', 'until'],
  ),
  one('POLICY_HOURS_INVALID', rule('"valid": { "schedule": [{ "zone": "UTC", "hours": @@"9-17" }] }'), [
    'rules',
    0,
    'valid',
    'schedule',
    0,
    'hours',
  ]),
  one('POLICY_HOURS_INVALID', rule('"valid": { "schedule": [{ "zone": "UTC", "hours": @@"24:30-25:00" }] }'), [
    'rules',
    0,
    'valid',
    'schedule',
    0,
    'hours',
  ]),
  one(
    'POLICY_HOURS_INVALID',
    rule('"valid": { "schedule": [{ "zone": "UTC", "hours": @@"09:00-09:00" }] }'),
    ['rules', 0, 'valid', 'schedule', 0, 'hours'],
    { fix: 'leave `hours` out to mean all day' },
  ),
  one(
    'POLICY_ZONE_UNKNOWN',
    rule('"valid": { "schedule": [{ "zone": @@"Europe/Berln" }] }'),
    ['rules', 0, 'valid', 'schedule', 0, 'zone'],
    { nearest: 'Europe/Berlin' },
  ),
  // Services
  one('POLICY_PORT_INVALID', service('"ports": [443, @@65536]'), [...SERVICE, 'ports', 1]),
  one('POLICY_PORT_INVALID', service('"ports": [@@"90-80"]'), [...SERVICE, 'ports', 0], { fix: 'write "80-90"' }),
  one('POLICY_PORT_INVALID', service('"sourcePorts": [@@"080"]'), [...SERVICE, 'sourcePorts', 0]),
  one('POLICY_PORT_INVALID', service('"ports": [@@80.5]'), [...SERVICE, 'ports', 0]),
  one('POLICY_PROTOCOL_UNKNOWN', service('"protocol": @@"TCP"'), [...SERVICE, 'protocol'], { nearest: 'tcp' }),
  one('POLICY_PROTOCOL_UNKNOWN', service('"protocol": @@256'), [...SERVICE, 'protocol']),
  one('POLICY_METHOD_INVALID', service('"http": { "methods": [@@"GET /"] }'), [...SERVICE, 'http', 'methods', 0]),
  one('POLICY_METHOD_INVALID', service('"grpc": { "service": @@"/a.B" }'), [...SERVICE, 'grpc', 'service']),
  one('POLICY_METHOD_INVALID', service('"grpc": { "service": "a.B", "methods": [@@"a/b"] }'), [
    ...SERVICE,
    'grpc',
    'methods',
    0,
  ]),
  one('POLICY_ROUTE_INVALID', service('"http": { "routes": ["/a", @@"b"] }'), [...SERVICE, 'http', 'routes', 1], {
    fix: 'begin it with "/"',
  }),
  one('POLICY_ROUTE_INVALID', service('"http": { "routes": [@@"/a//b"] }'), [...SERVICE, 'http', 'routes', 0]),
  one('POLICY_ROUTE_INVALID', service('"http": { "routes": [@@"/a/%2e/b"] }'), [...SERVICE, 'http', 'routes', 0]),
  one('POLICY_ROUTE_INVALID', service('"http": { "routes": [@@"/*/b"] }'), [...SERVICE, 'http', 'routes', 0]),
  one('POLICY_PATTERN_INVALID', service('"models": [@@"a*b"]'), [...SERVICE, 'models', 0]),
  one('POLICY_PATTERN_INVALID', service('"tools": [@@""]'), [...SERVICE, 'tools', 0]),
  // Identities, postures, conditions, invariants
  one('POLICY_IDENTITY_INVALID', who('{ "id": @@"alice*" }'), [...WHO, 'id']),
  one('POLICY_IDENTITY_INVALID', who('{ "role": @@" admin" }'), [...WHO, 'role']),
  one('POLICY_IDENTITY_INVALID', whole('"groups": { "g": { "members": [@@""] } }'), ['groups', 'g', 'members', 0]),
  one('POLICY_COMPARISON_INVALID', comparison('@@{ "fact": "f" }'), ['postures', 'p', 'all', 0]),
  one('POLICY_COMPARISON_INVALID', comparison('@@{ "fact": "f", "equals": 1, "atLeast": 2 }'), [
    'postures',
    'p',
    'all',
    0,
  ]),
  one(
    'POLICY_VERSION_INVALID',
    comparison('{ "fact": "f", "atLeastVersion": @@"v14.2" }'),
    ['postures', 'p', 'all', 0, 'atLeastVersion'],
    { fix: 'write "14.2"' },
  ),
  one('POLICY_CONDITION_EMPTY', rule('"when": @@" "'), ['rules', 0, 'when']),
  one('POLICY_CONDITION_INVALID', rule('"when": @@"broken("'), ['rules', 0, 'when']),
  one('POLICY_INVARIANT_INVALID', whole('"invariants": [@@{ "name": "i" }]'), ['invariants', 0]),
  one('POLICY_INVARIANT_INVALID', whole('"invariants": [@@{ "name": "i", "never": {}, "only": {} }]'), [
    'invariants',
    0,
  ]),
]
