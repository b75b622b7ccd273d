import { readIpv4 } from '../../src/net/address.ts'

/** Strict parse of a whole dotted quad, so that every contestant reads addresses as strictly as we do. */
export function addressNumber(text: string): number {
  const value = readIpv4(text, 0, text.length)
  if (value < 0) throw new Error(`not an IPv4 address: ${text}`)
  return value
}
