export {
  Address,
  AddressError,
  type AddressReason,
  ipv4,
  ipv6,
  parseAddress,
  readAddress,
  readIpv4,
  readIpv6,
  tryParseAddress,
} from './address.ts'
export { type EmbeddedForm, type EmbeddedIpv4, embeddedIpv4, translatedIpv4 } from './embedded.ts'
export {
  contains,
  covers,
  firstAddress,
  lastAddress,
  maskedPrefix,
  overlaps,
  Prefix,
  PrefixError,
  type PrefixReason,
  parsePrefix,
  prefixOf,
} from './prefix.ts'
export {
  type AddressRange,
  addressRange,
  mergePrefixes,
  rangeOf,
  rangeToPrefixes,
  subtractPrefixes,
} from './range.ts'
export {
  INTERNET_PREFIXES,
  isGloballyReachable,
  SPECIAL_PURPOSE,
  type SpecialPurpose,
  specialPurposeOf,
} from './special.ts'
export { type PrefixEntry, PrefixTable } from './table.ts'
