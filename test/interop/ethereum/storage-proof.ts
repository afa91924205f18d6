import { ibcCommitmentSlot, type IbcContract } from '@causeway/light-clients'
import { fromHex, toHex } from '@causeway/primitives'
import { StorageProof } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { Hex, PublicClient } from 'viem'

/** The ERC-7201 slot of the Solidity IBC store in public use. */
export const COMMITMENT_SLOT = fromHex('1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600')

/** The proof of a path, as the node's `eth_getProof` answers it at a block, in the form that clients take. */
export async function storageProofAt(
  node: PublicClient,
  contract: IbcContract,
  path: Uint8Array,
  blockNumber: bigint,
): Promise<Uint8Array> {
  const answer = await node.getProof({
    address: `0x${toHex(contract.address)}`,
    storageKeys: [`0x${toHex(ibcCommitmentSlot(contract, [path]))}`],
    blockNumber,
  })
  const nodes = (proof: readonly Hex[]) => proof.map((item) => fromHex(item.slice(2)))
  return StorageProof.encode({
    accountProof: nodes(answer.accountProof),
    storageProof: nodes(answer.storageProof[0]!.proof),
  }).finish()
}
