import { decodeStrict } from '@causeway/protocol'
import { FungibleTokenPacketData as Message } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import { PAYLOAD_BYTES_MAX } from '../packet/packet-form.ts'
import { parseAmount } from './amount.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'

const TYPE = 'ibc.applications.transfer.v1.FungibleTokenPacketData'

/** Writes a transfer as protobuf: denom 1, amount 2, sender 3, receiver 4, memo 5. */
export function encodeProtobuf(data: FungibleTokenPacketData): Uint8Array {
  return Message.encode({ ...data, amount: data.amount.toString() }).finish()
}

/** Reads a transfer as protobuf, without unknown or repeated fields. Throws `protocol/…`, `transfer/40`. */
export function decodeProtobuf(bytes: Uint8Array): FungibleTokenPacketData {
  const message = decodeStrict(Message, TYPE, bytes, { maxBytes: PAYLOAD_BYTES_MAX, refuseNonCritical: true })
  return { ...message, amount: parseAmount(message.amount) }
}
