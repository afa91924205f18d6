import { cosmosSpecs, verifyChained, verifyChainedAbsence } from '@causeway/light-clients'
import { isProtocolError, utf8 } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { AbciAnswer, CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'

/** A state value (or its absence) together with what proves it. */
export type ProvenValue = {
  readonly storeName: string
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
  /** The state after this block. */
  readonly height: bigint
  /** The application hash of block `height` + 1, whose header was verified. */
  readonly appHash: Uint8Array
  /** ICS-23 `CommitmentProof`s, the store's tree first, then the multi-store. */
  readonly proofs: readonly Uint8Array[]
}

const PROOF_LIMITS = { maxBytes: 262_144 } as const
const PROOF_OPS = ['ics23:iavl', 'ics23:simple']

/**
 * Reads one key of a store as it was before the verified head, and verifies the proof. Throws an
 * `EndpointError`.
 */
export async function readProven(
  rpc: CometRpc,
  storeName: string,
  key: Uint8Array,
  head: VerifiedHead,
): Promise<ProvenValue> {
  const height = head.height - 1n
  if (height < 1n || head.appHash.length === 0) throw new EndpointError('behind', 'nothing is provable yet')
  const answer = await rpc.abciQuery(`store/${storeName}/key`, key, height, true)
  if (answer.code !== 0) {
    throw new EndpointError('rpc-error', `${answer.codespace}/${answer.code}: ${answer.log}`.slice(0, 300))
  }
  if (answer.height !== height)
    throw new EndpointError('wrong-proof', `of height ${answer.height}, not ${height}`)
  const value = answer.value.length === 0 ? undefined : answer.value
  verifyAnswer(answer, storeName, key, value, head.appHash)
  const proofs = answer.proofOps.map(({ data }) => data)
  return { storeName, key, value, height, appHash: head.appHash, proofs }
}

function verifyAnswer(
  { proofOps }: AbciAnswer,
  storeName: string,
  key: Uint8Array,
  value: Uint8Array | undefined,
  root: Uint8Array,
): void {
  if (proofOps.map(({ type }) => type).join() !== PROOF_OPS.join()) {
    throw new EndpointError('wrong-proof', 'not an IAVL proof under a simple proof')
  }
  try {
    const proofs = proofOps.map(({ data }) =>
      decodeStrict(CommitmentProof, 'cosmos.ics23.v1.CommitmentProof', data, PROOF_LIMITS),
    )
    const path = [utf8(storeName), key]
    if (value === undefined) verifyChainedAbsence(cosmosSpecs, root, path, { proofs })
    else verifyChained(cosmosSpecs, root, path, value, { proofs })
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('wrong-proof', error.message, error)
    throw error
  }
}
