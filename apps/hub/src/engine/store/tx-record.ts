import { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { readUvarint } from '@causeway/primitives'
import type { BlockStore } from './block-store.ts'

/** A transaction of a block with its result. */
export interface TxRecord {
  readonly tx: Uint8Array
  readonly result: ExecTxResult
}

const BLOCK_DATA_FIELD = 2
const DATA_TXS_FIELD = 1
const RESPONSE_TX_RESULTS_FIELD = 2

/** Reads one transaction and its result without decoding the rest of its block. */
export function txWithResult(store: BlockStore, height: bigint, index: number): TxRecord | undefined {
  const block = store.blockBytes(height)
  const response = store.resultBytes(height)
  const data = block && messageField(block, BLOCK_DATA_FIELD, 0)
  const tx = data && messageField(data, DATA_TXS_FIELD, index)
  const result = response && messageField(response, RESPONSE_TX_RESULTS_FIELD, index)
  return tx && result && { tx, result: ExecTxResult.decode(result) }
}

/** The n-th length-delimited field with this number in an encoded message. */
export function messageField(message: Uint8Array, field: number, n: number): Uint8Array | undefined {
  let offset = 0
  let seen = 0
  while (offset < message.length) {
    const tag = readUvarint(message, offset)
    const wireType = Number(tag.value & 7n)
    if (wireType !== 2) {
      offset = wireType === 0 ? readUvarint(message, tag.next).next : tag.next + (wireType === 1 ? 8 : 4)
      continue
    }
    const { length, next } = readLength(message, tag.next)
    if (Number(tag.value >> 3n) === field && seen++ === n) return message.subarray(next, next + length)
    offset = next + length
  }
  return undefined
}

function readLength(message: Uint8Array, offset: number): { length: number; next: number } {
  const { value, next } = readUvarint(message, offset)
  return { length: Number(value), next }
}
