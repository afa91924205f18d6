import { packetCommitmentKey, packetReceiptKey } from '@causeway/messaging'
import { decodeFunctionResult, encodeFunctionData, hexToBytes } from 'viem'
import type { Hex } from 'viem'

import type { Counterparty } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import { CORE_ABI } from './abi.ts'
import { commitmentSlotOf } from './contract-paths.ts'
import { EthRefusal } from './eth-api.ts'
import type { BlockId, EthApi } from './eth-api.ts'

/** Commitments that one request reads: providers allow batches of a hundred. */
const READS_PER_REQUEST = 100
const ZERO_WORD = `0x${'00'.repeat(32)}`
/** Most pending packets that one look takes in; the rest comes with the next. */
const PENDING_MAX = 20_000

/** Reads the contract. Commitments are read from its storage, where the light client proves them. */
export class ContractReads {
  readonly #pool: EndpointPool<EthApi>
  readonly #address: Hex
  /** Per client, the sequence below which every packet's life is known to be over, for good. */
  readonly #finished = new Map<string, bigint>()

  constructor(pool: EndpointPool<EthApi>, address: Hex) {
    this.#pool = pool
    this.#address = address
  }

  /** Which of the paths hold something, in their order. */
  async arePresent(paths: readonly Uint8Array[], at: BlockId): Promise<boolean[]> {
    const present: boolean[] = []
    for (let start = 0; start < paths.length; start += READS_PER_REQUEST) {
      const part = paths.slice(start, start + READS_PER_REQUEST)
      const slots = part.map((path) => commitmentSlotOf(path))
      const words = await this.#pool.call((api) => api.storage(this.#address, slots, at))
      present.push(...words.map((value) => value !== ZERO_WORD))
    }
    return present
  }

  /**
   * Sequences sent by `finalBlock` whose commitments stand there and in the newest block as well. A
   * commitment that is gone never comes back, so what is finished is read once.
   */
  async pendingSequences(clientId: string, finalBlock: bigint): Promise<bigint[]> {
    const next = await this.nextSequenceSend(clientId, finalBlock)
    const from = this.#finished.get(clientId) ?? 1n
    const sent = Array.from({ length: Number(next > from ? next - from : 0n) }, (_, i) => from + BigInt(i))
    const paths = (sequences: readonly bigint[]) => sequences.map((one) => packetCommitmentKey(clientId, one))
    const stood = await this.arePresent(paths(sent), finalBlock)
    const standing = sent.filter((_, index) => stood[index])
    this.#finished.set(clientId, standing[0] ?? next)
    const stands = await this.arePresent(paths(standing), 'latest')
    return standing.filter((_, index) => stands[index]).slice(0, PENDING_MAX)
  }

  /** Those of the sequences that this client has no receipt of, even in the newest block. */
  async unreceivedSequences(clientId: string, sequences: readonly bigint[]): Promise<bigint[]> {
    const received = await this.arePresent(
      sequences.map((one) => packetReceiptKey(clientId, one)),
      'latest',
    )
    return sequences.filter((_, index) => received[index] !== true)
  }

  /** The sequence that the next packet of a client will have; 1 where the contract does not stand yet. */
  async nextSequenceSend(clientId: string, at: BlockId): Promise<bigint> {
    const data = encodeFunctionData({ abi: CORE_ABI, functionName: 'nextSequenceSend', args: [clientId] })
    const answer = await this.#call(data, at)
    if (answer === '0x') return 1n
    return decodeFunctionResult({ abi: CORE_ABI, functionName: 'nextSequenceSend', data: answer })
  }

  /** The contract of a client. Throws `RelayError` (config) when there is no such client. */
  async client(clientId: string): Promise<Hex> {
    const data = encodeFunctionData({ abi: CORE_ABI, functionName: 'getClient', args: [clientId] })
    const answer = await this.#call(data, 'latest').catch((error: unknown) => {
      if (!isRevert(error)) throw error
      throw new RelayError(
        'config',
        'never',
        `client ${clientId} does not exist on the contract ${this.#address}`,
      )
    })
    if (answer === '0x') throw new RelayError('config', 'never', `no contract stands at ${this.#address}`)
    return decodeFunctionResult({ abi: CORE_ABI, functionName: 'getClient', data: answer })
  }

  /** Who a client is paired with; `undefined` when there is no such client. */
  async counterparty(clientId: string): Promise<Counterparty | undefined> {
    const data = encodeFunctionData({ abi: CORE_ABI, functionName: 'getCounterparty', args: [clientId] })
    try {
      const answer = await this.#call(data, 'latest')
      const info = decodeFunctionResult({ abi: CORE_ABI, functionName: 'getCounterparty', data: answer })
      if (info.clientId === '') return undefined
      return { clientId: info.clientId, merklePrefix: info.merklePrefix.map((part) => hexToBytes(part)) }
    } catch (error) {
      if (isRevert(error)) return undefined
      throw error
    }
  }

  async #call(data: Hex, at: BlockId): Promise<Hex> {
    return await this.#pool.call((api) => api.call({ to: this.#address, data }, at))
  }
}

/** Whether a call failed in the contract, and not on the way there. */
export function isRevert(error: unknown): error is EthRefusal {
  return (
    error instanceof EthRefusal &&
    (error.code === 3 || error.data !== undefined || /revert/i.test(error.message))
  )
}
