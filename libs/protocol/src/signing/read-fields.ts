// Reads protobuf that `checkStrict` has accepted as canonical, field by field, without a codec.
import { assert, fromUtf8 } from '@causeway/primitives'
import type { SigningField } from './field-names.ts'

/** A number as it is meant, or the bytes of a string, of bytes or of a message. */
export type RawValue = bigint | Uint8Array

/** Values of each field by its number, in the order in which they stand; packed numbers one by one. */
export function readFields(
  bytes: Uint8Array,
  fields: readonly SigningField[],
): ReadonlyMap<number, readonly RawValue[]> {
  const byNumber = new Map(fields.map((field) => [field.number, field]))
  const values = new Map<number, RawValue[]>()
  const cursor = { bytes, offset: 0 }
  while (cursor.offset < bytes.length) {
    const tag = Number(varint(cursor))
    const field = byNumber.get(tag >>> 3)
    assert(field !== undefined, 'strict decoding refuses unknown fields')
    const list = values.get(field.number) ?? []
    values.set(field.number, list)
    for (const value of readValues(cursor, field, tag & 7)) list.push(value)
  }
  return values
}

/** The text of a string field. */
export function stringOf(value: RawValue): string {
  assert(typeof value !== 'bigint', 'strings are bytes on the wire')
  return fromUtf8(value)
}

interface Cursor {
  readonly bytes: Uint8Array
  offset: number
}

function readValues(cursor: Cursor, field: SigningField, wireType: number): RawValue[] {
  if (wireType !== 2) return [numberOf(cursor, field, wireType)]
  const length = Number(varint(cursor))
  const end = cursor.offset + length
  if ('sym'.includes(field.kind)) {
    const value = cursor.bytes.subarray(cursor.offset, end)
    cursor.offset = end
    return [value]
  }
  const packed: bigint[] = []
  const single = field.kind === 'f' ? 5 : field.kind === 'd' ? 1 : 0
  while (cursor.offset < end) packed.push(numberOf(cursor, field, single))
  return packed
}

function numberOf(cursor: Cursor, field: SigningField, wireType: number): bigint {
  const unsigned = wireType === 0 ? varint(cursor) : fixed(cursor, wireType === 1 ? 8 : 4)
  if (field.sign === 'none') return unsigned
  if (field.sign === 'zigzag') return (unsigned >> 1n) ^ -(unsigned & 1n)
  return BigInt.asIntN(wireType === 5 ? 32 : 64, unsigned)
}

function varint(cursor: Cursor): bigint {
  let value = 0n
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.bytes[cursor.offset++]
    assert(byte !== undefined, 'strict decoding refuses cut values')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
}

function fixed(cursor: Cursor, length: number): bigint {
  let value = 0n
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(cursor.bytes[cursor.offset + i]!)
  cursor.offset += length
  return value
}
