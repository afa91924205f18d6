// abi.encode(tuple(string denom, string sender, string receiver, uint256 amount, string memo)): the one type
// that Solidity peers read and write.
import { concatBytes, fromUtf8, utf8 } from '@causeway/primitives'
import { AbiReader, WORD, tail, word } from '../abi/abi-words.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'
import { errors } from './transfer-errors.ts'

/** Where the tuple begins: after the one word that says so. */
const TUPLE = WORD
const HEAD_WORDS = 5
/** Slots of the head, in words after the start of the tuple. */
const SLOTS = { denom: 0, sender: 1, receiver: 2, amount: 3, memo: 4 } as const

/** Writes a transfer as Solidity's `abi.encode` does. The amount is at most 2²⁵⁶ − 1. */
export function encodeAbi(data: FungibleTokenPacketData): Uint8Array {
  const tails = [data.denom, data.sender, data.receiver, data.memo].map((text) => tail(utf8(text)))
  const offsets: Uint8Array[] = []
  let offset = HEAD_WORDS * WORD
  for (const { length } of tails) {
    offsets.push(word(BigInt(offset)))
    offset += length
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
  const reader = new AbiReader(bytes, (offset, reason) => errors.malformedAbi({ offset, reason }))
  reader.offset(0, TUPLE)
  const denom = readString(reader, SLOTS.denom, HEAD_WORDS * WORD)
  const sender = readString(reader, SLOTS.sender, denom.next)
  const receiver = readString(reader, SLOTS.receiver, sender.next)
  const amount = reader.number(TUPLE + SLOTS.amount * WORD)
  const memo = readString(reader, SLOTS.memo, receiver.next)
  reader.end(TUPLE + memo.next)
  return { denom: denom.value, amount, sender: sender.value, receiver: receiver.value, memo: memo.value }
}

/** Reads the string whose offset stands in a slot of the head and must be `expected`, from the tuple on. */
function readString(reader: AbiReader, slot: number, expected: number): { value: string; next: number } {
  reader.offset(TUPLE + slot * WORD, expected)
  const { value, next } = reader.tail(TUPLE + expected)
  return { value: fromUtf8(value), next: next - TUPLE }
}
