// What a payload of port `clearing` says: abi.encode(uint8 kind, bytes body). Everything is read strictly:
// only what `abi.encode` writes passes.
import { concatBytes } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { AbiReader, WORD, tail, word } from '../abi/abi-words.ts'
import { TRANSFER_ENCODINGS } from '../transfer/packet-data.ts'
import { errors } from './clearing-errors.ts'

/** The port, at both ends. */
export const CLEARING_PORT = 'clearing'
/** The one version. */
export const CLEARING_VERSION = 'causeway-clearing-1'

/** What a message is about. */
export const CLEARING_KINDS = { trades: 1, standbyLocked: 2, marginCall: 3, governance: 4 } as const

/** One message, its body unread. */
export interface ClearingMessage {
  readonly kind: number
  readonly body: Uint8Array
}

const KIND_BITS = 8

/** Puts a message into a payload. */
export function clearingPayload({ kind, body }: ClearingMessage): Payload {
  return {
    sourcePort: CLEARING_PORT,
    destinationPort: CLEARING_PORT,
    version: CLEARING_VERSION,
    encoding: TRANSFER_ENCODINGS.abi,
    value: concatBytes(word(BigInt(kind)), word(BigInt(2 * WORD)), tail(body)),
  }
}

/** Reads a message out of a payload. Throws `clearing/1` – `clearing/4`. */
export function readClearingPayload(payload: Payload): ClearingMessage {
  const { sourcePort, destinationPort, version, encoding, value } = payload
  if (sourcePort !== CLEARING_PORT) throw errors.wrongPort({ portId: sourcePort })
  if (destinationPort !== CLEARING_PORT) throw errors.wrongPort({ portId: destinationPort })
  if (version !== CLEARING_VERSION) throw errors.wrongVersion({ version })
  if (encoding !== TRANSFER_ENCODINGS.abi) throw errors.wrongEncoding({ encoding })
  const reader = clearingReader(value)
  const kind = Number(reader.number(0, KIND_BITS))
  reader.offset(WORD, 2 * WORD)
  const { value: body, next } = reader.tail(2 * WORD)
  reader.end(next)
  return { kind, body }
}

/** A reader that refuses with `clearing/4`. */
export function clearingReader(bytes: Uint8Array): AbiReader {
  return new AbiReader(bytes, (offset, reason) => errors.malformed({ offset, reason }))
}
