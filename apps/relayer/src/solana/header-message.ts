import type { AttestationHeader } from '@causeway/light-clients'
import { AttestationHeader as WireHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import { ATTESTATION_HEADER_TYPE } from '../cosmos/attestation.ts'
import { RelayError } from '../errors.ts'

/**
 * The header that a client message of the hub holds, for hints and encoding. The hub's chain id is in what
 * was signed and not in the message. Throws `RelayError` for messages of other clients.
 */
export function readHeader({ typeUrl, value }: Any, chainId: string): AttestationHeader {
  if (typeUrl !== ATTESTATION_HEADER_TYPE)
    throw new RelayError('config', 'never', `a client of the hub takes no ${typeUrl}`)
  const { height, attestation, set, absentees, signature } = WireHeader.decode(value)
  if (attestation === undefined || set === undefined)
    throw new RelayError('endpoint', 'later', 'an attestation that lacks its content')
  const { timeSeconds, appHash, nextSetHash } = attestation
  return {
    message: { chainId, height, timeSeconds, appHash, nextSetHash },
    set,
    absentees,
    signature,
  }
}
