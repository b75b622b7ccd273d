import { describe, expect, it } from 'vitest'
import { compileModel } from '../../src/compiled-policy.ts'
import { EndpointClasses } from '../../src/engine/endpoint-classes.ts'
import { EndpointReader, READ_INVALID, READ_OK, READ_UNKNOWN_SEGMENT } from '../../src/engine/endpoint-reader.ts'
import { OperationIndex } from '../../src/engine/operation-index.ts'
import { ReadEndpoint } from '../../src/engine/read-endpoint.ts'
import { parseAddress } from '../../src/net/address.ts'
import { modelOf } from '../reference/model-builder.ts'

const SEGMENTS = {
  corp: { cidrs: ['10.1.0.0/16', '0.0.0.0/32', 'fd00::/16'] },
  lab: {
    workloads: [
      { id: 'spiffe://td/lab', below: true },
      { id: 'spiffe://td/one', below: false },
    ],
    labels: [{ app: 'lab' }],
  },
  x: { cidrs: ['10.9.0.0/16'] },
  hidden: { anonymous: true, cidrs: ['10.8.0.0/16'] },
}
const { program } = compileModel(
  modelOf({ segments: SEGMENTS, rules: [{ from: ['corp', 'lab', 'x', 'hidden'], services: [{ models: ['m'] }] }] }),
)

function setUp() {
  const classes = new EndpointClasses(program.segments)
  const operations = new OperationIndex(program.operations)
  const reader = new EndpointReader(program.segments, classes, operations)
  /** What was read, in words: segments by name, port, protocol; or how it failed. */
  const read = (input: unknown, end: 'source' | 'destination') => {
    const out = new ReadEndpoint(operations.none)
    // As left behind by an earlier question.
    Object.assign(out, { classId: 77, isWord: true, word: 99, port: 1234, protocol: 99 })
    const status = end === 'source' ? reader.readSource(input, out) : reader.readDestination(input, out)
    if (status !== READ_OK)
      return status === READ_INVALID ? 'invalid' : status === READ_UNKNOWN_SEGMENT ? 'unknown' : status
    reader.resolve(out)
    const names = classes
      .segmentsOf(out.classId)
      .flatMap((segment) => (segment < 2 ? [] : [['corp', 'lab', 'x', 'hidden'][segment - 2]]))
    return `${names.join()} ${out.port} ${out.protocol}${out.operation === operations.none ? '' : ' operation'}`
  }
  return { reader, read, classes }
}

