/**
 * The differential test for as long as one likes.
 *
 *     npx tsx test/differential/soak.ts --cases 2000000 --seed 1
 *
 * Runs in rounds, each with a seed of its own; a failing round prints the smallest counterexample that was found as JSON
 * and the seed that finds it again, and exits with 1.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { scenario } from '../arbitraries/scenario.ts'
import { assertAgreement, Disagreement, toJson } from './agreement.ts'
import { COMPILE, SEALER } from './subject.ts'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const cases = Number(values.cases)
const firstSeed = Number(values.seed)
if (!Number.isSafeInteger(cases) || cases < 1) throw new RangeError('--cases must be a positive integer')
if (!Number.isSafeInteger(firstSeed)) throw new RangeError('--seed must be an integer')

const started = performance.now()
let done = 0
for (let seed = firstSeed; done < cases; seed++) {
  const result = fc.check(
    fc.property(scenario(60), (one) => {
      done += assertAgreement(one, COMPILE, SEALER)
    }),
    { numRuns: 200, seed },
  )
  if (result.failed) {
    console.error(`seed ${seed} fails: ${String(result.errorInstance)}`)
    if (!(result.errorInstance instanceof Disagreement)) console.error(toJson(result.counterexample))
    process.exit(1)
  }
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`\r${done} of ${cases} cases, seed ${seed}, ${Math.round(done / seconds)} a second `)
}
process.stderr.write('\n')
console.log(JSON.stringify({ cases: done, disagreements: 0, firstSeed }))
