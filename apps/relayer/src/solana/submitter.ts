import { toBase58 } from '@causeway/primitives'
import { ComputeBudgetProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import type { PublicKey, TransactionInstruction } from '@solana/web3.js'

import type { Inclusion } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { asRelayError, RelayError } from '../errors.ts'
import type { SolanaWallet } from '../keys/solana-wallet.ts'
import { Confirmations } from './confirmations.ts'
import { feeOf, priorityFee } from './fees.ts'
import type { PriorityLimits } from './fees.ts'
import { classifyFailure, classifyNodeText } from './refusals.ts'
import { SolanaRefusal } from './solana-api.ts'
import type { SignatureStatus, Simulation, SolanaApi } from './solana-api.ts'

/** What the submitter needs beside its wallet. */
export interface SolanaSubmitterOptions {
  readonly pool: EndpointPool<SolanaApi>
  readonly wallet: SolanaWallet
  readonly fees: PriorityLimits
  /** Most compute units of one transaction. */
  readonly unitsMax: number
  /** Share added to simulated units, in thousandths: 1200 allows 20 % more. */
  readonly unitsAdjustmentPerMille: bigint
  /** A transaction that is in no block is handed to the endpoints again this often. */
  readonly resendAfterMs: number
  readonly confirmTimeoutMs: number
  readonly nowMs: () => number
  /** Resolves at the next look, or after the given time. */
  readonly nextBlock: (waitMsMax: number) => Promise<void>
}

/** A transaction that is not signed yet. */
export interface TransactionRequest {
  readonly instructions: readonly TransactionInstruction[]
  /** Compute units, where they are known and nothing need be simulated. */
  readonly units?: number
  /** The first instruction that is a message of a batch: what stands before it is ours. */
  readonly firstMessage?: number
}

/** A transaction that two thirds of the stake confirmed. */
export interface Landed {
  readonly inclusion: Inclusion
  /** Of the simulation before it; empty where there was none. */
  readonly logs: readonly string[]
}

/** Bytes of a transaction. Spec: IPv6's minimum packet without headers. */
export const TRANSACTION_BYTES_MAX = 1_232
/** Compute budget's instructions, which stand before all others. */
const OWN_INSTRUCTIONS = 2
const EXPIRIES_MAX = 4
const ANY_BLOCKHASH = '11111111111111111111111111111111'

/** Bytes that instructions take as a signed transaction of one signer. */
export function transactionBytes(payer: PublicKey, instructions: readonly TransactionInstruction[]): number {
  try {
    return compile(payer, ANY_BLOCKHASH, withBudget(instructions, 1_400_000, 1n)).serialize().length
  } catch {
    return Number.POSITIVE_INFINITY // web3.js has room for a packet only
  }
}

/**
 * Signs and sends with one account. Each transaction is simulated, named by one block hash and sent until
 * it lands or that hash has expired, always with the same signature; only then it is made anew. So at most
 * one of them takes effect, whatever endpoints swallow.
 */
export class SolanaSubmitter {
  readonly #options: SolanaSubmitterOptions
  readonly #confirmations: Confirmations
  #turn: Promise<unknown> = Promise.resolve()
  #newestSlot = 0n

  constructor(options: SolanaSubmitterOptions) {
    this.#options = options
    this.#confirmations = new Confirmations(options.pool, options.nextBlock)
  }

  /** The account that pays. */
  get payer(): PublicKey {
    return this.#options.wallet.publicKey
  }

  /** Slot of the newest transaction that landed: what is read afterwards has to know it. */
  get newestSlot(): bigint {
    return this.#newestSlot
  }

  /** One flight at a time: its transactions build on each other. */
  async inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run)
    this.#turn = turn.catch(() => {})
    return await turn
  }

  /** Runs a transaction without sending it. What would fail is returned, not thrown: it has logs, too. */
  async simulate({ instructions }: TransactionRequest): Promise<Simulation> {
    const { pool, unitsMax } = this.#options
    const transaction = compile(this.payer, ANY_BLOCKHASH, withBudget(instructions, unitsMax, 1n))
    const bytes = transaction.serialize()
    return await pool.call((api) => api.simulate(bytes, this.#newestSlot))
  }

  /**
   * Sends one transaction; when it is confirmed. Throws `RelayError` for what is refused before or in its
   * block; nothing is paid for what simulation finds.
   */
  async send(request: TransactionRequest): Promise<Landed> {
    const { nowMs, confirmTimeoutMs } = this.#options
    const deadline = nowMs() + confirmTimeoutMs
    for (let expiries = 0; ; expiries += 1) {
      const { units, logs } = await this.#prepare(request)
      const limit = this.#unitLimit(units)
      const price = await this.#price(request, expiries)
      const { blockhash, lastValidHeight } = await this.#options.pool.call((api) => api.latestBlockhash())
      const transaction = compile(this.payer, blockhash, withBudget(request.instructions, limit, price))
      this.#options.wallet.sign(transaction)
      const signature = toBase58(transaction.signatures[0]!)
      const status = await this.#land(transaction.serialize(), signature, lastValidHeight, deadline)
      if (status !== 'expired') {
        if (status.slot > this.#newestSlot) this.#newestSlot = status.slot
        if (status.error !== null) throw await this.#reason(signature, status, request)
        const fee = { amount: feeOf(limit, price), denom: 'lamports' }
        return { inclusion: { hash: signature, height: status.slot, gasUsed: BigInt(units), fee }, logs }
      }
      if (expiries >= EXPIRIES_MAX || nowMs() >= deadline)
        throw new RelayError('unconfirmed', 'now', `${signature} expired and was in no block`)
    }
  }

  /** Waits until a transaction is final. Throws `RelayError` (unconfirmed) when it is not in time. */
  async finalise({ inclusion: { hash, height } }: Landed): Promise<void> {
    const { pool, nowMs, confirmTimeoutMs } = this.#options
    const deadline = nowMs() + confirmTimeoutMs
    while (nowMs() < deadline) {
      const final = await pool.call((api) => api.slot('finalized')).catch(() => 0n)
      const look = await this.#confirmations.look(hash)
      if (look?.status?.commitment === 'finalized') return
      if (look !== undefined && look.status === undefined && final > height)
        throw new RelayError('unconfirmed', 'now', `${hash} was confirmed and is not in the final chain`)
    }
    throw new RelayError('unconfirmed', 'now', `${hash} is confirmed and not final yet`)
  }

  async #prepare(request: TransactionRequest): Promise<{ units: number; logs: readonly string[] }> {
    if (request.units !== undefined) return { units: request.units, logs: [] }
    const { error, logs, units } = await this.simulate(request)
    if (error !== null) throw this.classify(error, logs, request)
    return { units, logs }
  }

  /** Why a transaction fails, by what a node says of it. */
  classify(
    error: unknown,
    logs: readonly string[],
    { firstMessage, instructions }: TransactionRequest,
  ): RelayError {
    return classifyFailure(error, logs, OWN_INSTRUCTIONS + (firstMessage ?? instructions.length))
  }

  #unitLimit(units: number): number {
    const { unitsMax, unitsAdjustmentPerMille } = this.#options
    return Math.min(unitsMax, Math.ceil((units * Number(unitsAdjustmentPerMille)) / 1_000))
  }

  async #price({ instructions }: TransactionRequest, expiries: number): Promise<bigint> {
    const { pool, fees } = this.#options
    if (fees.priorityFee !== undefined) return priorityFee([], expiries, fees)
    const writable = new Map<string, PublicKey>()
    for (const { keys } of instructions)
      for (const { pubkey, isWritable } of keys) if (isWritable) writable.set(pubkey.toBase58(), pubkey)
    const paid = await pool.call((api) => api.priorityFees([...writable.values()])).catch(() => [])
    return priorityFee(paid, expiries, fees)
  }

  async #land(
    raw: Uint8Array,
    signature: string,
    lastValidHeight: bigint,
    deadline: number,
  ): Promise<SignatureStatus | 'expired'> {
    const { resendAfterMs, nowMs } = this.#options
    let resendAt = nowMs()
    for (;;) {
      if (nowMs() >= resendAt) {
        await this.#handOut(raw)
        resendAt = nowMs() + resendAfterMs
      }
      const look = await this.#confirmations.look(signature)
      if (look?.status !== undefined && look.status.commitment !== 'processed') return look.status
      if (look !== undefined && look.status === undefined && look.height > lastValidHeight) return 'expired'
      if (nowMs() >= deadline && look === undefined)
        throw new RelayError('unconfirmed', 'now', `${signature}: no endpoint tells where it is`)
    }
  }

  /** To all endpoints: what one of them takes is enough; one that takes it may not answer. */
  async #handOut(raw: Uint8Array): Promise<void> {
    try {
      await this.#options.pool.race((api) => api.send(raw))
    } catch (cause) {
      const error = asRelayError(cause)
      const meant = cause instanceof SolanaRefusal ? classifyNodeText(cause.message) : undefined
      if (meant !== undefined && (meant.failure === 'fees' || meant.failure === 'transaction')) throw meant
      if (error.retry === 'never') throw error
    }
  }

  async #reason(
    signature: string,
    { error }: SignatureStatus,
    request: TransactionRequest,
  ): Promise<RelayError> {
    const found = await this.#options.pool.call((api) => api.transaction(signature)).catch(() => undefined)
    return this.classify(error, found?.logs ?? [], request)
  }
}

function withBudget(
  instructions: readonly TransactionInstruction[],
  units: number,
  microLamports: bigint,
): TransactionInstruction[] {
  return [
    ComputeBudgetProgram.setComputeUnitLimit({ units }),
    ComputeBudgetProgram.setComputeUnitPrice({ microLamports }),
    ...instructions,
  ]
}

function compile(
  payerKey: PublicKey,
  recentBlockhash: string,
  instructions: TransactionInstruction[],
): VersionedTransaction {
  const message = new TransactionMessage({ payerKey, recentBlockhash, instructions })
  return new VersionedTransaction(message.compileToLegacyMessage())
}
