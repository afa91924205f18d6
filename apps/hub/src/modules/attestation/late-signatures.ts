// Signatures that come when their makers vote no more: without two thirds of a set's last height no client
// can go on.
//
// What a transaction does must be the same on every node, and nodes differ in what they keep beside the
// state. So all that is judged is in the state: the record of the height, its set, and each signature by
// itself, for gas. Whether a signature is new is known to each node alone, and changes neither result nor
// gas.
import { ATTESTATION_DOMAIN, SIGNATURE_BYTES } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'
import type { AttestorSignature } from '@causeway/protocol/causeway/attestation/v1/tx'
import type { AsideRecords } from '../../block/aside-records.ts'
import type { Context } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import { merge } from './aggregate.ts'
import { attestedAt, isRotation, newestAggregate, signedBytes, writeAggregate } from './attestations.ts'
import type { Attested } from './attestations.ts'
import { errors } from './errors.ts'
import type { AttestationOptions } from './ports.ts'
import type { Sets } from './sets.ts'

/** Signatures that one message may bring. */
export const LATE_SIGNATURES_MAX = 16

/** Signatures of a height's own attestors. */
export interface LateSignatures {
  readonly height: bigint
  readonly signatures: readonly AttestorSignature[]
}

/** Judges the message alone. Throws `attestation/80`. */
export function validateLateSignatures({ signatures: { length: count } }: LateSignatures): void {
  if (count === 0 || count > LATE_SIGNATURES_MAX) throw errors.badCount({ count, max: LATE_SIGNATURES_MAX })
}

/** Adds signatures to the aggregate of a height. Throws `attestation/60`, `/81` – `/83`. */
export function addLateSignatures(
  parts: Pick<AttestationOptions, 'scheme' | 'aside' | 'keepAggregates'> & { readonly sets: Sets },
  context: Context,
  { height, signatures }: LateSignatures,
): void {
  const { sets, scheme, aside } = parts
  // 1. Judge: a height whose votes have been counted
  if (height >= context.height) throw errors.notDue({ height })
  const attested = attestedAt(sets, context, height)
  if (attested === undefined) throw errors.notRecorded({ height })
  // 2. Authenticate: each alone, as signatures that hold only together could be torn apart
  const bytes = signedBytes(context, height, attested.record)
  for (const [i, { index, signature }] of signatures.entries()) {
    const attestor = attested.set.attestors[index]
    if (attestor === undefined || index <= (signatures[i - 1]?.index ?? -1)) throw errors.badIndex({ index })
    context.gas.consume(GAS.possession)
    const isSound =
      signature.length === SIGNATURE_BYTES &&
      scheme.verify([attestor.key], bytes, ATTESTATION_DOMAIN, signature)
    if (!isSound) throw errors.badSignature({ index })
  }
  // 3. Keep, each node what it lacks and still keeps
  const isKept = isRotation(attested) || height + 1n + parts.keepAggregates > context.height
  if (isKept) keep(scheme, aside, height, { attested, signatures })
}

function keep(
  scheme: BlsG1Scheme,
  aside: AsideRecords,
  height: bigint,
  { attested, signatures }: { attested: Attested; signatures: readonly AttestorSignature[] },
): void {
  const before = newestAggregate(aside, height)
  let signed = before
  for (const { index, signature } of signatures) {
    if (signed?.indices.includes(index)) continue
    signed = merge(scheme, signed, { indices: [index], signature: signature.slice() })
  }
  if (signed === undefined || signed === before) return
  assert(signed.indices.length <= attested.set.attestors.length, 'everybody signs once')
  writeAggregate(aside, height, signed)
}
