import { U256_MAX, utf8 } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { decodeAbi, encodeAbi } from './abi-encoding.ts'
import { TRANSFER_PORT, parseDenomination } from './denomination.ts'
import { decodeJson, encodeJson } from './json-encoding.ts'
import { decodeProtobuf, encodeProtobuf } from './protobuf-encoding.ts'
import { errors } from './transfer-errors.ts'

/** What one transfer says, in every encoding. */
export interface FungibleTokenPacketData {
  /** Full path, as the sending chain knows the token; never `ibc/…`. */
  readonly denom: string
  readonly amount: bigint
  readonly sender: string
  readonly receiver: string
  readonly memo: string
}

/** The one version that peers speak. */
export const TRANSFER_VERSION = 'ics20-1'
/** A memo, in bytes of UTF-8. */
export const MEMO_BYTES_MAX = 32_768

/** Encodings of a payload. Solidity peers take ABI only; ibc-go sends JSON when none is named. */
export const TRANSFER_ENCODINGS = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
  abi: 'application/x-solidity-abi',
} as const

const ACCOUNT = /^[\x21-\x7e]{1,2048}$/

/** Puts a transfer into a payload. Throws `transfer/3` and what `requireTransfer` throws. */
export function encodeTransfer(
  data: FungibleTokenPacketData,
  encoding: string = TRANSFER_ENCODINGS.json,
): Payload {
  requireTransfer(data)
  const value = encodingOf(encoding).encode(data)
  return {
    sourcePort: TRANSFER_PORT,
    destinationPort: TRANSFER_PORT,
    version: TRANSFER_VERSION,
    encoding,
    value,
  }
}

/**
 * * Reads a transfer out of a payload, strictly: nothing passes that a lenient decoder on the sending chain
 * could have read differently. Throws `transfer/1` – `transfer/59`, `protocol/…`, `primitives/…`.
 */
export function decodeTransfer(payload: Payload): FungibleTokenPacketData {
  const { sourcePort, destinationPort, version, encoding, value } = payload
  if (sourcePort !== TRANSFER_PORT) throw errors.wrongPort({ portId: sourcePort })
  if (destinationPort !== TRANSFER_PORT) throw errors.wrongPort({ portId: destinationPort })
  if (version !== TRANSFER_VERSION) throw errors.wrongVersion({ version })
  const data = encodingOf(encoding).decode(value)
  requireTransfer(data)
  return data
}

/** Judges what every encoding has to say. Throws `transfer/20`, `transfer/40` – `transfer/43`. */
export function requireTransfer(data: FungibleTokenPacketData): void {
  parseDenomination(data.denom)
  if (data.amount < 1n || data.amount > U256_MAX) throw errors.malformedAmount()
  if (!ACCOUNT.test(data.sender)) throw errors.malformedAccount({ field: 'sender' })
  if (!ACCOUNT.test(data.receiver)) throw errors.malformedAccount({ field: 'receiver' })
  requireMemo(data.memo)
}

/** A NUL is refused because databases that index the memo can't hold one. */
function requireMemo(memo: string): void {
  if (memo.length > MEMO_BYTES_MAX || utf8(memo).length > MEMO_BYTES_MAX) {
    throw errors.oversizeMemo({ max: MEMO_BYTES_MAX })
  }
  if (memo.includes('\0') || !memo.isWellFormed()) throw errors.malformedMemo()
}

interface TransferEncoding {
  encode(data: FungibleTokenPacketData): Uint8Array
  decode(bytes: Uint8Array): FungibleTokenPacketData
}

const ENCODINGS: ReadonlyMap<string, TransferEncoding> = new Map([
  [TRANSFER_ENCODINGS.json, { encode: encodeJson, decode: decodeJson }],
  [TRANSFER_ENCODINGS.protobuf, { encode: encodeProtobuf, decode: decodeProtobuf }],
  [TRANSFER_ENCODINGS.abi, { encode: encodeAbi, decode: decodeAbi }],
])

function encodingOf(name: string): TransferEncoding {
  const encoding = ENCODINGS.get(name)
  if (encoding === undefined) throw errors.unknownEncoding({ encoding: name })
  return encoding
}
