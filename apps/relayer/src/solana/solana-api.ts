import { calledInstructions } from '@causeway/contracts-solana'
import type { CalledInstruction } from '@causeway/contracts-solana'
import { fromBase64 } from '@causeway/primitives'
import { PublicKey } from '@solana/web3.js'
import { z } from 'zod'

import { nonsense, redactUrl, requestJson } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'

/** How settled what is asked for has to be: by two thirds of the stake, or for good. */
export type Commitment = 'confirmed' | 'finalized'

/** An account as it stands. */
export interface SolanaAccount {
  readonly owner: PublicKey
  readonly lamports: bigint
  readonly data: Uint8Array
}

/** A transaction that named an address. */
export interface SignatureInfo {
  readonly signature: string
  readonly slot: bigint
  readonly isFailed: boolean
}

/** What a transaction did. `error` as the node tells it; `null`: it went through. */
export interface TransactionInfo {
  readonly slot: bigint
  readonly error: unknown
  readonly logs: readonly string[]
  /** What its programs called; nothing of one that failed. */
  readonly called: readonly CalledInstruction[]
}

/** Where a transaction is that was sent. */
export interface SignatureStatus {
  readonly slot: bigint
  readonly error: unknown
  readonly commitment: 'processed' | Commitment
}

/** What a transaction would do now. */
export interface Simulation {
  readonly error: unknown
  readonly logs: readonly string[]
  /** What its programs would call; nothing of one that fails. */
  readonly called: readonly CalledInstruction[]
  readonly units: number
}

/** A block hash that transactions name, and the last block height at which they can. */
export interface RecentBlockhash {
  readonly blockhash: string
  readonly lastValidHeight: bigint
}

/** An account that votes. */
export interface VoteAccount {
  readonly address: PublicKey
  /** Lamports; rounded where it is more than 2^53. */
  readonly stake: number
}

/** Filter of `programAccounts`: bytes that stand at an offset. */
export interface DataFilter {
  readonly offset: number
  /** Base58. */
  readonly bytes: string
}

/** A node's own refusal of a request, with its code. */
export class SolanaRefusal extends RelayError {
  readonly code: number
  /** What simulation before sending found; `undefined` elsewhere. */
  readonly data: unknown

  constructor(method: string, code: number, text: string, data: unknown) {
    super('endpoint', 'later', `${method}: ${text}`.slice(0, 400))
    this.name = 'SolanaRefusal'
    this.code = code
    this.data = data
  }
}

/** Addresses of one request: nodes take a hundred. */
const ACCOUNTS_PER_REQUEST = 100
/** Signatures that one request gives at most. */
const SIGNATURES_PER_REQUEST = 1_000
/** Of a transaction; the runtime runs 64 instructions, those that are called among them. */
const INSTRUCTIONS_MAX = 1_024
/** An index into the keys of a transaction is a byte. */
const KEYS_MAX = 256

const u64 = z.number().int().min(0).transform(BigInt)
const address = z.string().transform((text, context) => {
  try {
    return new PublicKey(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'no address' })
    return z.NEVER
  }
})
const account = z
  .object({ owner: address, lamports: u64, data: z.tuple([z.string(), z.literal('base64')]) })
  .transform(({ owner, lamports, data }): SolanaAccount => ({ owner, lamports, data: fromBase64(data[0]) }))
const atSlot = <T extends z.ZodType>(value: T) => z.object({ context: z.object({ slot: u64 }), value })
const logs = z.array(z.string()).nullable().optional()

const signatureInfo = z
  .object({ signature: z.string(), slot: u64, err: z.unknown() })
  .transform(({ signature, slot, err }): SignatureInfo => ({
    ...{ signature, slot, isFailed: err !== null && err !== undefined },
  }))

/** What programs called, by the instruction of the transaction that they did it for. */
const innerOf = <T extends z.ZodType>(instruction: T) =>
  z
    .array(z.object({ instructions: z.array(instruction).max(INSTRUCTIONS_MAX) }))
    .max(INSTRUCTIONS_MAX)
    .nullable()
    .optional()
const keys = z.array(z.string()).max(KEYS_MAX)

const transactionInfo = z
  .object({
    slot: u64,
    meta: z.object({
      ...{ err: z.unknown(), logMessages: logs },
      innerInstructions: innerOf(z.object({ programIdIndex: z.number().int().min(0), data: z.string() })),
      loadedAddresses: z.object({ writable: keys, readonly: keys }).optional(),
    }),
    transaction: z.object({ message: z.object({ accountKeys: keys }) }),
  })
  .transform(({ slot, meta, transaction }, context): TransactionInfo => {
    const { innerInstructions, loadedAddresses, logMessages } = meta
    const info = { slot, error: meta.err ?? null, logs: logMessages ?? [] }
    if (info.error !== null) return { ...info, called: [] }
    if (!innerInstructions) return unrecorded(context)
    const { accountKeys } = transaction.message
    try {
      const called = calledInstructions({ accountKeys, loadedAddresses, innerInstructions })
      return { ...info, called }
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : '' })
      return z.NEVER
    }
  })

