import { decodeTransfer as decodeIcs20 } from '@causeway/messaging'
import { isProtocolError } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { TransferRow } from '../database/packet-entities.ts'

/** What an ICS-20 payload says. */
export type TransferData = Pick<TransferRow, 'denom' | 'amount' | 'sender' | 'receiver' | 'memo'>

/** Reads an ICS-20 payload; undefined for other applications and for data that can't be read. */
export function decodeTransfer(payload: Payload): TransferData | undefined {
  try {
    const { denom, amount, sender, receiver, memo } = decodeIcs20(payload)
    return { denom, amount, sender, receiver, memo }
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
