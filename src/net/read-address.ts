/** No spelling of an address is longer: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
export const MAX_ADDRESS_LENGTH = 45

const DOT = 46
const COLON = 58

/**
 * Value of each ASCII character as a hexadecimal digit, -1 for the others. A table halves the time of {@link readIpv6}:
 * comparisons on random digits defeat the branch predictor.
 */
const HEX_DIGITS = /* @__PURE__ */ hexDigits()

/**
 * Reads a canonical IPv4 address out of a text without allocating. Four decimal octets and nothing else: no leading
 * zeros, no hex, no octal, no short or integer forms, no surrounding space.
 *
 * @param text - The text that holds the address.
 * @param start - Index of the first character of the address.
 * @param end - Index after the last character.
 * @returns The address as an unsigned 32-bit number, or -1 when the text is not one. Never throws.
 * @example
 * ```ts
 * readIpv4('10.0.0.1', 0, 8)       // 167772161
 * readIpv4('10.0.0.1:443', 0, 8)   // 167772161
 * readIpv4('010.0.0.1', 0, 9)      // -1
 * ```
 */
export function readIpv4(text: string, start: number, end: number): number {
  const length = end - start
  // Written so that NaN fails too. A character outside the text is NaN, and NaN >>> 0 is a digit.
  if (!(length >= 7 && length <= 15 && start >= 0 && end <= text.length)) return -1
  let value = 0
  let i = start
  // Octet by octet instead of a state machine over characters: a quarter faster. `>>> 0` makes one comparison of two.
  for (let octets = 1; ; octets++) {
    let octet = text.charCodeAt(i) - 48
    if (octet >>> 0 > 9) return -1
    if (++i < end) {
      const second = text.charCodeAt(i) - 48
      if (second >>> 0 <= 9) {
        if (octet === 0) return -1 // a leading zero, which others read as octal
        octet = octet * 10 + second
        if (++i < end) {
          const third = text.charCodeAt(i) - 48
          if (third >>> 0 <= 9) {
            octet = octet * 10 + third
            if (octet > 255) return -1
            i++
          }
        }
      }
    }
    value = (value << 8) | octet
    if (octets === 4) return i === end ? value >>> 0 : -1
    // No check against `end`: what is read beyond it can only make `i` miss `end` above.
    if (text.charCodeAt(i) !== DOT) return -1
    i++
  }
}

/**
 * Reads an IPv6 address (RFC 4291 section 2.2, all three forms) out of a text without allocating. No zone, no brackets.
 *
 * @param text - The text that holds the address.
 * @param start - Index of the first character of the address.
 * @param end - Index after the last character.
 * @param out - At least four words. Holds the address, most significant word first, unless the answer is 0: then
 *   the content is unspecified.
 * @returns 6 for an IPv6 address, 4 when it is IPv4-mapped (`out[3]` is the IPv4 address and the others are 0),
 *   0 when the text is not an IPv6 address. Never throws.
 * @example
 * ```ts
 * const out = new Int32Array(4)
 * readIpv6('fd00::1', 0, 7, out)           // 6, out is [0xfd000000 | 0, 0, 0, 1]
 * readIpv6('::ffff:10.0.0.1', 0, 15, out)  // 4, out is [0, 0, 0, 0x0a000001]
 * readIpv6('10.0.0.1', 0, 8, out)          // 0
 * ```
 */
export function readIpv6(text: string, start: number, end: number, out: Int32Array): 0 | 4 | 6 {
  const length = end - start
  if (!(length >= 2 && length <= MAX_ADDRESS_LENGTH && start >= 0 && end <= text.length)) return 0
  out[0] = 0
  out[1] = 0
  out[2] = 0
  out[3] = 0
  let group = 0
  let compressed = false
  let i = start
  while (i < end) {
    // Here a group starts, or this is the second colon of a `::`.
    if (text.charCodeAt(i) === COLON) {
      if (compressed) return 0
      compressed = true
      if (i === start && text.charCodeAt(++i) !== COLON) return 0
      i++
      // The groups after `::` are right-aligned: count them first, then write each to its place.
      const next = 8 - countGroups(text, i, end)
      if (next <= group) return 0
      group = next
      continue
    }
    const groupStart = i
    let value = 0
    let code = 0
    for (; i < end; i++) {
      code = text.charCodeAt(i)
      const digit = code < 128 ? (HEX_DIGITS[code] as number) : -1
      if (digit < 0) break
      value = (value << 4) | digit
    }
    const digits = i - groupStart
    if (digits === 0 || digits > 4 || group > 7) return 0
    if (i < end && code === DOT) {
      if (group !== 6) return 0
      const ipv4 = readIpv4(text, groupStart, end)
      if (ipv4 < 0) return 0
      out[3] = ipv4 | 0
      group = 8
      break
    }
    // even groups are the upper half of their word
    const word = group >> 1
    out[word] = (out[word] as number) | (value << ((~group & 1) << 4))
    group++
    if (i === end) break
    if (code !== COLON || ++i === end) return 0
  }
  if (group !== 8) return 0
  if (out[2] === 0xffff && out[1] === 0 && out[0] === 0) {
    out[2] = 0
    return 4
  }
  return 6
}

/**
 * Reads an address of either family, as {@link readIpv4} and {@link readIpv6} do.
 *
 * @returns 4 (`out[3]` is the address, the others are 0), 6, or 0 when the text is not an address. Never throws.
 * @example
 * ```ts
 * const out = new Int32Array(4)
 * readAddress('10.0.0.1', 0, 8, out)  // 4
 * readAddress('::1', 0, 3, out)       // 6
 * readAddress('127.1', 0, 5, out)     // 0
 * ```
 */
export function readAddress(text: string, start: number, end: number, out: Int32Array): 0 | 4 | 6 {
  const ipv4 = readIpv4(text, start, end)
  if (ipv4 < 0) return readIpv6(text, start, end, out)
  out[0] = 0
  out[1] = 0
  out[2] = 0
  out[3] = ipv4 | 0
  return 4
}

/** Groups that the rest of the text claims to hold; a dotted quad counts as two. The caller checks each of them. */
function countGroups(text: string, start: number, end: number): number {
  if (start >= end) return 0
  let groups = 1
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === COLON) groups++
    else if (code === DOT) return groups + 1
  }
  return groups
}

function hexDigits(): Int8Array {
  const digits = new Int8Array(128).fill(-1)
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16)
    digits[digit.charCodeAt(0)] = value
    digits[digit.toUpperCase().charCodeAt(0)] = value
  }
  return digits
}
