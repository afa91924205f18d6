import { equalBytes, fromBase64, fromUtf8, isProtocolError, utf8 } from '@causeway/primitives'
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
 * * Reads an answer. Bytes that a second reader might take for something else are refused, and so is an
 * error that is not the universal one. Throws `transfer/60`. Spec: ibc-go v10 transfer/v2
 * `OnAcknowledgementPacket`.
 */
export function readTransferAcknowledgement(bytes: Uint8Array): TransferAnswer {
  if (equalBytes(bytes, ERROR_ACKNOWLEDGEMENT)) return { result: undefined }
  const result = bytes.length > RESULT_BYTES_MAX ? undefined : readResult(bytes)
  if (result === undefined) throw errors.malformedAcknowledgement()
  return { result }
}

function readResult(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const match = RESULT.exec(fromUtf8(bytes))
    return match === null ? undefined : fromBase64(match[1]!)
  } catch (error) {
    // Not UTF-8, or base64 that is not canonical: to a relayer one and the same refusal
    if (isProtocolError(error)) return undefined
    throw error
  }
}
