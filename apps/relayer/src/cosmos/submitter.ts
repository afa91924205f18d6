import { sha256, toHexUpper } from '@causeway/primitives'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import { asRelayError, RelayError } from '../errors.ts'
import type { FailureClass } from '../errors.ts'
import type { Wallet } from '../keys/wallet.ts'
import type { Inclusion } from '../chain.ts'
import type { TransactionEnd } from '../outcome.ts'
import { abciQuery, QueryRefusal } from './abci-query.ts'
import { queryAccount } from './account.ts'
import type { Account } from './account.ts'
import { classifyRefusal, classifyText, expectedSequence } from './classify.ts'
import type { CometPool } from './comet-pool.ts'
import { feeFor, gasLimitFor, reckonedGas } from './gas.ts'
import type { GasSettings } from './gas.ts'
import { signTransaction, simulatedTransaction } from './transaction.ts'

/** What one transaction came to. Messages blamed in simulation are left out before anything is paid. */
export interface Receipt extends TransactionEnd {
  /** protobuf `TxMsgData` of the included transaction. */
  readonly data: Uint8Array
}

/** What the submitter needs beside its wallet. */
export interface SubmitterOptions {
  readonly chainId: string
  readonly pool: CometPool
  readonly wallet: Wallet
  readonly gas: GasSettings
  readonly confirmTimeoutMs: number
  readonly memo: string
  readonly nowMs: () => number
  /** Resolves at the chain's next block, or after the given time. */
  readonly nextBlock: (waitMsMax: number) => Promise<void>
}

interface Prepared {
  readonly kept: readonly number[]
  readonly refused: Map<number, RelayError>
  readonly gasUsed: bigint | undefined
}

type Sent =
  | { readonly hash: Uint8Array; readonly fee: Inclusion['fee']; readonly sent: readonly number[] }
  | RelayError
  | undefined

const RECOVERIES_MAX = 3
/** Failures that are one transaction's own: the next of the flight may be sent. */
const ONE_TRANSACTION: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'message',
  'transaction',
  'gas',
  'redundant',
])

/**
 * Signs and broadcasts with one account: one pipeline a chain. Transactions take consecutive sequences and
 * are broadcast before the first is included, so that a flight costs one block; waiting for inclusion holds
 * up nobody.
 */
