import { hexToBytes, hexToNumber, http } from 'viem'
import type { Hex } from 'viem'
import type { ExecutionPayload } from '../beacon/ssz-types.ts'

/** One execution block as a beacon block carries it. */
export interface ExecutionBlock {
  readonly hash: Hex
  readonly parentHash: Hex
  readonly payload: ExecutionPayload
}

/** What the producer asks of anvil. */
export interface ExecutionClient {
  /** Number of the newest block. */
  blockNumber(): Promise<number>
  /** Hash of a block; undefined when there is none. */
  hashAt(blockNumber: number): Promise<Hex | undefined>
  /** A block with all its transactions. Throws when there is none. */
  blockAt(blockNumber: number): Promise<ExecutionBlock>
  /** Makes a block of what is pending, with a time in seconds since 1970. */
  mine(timestampSeconds: number): Promise<void>
  /** Drops the newest blocks, and the transactions in them. */
  rollback(depth: number): Promise<void>
  /** Gives an account its balance, in wei. */
  setBalance(address: Hex, balance: bigint): Promise<void>
}

/** Any JSON-RPC request; the answer is what the method is documented to give. */
type Request = <Answer>(method: string, ...params: unknown[]) => Promise<Answer>

interface BlockJson {
  readonly hash: Hex
  readonly parentHash: Hex
  readonly miner: Hex
  readonly stateRoot: Hex
  readonly receiptsRoot: Hex
  readonly logsBloom: Hex
  readonly mixHash: Hex
  readonly number: Hex
  readonly gasLimit: Hex
  readonly gasUsed: Hex
  readonly timestamp: Hex
  readonly extraData: Hex
  readonly baseFeePerGas: Hex
  readonly blobGasUsed: Hex
  readonly excessBlobGas: Hex
  readonly transactions: readonly Hex[]
}

const TIMEOUT_MS = 5_000

/** Talks to anvil at a URL. */
export function executionClient(url: string): ExecutionClient {
  const transport = http(url, { retryCount: 0, timeout: TIMEOUT_MS, batch: true })({})
  const request: Request = (method, ...params) => transport.request({ method, params }) as Promise<never>
  const blockJson = (blockNumber: number) =>
    request<BlockJson | null>('eth_getBlockByNumber', quantity(blockNumber), false)
  return {
    blockNumber: async () => hexToNumber(await request<Hex>('eth_blockNumber')),
    hashAt: async (blockNumber) => (await blockJson(blockNumber))?.hash,
    async blockAt(blockNumber) {
      const json = await blockJson(blockNumber)
      if (json === null) throw new Error(`there is no execution block ${blockNumber}`)
      const hashes = json.transactions
      const raw = await Promise.all(hashes.map((hash) => request<Hex>('eth_getRawTransactionByHash', hash)))
      return { hash: json.hash, parentHash: json.parentHash, payload: payloadOf(json, raw) }
    },
    mine: async (timestamp) => void (await request('evm_mine', { timestamp })),
    rollback: async (depth) => void (await request('anvil_rollback', depth)),
    setBalance: async (address, balance) =>
      void (await request('anvil_setBalance', address, `0x${balance.toString(16)}`)),
  }
}

function payloadOf(json: BlockJson, transactions: readonly Hex[]): ExecutionPayload {
  return {
    parentHash: hexToBytes(json.parentHash),
    feeRecipient: hexToBytes(json.miner),
    stateRoot: hexToBytes(json.stateRoot),
    receiptsRoot: hexToBytes(json.receiptsRoot),
    logsBloom: hexToBytes(json.logsBloom),
    prevRandao: hexToBytes(json.mixHash),
    blockNumber: hexToNumber(json.number),
    gasLimit: hexToNumber(json.gasLimit),
    gasUsed: hexToNumber(json.gasUsed),
    timestamp: hexToNumber(json.timestamp),
    extraData: hexToBytes(json.extraData),
    baseFeePerGas: BigInt(json.baseFeePerGas),
    blockHash: hexToBytes(json.hash),
    transactions: transactions.map((raw) => hexToBytes(raw)),
    withdrawals: [], // validators, and with them withdrawals, don't exist here
    blobGasUsed: BigInt(json.blobGasUsed),
    excessBlobGas: BigInt(json.excessBlobGas),
  }
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`
}
