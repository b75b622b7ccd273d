import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import {
  contains,
  covers,
  embeddedIpv4,
  INTERNET_PREFIXES,
  isGloballyReachable,
  mergePrefixes,
  parseAddress,
  parsePrefix,
  SPECIAL_PURPOSE,
  specialPurposeOf,
  subtractPrefixes,
} from '../../src/net/index.ts'
import { addressNear } from './arbitraries.ts'

const near = addressNear(SPECIAL_PURPOSE.map(({ prefix }) => prefix))
const CARRIERS = ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '::/96', '::ffff:0:0:0/96'].map(
  parsePrefix,
)

describe('the internet', () => {
  it('is unicast space less what the most specific block does not call globally reachable', () => {
    const unicast = [parsePrefix('0.0.0.0/0'), parsePrefix('2000::/3')]
    let reachable = 0
    fc.assert(
      fc.property(near, (address) => {
        const blocks = SPECIAL_PURPOSE.filter(({ prefix }) => contains(prefix, address))
        const block = blocks.sort((one, other) => other.prefix.length - one.prefix.length)[0]
        const expected =
          unicast.some((space) => contains(space, address)) && (block === undefined || block.globallyReachable === true)
        if (expected) reachable++
        expect(isGloballyReachable(address), `${address}`).toBe(expected)
        expect(INTERNET_PREFIXES.some((prefix) => contains(prefix, address))).toBe(expected)
        expect(specialPurposeOf(address)).toBe(block ?? null)
      }),
      { numRuns: 5000 },
    )
    expect(reachable).toBeGreaterThan(500)
  })

  it('is what the registries come to, network by network', () => {
    const unicast = [parsePrefix('0.0.0.0/0'), parsePrefix('2000::/3')]
    const refused = SPECIAL_PURPOSE.filter((row) => row.globallyReachable !== true).map((row) => row.prefix)
    // Reachable blocks inside refused ones come back, less what is refused inside them: the most specific block decides.
    const allowed = SPECIAL_PURPOSE.filter((row) => row.globallyReachable === true)
      .map((row) => row.prefix)
      .filter((prefix) => unicast.some((space) => covers(space, prefix)))
      .flatMap((prefix) =>
        subtractPrefixes(
          [prefix],
          refused.filter((inner) => inner.length > prefix.length),
        ),
      )
    const outcome = mergePrefixes([...subtractPrefixes(unicast, refused), ...allowed])
    expect(INTERNET_PREFIXES.map(String)).toEqual(outcome.map(String))
  })

  it('holds nothing that carries an IPv4 address in a known block', () => {
    for (const carrier of CARRIERS) {
      expect(
        INTERNET_PREFIXES.some((prefix) => covers(prefix, carrier) || covers(carrier, prefix)),
        `${carrier}`,
      ).toBe(false)
    }
    fc.assert(
      fc.property(near, (address) => {
        const carried = embeddedIpv4(address).filter(({ form }) => form !== 'isatap')
        expect(carried.length > 0 && isGloballyReachable(address), `${address}`).toBe(false)
      }),
    )
  })

  it('is minimal, in order and cannot be changed', () => {
    expect(mergePrefixes(INTERNET_PREFIXES).map(String)).toEqual(INTERNET_PREFIXES.map(String))
    expect(Object.isFrozen(INTERNET_PREFIXES)).toBe(true)
    expect(INTERNET_PREFIXES.length).toBeGreaterThan(100)
  })

  // ipaddr.js 2.5.0 answers `unicast` for what it has no range for. Ours is stricter, never looser.
  it('is part of what ipaddr.js calls unicast, but for blocks it does not split', () => {
    const splitByUs = ['192.0.0.9/32', '192.0.0.10/32', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24']
    const exceptions = [...splitByUs, '2001::/23', '2620:4f:8000::/48'].map(parsePrefix)
    fc.assert(
      fc.property(near, (address) => {
        if (!isGloballyReachable(address) || exceptions.some((prefix) => contains(prefix, address))) return
        expect(ipaddr.parse(address.toString()).range(), `${address}`).toBe('unicast')
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the registry', () => {
  it('has one row for each block, in order, with an RFC', () => {
    const texts = SPECIAL_PURPOSE.map(({ prefix }) => prefix.toString())
    expect(new Set(texts).size).toBe(texts.length)
    expect([...SPECIAL_PURPOSE].sort((one, other) => one.prefix.compare(other.prefix))).toEqual(SPECIAL_PURPOSE)
    for (const row of SPECIAL_PURPOSE) {
      expect(row.rfc).toMatch(/^RFC \d{3,4}$/)
      expect(row.name).not.toBe('')
      expect(Object.isFrozen(row)).toBe(true)
    }
  })

  it.each([
    ['169.254.169.254', 'link local'],
    ['100.64.0.1', 'shared address space'],
    ['192.0.0.9', 'Port Control Protocol anycast'],
    ['192.0.0.11', 'IETF protocol assignments'],
    ['2001::1', 'Teredo'],
    ['2001:db8::1', 'documentation'],
    ['64:ff9b::1', 'IPv4-IPv6 translation'],
    ['::ffff:127.0.0.1', 'loopback'],
  ])('says that %s is %s', (text, name) => {
    expect(specialPurposeOf(parseAddress(text))?.name).toBe(name)
  })

  it('says nothing about ordinary addresses', () => {
    for (const text of ['8.8.8.8', '2606:4700::1111', '4000::1'])
      expect(specialPurposeOf(parseAddress(text))).toBeNull()
  })
})