export class Submitter {
  readonly #options: SubmitterOptions
  #account: Account | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: SubmitterOptions) {
    this.#options = options
  }

  /**
   * Sends transactions in order. `lead` (the client update) travels in the first that has a message left,
   * and alone if there are no messages at all. Where the wallet, the client or the endpoint fails, the rest
   * is not sent. Never rejects.
   */
  async send(lead: readonly Any[], drafts: readonly (readonly Any[])[]): Promise<Receipt[]> {
    const turn = this.#turn.then(() => this.#flight(lead, drafts))
    this.#turn = turn.catch(() => {})
    const flight = await turn
    return await Promise.all(flight.map(({ sent, refused }) => this.#confirm(sent, refused)))
  }

  async #flight(lead: readonly Any[], drafts: readonly (readonly Any[])[]) {
    const flight: { sent: Sent; refused: Map<number, RelayError> }[] = []
    let unsentLead = lead
    for (const messages of drafts) {
      const stopped = flight.find(
        ({ sent }) => sent instanceof RelayError && !ONE_TRANSACTION.has(sent.failure),
      )
      if (stopped !== undefined) {
        flight.push({ sent: stopped.sent, refused: new Map() })
        continue
      }
      const refused = new Map<number, RelayError>()
      const sent = await this.#prepareAndBroadcast(lead, unsentLead, messages, refused).catch(asRelayError)
      if (sent !== undefined && !(sent instanceof RelayError)) unsentLead = []
      flight.push({ sent, refused })
    }
    return flight
  }

  async #prepareAndBroadcast(
    lead: readonly Any[],
    unsentLead: readonly Any[],
    messages: readonly Any[],
    refused: Map<number, RelayError>,
  ): Promise<Sent> {
    const { kept, gasUsed } = await this.#prepare(lead, messages, refused)
    if (kept.length === 0 && messages.length > 0) return undefined
    const body = [...unsentLead, ...kept.flatMap((index) => messages[index] ?? [])]
    if (body.length === 0) return undefined
    const { hash, fee } = await this.#broadcast(body, gasUsed)
    return { hash, fee, sent: [...unsentLead.map(() => -1), ...kept] }
  }

  /** Simulates, leaving out one blamed message after the other, so that a poison packet holds up nothing. */
  async #prepare(
    lead: readonly Any[],
    messages: readonly Any[],
    refused: Map<number, RelayError>,
  ): Promise<Prepared> {
    let kept = messages.map((_, index) => index)
    if (this.#options.gas.mode === 'configured') return { kept, refused, gasUsed: undefined }
    const reckoned = reckonedGas([...lead, ...messages])
    if (reckoned !== undefined) return { kept, refused, gasUsed: reckoned }
    for (;;) {
      if (kept.length === 0 && messages.length > 0) return { kept, refused, gasUsed: 0n }
      try {
        const gasUsed = await this.#simulate([...lead, ...kept.flatMap((index) => messages[index] ?? [])])
        return { kept, refused, gasUsed }
      } catch (cause) {
        const error = asRelayError(cause)
        const position = (error.messageIndex ?? -1) - lead.length
        const blamed = kept[position]
        if (position < 0 || blamed === undefined || error.failure === 'gas') throw error
        refused.set(blamed, error)
        kept = kept.filter((index) => index !== blamed)
      }
    }
  }

  async #simulate(messages: readonly Any[]): Promise<bigint> {
    const { pool, wallet } = this.#options
    let { sequence } = await this.#loadAccount()
    for (let recovery = 0; ; recovery += 1) {
      const txBytes = simulatedTransaction(wallet, messages, sequence)
      try {
        const path = '/cosmos.tx.v1beta1.Service/Simulate'
        const answer = await abciQuery(pool, path, SimulateRequest, SimulateResponse, {
          tx: undefined,
          txBytes,
        })
        return answer.gasInfo?.gasUsed ?? 0n
      } catch (cause) {
        const error = readSimulationError(cause)
        // A simulation may see the state between commit and recheck: follow it without changing what is
        // signed.
        const expected = expectedSequence(error.message)
        if (expected === undefined || recovery >= RECOVERIES_MAX) throw error
        sequence = expected
      }
    }
  }

  async #broadcast(
    messages: readonly Any[],
    gasUsed: bigint | undefined,
  ): Promise<{ hash: Uint8Array; fee: Inclusion['fee'] }> {
    const { chainId, pool, wallet, gas, memo } = this.#options
    const gasLimit = gasLimitFor(gas, messages, gasUsed)
    const feeAmount = feeFor(gas, gasLimit)
    for (let recovery = 0; ; recovery += 1) {
      const account = await this.#loadAccount()
      const terms = {
        chainId,
        accountNumber: account.number,
        sequence: account.sequence,
        gasLimit,
        feeAmount,
        memo,
      }
      const tx = await signTransaction(wallet, messages, { ...terms, feeDenom: gas.price.denom })
      try {
        await broadcastSync(pool, tx)
        account.sequence += 1n
        return { hash: sha256(tx), fee: { amount: feeAmount, denom: gas.price.denom } }
      } catch (cause) {
        const error = asRelayError(cause)
        if (error.failure !== 'sequence' || recovery >= RECOVERIES_MAX) throw error
        this.#recoverSequence(error)
      }
    }
  }

  /** Waits until the transaction is in a block; an unseen one is reported, and the sequence read afresh. */
  async #confirm(sent: Sent, refused: Map<number, RelayError>): Promise<Receipt> {
    const nothing = { inclusion: undefined, data: new Uint8Array(), refused }
    if (sent === undefined) return { ...nothing, error: undefined }
    if (sent instanceof RelayError) return { ...nothing, error: sent }
    const { pool, confirmTimeoutMs, nowMs, nextBlock } = this.#options
    const deadline = nowMs() + confirmTimeoutMs
    for (let attempt = 0; nowMs() < deadline; attempt += 1) {
      const found = await pool.call((client) => client.tx({ hash: sent.hash })).catch(() => undefined)
      if (found !== undefined) {
        const { code, codespace = '', log = '', gasUsed, data = new Uint8Array() } = found.result
        const hash = toHexUpper(sent.hash)
        const inclusion = { hash, height: BigInt(found.height), gasUsed, fee: sent.fee }
        if (code === 0) return { inclusion, data, refused, error: undefined }
        return {
          inclusion,
          data,
          refused,
          error: atDraftIndex(classifyRefusal({ code, codespace, log }), sent.sent),
        }
      }
      // A node indexes a block's transactions a moment after it tells of the block: look again soon, then
      // at each block.
      await nextBlock(attempt % 4 === 0 ? 500 : 25)
    }
    this.#account = undefined
    return {
      ...nothing,
      error: new RelayError('unconfirmed', 'now', `${toHexUpper(sent.hash)} was not seen in a block`),
    }
  }

  async #loadAccount(): Promise<Account> {
    this.#account ??= await queryAccount(this.#options.pool, this.#options.wallet.address)
    return this.#account
  }

  #recoverSequence(error: RelayError): void {
    const expected = expectedSequence(error.message)
    if (expected !== undefined && this.#account !== undefined) this.#account.sequence = expected
    else this.#account = undefined
  }
}

async function broadcastSync(pool: CometPool, tx: Uint8Array): Promise<void> {
  const refusal = await pool.call(async (client) => {
    try {
      const { code, codespace = '', log = '' } = await client.broadcastTxSync({ tx })
      // Returned, not thrown: the application's refusal is the same everywhere, another endpoint need not
      // be asked.
      return code === 0 ? undefined : classifyRefusal({ code, codespace, log })
    } catch (cause) {
      const error = asRelayError(cause)
      // It was sent before and only has to land.
      if (/already exists in cache|already in mempool/.test(error.message)) return undefined
      throw classifyText(error.message) ?? error
    }
  })
  if (refusal !== undefined) throw refusal
}

/** Turns the index that the chain named into the draft's own; the lead's indices become none. */
function atDraftIndex(error: RelayError, sent: readonly number[]): RelayError {
  if (error.messageIndex === undefined) return error
  const index = sent[error.messageIndex] ?? -1
  if (index < 0) return new RelayError('client', error.retry, error.message)
  return new RelayError(error.failure, error.retry, error.message, { messageIndex: index })
}

function readSimulationError(cause: unknown): RelayError {
  if (!(cause instanceof QueryRefusal)) return asRelayError(cause)
  const { code, codespace, log } = cause
  // The SDK answers a query with codes of its own and tells the transaction's failure in words only.
  return classifyRefusal({ code, codespace: codespace === 'sdk' ? 'simulate' : codespace, log })
}