const TEXTS: readonly (readonly [unknown, string])[] = [
  ['10.1.0.1', 'corp -1 -1'],
  ['0.0.0.0', 'corp -1 -1'],
  ['0.0.0.0:0', 'corp 0 6'],
  ['255.255.255.255:9', ' 9 6'],
  ['9.1.0.1:99', ' 99 6'],
  ['10.1.0.1:0', 'corp 0 6'],
  ['10.1.0.1:1', 'corp 1 6'],
  ['10.1.0.1:10', 'corp 10 6'],
  ['10.1.0.1:443', 'corp 443 6'],
  ['10.1.0.1:9999', 'corp 9999 6'],
  ['10.1.0.1:10000', 'corp 10000 6'],
  ['10.1.0.1:65535', 'corp 65535 6'],
  ['10.1.0.1:65536', 'invalid'],
  ['10.1.0.1:99999', 'invalid'],
  ['10.1.0.1:100000', 'invalid'],
  ['10.1.0.1:00443', 'invalid'],
  ['10.1.0.1:00', 'invalid'],
  ['10.1.0.1:0443', 'invalid'],
  ['10.1.0.1:', 'invalid'],
  ['10.1.0.1:x', 'invalid'],
  ['10.1.0.1:4/3', 'invalid'],
  ['10.1.0.1:4;3', 'invalid'],
  ['10.1.0.1:-1', 'invalid'],
  ['10.1.0.1: 4', 'invalid'],
  ['10.1.0.1/443', 'invalid'],
  ['10.1.0.1x443', 'invalid'],
  ['10.1.0:443', 'invalid'],
  ['10.1.0.256:443', 'invalid'],
  ['10.01.0.1', 'invalid'],
  ['1.1.1.1', ' -1 -1'],
  ['1.1.1.1:7', ' 7 6'],
  ['1.1.1:1', 'invalid'],
  [':443', 'unknown'],
  ['', 'invalid'],
  ['5', 'invalid'],
  ['9x', 'invalid'],
  ['0x', 'invalid'],
  ['fd00::1', 'corp -1 -1'],
  ['fe00::1', ' -1 -1'],
  ['::ffff:10.1.0.1', 'corp -1 -1'],
  ['fd00::1:443', 'corp -1 -1'],
  ['[fd00::1]', 'corp -1 -1'],
  ['[fd00::1]:443', 'corp 443 6'],
  ['[fd00::1]443', 'invalid'],
  ['[fd00::1]:', 'invalid'],
  ['[fd00::1', 'invalid'],
  ['[', 'invalid'],
  ['[]', 'invalid'],
  ['[fd00::1]]', 'invalid'],
  ['[fd00::1]:443x', 'invalid'],
  ['[10.1.0.1]', 'invalid'],
  ['[fd00::1]:100000', 'invalid'],
  ['fd00:::1', 'invalid'],
  ['corp', 'corp -1 -1'],
  ['corp:443', 'corp 443 6'],
  ['corp:', 'invalid'],
  ['corp:9:9', 'invalid'],
  ['corp:x', 'invalid'],
  ['corp:123456', 'invalid'],
  ['x', 'x -1 -1'],
  ['x:5', 'x 5 6'],
  ['nowhere', 'unknown'],
  ['nowhere:5', 'unknown'],
  ['hidden', 'unknown'],
  ['null', 'unknown'],
  ['spiffe://td/lab/a', 'lab -1 -1'],
  ['spiffe://td/lab/a/b', 'lab -1 -1'],
  ['spiffe://td/lab', ' -1 -1'],
  ['spiffe://td/one', 'lab -1 -1'],
  ['spiffe://td/one/a', ' -1 -1'],
  ['spiffe://td', ' -1 -1'],
  ['spiffe://TD/lab/a', 'invalid'],
  ['spiffe://', 'invalid'],
  [null, 'invalid'],
  [undefined, 'invalid'],
  [5, 'invalid'],
  [true, 'invalid'],
  [[], 'invalid'],
  [() => 0, 'invalid'],
  [parseAddress('10.1.0.1'), 'corp -1 -1'],
  [parseAddress('fd00::1'), 'corp -1 -1'],
  [{}, 'invalid'],
  [Object.create({ address: '10.1.0.1' }), 'invalid'],
  [{ address: undefined }, ' -1 -1'],
  [{ address: '10.1.0.1' }, 'corp -1 -1'],
  [{ address: 'fd00::1' }, 'corp -1 -1'],
  [{ address: parseAddress('10.1.0.1') }, 'corp -1 -1'],
  [{ address: parseAddress('fd00::1'), port: 5 }, 'corp 5 6'],
  [{ address: '10.1.0.1:443' }, 'invalid'],
  [{ address: 5 }, 'invalid'],
  [{ address: null }, 'invalid'],
  [{ workload: 'spiffe://td/lab/a' }, 'lab -1 -1'],
  [{ workload: 'lab' }, 'invalid'],
  [{ workload: 5 }, 'invalid'],
  [{ labels: { app: 'lab', more: 'x' } }, 'lab -1 -1'],
  [{ labels: { app: 'other' } }, ' -1 -1'],
  [{ labels: { app: 5 } }, 'invalid'],
  [{ labels: [] }, 'invalid'],
  [{ labels: null }, 'invalid'],
  [{ labels: 'app' }, 'invalid'],
  [{ labels: 5 }, 'invalid'],
  [{ segment: 'corp' }, 'corp -1 -1'],
  [{ segment: 'nowhere' }, 'unknown'],
  [{ segment: 5 }, 'invalid'],
  [{ segment: 'corp', labels: { app: 'lab' } }, 'corp,lab -1 -1'],
  [{ address: '10.9.0.1', workload: 'spiffe://td/one' }, 'lab,x -1 -1'],
  [{ workload: 'spiffe://td/one', address: 'fd00::1', segment: 'x' }, 'corp,lab,x -1 -1'],
  [{ address: '10.1.0.1', port: 0 }, 'corp 0 6'],
  [{ address: '10.1.0.1', port: 65_535 }, 'corp 65535 6'],
  [{ address: '10.1.0.1', port: 65_536 }, 'invalid'],
  [{ address: '10.1.0.1', port: -1 }, 'invalid'],
  [{ address: '10.1.0.1', port: 1.5 }, 'invalid'],
  [{ address: '10.1.0.1', port: '5' }, 'invalid'],
  [{ address: '10.1.0.1', port: null }, 'invalid'],
  [{ address: '10.1.0.1', protocol: 'udp' }, 'corp -1 17'],
  [{ address: '10.1.0.1', port: 5, protocol: 'udp' }, 'corp 5 17'],
  [{ address: '10.1.0.1', protocol: 0, port: 5 }, 'corp 5 0'],
  [{ address: '10.1.0.1', protocol: 'carrier-pigeon' }, 'invalid'],
  [{ address: '10.1.0.1', other: 1 }, 'invalid'],
  [{ address: '10.1.0.1', other: undefined }, 'corp -1 -1'],
  [{ address: '10.1.0.1', context: {} }, 'corp -1 -1'],
  [{ address: '10.1.0.1', context: null }, 'invalid'],
  [{ address: '10.1.0.1', context: [] }, 'invalid'],
  [{ address: '10.1.0.1', context: 'x' }, 'invalid'],
  [{ address: '10.1.0.1', http: { method: 5 } }, 'invalid'],
]

