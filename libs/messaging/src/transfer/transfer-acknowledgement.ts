import { equalBytes, fromBase64, fromUtf8, utf8 } from '@causeway/primitives'
import { ERROR_ACKNOWLEDGEMENT } from '../commitments/acknowledgement-commitment.ts'
import { errors } from './transfer-errors.ts'

/** What a received transfer is answered with. */
export const SUCCESS_ACKNOWLEDGEMENT: Uint8Array = utf8('{"result":"AQ=="}')

const RESULT = /^\{"result":"([A-Za-z0-9+/=]*)"\}$/
const RESULT_BYTES_MAX = 65_536

/** How a transfer was answered: the peer's result, or nothing when it was refused. */
export interface TransferAnswer {
  readonly result: Uint8Array | undefined
}

/**
 * * Reads an answer. Bytes that a second reader might take for something else are refused, and so is an error
 * that is not the universal one. Throws `transfer/60`, `primitives/2`, `primitives/3`. Spec: ibc-go v10
 * transfer/v2 `OnAcknowledgementPacket`.
 */
export function readTransferAcknowledgement(bytes: Uint8Array): TransferAnswer {
  if (equalBytes(bytes, ERROR_ACKNOWLEDGEMENT)) return { result: undefined }
  if (bytes.length > RESULT_BYTES_MAX) throw errors.malformedAcknowledgement()
  const match = RESULT.exec(fromUtf8(bytes))
  if (match === null) throw errors.malformedAcknowledgement()
  return { result: fromBase64(match[1]!) }
}
