// abi.encode(tuple(string denom, string sender, string receiver, uint256 amount, string memo)): the one type
// that Solidity peers read and write, so that a general ABI library isn't needed in a consensus path. Spec:
// Solidity ABI, "strict mode".
import { concatBytes, fromHex, fromUtf8, toHex, utf8 } from '@causeway/primitives'
import type { FungibleTokenPacketData } from './packet-data.ts'
import { errors } from './transfer-errors.ts'

const WORD = 32
/** Where the tuple begins: after the one word that says so. */
const TUPLE = WORD
const HEAD_WORDS = 5
/** Slots of the head, in words after the start of the tuple. */
const SLOTS = { denom: 0, sender: 1, receiver: 2, amount: 3, memo: 4 } as const

/** Writes a transfer as Solidity's `abi.encode` does. The amount is at most 2²⁵⁶ − 1. */
export function encodeAbi(data: FungibleTokenPacketData): Uint8Array {
  const tails = [data.denom, data.sender, data.receiver, data.memo].map(stringTail)
  const offsets: Uint8Array[] = []
  let offset = HEAD_WORDS * WORD
  for (const tail of tails) {
    offsets.push(word(BigInt(offset)))
    offset += tail.length
  }
  const [denom, sender, receiver, memo] = offsets as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  return concatBytes(word(BigInt(TUPLE)), denom, sender, receiver, word(data.amount), memo, ...tails)
}

/**
 * * Reads exactly what `encodeAbi` writes: offsets in order without gaps or overlaps, zero padding, nothing
 * behind. Throws `transfer/7`, `primitives/2`.
 *
 * DIFFERS FROM SPEC: go-ethereum and Solidity follow any offset that lies within the bytes.
 */
export function decodeAbi(bytes: Uint8Array): FungibleTokenPacketData {
  if (readSize(bytes, 0) !== TUPLE) throw malformed(0, 'the tuple begins at byte 32')
  const denom = readString(bytes, SLOTS.denom, HEAD_WORDS * WORD)
  const sender = readString(bytes, SLOTS.sender, denom.next)
  const receiver = readString(bytes, SLOTS.receiver, sender.next)
  const amount = readWord(bytes, TUPLE + SLOTS.amount * WORD)
  const memo = readString(bytes, SLOTS.memo, receiver.next)
  if (TUPLE + memo.next !== bytes.length) throw malformed(TUPLE + memo.next, 'there is more behind the tuple')
  return { denom: denom.value, amount, sender: sender.value, receiver: receiver.value, memo: memo.value }
}

function stringTail(text: string): Uint8Array {
  const bytes = utf8(text)
  const padding = new Uint8Array(paddedLength(bytes.length) - bytes.length)
  return concatBytes(word(BigInt(bytes.length)), bytes, padding)
}

function word(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * WORD, '0'))
}

/**
 * Reads the string whose offset stands in a slot of the head and must be `expected`, counted from the tuple.
 */
function readString(bytes: Uint8Array, slot: number, expected: number): { value: string; next: number } {
  const slotOffset = TUPLE + slot * WORD
  if (readSize(bytes, slotOffset) !== expected) throw malformed(slotOffset, `expected the offset ${expected}`)
  const length = readSize(bytes, TUPLE + expected)
  const start = TUPLE + expected + WORD
  const end = start + paddedLength(length)
  if (end > bytes.length) throw malformed(start, `a string of ${length} bytes does not fit`)
  if (bytes.subarray(start + length, end).some((byte) => byte !== 0)) {
    throw malformed(start + length, 'the padding is not zero')
  }
  return { value: fromUtf8(bytes.subarray(start, start + length)), next: end - TUPLE }
}

/**
 * Reads an offset or a length. Whatever exceeds the bytes at hand is refused before it is narrowed to a
 * number.
 */
function readSize(bytes: Uint8Array, offset: number): number {
  const value = readWord(bytes, offset)
  if (value > BigInt(bytes.length)) throw malformed(offset, 'an offset or length lies outside')
  return Number(value)
}

function readWord(bytes: Uint8Array, offset: number): bigint {
  if (offset + WORD > bytes.length) throw malformed(offset, 'a word is missing')
  return BigInt(`0x${toHex(bytes.subarray(offset, offset + WORD))}`)
}

function paddedLength(length: number): number {
  return Math.ceil(length / WORD) * WORD
}

function malformed(offset: number, reason: string) {
  return errors.malformedAbi({ offset, reason })
}
