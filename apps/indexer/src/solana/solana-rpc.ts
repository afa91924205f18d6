// The part of a Solana node's JSON-RPC that the indexer reads. All of it is the endpoint's word: its shape is
// checked, and that answers fit to each other. Spec: solana.com/docs/rpc.
import { z } from 'zod'
import { calledInstructions, type CalledInstruction } from '@causeway/contracts-solana'
import { fromBase58, fromBase64, isProtocolError } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { createJsonRpc, type JsonRpc, type JsonRpcLimits } from '../follow/json-rpc.ts'

/** How settled what is asked for is: two thirds of the stake voted for it, or rooted it. */
export type Commitment = 'confirmed' | 'finalized'

/** A block's facts. */
export type SolanaBlock = {
  readonly slot: bigint
  /** 32 bytes. */
  readonly blockhash: Uint8Array
  readonly timeSeconds: bigint
}

/** A transaction that names an address. */
export type SignatureInfo = {
  /** Base58. */
  readonly signature: string
  readonly slot: bigint
  readonly isFailed: boolean
}

/** What one transaction did. */
export type SolanaTransaction = {
  readonly signature: string
  readonly slot: bigint
  /** Undefined where the node has not written it down yet. */
  readonly timeSeconds: bigint | undefined
  readonly isFailed: boolean
  readonly computeUnits: bigint
  /** Base58, who pays first. */
  readonly signers: readonly string[]
  /** What its programs called; nothing of one that failed. */
  readonly called: readonly CalledInstruction[]
}

/** An account's owner (base58) and data. */
export type SolanaAccount = { readonly owner: string; readonly data: Uint8Array }

/** Signatures that one request gives at most. */
export const SIGNATURES_PER_REQUEST = 1_000
/** Of a transaction; the runtime runs 64 instructions, those that are called among them. */
const INSTRUCTIONS_MAX = 1_024
/** An index into the keys of a transaction is a byte. */
const KEYS_MAX = 256
const SIGNERS_MAX = 64

const u64 = z.int().nonnegative().transform(BigInt)
const base58 = (bytes: number) =>
  z.string().refine((text) => fromBase58(text)?.length === bytes, `expected ${bytes} bytes in base58`)
const signature = base58(64)
const keys = z.array(z.string()).max(KEYS_MAX)
const called = z.object({ programIdIndex: z.int().nonnegative(), data: z.string() })

const shapes = {
  hash: base58(32),
  slot: u64,
  block: z.object({ blockhash: base58(32), blockTime: u64.nullable().optional() }).nullable(),
  signatures: z.array(z.object({ signature, slot: u64, err: z.unknown() })).max(SIGNATURES_PER_REQUEST),
  transaction: z
    .object({
      slot: u64,
      blockTime: u64.nullable().optional(),
      meta: z.object({
        err: z.unknown(),
        innerInstructions: z
          .array(z.object({ instructions: z.array(called).max(INSTRUCTIONS_MAX) }))
          .max(INSTRUCTIONS_MAX)
          .nullable()
          .optional(),
        loadedAddresses: z.object({ writable: keys, readonly: keys }).optional(),
        computeUnitsConsumed: u64.nullable().optional(),
      }),
      transaction: z.object({
        signatures: z.array(z.string()).min(1).max(SIGNERS_MAX),
        message: z.object({
          accountKeys: keys,
          header: z.object({ numRequiredSignatures: z.int().positive().max(SIGNERS_MAX) }),
        }),
      }),
    })
    .nullable(),
  accounts: z.object({
    value: z.array(
      z.object({ owner: z.string(), data: z.tuple([z.string(), z.literal('base64')]) }).nullable(),
    ),
  }),
}

/** One node. Every answer that can't be read throws an `EndpointError`. */
export class SolanaRpc {
  readonly url: string
  readonly #call: JsonRpc

  constructor(url: string, limits: JsonRpcLimits) {
    this.url = url
    this.#call = createJsonRpc(url, limits)
  }

  /** Hash of the cluster's genesis, base58. */
  genesisHash(signal: AbortSignal): Promise<string> {
    return this.#ask('getGenesisHash', [], shapes.hash, signal)
  }

  /** The newest slot that is so settled. */
  slot(commitment: Commitment, signal: AbortSignal): Promise<bigint> {
    return this.#ask('getSlot', [{ commitment }], shapes.slot, signal)
  }