describe('reading an endpoint', () => {
  it.each(TEXTS)('%j: %s', (input, expected) => {
    const { read } = setUp()
    expect([read(input, 'source'), read(input, 'destination')]).toEqual([expected, expected])
    expect([read(input, 'source'), read(input, 'destination')]).toEqual([expected, expected])
  })

  it('finds what is asked for, and forgets it for the next', () => {
    const { read } = setUp()
    expect(read({ address: '10.1.0.1', model: 'm' }, 'destination')).toBe('corp -1 -1 operation')
    expect(read({ address: '10.1.0.1', tool: 't' }, 'destination')).toBe('corp -1 -1 operation')
    expect(read({ address: '10.1.0.1', http: { method: 'GET' } }, 'destination')).toBe('corp -1 -1 operation')
    expect(read({ address: '10.1.0.1', grpc: { service: 's', method: 'A' } }, 'destination')).toBe(
      'corp -1 -1 operation',
    )
    expect(read({ address: '10.1.0.1' }, 'destination')).toBe('corp -1 -1')
  })

  it('takes an overlay into account for addresses and workloads', () => {
    const { reader, read, classes } = setUp()
    const seen: unknown[] = []
    reader.overlay = {
      adjustAddress(_classId, ...rest) {
        seen.push(rest)
        return classes.ofParts([2 * 4])
      },
      adjustWorkload(_classId, id) {
        seen.push(id)
        return classes.ofParts([2 * 3])
      },
    }
    expect(read('10.1.0.1', 'source')).toBe('x -1 -1')
    expect(read('10.1.0.1:5', 'destination')).toBe('x 5 6')
    expect(read('fd00::1', 'source')).toBe('x -1 -1')
    expect(read('spiffe://td/zzz', 'source')).toBe('lab -1 -1')
    expect(read('spiffe://TD/zzz', 'source')).toBe('invalid')
    expect(seen).toEqual([
      [4, 0, 0, 0, 0x0a010001],
      [4, 0, 0, 0, 0x0a010001],
      [6, 0xfd000000 | 0, 0, 0, 1],
      'spiffe://td/zzz',
    ])
  })
})