const status = z
  .object({
    ...{ slot: u64, err: z.unknown() },
    confirmationStatus: z.enum(['processed', 'confirmed', 'finalized']).nullable().optional(),
  })
  .transform(({ slot, err, confirmationStatus }): SignatureStatus => ({
    ...{ slot, error: err ?? null, commitment: confirmationStatus ?? 'processed' },
  }))

/** Nodes simulate with programs' names, and tell in other words what is called of those that they know. */
const simulatedCall = z.object({ programId: z.string(), data: z.string().optional() })

const simulation = z
  .object({
    ...{ err: z.unknown(), logs, unitsConsumed: z.number().int().min(0).optional() },
    innerInstructions: innerOf(simulatedCall),
  })
  .transform(({ err, logs: lines, unitsConsumed = 0, innerInstructions }, context): Simulation => {
    const simulated = { error: err ?? null, logs: lines ?? [], units: unitsConsumed }
    if (simulated.error !== null) return { ...simulated, called: [] }
    if (!innerInstructions) return unrecorded(context)
    const called = innerInstructions.flatMap(({ instructions }) =>
      instructions.flatMap(({ programId, data }) =>
        data === undefined ? [] : [{ program: programId, data }],
      ),
    )
    return { ...simulated, called }
  })

/** A node that keeps no inner instructions would hide every event. */
function unrecorded(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'no inner instructions are recorded' })
  return z.NEVER
}

const refusal = z.object({ code: z.number(), message: z.string().optional(), data: z.unknown().optional() })

/** The JSON-RPC of one endpoint. What it answers is checked for shape, never trusted. */
export class SolanaApi {
  readonly url: string
  readonly #timeoutMs: number
  #id = 0

  constructor(url: string, timeoutMs: number) {
    this.url = url
    this.#timeoutMs = timeoutMs
  }

  /** Base58. */
  async genesisHash(): Promise<string> {
    return await this.#ask('getGenesisHash', [], z.string())
  }

  async slot(commitment: Commitment): Promise<bigint> {
    return await this.#ask('getSlot', [{ commitment }], u64)
  }

  async blockHeight(commitment: Commitment): Promise<bigint> {
    return await this.#ask('getBlockHeight', [{ commitment }], u64)
  }

