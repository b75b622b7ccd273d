/** Spreads the numbers that a question comes to over 32 bits; the upper ones are the better mixed. */
export function hashQuestion(
  who: number,
  posture: number,
  source: number,
  destination: number,
  ports: number,
  protocol: number,
  operation: number,
): number {
  let h = Math.imul(source, 0x9e3779b1) ^ Math.imul(destination, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15) ^ ports, 0xc2b2ae35) ^ Math.imul(who, 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 13) ^ Math.imul(posture, 0x165667b1), 0x9e3779b1)
  h ^= Math.imul(operation, 0x7feb352d) + protocol
  return Math.imul(h ^ (h >>> 16), 0x2c1b3c6d)
}
