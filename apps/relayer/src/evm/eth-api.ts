import { hexToBigInt, numberToHex } from 'viem'
import type { Hex } from 'viem'
import { z } from 'zod'

import { nonsense, redactUrl, requestJson } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'

/** A block by number, or the newest one. */
export type BlockId = bigint | 'latest'

/** What the relayer reads of a block. */
export interface EthBlock {
  readonly number: bigint
  readonly hash: Hex
  readonly timeSeconds: bigint
  /** Per unit of gas, in wei. */
  readonly baseFee: bigint
}

/** A log entry. */
export interface EthLog {
  readonly data: Hex
  readonly topics: readonly Hex[]
  readonly blockNumber: bigint
  readonly transactionHash: Hex
}

/** Which logs are asked for; a topic that is `null` may be anything. */
export interface LogFilter {
  readonly address: Hex
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
}

/** Where a transaction ended up. */
export interface EthReceipt {
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly blockHash: Hex
  readonly isSuccess: boolean
  readonly gasUsed: bigint
  /** Paid per unit of gas, in wei. */
  readonly gasPrice: bigint
  readonly logs: readonly EthLog[]
  readonly contractAddress: Hex | undefined
}

/** A call as nodes take it; nothing is signed. */
export interface EthCall {
  readonly from?: Hex
  readonly to?: Hex
  readonly data: Hex
}

/** Merkle-Patricia nodes as EIP-1186 gives them. */
export interface EthProof {
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly Hex[]
}

/** A node's own refusal of a request, with its code and, for a reverted call, the revert data. */
export class EthRefusal extends RelayError {
  readonly code: number
  readonly data: Hex | undefined

  constructor(method: string, code: number, text: string, data: Hex | undefined) {
    super('endpoint', 'later', `${method}: ${text}`.slice(0, 400))
    this.name = 'EthRefusal'
    this.code = code
    this.data = data
  }
}

const hex = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]*$/i.test(value), 'no hex')
const word = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value), 'no word')
const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}$/i)
  .transform((text) => hexToBigInt(text as Hex))

const block = z
  .object({ number: quantity, hash: word, timestamp: quantity, baseFeePerGas: quantity.optional() })
  .transform(({ number, hash, timestamp, baseFeePerGas = 0n }): EthBlock => ({
    ...{ number, hash, timeSeconds: timestamp, baseFee: baseFeePerGas },
  }))

const log = z.object({
  data: hex,
  topics: z.array(word).max(4),
  blockNumber: quantity,
  transactionHash: word,
  removed: z.boolean().optional(),
})

const receipt = z
  .object({
    ...{ transactionHash: word, blockNumber: quantity, blockHash: word, status: quantity },
    ...{ gasUsed: quantity, effectiveGasPrice: quantity, logs: z.array(log) },
    contractAddress: hex.nullable().optional(),
  })
  .transform(({ transactionHash, status, effectiveGasPrice, contractAddress, ...rest }): EthReceipt => ({
    ...{ ...rest, hash: transactionHash, isSuccess: status === 1n, gasPrice: effectiveGasPrice },
    contractAddress: contractAddress ?? undefined,
  }))

const proof = z.object({
  accountProof: z.array(hex).max(80),
  storageProof: z.tuple([z.object({ proof: z.array(hex).max(80) })]),
})

const refusal = z.object({ code: z.number(), message: z.string().optional(), data: z.unknown().optional() })

/** The execution JSON-RPC of one endpoint. What it answers is checked for shape, never trusted. */
export class EthApi {
  readonly url: string
  readonly #timeoutMs: number
  #id = 0

  constructor(url: string, timeoutMs: number) {
    this.url = url
    this.#timeoutMs = timeoutMs
  }

