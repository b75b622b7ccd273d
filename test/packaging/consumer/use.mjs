import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { compile, definePolicy, Gate, PolicyError } from 'sallyport'
import { loadPolicy } from 'sallyport/engine'
import { parseAddress } from 'sallyport/net'
import manifest from 'sallyport/package.json' with { type: 'json' }
import { PolicyError as PolicyErrorOfText, parsePolicy } from 'sallyport/policy'
import schema from 'sallyport/schema.json' with { type: 'json' }

const text = readFileSync(new URL('policy.yaml', import.meta.url), 'utf8')
const { document, problems } = parsePolicy(text, { format: 'yaml' })
assert.deepEqual(problems, [])

const policy = compile(definePolicy(document))
const alice = { kind: 'user', id: 'alice' }
assert.equal(policy.authorize(alice, null, '10.1.0.1', '10.2.0.1').code, 'ALLOW_RULE')
assert.equal(policy.authorize(alice, null, '10.1.0.1', '10.3.0.1').code, 'DENY_DEFAULT')
assert.equal(new Gate(policy).authorize({ kind: 'anonymous' }, null, '10.1.0.1', '10.2.0.1').allowed, false)
// One class in all entries of a format, so that instanceof holds between them.
assert.equal(PolicyErrorOfText, PolicyError)
assert.equal(typeof loadPolicy, 'function')
assert.equal(typeof parseAddress, 'function')
assert.equal(manifest.name, 'sallyport')
assert.equal(typeof schema.$schema, 'string')
