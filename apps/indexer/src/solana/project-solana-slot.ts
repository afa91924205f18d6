import { isProtocolError, toBase58 } from '@causeway/primitives'
import type { BlockEvent, BlockTransaction, ChainBlock } from '../project/block.ts'
import { namedEvent } from '../project/packet-event.ts'
import type { Projection } from '../project/project-block.ts'
import { toBlockEvents } from '../project/solana-events.ts'
import type { SolanaTransaction } from './solana-rpc.ts'

/** A slot of a Solana cluster with those of its transactions that name the core. */
export type SolanaSlot = {
  readonly slot: bigint
  /** Undefined for a slot that is not final. */
  readonly blockhash: Uint8Array | undefined
  readonly timeSeconds: bigint
  readonly transactions: readonly CoreTransaction[]
}

/** A transaction, and what the core told in it. */
export type CoreTransaction = {
  readonly transaction: BlockTransaction
  readonly problems: Projection['problems']
}

/** What the core told in a transaction. */
export function toCoreTransaction(
  { signature, signers, computeUnits, called }: SolanaTransaction,
  core: string,
): CoreTransaction {
  const events: BlockEvent[] = signers.map((signer) => namedEvent('message', { sender: signer }))
  const problems: { event: string; reason: string }[] = []
  try {
    events.push(...toBlockEvents(called, core))
  } catch (error) {
    if (!isProtocolError(error)) throw error
    problems.push({ event: 'core', reason: error.message })
  }
  const bytes = new Uint8Array(0)
  const transaction = { hash: signature, bytes, code: 0, codespace: '', gasUsed: computeUnits, events }
  return { transaction, problems }
}

/** A slot in the shape in which all chains are projected. */
export function toChainBlock(chainId: string, slot: SolanaSlot): ChainBlock {
  return {
    chainId,
    isHub: false,
    height: slot.slot,
    // The transaction that sends a packet writes the root account, so its own slot's bank hash proves it.
    provableHeight: slot.slot,
    isFinal: slot.blockhash !== undefined,
    hash: slot.blockhash === undefined ? '' : toBase58(slot.blockhash),
    timeNanoseconds: slot.timeSeconds * 1_000_000_000n,
    appHash: '',
    nextValidatorsHash: '',
    proposer: '',
    transactions: slot.transactions.map(({ transaction }) => transaction),
    events: [],
  }
}
