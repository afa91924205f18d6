// Receipts of an execution block, proven by the root in its header. Spec: yellow paper 4.3.1; EIP-2718;
// EIP-658.
import { buildTrie, encodeRlp, minimalBytes } from '@causeway/light-clients'
import { concatBytes, equalBytes } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { bytesOf, listOf, objectOf, quantityOf, toBytes } from './quantities.ts'
import type { ExecutionJson } from './quantities.ts'

/** One event of a contract. */
export type Log = {
  readonly address: Uint8Array
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

/** What one transaction did. The hash and the sender are the endpoint's word: no receipt covers them. */
export type Receipt = {
  readonly transactionHash: Uint8Array
  readonly from: Uint8Array
  readonly isSuccess: boolean
  readonly gasUsed: bigint
  readonly logs: readonly Log[]
}

const RECEIPTS_MAX = 20_000
const LOGS_MAX = 100_000
const TOPICS_MAX = 4

/**
 * Reads the answer of `eth_getBlockReceipts` for a block. Throws `EndpointError`: `malformed`, or
 * `wrong-results` when they are not the receipts whose root the header has.
 */
export function readReceipts(answer: unknown, header: ExecutionHeader): Receipt[] {
  const list = listOf(answer, 'receipts', RECEIPTS_MAX).map((item) => objectOf(item, 'receipt'))
  const receipts = list.map(readReceipt)
  const entries = list.map(
    (json, index) => [encodeRlp(minimalBytes(BigInt(index))), encodeReceipt(json, receipts[index]!)] as const,
  )
  if (!equalBytes(buildTrie(entries).root, header.receiptsRoot)) {
    throw new EndpointError('wrong-results', `the receipts of block ${header.number} are not its own`)
  }
  return receipts
}

/** Reads one log. Throws `EndpointError` `malformed`. */
export function readLog(value: unknown): Log {
  const json = objectOf(value, 'log')
  return {
    address: bytesOf(json, 'address', 20),
    topics: listOf(json.topics, 'topics', TOPICS_MAX).map((topic) => toBytes(topic, 'topic', 32)),
    data: bytesOf(json, 'data'),
  }
}

function readReceipt(json: ExecutionJson): Receipt {
  return {
    transactionHash: bytesOf(json, 'transactionHash', 32),
    from: bytesOf(json, 'from', 20),
    isSuccess: quantityOf(json, 'status') === 1n,
    gasUsed: quantityOf(json, 'gasUsed'),
    logs: listOf(json.logs, 'logs', LOGS_MAX).map(readLog),
  }
}

function encodeReceipt(json: ExecutionJson, { logs }: Receipt): Uint8Array {
  const body = encodeRlp([
    minimalBytes(quantityOf(json, 'status')),
    minimalBytes(quantityOf(json, 'cumulativeGasUsed')),
    bytesOf(json, 'logsBloom', 256),
    logs.map(({ address, topics, data }) => [address, topics, data]),
  ])
  const type = json.type === undefined ? 0n : quantityOf(json, 'type')
  return type === 0n ? body : concatBytes(minimalBytes(type), body)
}
