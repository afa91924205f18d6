// Handing transactions over, and finding out what became of them.
import { fromHex, isProtocolError, sha256, toBase64, toHexUpper } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import { errors, hubRefusal, isClientError, isNodeFault } from '../errors.ts'
import { eventsAt } from './events.ts'
import type { HubEvent } from './events.ts'
import type { Rpc } from './json-rpc.ts'
import { base64At, codeAt, heightAt, objectAt, textAt } from './members.ts'

/** A transaction in a block. */
export interface IncludedTransaction {
  /** Upper-case hex. */
  readonly txHash: string
  readonly height: bigint
  /** 0: its messages were carried out. */
  readonly code: number
  readonly codespace: string
  readonly log: string
  readonly gasUsed: bigint
  readonly events: readonly HubEvent[]
  /** Answers of its messages, in order. */
  readonly responses: readonly Any[]
}

const BROADCASTS_MAX = 3

/** The hash by which a transaction is found, upper-case hex. */
export function transactionHash(bytes: Uint8Array): string {
  return toHexUpper(sha256(bytes))
}

/**
 * Offers a transaction to the mempool. The same bytes can be offered again without harm, so an answer that
 * did not come, or that says nothing, is asked for again. Throws what CheckTx refuses it with; `client/1` –
 * `client/3` when nobody knows whether it was received, but for what `isRoomless` tells apart.
 */
export async function broadcast(rpc: Rpc, bytes: Uint8Array): Promise<void> {
  const params = { tx: toBase64(bytes) }
  let unanswered: unknown
  for (let attempt = 1; attempt <= BROADCASTS_MAX; attempt++) {
    try {
      const answer = await rpc.call('broadcast_tx_sync', params)
      const code = codeAt(answer, 'code', 'broadcast_tx_sync')
      if (code === 0) return
      const codespace = textAt(answer, 'codespace', 'broadcast_tx_sync')
      const log = textAt(answer, 'log', 'broadcast_tx_sync')
      throw hubRefusal({ codespace, code, log }, { txHash: transactionHash(bytes) })
    } catch (error) {
      if (isKnownAlready(error)) return
      // Refused now, it may have come through before: its nonce or sequence is used by itself then.
      if (!isNodeFault(error) || isRoomless(error)) throw unanswered ?? error
      unanswered = error
    }
  }
  throw unanswered
}

/** The transaction with this hash, if a block holds it. Throws `client/1` – `client/3`. */
export async function findTransaction(rpc: Rpc, txHash: string): Promise<IncludedTransaction | undefined> {
  const hash = toBase64(hashBytes(txHash))
  let answer
  try {
    answer = await rpc.call('tx', { hash, prove: false })
  } catch (error) {
    if (isRpcError(error, `tx (${txHash.toUpperCase()}) not found`)) return undefined
    throw error
  }
  const result = objectAt(answer, 'tx_result', 'tx')
  const code = codeAt(result, 'code', 'tx')
  return {
    txHash: txHash.toUpperCase(),
    height: heightAt(answer, 'height', 'tx'),
    code,
    codespace: textAt(result, 'codespace', 'tx'),
    log: textAt(result, 'log', 'tx'),
    gasUsed: heightAt(result, 'gas_used', 'tx'),
    events: eventsAt(result, 'events', 'tx'),
    responses: code === 0 ? responsesOf(base64At(result, 'data', 'tx')) : [],
  }
}

/** Events of a block's begin and end: auctions, fills, books. Throws `client/1` – `client/3`. */
export async function blockEvents(rpc: Rpc, height: bigint): Promise<HubEvent[]> {
  const answer = await rpc.call('block_results', { height: height.toString() })
  return eventsAt(answer, 'finalize_block_events', 'block_results')
}

/** Height of the newest block. Throws `client/1` – `client/3`. */
export async function newestHeight(rpc: Rpc): Promise<bigint> {
  return heightAt(
    objectAt(await rpc.call('status', {}), 'sync_info', 'status'),
    'latest_block_height',
    'status',
  )
}

function hashBytes(txHash: string): Uint8Array {
  const isHash = typeof txHash === 'string' && /^[0-9a-fA-F]{64}$/.test(txHash)
  if (!isHash) throw errors.badArgument({ name: 'txHash', expected: '64 hex digits' })
  return fromHex(txHash.toLowerCase())
}

function responsesOf(data: Uint8Array): readonly Any[] {
  try {
    return decodeStrict(TxMsgData, 'cosmos.base.abci.v1beta1.TxMsgData', data).msgResponses
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badAnswer({ what: 'tx', reason: error.message })
  }
}

function isRpcError(error: unknown, text: string): boolean {
  return (
    isClientError(error) && error.codespace === 'client' && error.code === 3 && error.message.includes(text)
  )
}

const isKnownAlready = (error: unknown) => isRpcError(error, 'tx already exists in cache')

/** Whether the node's mempool did not take a transaction for want of room. */
export const isRoomless = (error: unknown) =>
  ['mempool is full', 'Tx too large', 'tx pre check'].some((text) => isRpcError(error, text))
