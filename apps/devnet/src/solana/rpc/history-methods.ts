import { toBase58 } from '@causeway/primitives'
import { equalBytes } from '@causeway/primitives'
import type { Block, ProcessedTransaction } from '../cluster/block.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { encodeMeta, encodeTransaction, statusOf } from './encode-transaction.ts'
import type { Methods } from './method.ts'
import {
  contextSlot,
  readAddress,
  readConfig,
  readConfirmed,
  readCount,
  readList,
  readSignature,
  slotAt,
  withContext,
} from './parameters.ts'
import type { Config } from './parameters.ts'
import { RpcError, SLOT_SKIPPED, invalidParams } from './rpc-error.ts'

const STATUSES_MAX = 256
const SIGNATURES_MAX = 1_000n
const BLOCKS_MAX = 500_000n

/** What happened: transactions and blocks. */
export const historyMethods: Methods = {
  getSignatureStatuses(cluster, [signatures]) {
    const found = readList(signatures, STATUSES_MAX, readSignature).map((signature) => {
      const processed = cluster.history.status(signature)
      return processed ? encodeStatus(cluster, processed) : null
    })
    return withContext(slotAt(cluster, 'processed'), found)
  },
  getTransaction(cluster, [signature, config]) {
    const options = readOptions(config)
    const processed = cluster.history.status(readSignature(signature))
    if (!processed || processed.slot > slotAt(cluster, readConfirmed(options))) return null
    const { slot, index } = processed
    const blockTime = cluster.history.block(slot)?.seconds ?? null
    return { slot, transactionIndex: index, blockTime, ...encodeTransaction(processed, options) }
  },
  getSignaturesForAddress(cluster, [address, config]) {
    return signaturesOf(cluster, readAddress(address), readConfig(config))
  },
  getBlock(cluster, [slot, config]) {
    const options = readOptions(config)
    const block = blockAt(cluster, readCount(slot), slotAt(cluster, readConfirmed(options)))
    return block && encodeBlock(block, options)
  },
  getBlockTime(cluster, [slot]) {
    return blockAt(cluster, readCount(slot), cluster.head.slot)?.seconds ?? null
  },
  getBlocks(cluster, [start, end, config]) {
    const options = readConfig(typeof end === 'object' ? end : config)
    const last = typeof end === 'number' ? readCount(end) : cluster.head.slot
    const first = readCount(start)
    if (last - first > BLOCKS_MAX) throw invalidParams(`Slot range too large; max ${BLOCKS_MAX}`)
    const newest = slotAt(cluster, readConfirmed(options))
    const isInside = (slot: bigint) => slot >= first && slot <= last && slot <= newest
    return cluster.history.blocks.flatMap(({ slot }) => (isInside(slot) ? [slot] : []))
  },
}

function readOptions(config: unknown): Config {
  return typeof config === 'string' ? { encoding: config } : readConfig(config)
}

function encodeStatus(cluster: Cluster, { slot, outcome }: ProcessedTransaction): unknown {
  const isFinal = slot <= cluster.rooted
  const at = cluster.history.blockUpTo(slot)?.height ?? 0n
  const confirmations = slot >= cluster.open.slot ? 0n : cluster.head.height - at
  return {
    slot,
    confirmations: isFinal ? null : confirmations,
    err: outcome.error ?? null,
    status: statusOf(outcome),
    confirmationStatus: confirmationOf(cluster, slot),
  }
}

/** How sure a slot is. */
function confirmationOf(cluster: Cluster, slot: bigint): string {
  if (slot <= cluster.rooted) return 'finalized'
  return slot <= cluster.confirmed ? 'confirmed' : 'processed'
}

/** Newest first, from `before` on down to `until`, neither of them included. */
function signaturesOf(cluster: Cluster, address: Uint8Array, options: Config): unknown[] {
  const newest = slotAt(cluster, readConfirmed(options))
  contextSlot(cluster, options)
  const limit = options['limit'] === undefined ? SIGNATURES_MAX : readCount(options['limit'])
  if (limit < 1n || limit > SIGNATURES_MAX) throw invalidParams(`Invalid limit; max ${SIGNATURES_MAX}`)
  const [before, until] = [options['before'], options['until']].map((signature) =>
    signature === undefined || signature === null ? undefined : readSignature(signature),
  )
  const found: unknown[] = []
  let isBelow = before === undefined
  for (const { slot, seconds, transactions } of cluster.history.blocks.toReversed()) {
    for (const processed of slot > newest ? [] : transactions.toReversed()) {
      const { signature, outcome, index, transaction } = processed
      if (signature === until) return found
      if (isBelow && transaction.allKeys.some((key) => equalBytes(key, address))) {
        const confirmationStatus = confirmationOf(cluster, slot)
        const err = outcome.error ?? null
        found.push({
          signature,
          slot,
          transactionIndex: index,
          err,
          memo: null,
          blockTime: seconds,
          confirmationStatus,
        })
        if (BigInt(found.length) >= limit) return found
      }
      isBelow ||= signature === before
    }
  }
  return found
}

function blockAt({ history }: Cluster, slot: bigint, newest: bigint): Block | null {
  if (slot > newest) return null
  const block = history.block(slot)
  if (block) return block
  throw new RpcError(
    SLOT_SKIPPED,
    `Slot ${slot} was skipped, or missing due to ledger jump to recent snapshot`,
  )
}

function encodeBlock(block: Block, options: Config): unknown {
  const { blockhash, parentBlockhash, parentSlot, height, seconds, transactions } = block
  const { transactionDetails = 'full', rewards = true } = options
  const reward = {
    pubkey: toBase58(block.leader),
    lamports: block.reward,
    postBalance: block.leaderLamports,
    rewardType: 'Fee',
    commission: null,
  }
  const details = () => {
    switch (transactionDetails) {
      case 'full':
        return { transactions: transactions.map((each) => encodeTransaction(each, options)) }
      case 'accounts':
        return {
          transactions: transactions.map((each) => ({
            meta: encodeMeta(each, options),
            transaction: accountsOf(each),
          })),
        }
      case 'signatures':
        return { signatures: transactions.map(({ signature }) => signature) }
      case 'none':
        return {}
      default:
        throw invalidParams('unknown transaction details')
    }
  }
  return {
    blockhash: toBase58(blockhash),
    previousBlockhash: toBase58(parentBlockhash),
    parentSlot,
    blockHeight: height,
    blockTime: seconds,
    ...details(),
    ...(rewards === true && { rewards: block.reward > 0n ? [reward] : [] }),
  }
}

function accountsOf({ transaction }: ProcessedTransaction): unknown {
  const { allKeys, isWritable, signatures, keys } = transaction
  return {
    signatures: signatures.map(toBase58),
    accountKeys: allKeys.map((key, i) => ({
      pubkey: toBase58(key),
      signer: i < signatures.length,
      writable: isWritable[i],
      source: i < keys.length ? 'transaction' : 'lookupTable',
    })),
  }
}
