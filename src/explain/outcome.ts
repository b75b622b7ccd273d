/** What a condition comes to. Unknown never satisfies an allow rule and always satisfies a deny rule. */
export type Outcome = true | false | 'unknown'

/** Kleene and: false wins over unknown, unknown over true. Of nothing it is true. */
export function allOf(outcomes: Iterable<Outcome>): Outcome {
  let result: Outcome = true
  for (const outcome of outcomes) {
    if (outcome === false) return false
    if (outcome === 'unknown') result = 'unknown'
  }
  return result
}

/** Kleene or: true wins over unknown, unknown over false. Of nothing it is false. */
export function anyOf(outcomes: Iterable<Outcome>): Outcome {
  let result: Outcome = false
  for (const outcome of outcomes) {
    if (outcome === true) return true
    if (outcome === 'unknown') result = 'unknown'
  }
  return result
}

/**
 * What somebody wants a condition to come to.
 *
 * An allow rule matches when everything is `true` and stops matching when something is `notTrue`; a deny rule matches
 * when everything is `notFalse` and stops matching when something is `false`.
 */
export type Target = 'true' | 'notTrue' | 'false' | 'notFalse'

/** Whether `outcome` is what `target` asks for. */
export function meets(outcome: Outcome, target: Target): boolean {
  switch (target) {
    case 'true':
      return outcome === true
    case 'notTrue':
      return outcome !== true
    case 'false':
      return outcome === false
    case 'notFalse':
      return outcome !== false
    default:
      return target satisfies never
  }
}
