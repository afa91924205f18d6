import {
  MsgSubmitAttestationEvidence,
  MsgSubmitAttestationEvidenceResponse,
} from '@causeway/protocol/causeway/attestation/v1/tx'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { punish } from './evidence.ts'
import type { AttestationOptions } from './ports.ts'

/** `MsgSubmitAttestationEvidence`: from anybody, in the lane of misbehaviour of clients. */
export function messages(
  { scheme, attestors }: AttestationOptions,
  addresses: AddressCodec,
): readonly MessageType[] {
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
  ]
}
