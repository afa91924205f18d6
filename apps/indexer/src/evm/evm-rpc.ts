// The part of an execution client's JSON-RPC that the indexer reads. Spec: ethereum/execution-apis.
import { toHex } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { createJsonRpc, type JsonRpc, type JsonRpcLimits } from '../follow/json-rpc.ts'
import { readExecutionHeader, type ExecutionHeader } from './execution-header.ts'
import { listOf, objectOf, quantityOf, bytesOf, toBytes } from './quantities.ts'
import { readLog, readReceipts, type Log, type Receipt } from './receipts.ts'

/** A log of a block that may not be final: the endpoint's word. */
export type UnprovenLog = Log & {
  readonly blockNumber: bigint
  readonly transactionHash: Uint8Array
}

const LOGS_MAX = 10_000

/** One execution client. Every answer that can't be read throws an `EndpointError`. */
export class EvmRpc {
  readonly url: string
  readonly #call: JsonRpc

  constructor(url: string, limits: JsonRpcLimits) {
    this.url = url
    this.#call = createJsonRpc(url, limits)
  }

  /** The EIP-155 chain id. */
  async chainId(signal: AbortSignal): Promise<bigint> {
    return quantityOf({ chainId: await this.#call('eth_chainId', [], signal) }, 'chainId')
  }

  /** The newest block's number and time. */
  async latest(signal: AbortSignal): Promise<ExecutionHeader> {
    return this.#header('eth_getBlockByNumber', 'latest', signal)
  }

  /** The block with this number; its hash is made from its members. */
  async headerByNumber(number: bigint, signal: AbortSignal): Promise<ExecutionHeader> {
    const header = await this.#header('eth_getBlockByNumber', quantity(number), signal)
    if (header.number !== number)
      throw new EndpointError('wrong-header', `block ${header.number} for ${number}`)
    return header
  }

  /** The receipts of a block, proven by its header. */
  async receipts(header: ExecutionHeader, signal: AbortSignal): Promise<Receipt[]> {
    const answer = await this.#call('eth_getBlockReceipts', [`0x${toHex(header.hash)}`], signal)
    if (answer === null) throw new EndpointError('behind', `no receipts of block ${header.number}`)
    return readReceipts(answer, header)
  }

  /** Logs of a contract as the endpoint tells them, in order. */
  async logs(address: string, from: bigint, to: bigint, signal: AbortSignal): Promise<UnprovenLog[]> {
    const filter = { address, fromBlock: quantity(from), toBlock: quantity(to) }
    const answer = await this.#call('eth_getLogs', [filter], signal)
    return listOf(answer, 'logs', LOGS_MAX).map((item) => {
      const json = objectOf(item, 'log')
      return {
        ...readLog(item),
        blockNumber: quantityOf(json, 'blockNumber'),
        transactionHash: bytesOf(json, 'transactionHash', 32),
      }
    })
  }

  /** What a contract answers; undefined when the call reverts. */
  async read(to: string, data: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      return toBytes(await this.#call('eth_call', [{ to, data }, 'latest'], signal), 'answer')
    } catch (error) {
      if (error instanceof EndpointError && error.kind === 'rpc-error') return undefined
      throw error
    }
  }

  async #header(method: string, block: string, signal: AbortSignal): Promise<ExecutionHeader> {
    const answer = await this.#call(method, [block, false], signal)
    if (answer === null) throw new EndpointError('behind', `no block ${block}`)
    return readExecutionHeader(answer)
  }
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`
}
