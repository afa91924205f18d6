import { verifyAttestationEvidence } from '@causeway/light-clients'
import type { AttestationEvidence, BlsG1Scheme } from '@causeway/light-clients'
import type { Membership } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Context } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import { signedBytes } from './attestations.ts'
import { errors } from './errors.ts'
import type { AttestorPorts } from './ports.ts'
import { ATTESTATION_STORE, readMembership, readRecord } from './state.ts'

/** Keys that one piece of evidence may name. */
export const EVIDENCE_KEYS_MAX = 1_000

/**
 * Slashes everybody who signed another attestation than the chain's own of that height, or any of a height
 * that the chain has not begun: honest validators sign a height only after the one before it is committed,
 * and this block was proposed before. It does not matter whether a signer belonged to the set of that height:
 * a client that has not moved on would have believed it. Gives how many were slashed. Throws
 * `attestation/60` – `/63` and what `verifyAttestationEvidence` throws.
 */
export function punish(
  scheme: BlsG1Scheme,
  attestors: AttestorPorts,
  context: Context,
  evidence: AttestationEvidence,
): number {
  const { message, keys } = evidence
  const { height } = message
  if (keys.length > EVIDENCE_KEYS_MAX) {
    throw errors.tooManyKeys({ count: keys.length, max: EVIDENCE_KEYS_MAX })
  }
  // 1. The chain's own word
  const store = context.store(ATTESTATION_STORE)
  const record = height <= context.height ? readRecord(store, height) : undefined
  if (height <= context.height && record === undefined) throw errors.notRecorded({ height })
  // 2. Whose the keys are
  const members = keys.map((key, index) => {
    const membership = readMembership(store, key)
    if (membership === undefined) throw errors.unknownKey({ index })
    return membership
  })
  // 3. The signature
  context.gas.consume(GAS.possession)
  verifyAttestationEvidence(scheme, evidence, record && signedBytes(context, height, record))
  // 4. Slash
  const slashed = members.filter((membership) =>
    attestors.slashForFalseAttestation(
      context,
      membership.operator,
      infractionHeight(context, height, membership),
    ),
  )
  if (slashed.length === 0) throw errors.alreadySlashed()
  return slashed.length
}

/** The height of the stake that answers: the attested one, or the nearest at which the signer attested. */
function infractionHeight(context: Context, height: bigint, { firstHeight, lastHeight }: Membership): bigint {
  const last = lastHeight === 0n || lastHeight > context.height ? context.height : lastHeight
  if (height > last) return last
  return height < firstHeight ? firstHeight : height
}
