import type { Hex } from 'viem'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { asRelayError, RelayError } from '../errors.ts'
import type { FailureClass } from '../errors.ts'
import type { EvmWallet } from '../keys/evm-wallet.ts'
import type { TransactionEnd } from '../outcome.ts'
import { EthRefusal } from './eth-api.ts'
import type { EthApi, EthReceipt } from './eth-api.ts'
import { bump, offer } from './fees.ts'
import type { FeeLimits, Fees } from './fees.ts'
import { Nonces } from './nonces.ts'
import { classifyNodeText, classifyRevert, isReplacementRefused } from './refusals.ts'
import { fitDraft } from './simulate.ts'
import type { Draft } from './simulate.ts'

/** What the submitter needs beside its wallet. */
export interface EvmSubmitterOptions {
  readonly chainId: bigint
  readonly pool: EndpointPool<EthApi>
  readonly wallet: EvmWallet
  readonly fees: FeeLimits
  /** Most gas of one transaction: this relayer's share of a block. */
  readonly gasMax: bigint
  /** Share added to estimated gas, in thousandths: 1200 allows 20 % more. */
  readonly gasAdjustmentPerMille: bigint
  /** Blocks that have to hold a transaction, its own included. */
  readonly confirmations: bigint
  /** A transaction that is in no block after this long is replaced by one that offers more. */
  readonly replaceAfterMs: number
  readonly confirmTimeoutMs: number
  readonly nowMs: () => number
  /** Resolves at the chain's next block, or after the given time. */
  readonly nextBlock: (waitMsMax: number) => Promise<void>
}

/** How a transaction ended, with what it logged. */
export interface EvmTransactionEnd extends TransactionEnd {
  readonly receipt: EthReceipt | undefined
}

/** A contract's creation has no `to`. */
interface Body {
  readonly to?: Hex
  readonly data: Hex
  readonly gas: bigint
}

/** A nonce's transaction and all that were sent to replace it: one of them, or none, gets into a block. */
interface Flying {
  readonly nonce: bigint
  readonly body: Body
  readonly hashes: Hex[]
  fees: Fees
}

type Sent = { readonly flying: Flying; readonly sent: readonly number[] } | RelayError | undefined

const RECOVERIES_MAX = 3
const REPLACEMENTS_AT_ONCE_MAX = 40
const LOOK_EVERY_MS = 1_000
/** Failures that are one transaction's own: the next of the flight may be sent. */
const ONE_TRANSACTION: ReadonlySet<FailureClass> = new Set(['message', 'transaction', 'gas', 'redundant'])

/**
 * Signs and sends with one account: one pipeline a chain. Transactions take consecutive nonces and are sent
 * before the first is in a block. One that doesn't get into a block is replaced with higher fees; nonces
 * are recovered from what blocks hold, so that after a restart whatever is stuck is replaced and no gap
 * remains.
 */
