/** Words that both the schema and the passes behind it need. No imports: the schema is no part of what is installed. */

/** Names of the days, Sunday first: the index is the number in the model. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Names of the operators of a comparison. */
export const COMPARISON_OPERATORS = [
  'equals',
  'notEquals',
  'atLeast',
  'atMost',
  'above',
  'below',
  'atLeastVersion',
  'atMostVersion',
  'oneOf',
  'noneOf',
  'present',
  'absent',
] as const
