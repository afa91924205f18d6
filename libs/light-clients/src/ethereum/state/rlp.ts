import { assert, concatBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** A byte string, or a list of items. Spec: Ethereum yellow paper, appendix B. */
export type RlpItem = Uint8Array | readonly RlpItem[]

const DEPTH_MAX = 16
/** Longest string or list whose length stands in the first byte. */
const SHORT_MAX = 55

/**
 * Decodes RLP, and only its one canonical form: shortest lengths, nothing left over, lists at most 16 deep.
 * Strings are views of the input. Throws `ethereum/40`.
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = readItem(bytes, 0, bytes.length, 1)
  if (end !== bytes.length) throw errors.badRlp({ offset: end, reason: 'bytes after the item' })
  return item
}

/** Encodes an item. */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && item[0]! < 0x80) return item
    return concatBytes(lengthPrefix(0x80, item.length), item)
  }
  const content = concatBytes(...item.map(encodeRlp))
  return concatBytes(lengthPrefix(0xc0, content.length), content)
}

/** The shortest big-endian bytes of a number; none for 0: how RLP writes numbers. */
export function minimalBytes(value: bigint): Uint8Array {
  assert(value >= 0n, 'RLP has no negative numbers')
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  return Uint8Array.from(bytes)
}

interface Read {
  item: RlpItem
  end: number
}

function readItem(bytes: Uint8Array, start: number, limit: number, depth: number): Read {
  if (start >= limit) throw errors.badRlp({ offset: start, reason: 'the item is missing' })
  const first = bytes[start]!
  if (first < 0x80) return { item: bytes.subarray(start, start + 1), end: start + 1 }
  const isList = first >= 0xc0
  const { contentStart, length } = readLength(bytes, start, limit, isList ? 0xc0 : 0x80)
  const end = contentStart + length
  if (end > limit) throw errors.badRlp({ offset: start, reason: 'the content ends after its frame' })
  if (!isList) {
    const content = bytes.subarray(contentStart, end)
    if (length === 1 && content[0]! < 0x80) {
      throw errors.badRlp({ offset: start, reason: 'a byte below 0x80 stands for itself' })
    }
    return { item: content, end }
  }
  if (depth >= DEPTH_MAX)
    throw errors.badRlp({ offset: start, reason: `lists nest deeper than ${DEPTH_MAX}` })
  const items: RlpItem[] = []
  for (let at = contentStart; at < end;) {
    const read = readItem(bytes, at, end, depth + 1)
    items.push(read.item)
    at = read.end
  }
  return { item: items, end }
}

function readLength(
  bytes: Uint8Array,
  start: number,
  limit: number,
  base: number,
): { contentStart: number; length: number } {
  const short = bytes[start]! - base
  if (short <= SHORT_MAX) return { contentStart: start + 1, length: short }
  const width = short - SHORT_MAX
  const contentStart = start + 1 + width
  if (contentStart > limit) throw errors.badRlp({ offset: start, reason: 'the length is cut off' })
  if (bytes[start + 1] === 0) throw errors.badRlp({ offset: start, reason: 'the length has a leading zero' })
  if (width > 4) throw errors.badRlp({ offset: start, reason: 'the length exceeds 32 bits' })
  let length = 0
  for (let i = start + 1; i < contentStart; i++) length = length * 256 + bytes[i]!
  if (length <= SHORT_MAX) throw errors.badRlp({ offset: start, reason: 'the length has a shorter form' })
  return { contentStart, length }
}

function lengthPrefix(base: number, length: number): Uint8Array {
  if (length <= SHORT_MAX) return Uint8Array.of(base + length)
  const bytes = minimalBytes(BigInt(length))
  return concatBytes(Uint8Array.of(base + SHORT_MAX + bytes.length), bytes)
}