  /** The first slot of which this node still has the block. */
  firstBlock(signal: AbortSignal): Promise<bigint> {
    return this.#ask('getFirstAvailableBlock', [], shapes.slot, signal)
  }

  /** The final block of a slot. */
  async block(slot: bigint, signal: AbortSignal): Promise<SolanaBlock> {
    const options = { commitment: 'finalized', transactionDetails: 'none', rewards: false, ...ANY_VERSION }
    const found = await this.#ask('getBlock', [Number(slot), options], shapes.block, signal)
    const time = found?.blockTime
    if (found === null || time === null || time === undefined)
      throw new EndpointError('behind', `no block and time of slot ${slot}`)
    return { slot, blockhash: fromBase58(found.blockhash)!, timeSeconds: time }
  }

  /** Transactions that name an address, newest first: before one (or the newest), down to another. */
  async signatures(
    address: string,
    range: {
      readonly commitment: Commitment
      readonly before: string | undefined
      readonly until: string | undefined
      /** The node must be at this slot. */
      readonly atLeast: bigint
    },
    signal: AbortSignal,
  ): Promise<SignatureInfo[]> {
    const { commitment, before, until, atLeast } = range
    const options = {
      ...{ commitment, limit: SIGNATURES_PER_REQUEST, minContextSlot: Number(atLeast) },
      ...(before === undefined ? {} : { before }),
      ...(until === undefined ? {} : { until }),
    }
    const found = await this.#ask('getSignaturesForAddress', [address, options], shapes.signatures, signal)
    const infos = found.map((info) => ({
      ...{ signature: info.signature, slot: info.slot, isFailed: isFailure(info.err) },
    }))
    if (infos.some(({ slot }, index) => index > 0 && slot > infos[index - 1]!.slot))
      throw new EndpointError('malformed', 'signatures are not newest first')
    return infos
  }

  /** What a transaction did; undefined when it is not there (any more) at that commitment. */
  async transaction(
    of: string,
    commitment: Commitment,
    signal: AbortSignal,
  ): Promise<SolanaTransaction | undefined> {
    const options = { commitment, encoding: 'json', ...ANY_VERSION }
    const found = await this.#ask('getTransaction', [of, options], shapes.transaction, signal)
    if (found === null) return undefined
    const { slot, blockTime, meta } = found
    const { signatures, message } = found.transaction
    if (signatures[0] !== of) throw new EndpointError('wrong-transactions', `another one than ${of}`)
    return {
      ...{ signature: of, slot, timeSeconds: blockTime ?? undefined, isFailed: isFailure(meta.err) },
      computeUnits: meta.computeUnitsConsumed ?? 0n,
      signers: message.accountKeys.slice(0, message.header.numRequiredSignatures),
      called: isFailure(meta.err) ? [] : calledIn(meta, message),
    }
  }

  /** Accounts in the order of the addresses (at most 100); undefined: there is none. */
  async accounts(
    addresses: readonly string[],
    commitment: Commitment,
    signal: AbortSignal,
  ): Promise<(SolanaAccount | undefined)[]> {
    const options = { commitment, encoding: 'base64' }
    const { value } = await this.#ask('getMultipleAccounts', [addresses, options], shapes.accounts, signal)
    if (value.length !== addresses.length) throw new EndpointError('malformed', 'accounts: another number')
    return value.map((account) =>
      account === null ? undefined : { owner: account.owner, data: bytesOf(account.data[0]) },
    )
  }

  async #ask<Value>(
    method: string,
    parameters: readonly unknown[],
    shape: z.ZodType<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    const parsed = shape.safeParse(await this.#call(method, parameters, signal))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new EndpointError('malformed', `${method}: ${issue?.path.join('.')} ${issue?.message}`)
  }
}

const ANY_VERSION = { maxSupportedTransactionVersion: 0 }

type Transaction = NonNullable<z.output<typeof shapes.transaction>>

function calledIn(
  { innerInstructions, loadedAddresses }: Transaction['meta'],
  { accountKeys }: Transaction['transaction']['message'],
): CalledInstruction[] {
  if (!innerInstructions) throw new EndpointError('malformed', 'no inner instructions are recorded')
  try {
    return calledInstructions({ accountKeys, loadedAddresses, innerInstructions })
  } catch (error) {
    if (error instanceof RangeError) throw new EndpointError('malformed', error.message)
    throw error
  }
}

function isFailure(error: unknown): boolean {
  return error !== null && error !== undefined
}

function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('malformed', 'an account is not base64')
    throw error
  }
}