  /** Unix seconds; `undefined` for a slot that was skipped, or of which this node knows nothing. */
  async blockTime(slot: bigint): Promise<bigint | undefined> {
    return (await this.#ask('getBlockTime', [Number(slot)], u64.nullable())) ?? undefined
  }

  async epochInfo(): Promise<{ readonly epoch: bigint; readonly slotsInEpoch: number }> {
    const shape = z.object({ epoch: u64, slotsInEpoch: z.number().int().min(1) })
    return await this.#ask('getEpochInfo', [{ commitment: 'confirmed' }], shape)
  }

  async latestBlockhash(): Promise<RecentBlockhash> {
    const shape = atSlot(z.object({ blockhash: z.string(), lastValidBlockHeight: u64 }))
    const { value } = await this.#ask('getLatestBlockhash', [{ commitment: 'confirmed' }], shape)
    return { blockhash: value.blockhash, lastValidHeight: value.lastValidBlockHeight }
  }

  /** Accounts in the order of the addresses; `undefined`: there is none. */
  async accounts(
    addresses: readonly PublicKey[],
    commitment: Commitment,
    minContextSlot = 0n,
  ): Promise<(SolanaAccount | undefined)[]> {
    const found: (SolanaAccount | undefined)[] = []
    const shape = atSlot(z.array(account.nullable()))
    const options = { commitment, encoding: 'base64', ...contextOf(minContextSlot) }
    for (let from = 0; from < addresses.length; from += ACCOUNTS_PER_REQUEST) {
      const part = addresses.slice(from, from + ACCOUNTS_PER_REQUEST)
      const texts = part.map((one) => one.toBase58())
      const { value } = await this.#ask('getMultipleAccounts', [texts, options], shape)
      if (value.length !== part.length) throw nonsense(this.url, 'getMultipleAccounts: another number')
      found.push(...value.map((one) => one ?? undefined))
    }
    return found
  }

  /** A program's accounts that pass all filters. */
  async programAccounts(
    program: PublicKey,
    filters: readonly DataFilter[],
    bytes: number | undefined,
  ): Promise<{ readonly address: PublicKey; readonly account: SolanaAccount }[]> {
    const shape = z.array(z.object({ pubkey: address, account }))
    const wanted: object[] = filters.map((memcmp) => ({ memcmp }))
    if (bytes !== undefined) wanted.push({ dataSize: bytes })
    const options = { commitment: 'confirmed', encoding: 'base64', filters: wanted }
    const found = await this.#ask('getProgramAccounts', [program.toBase58(), options], shape)
    return found.map((one) => ({ address: one.pubkey, account: one.account }))
  }

  /** Transactions that name an address, newest first, older than `before` and newer than `until`. */
  async signatures(
    of: PublicKey,
    range: { readonly before: string | undefined; readonly until: string | undefined },
  ): Promise<SignatureInfo[]> {
    const { before, until } = range
    const options = {
      ...{ commitment: 'confirmed', limit: SIGNATURES_PER_REQUEST },
      ...(before === undefined ? {} : { before }),
      ...(until === undefined ? {} : { until }),
    }
    return await this.#ask('getSignaturesForAddress', [of.toBase58(), options], z.array(signatureInfo))
  }

  async transaction(signature: string): Promise<TransactionInfo | undefined> {
    const options = { commitment: 'confirmed', encoding: 'json', maxSupportedTransactionVersion: 0 }
    return (await this.#ask('getTransaction', [signature, options], transactionInfo.nullable())) ?? undefined
  }

  /** Runs a transaction without sending it; its signatures are not looked at, its block hash is replaced. */
  async simulate(transaction: Uint8Array, minContextSlot: bigint): Promise<Simulation> {
    const options = {
      ...{ commitment: 'confirmed', encoding: 'base64', sigVerify: false, replaceRecentBlockhash: true },
      innerInstructions: true,
      ...contextOf(minContextSlot),
    }
    const text = Buffer.from(transaction).toString('base64')
    return (await this.#ask('simulateTransaction', [text, options], atSlot(simulation))).value
  }

  /** Hands a transaction on; that says nothing about whether it lands. Its signature. */
  async send(transaction: Uint8Array): Promise<string> {
    const text = Buffer.from(transaction).toString('base64')
    const options = { encoding: 'base64', skipPreflight: true, maxRetries: 0 }
    return await this.#ask('sendTransaction', [text, options], z.string())
  }

  /** Where transactions are, in their order; `undefined`: in no block that this node knows. */
  async statuses(signatures: readonly string[]): Promise<(SignatureStatus | undefined)[]> {
    const params = [signatures, { searchTransactionHistory: true }]
    const { value } = await this.#ask('getSignatureStatuses', params, atSlot(z.array(status.nullable())))
    if (value.length !== signatures.length) throw nonsense(this.url, 'getSignatureStatuses: another number')
    return value.map((one) => one ?? undefined)
  }

  /** What was paid lately for a unit by transactions that write all of these accounts, in microlamports. */
  async priorityFees(writable: readonly PublicKey[]): Promise<bigint[]> {
    const shape = z.array(z.object({ prioritizationFee: u64 }))
    const texts = writable.slice(0, 128).map((one) => one.toBase58())
    const found = await this.#ask('getRecentPrioritizationFees', [texts], shape)
    return found.map((one) => one.prioritizationFee)
  }

  /** Lamports. */
  async balance(of: PublicKey): Promise<bigint> {
    const { value } = await this.#ask('getBalance', [of.toBase58(), { commitment: 'confirmed' }], atSlot(u64))
    return value
  }

  /** Lamports that exempt so many bytes from rent. */
  async rentExemption(bytes: number): Promise<bigint> {
    return await this.#ask('getMinimumBalanceForRentExemption', [bytes], u64)
  }

  /** Accounts that vote, those of most stake first. */
  async voteAccounts(): Promise<readonly VoteAccount[]> {
    const one = z.object({ votePubkey: address, activatedStake: z.number().min(0) })
    const shape = z.object({ current: z.array(one), delinquent: z.array(one) })
    const { current, delinquent } = await this.#ask('getVoteAccounts', [], shape)
    const all = [...current, ...delinquent].sort((a, b) => b.activatedStake - a.activatedStake)
    return all.map((vote) => ({ address: vote.votePubkey, stake: vote.activatedStake }))
  }

  async #ask<T>(method: string, params: readonly unknown[], shape: z.ZodType<T>): Promise<T> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: (this.#id += 1), method, params })
    const { body: answer } = await requestJson({ url: this.url, body, timeoutMs: this.#timeoutMs })
    if (typeof answer !== 'object' || answer === null) throw nonsense(this.url, `${method}: not an object`)
    const { error, result } = answer as { error?: unknown; result?: unknown }
    if (error !== undefined && error !== null) throw this.#refusal(method, error)
    const read = shape.safeParse(result)
    if (read.success) return read.data
    const [issue] = read.error.issues
    throw nonsense(this.url, `${method} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no such shape'}`)
  }

  #refusal(method: string, error: unknown): RelayError {
    const read = refusal.safeParse(error)
    if (!read.success) return nonsense(this.url, `${method}: an error of no shape`)
    const { code, message = '', data } = read.data
    return new SolanaRefusal(`${redactUrl(this.url)} ${method}`, code, message, data)
  }
}

function contextOf(minContextSlot: bigint): { minContextSlot?: number } {
  return minContextSlot === 0n ? {} : { minContextSlot: Number(minContextSlot) }
}
