import { assert, concatBytes, fromUtf8, utf8, uvarint } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { readReference, REFERENCE_BYTES_MAX, writeReference } from '../iavl/node-records.ts'
import type { Node } from '../iavl/node.ts'
import { VarintReader } from '../iavl/varint.ts'

/** The number of the storage format that this program writes and reads. */
export const FORMAT = 1

/** What a storage says about itself. */
export interface Head {
  /** Latest committed version; 0 before the first. */
  readonly version: number
  /** Oldest version that can be read. */
  readonly oldest: number
  readonly names: readonly string[]
}

/** Encodes the head: format ‖ varint version ‖ varint oldest ‖ len-prefixed names. */
export function encodeHead(head: Head): Uint8Array {
  const names = head.names.map((name) => utf8(name))
  return concatBytes(
    Uint8Array.of(FORMAT),
    uvarint(head.version),
    uvarint(head.oldest),
    ...names.flatMap((name) => [uvarint(name.length), name]),
  )
}

/** Reads the head. Throws `state/11` for a format that this program doesn't know. */
export function decodeHead(bytes: Uint8Array): Head {
  if (bytes[0] !== FORMAT) throw errors.formatUnknown({ found: bytes[0] ?? 0, known: FORMAT })
  const reader = new VarintReader(bytes, 1)
  const version = reader.next()
  const oldest = reader.next()
  const names: string[] = []
  while (reader.offset < bytes.length) {
    const length = reader.next()
    names.push(fromUtf8(bytes.subarray(reader.offset, reader.offset + length)))
    reader.offset += length
  }
  return { version, oldest, names }
}

/** Encodes a commit record: for each store 00, or 01 and a reference to its root. */
export function encodeRoots(roots: readonly (Node | undefined)[]): Uint8Array {
  const bytes = new Uint8Array(roots.length * (1 + REFERENCE_BYTES_MAX))
  const view = new DataView(bytes.buffer)
  let end = 0
  for (const root of roots) {
    bytes[end++] = root === undefined ? 0 : 1
    if (root !== undefined) end = writeReference(root, bytes, view, end)
  }
  return bytes.slice(0, end)
}

/** Reads a commit record of `count` stores; the roots are stubs. */
export function decodeRoots(bytes: Uint8Array, count: number): (Node | undefined)[] {
  const reader = new VarintReader(bytes, 0)
  const roots: (Node | undefined)[] = []
  for (let i = 0; i < count; i++) roots.push(bytes[reader.offset++] === 0 ? undefined : readReference(reader))
  assert(reader.offset === bytes.length, 'a commit record has an entry for each store')
  return roots
}
