import { verifyIbcCommitment } from '@causeway/light-clients'
import type { ExecutionPayloadHeader } from '@causeway/light-clients'
import { fromHex, isProtocolError } from '@causeway/primitives'
import { StorageProof } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { hexToBytes } from 'viem'
import type { Hex } from 'viem'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { nonsense } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'
import { packetId } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import { COMMITMENT_SLOT, commitmentSlotOf, provenPath } from './contract-paths.ts'
import type { EthApi } from './eth-api.ts'

/**
 * Proves what a message needs in the state of a finalised block. Each endpoint's proof is verified under the
 * state root that the sync committee signed: one that is stale, pruned or lies is passed over. Throws
 * `RelayError`.
 */
export async function proveWork(
  pool: EndpointPool<EthApi>,
  contract: Hex,
  work: Work,
  execution: Pick<ExecutionPayloadHeader, 'blockNumber' | 'stateRoot'>,
): Promise<Uint8Array> {
  const path = provenPath(work)
  const { proof, value } = await pool.call(async (api) => {
    const answer = await api.proof(contract, commitmentSlotOf(path), execution.blockNumber)
    const nodes = {
      accountProof: answer.accountProof.map((node) => hexToBytes(node)),
      storageProof: answer.storageProof.map((node) => hexToBytes(node)),
    }
    return { proof: nodes, value: verify(api, contract, execution.stateRoot, path, nodes) }
  })
  if ((value === undefined) !== (work.kind === 'timeout')) {
    const state = value === undefined ? 'has nothing to prove' : 'was received'
    throw new RelayError('redundant', 'later', `packet ${packetId(work.packet)} ${state} (${work.kind})`)
  }
  return StorageProof.encode(proof).finish()
}

function verify(
  api: EthApi,
  contract: Hex,
  stateRoot: Uint8Array,
  path: Uint8Array,
  proof: { readonly accountProof: Uint8Array[]; readonly storageProof: Uint8Array[] },
): Uint8Array | undefined {
  const where = { address: hexToBytes(contract), commitmentSlot: fromHex(COMMITMENT_SLOT.slice(2)) }
  try {
    return verifyIbcCommitment(stateRoot, where, [path], proof)
  } catch (error) {
    if (isProtocolError(error)) throw nonsense(api.url, `a proof that proves nothing: ${error.message}`)
    throw error
  }
}