export class EvmSubmitter {
  readonly #options: EvmSubmitterOptions
  readonly #nonces = new Nonces()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: EvmSubmitterOptions) {
    this.#options = options
  }

  /**
   * Sends transactions to `to` in order; the first that has a message left carries the update. Where the
   * wallet, the client or the endpoint fails, the rest is not sent. Never rejects.
   */
  async send(
    to: Hex,
    drafts: readonly Draft[],
    join: (calls: readonly Hex[]) => Hex,
  ): Promise<EvmTransactionEnd[]> {
    const turn = this.#turn.then(() => this.#flight(to, drafts, join))
    this.#turn = turn.catch(() => {})
    const flight = await turn
    return await Promise.all(flight.map(({ sent, refused }) => this.#confirm(sent, refused)))
  }

  /** Creates a contract. Throws `RelayError`. */
  async create(data: Hex): Promise<EthReceipt> {
    const turn = this.#turn.then(async () => {
      const gas = await this.#estimate({ data })
      return await this.#broadcast({ data, gas: this.#gasLimit(gas) })
    })
    this.#turn = turn.catch(() => {})
    const { receipt, error } = await this.#confirm({ flying: await turn, sent: [] }, new Map())
    if (error !== undefined || receipt === undefined) {
      throw error ?? new RelayError('transaction', 'later', 'nothing was sent')
    }
    return receipt
  }

  async #flight(to: Hex, drafts: readonly Draft[], join: (calls: readonly Hex[]) => Hex) {
    const flight: { sent: Sent; refused: Map<number, RelayError> }[] = []
    let withUpdate = true
    for (const draft of drafts) {
      const stopped = flight.find(
        ({ sent }) => sent instanceof RelayError && !ONE_TRANSACTION.has(sent.failure),
      )
      if (stopped !== undefined) {
        flight.push({ sent: stopped.sent, refused: new Map() })
        continue
      }
      const refused = new Map<number, RelayError>()
      const sent = await this.#prepare(to, draft, join, withUpdate, refused).catch(asRelayError)
      if (sent !== undefined && !(sent instanceof RelayError)) withUpdate = false
      flight.push({ sent, refused })
    }
    return flight
  }

  async #prepare(
    to: Hex,
    draft: Draft,
    join: (calls: readonly Hex[]) => Hex,
    withUpdate: boolean,
    refused: Map<number, RelayError>,
  ): Promise<Sent> {
    // The update of an earlier transaction of this flight is in no block yet: it is simulated, not sent
    // again.
    const estimate = (calls: readonly Hex[]) => this.#estimate({ to, data: join(calls) })
    const fit = await fitDraft(draft, estimate, this.#options.gasMax)
    for (const [index, error] of fit.refused) refused.set(index, error)
    if (fit.kept.length === 0 && draft.messages > 0) return undefined
    const calls = draft.encode(fit.kept, withUpdate)
    if (calls.length === 0) return undefined
    const flying = await this.#broadcast({ to, data: join(calls), gas: this.#gasLimit(fit.gas) })
    return { flying, sent: fit.kept }
  }

  async #estimate(call: { readonly to?: Hex; readonly data: Hex }): Promise<bigint> {
    const { pool, wallet } = this.#options
    const result = await pool.call(async (api) => {
      try {
        return await api.estimateGas({ ...call, from: wallet.address })
      } catch (error) {
        // Returned, not thrown: the contract's refusal is the same everywhere, no other endpoint need be
        // asked.
        if (!(error instanceof EthRefusal)) throw error
        return classifyNodeText(error) ?? classifyRevert(error)
      }
    })
    if (result instanceof RelayError) throw result
    return result
  }

  #gasLimit(gas: bigint): bigint {
    const { gasAdjustmentPerMille, gasMax } = this.#options
    const wanted = (gas * gasAdjustmentPerMille) / 1000n
    return wanted < gasMax ? wanted : gasMax
  }

  async #broadcast(body: Body): Promise<Flying> {
    await this.#loadNonce()
    let fees = await this.#freshFees()
    for (let recovery = 0; ; recovery += 1) {
      const nonce = this.#nonces.take()
      try {
        const flying: Flying = { nonce, body, hashes: [], fees }
        await this.#sendAtAnyPrice(flying)
        return flying
      } catch (cause) {
        this.#nonces.release(nonce)
        const error = asRelayError(cause)
        if (error.failure !== 'sequence' || recovery >= RECOVERIES_MAX) throw error
        this.#nonces.forget()
        await this.#readNonce()
        fees = await this.#freshFees()
      }
    }
  }

  /**
   * Sends, and offers more where a node holds another transaction with this nonce: one of an earlier
   * process.
   */
  async #sendAtAnyPrice(flying: Flying): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#sendOnce(flying)
      } catch (cause) {
        const error = asRelayError(cause)
        if (!isReplacementRefused(error) || attempt >= REPLACEMENTS_AT_ONCE_MAX) throw error
        const fees = bump(flying.fees, await this.#freshFees(), this.#options.fees)
        if (fees === undefined) {
          const text = `a stuck transaction with nonce ${flying.nonce} offers as much as maxFeePerGas allows`
          throw new RelayError('fees', 'later', text)
        }
        flying.fees = fees
      }
    }
  }

  async #sendOnce(flying: Flying): Promise<void> {
    const { pool, wallet, chainId } = this.#options
    const { nonce, body, fees } = flying
    const { raw, hash } = await wallet.signTransaction({ chainId, nonce, ...body, ...fees })
    // Known before it is sent: an endpoint may take it and then not answer.
    if (!flying.hashes.includes(hash)) flying.hashes.push(hash)
    await pool.race(async (api) => {
      try {
        await api.sendRaw(raw)
      } catch (error) {
        const meant = classifyNodeText(error)
        if (meant?.failure === 'redundant') return // it was sent before and only has to land
        throw meant ?? error
      }
    })
  }

  async #freshFees(): Promise<Fees> {
    const { pool, fees } = this.#options
    const { baseFee, priority } = await pool.call(async (api) => {
      const [{ baseFee }, priority] = await Promise.all([
        api.block('latest'),
        fees.priorityFeePerGas === undefined ? api.priorityFee() : 0n,
      ])
      return { baseFee, priority }
    })
    if (baseFee > fees.maxFeePerGas) {
      throw new RelayError('fees', 'later', `the base fee of ${baseFee} wei is above maxFeePerGas`)
    }
    return offer(baseFee, priority, fees)
  }

  /** At the start, transactions of an earlier process may be on their way: they get their time to land. */
  async #loadNonce(): Promise<void> {
    if (this.#nonces.isKnown) return
    const { pool, wallet, replaceAfterMs, nowMs, nextBlock } = this.#options
    const deadline = nowMs() + replaceAfterMs
    for (;;) {
      const confirmed = await this.#readNonce()
      const pending = await pool.call((api) => api.transactionCount(wallet.address, 'pending'))
      if (pending <= confirmed || nowMs() >= deadline) return
      await nextBlock(LOOK_EVERY_MS)
    }
  }

  async #readNonce(): Promise<bigint> {
    const { pool, wallet } = this.#options
    const count = await pool.call((api) => api.transactionCount(wallet.address, 'latest'))
    this.#nonces.noteConfirmed(count)
    return count
  }

  /** Waits until the transaction is deep enough in the chain, replacing it while it is in no block. */
  async #confirm(sent: Sent, refused: Map<number, RelayError>): Promise<EvmTransactionEnd> {
    const nothing = { inclusion: undefined, receipt: undefined, refused }
    if (sent === undefined) return { ...nothing, error: undefined }
    if (sent instanceof RelayError) return { ...nothing, error: sent }
    const { flying } = sent
    const result = await this.#await(flying).catch(asRelayError)
    this.#nonces.release(flying.nonce)
    if (result instanceof RelayError) {
      this.#nonces.forget()
      return { ...nothing, error: result }
    }
    this.#nonces.noteConfirmed(flying.nonce + 1n)
    const { hash, blockNumber: height, gasUsed, gasPrice } = result
    const inclusion = { hash, height, gasUsed, fee: { amount: gasUsed * gasPrice, denom: 'wei' } }
    const error = result.isSuccess ? undefined : await this.#reason(flying, result)
    return { inclusion, receipt: result, refused, error }
  }

  async #await(flying: Flying): Promise<EthReceipt> {
    const { confirmTimeoutMs, replaceAfterMs, nowMs, nextBlock } = this.#options
    const deadline = nowMs() + confirmTimeoutMs
    let replaceAt = nowMs() + replaceAfterMs
    let consumed = 0
    while (nowMs() < deadline) {
      const seen = await this.#look(flying).catch(() => 'unknown' as const)
      if (typeof seen === 'object') return seen
      consumed = seen === 'consumed' ? consumed + 1 : 0
      // Twice, because an endpoint may tell the new count before the receipt.
      if (consumed > 2) {
        const text = `nonce ${flying.nonce} went to a transaction that is not ours: one key, one relayer`
        throw new RelayError('sequence', 'now', text)
      }
      if (seen === 'waiting' && nowMs() >= replaceAt) {
        await this.#replace(flying)
        replaceAt = nowMs() + replaceAfterMs
      }
      await nextBlock(LOOK_EVERY_MS)
    }
    throw new RelayError('unconfirmed', 'now', `${flying.hashes.at(-1) ?? ''} was not seen in a block`)
  }

  async #look(flying: Flying): Promise<EthReceipt | 'waiting' | 'shallow' | 'consumed'> {
    const { pool, wallet, confirmations } = this.#options
    return await pool.call(async (api) => {
      const count = await api.transactionCount(wallet.address, 'latest')
      for (const hash of [...flying.hashes].reverse()) {
        const receipt = await api.receipt(hash)
        if (receipt === undefined) continue
        const head = await api.block('latest')
        if (head.number + 1n < receipt.blockNumber + confirmations) return 'shallow'
        const block = await api.block(receipt.blockNumber)
        if (block.hash === receipt.blockHash) return receipt
        // Reorganised between two answers, or not to be believed: another endpoint is asked.
        throw new RelayError('endpoint', 'now', `${api.url} names another block than its receipt`)
      }
      return count > flying.nonce ? 'consumed' : 'waiting'
    })
  }

  /** Offers more, or the same again where the limit is reached: nodes drop what waits for long. */
  async #replace(flying: Flying): Promise<void> {
    try {
      flying.fees = bump(flying.fees, await this.#freshFees(), this.#options.fees) ?? flying.fees
      await this.#sendOnce(flying)
    } catch {
      // The one that was sent before still waits; the next round tries again.
    }
  }

  /** Why a transaction reverted in its block: asked again in the state after it, as near as nodes tell. */
  async #reason({ body }: Flying, receipt: EthReceipt): Promise<RelayError> {
    const { pool, wallet } = this.#options
    if (receipt.gasUsed * 100n >= body.gas * 98n)
      return new RelayError('gas', 'now', 'out of gas in its block')
    const call = { from: wallet.address, data: body.data, ...(body.to === undefined ? {} : { to: body.to }) }
    const text = await pool
      .call((api) => api.call(call, receipt.blockNumber))
      .then(() => 'it would not now')
      .catch((error: unknown) =>
        error instanceof EthRefusal ? classifyRevert(error).message : asRelayError(error).message,
      )
    return new RelayError('transaction', 'later', `reverted in its block: ${text}`)
  }
}
