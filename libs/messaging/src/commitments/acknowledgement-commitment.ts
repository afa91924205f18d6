import { concatBytes, equalBytes, sha256, utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { PROTOCOL_VERSION } from './packet-commitment.ts'

/** The one application acknowledgement of a packet that was refused. */
export const ERROR_ACKNOWLEDGEMENT: Uint8Array = sha256(utf8('UNIVERSAL_ERROR_ACKNOWLEDGEMENT'))

/** Application acknowledgements of one packet, in bytes altogether. */
export const ACKNOWLEDGEMENT_BYTES_MAX = 262_144

/**
 * The 32 bytes that a receiving chain stores for an acknowledgement. Spec: ibc-go v10 04-channel/v2
 * `CommitAcknowledgement`.
 */
export function acknowledgementCommitment(appAcknowledgements: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(PROTOCOL_VERSION, ...appAcknowledgements.map((bytes) => sha256(bytes))))
}

/** Whether the application acknowledgements say that the packet was refused as a whole. */
export function isErrorAcknowledgement(appAcknowledgements: readonly Uint8Array[]): boolean {
  const [first] = appAcknowledgements
  return appAcknowledgements.length === 1 && first !== undefined && equalBytes(first, ERROR_ACKNOWLEDGEMENT)
}

/**
 * Judges the form: at least one, none empty, and the universal error acknowledgement only alone.
 * Throws `ibc/40`, `ibc/41`, `ibc/42`, `ibc/44`.
 *
 * DIFFERS FROM SPEC: ibc-go v10.7 takes exactly one; several are what several payloads need.
 */
export function requireAcknowledgement(appAcknowledgements: readonly Uint8Array[]): void {
  if (appAcknowledgements.length === 0) throw errors.noAcknowledgements()
  if (appAcknowledgements.some((bytes) => bytes.length === 0)) throw errors.emptyAcknowledgement()
  const bytes = appAcknowledgements.reduce((sum, item) => sum + item.length, 0)
  if (bytes > ACKNOWLEDGEMENT_BYTES_MAX) {
    throw errors.oversizeAcknowledgement({ bytes, max: ACKNOWLEDGEMENT_BYTES_MAX })
  }
  const refused = appAcknowledgements.some((item) => equalBytes(item, ERROR_ACKNOWLEDGEMENT))
  if (refused && appAcknowledgements.length > 1) throw errors.mixedErrorAcknowledgement()
}
