import { concatBytes, le64, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { RECORD_BYTES_MAX } from './record.ts'
import type { StreamRecord } from './record.ts'
import { RecordReader } from './record-reader.ts'
import { encodeRecord, framed } from './records.fixture.ts'
import { StreamError } from '../stream-error.ts'

const FORMAT: StreamRecord = { kind: 'format' }
const TRANSACTION = { kind: 'transaction', slot: 9n, isVote: true, isError: false } as const
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const u64 = fc.bigInt(0n, 2n ** 64n - 1n)
const arbitraryRecord: fc.Arbitrary<StreamRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('account' as const),
    slot: u64,
    isStartup: fc.boolean(),
    writeVersion: u64,
    key: bytes32.map((bytes) => Buffer.from(bytes).toString('latin1')),
    state: fc.option(
      fc.record({
        lamports: fc.bigInt(1n, 2n ** 64n - 1n),
        data: fc.uint8Array({ maxLength: 300 }),
        isExecutable: fc.boolean(),
        owner: bytes32,
      }),
      { nil: undefined },
    ),
  }),
  fc.record({
    kind: fc.constant('slot' as const),
    slot: u64,
    parent: fc.option(u64, { nil: undefined }),
    status: fc.constantFrom('created_bank', 'processed', 'rooted', 'dead'),
  }),
  fc.record({
    kind: fc.constant('block' as const),
    slot: fc.bigInt(0n, 2n ** 50n),
    parentSlot: fc.bigInt(0n, 2n ** 50n),
    blockhash: bytes32,
    executed: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('transaction' as const),
    slot: u64,
    isVote: fc.boolean(),
    isError: fc.boolean(),
    wire: fc.uint8Array({ maxLength: 1_232 }),
  }),
  fc.constant<StreamRecord>({ kind: 'startupEnd' }),
  fc.constant<StreamRecord>({ kind: 'entry' }),
)

/** What a reader makes of bytes that come in pieces of these sizes. */
function read(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): StreamRecord[] {
  const reader = new RecordReader()
  const records: StreamRecord[] = []
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1
    records.push(...reader.push(bytes.subarray(at, at + size)))
    at += size
  }
  return records
}

const after = (...more: Uint8Array[]) => concatBytes(encodeRecord(FORMAT), ...more)

describe('a reader of records', () => {
  it('reads what was written, in whatever pieces it comes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(arbitraryRecord, { maxLength: 12 }), sizes, (records, pieces) => {
        const bytes = after(...records.map(encodeRecord))
        expect(read(bytes, pieces)).toEqual([FORMAT, ...records])
      }),
      { numRuns: 300 },
    )
  })

  it('keeps no more than one record that is not complete', () => {
    const reader = new RecordReader()
    const record = encodeRecord({ kind: 'slot', slot: 1n, parent: 0n, status: 'processed' })
    expect([...reader.push(concatBytes(after(record), record.subarray(0, 9)))]).toHaveLength(2)
    expect(reader.pendingBytes).toBe(9)
    expect([...reader.push(record.subarray(9))]).toHaveLength(1)
    expect(reader.pendingBytes).toBe(0)
  })

  it.each([
    ['begins with another format', framed(0, utf8('causeway-records/2')), 'format is "causeway-records/2"'],
    ['does not name its format', framed(3, new Uint8Array(0)), 'does not name its format'],
    ['names it twice', after(encodeRecord(FORMAT)), 'named twice'],
    ['has a record of an unknown kind', after(framed(7, new Uint8Array(0))), 'unknown kind 7'],
    [
      'has a record that is too long',
      after(Uint8Array.of(1, 1, 0, 0, 1)),
      `record of ${RECORD_BYTES_MAX + 1} bytes`,
    ],
    ['has a record that ends early', after(framed(2, new Uint8Array(8))), 'ends at byte 8'],
    ['has a record with more than its fields', after(framed(3, new Uint8Array(2))), '2 bytes left over'],
    ['has a flag that is none', after(framed(2, concatBytes(le64(1n), Uint8Array.of(2)))), 'neither 0 nor 1'],
    ['has a block that is no JSON', after(framed(4, utf8('{'))), 'no JSON object'],
    ['has a block without its hash', after(framed(4, utf8('{"slot":1}'))), 'metadata that is none'],
    [
      'has a transaction that is too long',
      after(encodeRecord({ ...TRANSACTION, wire: new Uint8Array(5_000) })),
      'slot 9: a transaction of 5000 bytes',
    ],
  ])('refuses a stream that %s', (_, bytes, message) => {
    const reading = () => read(bytes, [7])
    expect(reading).toThrow(StreamError)
    expect(reading).toThrow(message)
  })

  it('refuses or reads any bytes, and throws nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.uint8Array({ maxLength: 200 }))), (all) => {
        try {
          read(after(...all.map(([tag, payload]) => framed(tag, payload))))
        } catch (error) {
          expect(error).toBeInstanceOf(StreamError)
        }
      }),
    )
  })
})
