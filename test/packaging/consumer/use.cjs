const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { compile, definePolicy, PolicyError } = require('sallyport')
const { loadPolicy } = require('sallyport/engine')
const { parseAddress } = require('sallyport/net')
const { PolicyError: PolicyErrorOfText, parsePolicy } = require('sallyport/policy')
const schema = require('sallyport/schema.json')

const text = readFileSync(join(__dirname, 'policy.yaml'), 'utf8')
const policy = compile(definePolicy(parsePolicy(text, { format: 'yaml' }).document))
const alice = { kind: 'user', id: 'alice' }
assert.equal(policy.authorize(alice, null, '10.1.0.1', '10.2.0.1').code, 'ALLOW_RULE')
assert.throws(
  () => compile({ sallyport: 1 }),
  (error) => error instanceof PolicyError && error.problems.length > 0,
)
assert.equal(PolicyErrorOfText, PolicyError)
assert.equal(typeof loadPolicy, 'function')
assert.equal(typeof parseAddress, 'function')
assert.equal(typeof schema.$schema, 'string')
