import { assert, concatBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** Fields of an SSZ container in order: their sizes in bytes, or that the size varies. */
export type Layout = readonly (number | 'variable')[]

const OFFSET_BYTES = 4

/**
 * Splits an SSZ container into its fields (views). Strict: the first offset follows the fixed part, offsets
 * ascend, nothing is left over. Throws `ethereum/30`. Spec: consensus-specs ssz/simple-serialize.md.
 */
export function splitContainer(what: string, bytes: Uint8Array, layout: Layout): Uint8Array[] {
  const fixedBytes = fixedSize(layout)
  const hasVariable = layout.includes('variable')
  if (hasVariable ? bytes.length < fixedBytes : bytes.length !== fixedBytes) {
    throw errors.badSsz({ what, reason: `${bytes.length} bytes, expected ${fixedBytes}` })
  }
  const offsets: number[] = []
  let at = 0
  for (const size of layout) {
    if (size === 'variable') offsets.push(readOffset(bytes, at))
    at += size === 'variable' ? OFFSET_BYTES : size
  }
  offsets.forEach((offset, i) => {
    const isInOrder = i === 0 ? offset === fixedBytes : offset >= offsets[i - 1]!
    if (!isInOrder || offset > bytes.length) throw errors.badSsz({ what, reason: `offset ${offset}` })
  })
  let next = 0
  at = 0
  return layout.map((size) => {
    const start = size === 'variable' ? offsets[next]! : at
    const end = size === 'variable' ? (offsets[++next] ?? bytes.length) : at + size
    at += size === 'variable' ? OFFSET_BYTES : size
    return bytes.subarray(start, end)
  })
}

/** Joins fields into an SSZ container. */
export function joinContainer(layout: Layout, fields: readonly Uint8Array[]): Uint8Array {
  assert(fields.length === layout.length, 'a field for each place')
  let offset = fixedSize(layout)
  const variable: Uint8Array[] = []
  const fixed = layout.map((size, i) => {
    const field = fields[i]!
    if (size !== 'variable') {
      assert(field.length === size, `field ${i} has ${size} bytes`)
      return field
    }
    variable.push(field)
    const written = uintBytes(BigInt(offset), OFFSET_BYTES)
    offset += field.length
    return written
  })
  return concatBytes(...fixed, ...variable)
}

/** A little-endian unsigned number. */
export function uintOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  return value
}

/** A number as `length` little-endian bytes. */
export function uintBytes(value: bigint, length: number): Uint8Array {
  assert(value >= 0n && value < 1n << BigInt(8 * length), 'the number fits')
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

function fixedSize(layout: Layout): number {
  return layout.reduce<number>((sum, size) => sum + (size === 'variable' ? OFFSET_BYTES : size), 0)
}

function readOffset(bytes: Uint8Array, at: number): number {
  return Number(uintOf(bytes.subarray(at, at + OFFSET_BYTES)))
}
