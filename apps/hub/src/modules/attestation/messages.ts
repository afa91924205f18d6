import {
  MsgSubmitAttestationEvidence,
  MsgSubmitAttestationEvidenceResponse,
  MsgSubmitAttestationSignatures,
  MsgSubmitAttestationSignaturesResponse,
} from '@causeway/protocol/causeway/attestation/v1/tx'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { punish } from './evidence.ts'
import { addLateSignatures, validateLateSignatures } from './late-signatures.ts'
import type { AttestationOptions } from './ports.ts'
import type { Sets } from './sets.ts'

/** What anybody may show, in the lane of client updates: false attestations, and missing signatures. */
export function messages(
  options: AttestationOptions & { readonly sets: Sets },
  addresses: AddressCodec,
): readonly MessageType[] {
  const { scheme, attestors } = options
  return [
    defineMessage({
      typeName: 'causeway.attestation.v1.MsgSubmitAttestationEvidence',
      codec: MsgSubmitAttestationEvidence,
      responseCodec: MsgSubmitAttestationEvidenceResponse,
      lane: 1,
      signer: ({ submitter }) => addresses.decodeHolder(submitter).account,
      handle(context, { submitter, height, timeSeconds, appHash, nextSetHash, keys, signature }) {
        const { chainId } = context
        const message = { chainId, height, timeSeconds, appHash, nextSetHash }
        const slashed = punish(scheme, attestors, context, { message, keys, signature })
        context.emit('causeway.attestation.v1.evidence', {
          submitter,
          height: height.toString(),
          slashed: slashed.toString(),
        })
        return { slashed }
      },
    }),
    defineMessage({
      typeName: 'causeway.attestation.v1.MsgSubmitAttestationSignatures',
      codec: MsgSubmitAttestationSignatures,
      responseCodec: MsgSubmitAttestationSignaturesResponse,
      lane: 1,
      signer: ({ submitter }) => addresses.decode(submitter),
      validate: (message) => validateLateSignatures(message),
      handle(context, message) {
        addLateSignatures(options, context, message)
        context.emit('causeway.attestation.v1.signatures', {
          submitter: message.submitter,
          height: message.height.toString(),
          count: message.signatures.length.toString(),
        })
        return {}
      },
    }),
  ]
}
