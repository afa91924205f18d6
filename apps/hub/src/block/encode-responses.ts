// What a delivered transaction answers, without a general writer: half of its time would go there.
import { utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { fieldSize, headerSize, writeField, writeHeader } from '../tx/encode-transaction.ts'

const TYPE_URL = 0x0a
const VALUE = 0x12
/** Field 2 of `TxMsgData`. */
const RESPONSE = 0x12

/** By type: there are as many as the chain has messages. */
const encodedUrls = new Map<string, Uint8Array>()

/** The data of a delivered transaction: `TxMsgData` with these responses. */
export function encodeResponses(responses: readonly Any[]): Uint8Array {
  const sizes = responses.map(({ typeUrl, value }) => fieldSize(urlBytes(typeUrl)) + fieldSize(value))
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + headerSize(size) + size, 0))
  let at = 0
  for (const [i, { typeUrl, value }] of responses.entries()) {
    at = writeHeader(bytes, at, RESPONSE, sizes[i]!)
    at = writeField(bytes, at, TYPE_URL, urlBytes(typeUrl))
    at = writeField(bytes, at, VALUE, value)
  }
  return bytes
}

function urlBytes(typeUrl: string): Uint8Array {
  let bytes = encodedUrls.get(typeUrl)
  if (bytes === undefined) encodedUrls.set(typeUrl, (bytes = utf8(typeUrl)))
  return bytes
}
