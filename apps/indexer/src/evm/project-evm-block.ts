import { toHex } from '@causeway/primitives'
import type { Hex } from 'viem'
import type { BlockEvent, BlockTransaction, ChainBlock } from '../project/block.ts'
import { readCoreLog, type CoreClients } from '../project/evm-events.ts'
import { isProtocolError } from '@causeway/primitives'
import type { Projection } from '../project/project-block.ts'
import type { Log } from './receipts.ts'

/** Facts of a block on an EVM chain. */
export type EvmBlock = {
  readonly chainId: string
  readonly number: bigint
  readonly slot: bigint
  readonly hash: Uint8Array
  readonly timestampSeconds: bigint
  readonly stateRoot: Uint8Array
  readonly isFinal: boolean
}

/** One transaction and what the core logged in it. */
export type EvmTransaction = {
  readonly hash: Uint8Array
  readonly from: Uint8Array | undefined
  readonly isSuccess: boolean
  readonly gasUsed: bigint
  readonly logs: readonly Log[]
}

/** A block in the shape in which all chains are projected, and the logs that could not be read. */
export function toChainBlock(
  block: EvmBlock,
  transactions: readonly EvmTransaction[],
  clients: CoreClients,
): { block: ChainBlock; problems: Projection['problems'] } {
  const problems: { event: string; reason: string }[] = []
  const chainBlock: ChainBlock = {
    chainId: block.chainId,
    isHub: false,
    height: block.number,
    provableHeight: block.slot,
    isFinal: block.isFinal,
    hash: hexOf(block.hash),
    timeNanoseconds: block.timestampSeconds * 1_000_000_000n,
    appHash: toHex(block.stateRoot),
    nextValidatorsHash: '',
    proposer: '',
    transactions: transactions.map((transaction) => toTransaction(transaction, clients, problems)),
    events: [],
  }
  return { block: chainBlock, problems }
}

function toTransaction(
  { hash, from, isSuccess, gasUsed, logs }: EvmTransaction,
  clients: CoreClients,
  problems: { event: string; reason: string }[],
): BlockTransaction {
  const events: BlockEvent[] = []
  if (from !== undefined) {
    events.push({ type: 'message', attributes: [{ key: 'sender', value: hexOf(from) }] })
  }
  for (const { topics, data } of logs) {
    try {
      events.push(...readCoreLog({ topics: topics.map(hexOf), data: hexOf(data) }, clients))
    } catch (error) {
      if (!isProtocolError(error)) throw error
      problems.push({ event: 'log', reason: error.message })
    }
  }
  const code = isSuccess ? 0 : 1
  return {
    hash: hexOf(hash),
    bytes: new Uint8Array(0),
    code,
    codespace: isSuccess ? '' : 'evm',
    gasUsed,
    events,
  }
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${toHex(bytes)}`
}
