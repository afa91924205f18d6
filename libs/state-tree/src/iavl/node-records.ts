import { assert } from '@causeway/primitives'
import { prefixOf, readHash, stubNode, writeHash } from './node.ts'
import type { Node } from './node.ts'
import { varintLength, VarintReader, writeVarint } from './varint.ts'

/**
 * How nodes are stored. Eight nodes that were numbered one after the other share a record (its bucket is
 * (nonce − 1) >>> 3): a block writes an eighth of the records, and the path of a key lies close together. A
 * record is a sequence of entries `slot ((nonce − 1) & 7) ‖ varint length ‖ body`, where
 *
 *     leaf  body = 00 ‖ varint key length ‖ key ‖ value
 *     inner body = height ‖ varint key length ‖ key ‖ reference left ‖ reference right
 *     reference  = height ‖ varint size ‖ varint version ‖ varint nonce ‖ hash (32 bytes)
 *
 * A reference says all about a child that rebalancing, hashing and proving need, so that siblings of a path
 * are never read.
 */
export const SLOTS = 8

/** A node's place: with its version, the key of its record. */
export function bucketOf(nonce: number): number {
  return (nonce - 1) >>> 3
}

/** A node's place in its record. */
export function slotOf(nonce: number): number {
  return (nonce - 1) & (SLOTS - 1)
}

/** Encodes the nodes of one version, numbered 1, 2, 3 …, record by record. */
export function encodeNodes(
  nodes: readonly Node[],
  emit: (bucket: number, record: Uint8Array) => void,
): void {
  if (nodes.length === 0) return
  const writer = new RecordWriter()
  let bucket = 0
  for (const node of nodes) {
    if (bucketOf(node.nonce) !== bucket) {
      emit(bucket, writer.take())
      bucket = bucketOf(node.nonce)
    }
    writer.add(node)
  }
  emit(bucket, writer.take())
}

/** Completes a stub from its record; false when the record doesn't hold it. */
export function decodeNode(record: Uint8Array, node: Node): boolean {
  const entry = findEntry(record, slotOf(node.nonce))
  if (entry === undefined) return false
  const reader = new VarintReader(record, entry.start + 1)
  assert(record[entry.start] === node.height, 'a record holds the node that its parent names')
  const keyLength = reader.next()
  const key = record.subarray(reader.offset, reader.offset + keyLength)
  reader.offset += keyLength
  if (node.height === 0) {
    node.value = record.subarray(reader.offset, entry.end)
  } else {
    node.left = readReference(reader)
    node.right = readReference(reader)
    assert(reader.offset === entry.end, 'a record has no trailing bytes')
  }
  node.key = key
  node.prefix = prefixOf(key)
  return true
}

/** The record without the slots whose bits are set in `doomed`. */
export function withoutSlots(record: Uint8Array, doomed: number): Uint8Array {
  const kept = new Uint8Array(record.length)
  const reader = new VarintReader(record, 0)
  let length = 0
  while (reader.offset < record.length) {
    const from = reader.offset++
    const end = reader.next() + reader.offset
    assert(end <= record.length, 'a record is a whole number of entries')
    if ((doomed & (1 << record[from]!)) === 0) {
      kept.set(record.subarray(from, end), length)
      length += end - from
    }
    reader.offset = end
  }
  return kept.slice(0, length)
}

/** Writes what a parent, or a commit record, says about a node; returns the offset behind it. */
export function writeReference(node: Node, bytes: Uint8Array, view: DataView, offset: number): number {
  bytes[offset] = node.height
  let end = writeVarint(node.size, bytes, offset + 1)
  end = writeVarint(node.version, bytes, end)
  end = writeVarint(node.nonce, bytes, end)
  writeHash(node, view, end)
  return end + 32
}

/** Longest reference. */
export const REFERENCE_BYTES_MAX = 1 + 8 + 8 + 5 + 32

/** Reads a reference as a stub. */
export function readReference(reader: VarintReader): Node {
  const height = reader.bytes[reader.offset++]!
  const stub = stubNode(height, reader.next(), reader.next(), reader.next())
  readHash(
    stub,
    new DataView(reader.bytes.buffer, reader.bytes.byteOffset, reader.bytes.length),
    reader.offset,
  )
  reader.offset += 32
  return stub
}

/** Where the body of a slot lies in a record. */
function findEntry(record: Uint8Array, slot: number): { start: number; end: number } | undefined {
  const reader = new VarintReader(record, 0)
  while (reader.offset < record.length) {
    const isFound = record[reader.offset++] === slot
    const length = reader.next()
    const start = reader.offset
    reader.offset += length
    assert(reader.offset <= record.length, 'a record is a whole number of entries')
    if (isFound) return { start, end: reader.offset }
  }
  return undefined
}

class RecordWriter {
  // Room for a record of usual nodes: a writer is made for each store and version.
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  add(node: Node): void {
    const { key, value } = node
    assert(key !== undefined, 'a stored node has a key')
    const prefix = 1 + varintLength(key.length) + key.length
    const bodyMax = prefix + (value === undefined ? 2 * REFERENCE_BYTES_MAX : value.length)
    this.#reserve(bodyMax + 6)
    const bytes = this.#bytes
    bytes[this.#length] = slotOf(node.nonce)
    const bodyLength =
      value === undefined ? prefix + referenceLength(node.left!) + referenceLength(node.right!) : bodyMax
    let end = writeVarint(bodyLength, bytes, this.#length + 1)
    bytes[end] = node.height
    end = writeVarint(key.length, bytes, end + 1)
    bytes.set(key, end)
    end += key.length
    if (value === undefined) {
      end = writeReference(node.left!, bytes, this.#view, end)
      end = writeReference(node.right!, bytes, this.#view, end)
    } else {
      bytes.set(value, end)
      end += value.length
    }
    this.#length = end
  }

  take(): Uint8Array {
    const record = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return record
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const bytes = new Uint8Array(2 * (this.#length + more))
    bytes.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}

function referenceLength(node: Node): number {
  return 33 + varintLength(node.size) + varintLength(node.version) + varintLength(node.nonce)
}
