// The encoding that every signature needs, without a general writer: half of its time would go there.
import { EMPTY_BYTES, utf8, uvarint } from '@causeway/primitives'
import type { SignDoc } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const BODY = 0x0a
const AUTH_INFO = 0x12
const CHAIN_ID = 0x1a
const ACCOUNT_NUMBER = 0x20

/** What SIGN_MODE_DIRECT signs. */
export function encodeSignDoc(
  document: Pick<SignDoc, 'bodyBytes' | 'authInfoBytes' | 'chainId' | 'accountNumber'>,
): Uint8Array {
  const { bodyBytes, authInfoBytes, accountNumber } = document
  const chainId = utf8(document.chainId)
  const number = accountNumber === 0n ? EMPTY_BYTES : uvarint(accountNumber)
  const size = fieldSize(bodyBytes) + fieldSize(authInfoBytes) + fieldSize(chainId)
  const bytes = new Uint8Array(size + (number.length === 0 ? 0 : 1 + number.length))
  let at = writeField(bytes, 0, BODY, bodyBytes)
  at = writeField(bytes, at, AUTH_INFO, authInfoBytes)
  at = writeField(bytes, at, CHAIN_ID, chainId)
  if (number.length > 0) {
    bytes[at] = ACCOUNT_NUMBER
    bytes.set(number, at + 1)
  }
  return bytes
}

/** Bytes of a field; an empty one is left out. */
export function fieldSize({ length }: Uint8Array): number {
  return length === 0 ? 0 : headerSize(length) + length
}

/** Bytes of a tag below 16 and a length. */
export function headerSize(length: number): number {
  let size = 2
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size++
  return size
}

/** Writes a field of bytes, unless it is empty; gives the place after it. */
export function writeField(bytes: Uint8Array, at: number, tag: number, content: Uint8Array): number {
  if (content.length === 0) return at
  const start = writeHeader(bytes, at, tag, content.length)
  bytes.set(content, start)
  return start + content.length
}

/** Writes a tag and a length; gives the place after them. */
export function writeHeader(bytes: Uint8Array, start: number, tag: number, length: number): number {
  let at = start
  bytes[at++] = tag
  let rest = length
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80
  bytes[at++] = rest
  return at
}
