import { MsgAcknowledgement, MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { fromBase64 } from '@causeway/primitives'

/** The messages that carry a proof of a packet. */
export type ProvingMessage = 'MsgRecvPacket' | 'MsgAcknowledgement'

/**
 * The height of the other chain's header under which a transaction proved a packet. Undefined when it holds
 * no such message. Throws while the transaction is not known.
 */
export type FindProofHeight = (
  transaction: string,
  kind: ProvingMessage,
  sequence: bigint,
) => Promise<bigint | undefined>

const CODECS = { MsgRecvPacket, MsgAcknowledgement } as const

/** Looks in the transactions that a Cosmos chain's RPC knows. */
export function cosmosProofHeight(rpcUrl: string): FindProofHeight {
  return async (transaction, kind, sequence) =>
    proofHeight(await fetchTransaction(rpcUrl, transaction), kind, sequence)
}

/** The proof height that a transaction's bytes name. */
export function proofHeight(txBytes: Uint8Array, kind: ProvingMessage, sequence: bigint): bigint | undefined {
  const { messages } = TxBody.decode(TxRaw.decode(txBytes).bodyBytes)
  for (const { typeUrl, value } of messages) {
    if (typeUrl !== `/ibc.core.channel.v2.${kind}`) continue
    const message = CODECS[kind].decode(value)
    if (message.packet?.sequence === sequence) return message.proofHeight?.revisionHeight
  }
  return undefined
}

/** Fetches a transaction's bytes by its hash (upper-case hex). Throws while it is not indexed. */
async function fetchTransaction(rpcUrl: string, hash: string): Promise<Uint8Array> {
  const response = await fetch(`${rpcUrl}/tx?hash=0x${hash}`, { signal: AbortSignal.timeout(5_000) })
  const { result } = (await response.json()) as { result?: { tx?: string } }
  if (result?.tx === undefined) throw new Error(`transaction ${hash} is not known at ${rpcUrl}`)
  return fromBase64(result.tx)
}