  /** Words of a contract's storage, in the order of the slots; one request. */
  async storage(address: Hex, slots: readonly Hex[], at: BlockId): Promise<Hex[]> {
    const requests = slots.map((slot) => this.#request('eth_getStorageAt', [address, slot, writeBlock(at)]))
    const body = await this.#post(requests)
    if (!Array.isArray(body)) throw this.#batchRefusal(body)
    const answers = new Map(body.map((one: { id?: unknown }) => [one?.id, one]))
    return requests.map(({ id }) => this.#read('eth_getStorageAt', answers.get(id), word))
  }

  async chainId(): Promise<bigint> {
    return await this.#ask('eth_chainId', [], quantity)
  }

  async block(id: BlockId): Promise<EthBlock> {
    const found = await this.#ask('eth_getBlockByNumber', [writeBlock(id), false], block.nullable())
    if (found === null)
      throw new RelayError('endpoint', 'now', `${this.#name()} does not have block ${id} yet`)
    return found
  }

  async call(call: EthCall, at: BlockId): Promise<Hex> {
    return await this.#ask('eth_call', [call, writeBlock(at)], hex)
  }

  async estimateGas(call: EthCall): Promise<bigint> {
    return await this.#ask('eth_estimateGas', [call, 'latest'], quantity)
  }

  async proof(address: Hex, slot: Hex, at: bigint): Promise<EthProof> {
    const answer = await this.#ask('eth_getProof', [address, [slot], writeBlock(at)], proof)
    return { accountProof: answer.accountProof, storageProof: answer.storageProof[0].proof }
  }

  async logs(filter: LogFilter, fromBlock: bigint, toBlock: bigint): Promise<readonly EthLog[]> {
    const range = { fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }
    const found = await this.#ask('eth_getLogs', [{ ...filter, ...range }], z.array(log))
    return found.filter((one) => one.removed !== true)
  }

  /** Transactions of an account: mined ones, or with those that this node holds for the next blocks. */
  async transactionCount(address: Hex, at: 'latest' | 'pending'): Promise<bigint> {
    return await this.#ask('eth_getTransactionCount', [address, at], quantity)
  }

  async receipt(hash: Hex): Promise<EthReceipt | undefined> {
    return (await this.#ask('eth_getTransactionReceipt', [hash], receipt.nullable())) ?? undefined
  }

  async transactionSender(hash: Hex): Promise<Hex | undefined> {
    const found = await this.#ask('eth_getTransactionByHash', [hash], z.object({ from: hex }).nullable())
    return found?.from
  }

  async sendRaw(transaction: Hex): Promise<void> {
    await this.#ask('eth_sendRawTransaction', [transaction], hex)
  }

  async priorityFee(): Promise<bigint> {
    return await this.#ask('eth_maxPriorityFeePerGas', [], quantity)
  }

  async balance(address: Hex): Promise<bigint> {
    return await this.#ask('eth_getBalance', [address, 'latest'], quantity)
  }

  async code(address: Hex): Promise<Hex> {
    return await this.#ask('eth_getCode', [address, 'latest'], hex)
  }

  async #ask<T>(method: string, params: readonly unknown[], shape: z.ZodType<T>): Promise<T> {
    return this.#read(method, await this.#post(this.#request(method, params)), shape)
  }

  #request(method: string, params: readonly unknown[]) {
    return { jsonrpc: '2.0', id: (this.#id += 1), method, params }
  }

  async #post(request: unknown): Promise<unknown> {
    const body = JSON.stringify(request)
    return (await requestJson({ url: this.url, body, timeoutMs: this.#timeoutMs })).body
  }

  #read<T>(method: string, answer: unknown, shape: z.ZodType<T>): T {
    if (typeof answer !== 'object' || answer === null) throw nonsense(this.url, `${method}: not an object`)
    const { error, result } = answer as { error?: unknown; result?: unknown }
    if (error !== undefined && error !== null) throw this.#refusal(method, error)
    const read = shape.safeParse(result)
    if (read.success) return read.data
    const [issue] = read.error.issues
    throw nonsense(this.url, `${method} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no such shape'}`)
  }

  /** A node that answers many requests with one error. */
  #batchRefusal(body: unknown): RelayError {
    const { error } = (body ?? {}) as { error?: unknown }
    return this.#refusal('batch', error)
  }

  #refusal(method: string, error: unknown): RelayError {
    const read = refusal.safeParse(error)
    if (!read.success) return nonsense(this.url, `${method}: an error of no shape`)
    const { code, message = '', data } = read.data
    return new EthRefusal(method, code, message, revertData(data))
  }

  #name(): string {
    return redactUrl(this.url)
  }
}

/** Nodes give revert data as they are, or within an object. */
function revertData(data: unknown): Hex | undefined {
  if (typeof data === 'object' && data !== null) return revertData((data as { data?: unknown }).data)
  const found = typeof data === 'string' ? /0x[0-9a-f]*/i.exec(data)?.[0] : undefined
  return found as Hex | undefined
}

function writeBlock(id: BlockId): string {
  return id === 'latest' ? id : numberToHex(id)
}
