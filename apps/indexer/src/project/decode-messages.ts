import { decodeStrict, type Any } from '@causeway/protocol'
import { TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { isProtocolError } from '@causeway/primitives'

const LIMITS = { maxBytes: 16 * 1024 * 1024 } as const

/**
 * The messages of a transaction, empty when the bytes are no Cosmos transaction (the hub's transaction 0, for
 * one).
 */
export function decodeMessages(transaction: Uint8Array): readonly Any[] {
  try {
    const { bodyBytes } = decodeStrict(TxRaw, 'cosmos.tx.v1beta1.TxRaw', transaction, LIMITS)
    return decodeStrict(TxBody, 'cosmos.tx.v1beta1.TxBody', bodyBytes, LIMITS).messages
  } catch (error) {
    if (isProtocolError(error)) return []
    throw error
  }
}
