import { toBase58 } from '@causeway/primitives'
import { ComputeBudgetProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import type { AddressLookupTableAccount, PublicKey, TransactionInstruction } from '@solana/web3.js'
import type { Logger } from 'pino'

import type { Inclusion } from '../chain.ts'
import { asRelayError, RelayError } from '../errors.ts'
import type { SolanaWallet } from '../keys/solana-wallet.ts'
import { Confirmations } from './confirmations.ts'
import type { Look } from './confirmations.ts'
import { feeOf, priorityFee } from './fees.ts'
import type { PriorityLimits } from './fees.ts'
import type { PatientPool } from './patient-pool.ts'
import { classifyFailure, classifyNodeText } from './refusals.ts'
import { SolanaRefusal } from './solana-api.ts'
import type { SignatureStatus, Simulation } from './solana-api.ts'

/** What the submitter needs beside its wallet. */
export interface SolanaSubmitterOptions {
  readonly pool: PatientPool
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
  readonly log?: Logger | undefined
}

/** A transaction that is not signed yet. */
export interface TransactionRequest {
  readonly instructions: readonly TransactionInstruction[]
  /** By which it names addresses. */
  readonly tables?: readonly AddressLookupTableAccount[]
  /** Compute units, where they are known and nothing need be simulated. */
  readonly units?: number
  /** What it is for, as its log lines name it. */
  readonly purpose?: string
  /** The first instruction that is a message of a batch: what stands before it is ours. */
  readonly firstMessage?: number
}

/** A transaction that two thirds of the stake confirmed. */
export interface Landed {
  readonly inclusion: Inclusion
  /** Of the simulation before it; empty where there was none. */
  readonly logs: readonly string[]
}

/** A transaction that is on its way. */
interface Sent {
  readonly raw: Uint8Array
  readonly signature: string
  readonly lastValidHeight: bigint
  readonly purpose: string | undefined
}

/** Bytes of a transaction. Spec: IPv6's minimum packet without headers. */
export const TRANSACTION_BYTES_MAX = 1_232
/** Compute budget's instructions, which stand before all others. */
const OWN_INSTRUCTIONS = 2
const EXPIRIES_MAX = 4
/** How often it is told what is waited for. */
const TOLD_EVERY_MS = 15_000
const ANY_BLOCKHASH = '11111111111111111111111111111111'

/** Bytes that instructions take as a signed transaction of one signer. */
export function transactionBytes(
  payer: PublicKey,
  instructions: readonly TransactionInstruction[],
  tables: readonly AddressLookupTableAccount[] = [],
): number {
  try {
    return compile(payer, ANY_BLOCKHASH, withBudget(instructions, 1_400_000, 1n), tables).serialize().length
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
  /** Questions whose answers serve all who ask them meanwhile: pieces of an upload go out together. */
  readonly #asked = new Map<string, Promise<unknown>>()

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
  async simulate({ instructions, tables }: TransactionRequest): Promise<Simulation> {
    const { pool, unitsMax } = this.#options
    const transaction = compile(this.payer, ANY_BLOCKHASH, withBudget(instructions, unitsMax, 1n), tables)
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
      const [{ units, logs }, price, { blockhash, lastValidHeight }] = await Promise.all([
        this.#prepare(request),
        this.#price(request, expiries),
        this.#shared('blockhash', () => this.#options.pool.call((api) => api.latestBlockhash())),
      ])
      const limit = this.#unitLimit(units)
      const instructions = withBudget(request.instructions, limit, price)
      const transaction = compile(this.payer, blockhash, instructions, request.tables)
      this.#options.wallet.sign(transaction)
      const signature = toBase58(transaction.signatures[0]!)
      const sent = { raw: transaction.serialize(), signature, lastValidHeight, purpose: request.purpose }
      const status = await this.#land(sent, deadline)
      if (status !== 'expired') {
        if (status.slot > this.#newestSlot) this.#newestSlot = status.slot
        if (status.error !== null) throw await this.#reason(signature, status, request)
        const fee = { amount: feeOf(limit, price), denom: 'lamports' }
        return { inclusion: { hash: signature, height: status.slot, gasUsed: BigInt(units), fee }, logs }
      }
      const told = { transaction: signature, purpose: request.purpose, expiries: expiries + 1 }
      this.#options.log?.warn(told, 'a transaction expired and was in no block')
      if (expiries >= EXPIRIES_MAX || nowMs() >= deadline)
        throw new RelayError('unconfirmed', 'now', `${signature} expired and was in no block`)
    }
  }

  /** Waits until a transaction is final. Throws `RelayError` (unconfirmed) when it is not in time. */
  async finalise({ inclusion: { hash, height } }: Landed): Promise<void> {
    const { pool, nowMs, confirmTimeoutMs } = this.#options
    const deadline = nowMs() + confirmTimeoutMs
    while (nowMs() < deadline) {
      const final = await pool.callOnce((api) => api.slot('finalized')).catch(() => 0n)
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
    const ask = () => pool.call((api) => api.priorityFees([...writable.values()]))
    const paid = await this.#shared([...writable.keys()].join(), ask).catch(() => [])
    return priorityFee(paid, expiries, fees)
  }

  async #shared<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const open = this.#asked.get(question)
    if (open !== undefined) return (await open) as T
    const answer = ask().finally(() => this.#asked.delete(question))
    this.#asked.set(question, answer)
    return await answer
  }

  /** Hands it out while it looks: an endpoint that is slow to take it must not hide that it has landed. */
  async #land(sent: Sent, deadline: number): Promise<SignatureStatus | 'expired'> {
    const { resendAfterMs, nowMs } = this.#options
    const { raw, signature, lastValidHeight } = sent
    const beganAtMs = nowMs()
    const told = { atMs: beganAtMs }
    let [resendAt, isHanding] = [beganAtMs, false]
    const refusals: unknown[] = []
    for (;;) {
      if (nowMs() >= resendAt && !isHanding) {
        isHanding = true
        resendAt = nowMs() + resendAfterMs
        void this.#handOut(raw)
          .catch((error: unknown) => refusals.push(error))
          .finally(() => (isHanding = false))
      }
      const look = await this.#confirmations.look(signature)
      if (look?.status !== undefined && look.status.commitment !== 'processed') return look.status
      if (look !== undefined && look.status === undefined && look.height > lastValidHeight) return 'expired'
      if (refusals.length > 0) throw refusals[0]
      if (nowMs() >= deadline && look === undefined)
        throw new RelayError('unconfirmed', 'now', `${signature}: no endpoint tells where it is`)
      this.#tell(sent, look, beganAtMs, told)
    }
  }

  /** Says now and then what is waited for. */
  #tell(sent: Sent, look: Look | undefined, beganAtMs: number, told: { atMs: number }): void {
    const { nowMs, log } = this.#options
    if (nowMs() - told.atMs < TOLD_EVERY_MS) return
    told.atMs = nowMs()
    const { signature, purpose, lastValidHeight } = sent
    const blocksLeft = look === undefined ? undefined : Number(lastValidHeight - look.height)
    const state = look === undefined ? 'no endpoint tells' : (look.status?.commitment ?? 'in no block')
    const facts = { transaction: signature, purpose, state, blocksLeft, waitedMs: nowMs() - beganAtMs }
    log?.warn(facts, 'waiting for a transaction')
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
  tables: readonly AddressLookupTableAccount[] = [],
): VersionedTransaction {
  const message = new TransactionMessage({ payerKey, recentBlockhash, instructions })
  const compiled =
    tables.length === 0 ? message.compileToLegacyMessage() : message.compileToV0Message([...tables])
  return new VersionedTransaction(compiled)
}
