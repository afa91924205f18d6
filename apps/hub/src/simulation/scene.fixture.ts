// What actions of a simulation see and do: accounts, chains, prices, the committed state, and a mempool whose
// proposer takes also what CheckTx has refused when it is told to.
import { toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { QueryMarketRequest, QueryMarketResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { CosmosApplication } from '../application.ts'
import type { ReadContext } from '../block/context.ts'
import { createAddressCodec } from '../identifiers.ts'
import type { Holder } from '../identifiers.ts'
import { ACCOUNTS_STORE, readAccount } from '../modules/accounts/state.ts'
import { cashOf } from '../modules/cash/pool.ts'
import { CASH_STORE, readCash, readPool } from '../modules/cash/state.ts'
import { LEDGER_STORE, readBalance } from '../modules/ledger/state.ts'
import type { Market, Order } from '../modules/markets/market.ts'
import {
  MARKETS_STORE,
  markets,
  marketsVersion,
  readFigures,
  storedOrders,
} from '../modules/markets/state.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import type { CounterpartyChain } from './counterparty.fixture.ts'
import type { Coverage } from './coverage.fixture.ts'
import { codeOfResult } from './coverage.fixture.ts'
import type { SimulationDriver } from './driver.fixture.ts'
import type { PricePath } from './price-path.fixture.ts'
import type { Random } from './random.fixture.ts'

/** Addresses of the hub. */
export const addresses = createAddressCodec('cway')

/** What a scene is made of. */
export interface SceneParts {
  readonly random: Random
  readonly driver: SimulationDriver
  readonly prices: PricePath
  readonly coverage: Coverage
  readonly actors: readonly Actor[]
  readonly operators: readonly Actor[]
  readonly relayers: readonly Actor[]
  readonly chains: readonly CounterpartyChain[]
}

/** How a transaction is handed in. */
export interface Handing {
  /** Into the block whatever CheckTx says: the proposer is hostile. */
  readonly isForced?: boolean
  readonly onResult?: (result: ExecTxResult) => void
}

interface Waiting {
  readonly kind: string
  readonly onResult: ((result: ExecTxResult) => void) | undefined
}

const GAS_PRICE_PER_THOUSAND = 25n
const TOKEN_GAS = 30_000n
const ACTIONS_REMEMBERED = 200
const TRANSACTIONS_REMEMBERED = 60

/** The scene. */
export class Scene {
  readonly random: Random
  readonly driver: SimulationDriver
  readonly prices: PricePath
  readonly coverage: Coverage
  readonly actors: readonly Actor[]
  readonly operators: readonly Actor[]
  readonly relayers: readonly Actor[]
  readonly chains: readonly CounterpartyChain[]
  /** What was handed in last, for a report of a failure. */
  readonly lastActions: string[] = []
  /** Transactions of earlier blocks, to be replayed. */
  readonly oldTransactions: Uint8Array[] = []
  /** How many transactions CheckTx has admitted for the next block. */
  admitted = 0
  #waiting = new Map<string, Waiting>()
  #readHeights = new Map<string, bigint>()
  #markets: { readonly version: bigint; readonly all: readonly Market[] } | undefined
  #marks = { height: -1n, known: new Map<bigint, bigint>() }

  constructor(parts: SceneParts) {
    this.random = parts.random
    this.driver = parts.driver
    this.prices = parts.prices
    this.coverage = parts.coverage
    this.actors = parts.actors
    this.operators = parts.operators
    this.relayers = parts.relayers
    this.chains = parts.chains
  }

  get hub(): CosmosApplication {
    return this.driver.application as CosmosApplication
  }

  /** The committed state. */
  get state(): ReadContext {
    return this.hub.chain.readLatest()
  }

  get timeSeconds(): bigint {
    return this.driver.timeSeconds
  }

  /** Somebody whose account exists. */
  actor(): Actor {
    for (;;) {
      const actor = this.random.pick(this.actors)
      if (!actor.isAbsorbed) return this.ready(actor)
    }
  }

  /** An actor that knows its number and sequence in this block. */
  ready(actor: Actor): Actor {
    if (this.#readHeights.get(actor.name) === this.driver.height) return actor
    this.#readHeights.set(actor.name, this.driver.height)
    const account = readAccount(this.state.store(ACCOUNTS_STORE), actor.id)
    if (account !== undefined) {
      actor.sequence = account.sequence
      actor.accountNumber = account.number
    }
    return actor
  }

  /** Hands in a transaction of messages that aren't trades. */
  send(kind: string, actor: Actor, messages: readonly Any[], options: SignOptions & Handing = {}): void {
    const gasLimit = options.gasLimit ?? 400_000n
    const wallet = this.random.chance(0.2) ? this.random.pick([actor, ...actor.linked]) : actor
    this.ready(actor)
    const fee = options.fee ?? [{ denom: 'ucway', amount: feeOf(gasLimit) }]
    const tx = actor.signBy(wallet, messages, { ...options, gasLimit, fee })
    if (!this.submit(kind, tx, options) && options.sequence === undefined) actor.sequence--
  }

  /** Hands in a transaction of trade messages: by the session key, or by a wallet. */
  trade(
    kind: string,
    actor: Actor,
    messages: readonly Any[],
    options: { readonly tokens?: number; readonly nonce?: bigint } & Handing = {},
  ): void {
    this.ready(actor)
    const sequence = options.nonce ?? actor.nonce(this.driver.timeNanoseconds)
    const gasLimit = TOKEN_GAS * BigInt(options.tokens ?? messages.length)
    const isPaid = this.random.chance(0.1)
    const fee = isPaid ? [{ denom: 'ucway', amount: feeOf(gasLimit) }] : []
    const bySession = actor.sessionExpirySeconds > this.timeSeconds && this.random.chance(0.8)
    const signing = { gasLimit, fee, sequence }
    const tx = bySession ? actor.signBySession(messages, signing) : actor.sign(messages, signing)
    this.submit(kind, tx, options)
  }

  /** Hands in bytes; whether they wait for the next block. */
  submit(kind: string, tx: Uint8Array, { isForced = false, onResult }: Handing = {}): boolean {
    this.lastActions.push(`${this.driver.height + 1n} ${kind}`)
    if (this.lastActions.length > ACTIONS_REMEMBERED) this.lastActions.shift()
    const checked = this.hub.checkTx({ tx, type: 0 })
    if (checked.code !== 0 && !isForced) {
      this.coverage.note(kind, codeOfResult(checked))
      return false
    }
    if (checked.code === 0) this.admitted++
    this.driver.mempool.push(tx)
    this.#waiting.set(toHex(tx), { kind, onResult })
    return true
  }

  /** After a block: what became of its transactions. */
  settle(txs: readonly Uint8Array[], results: readonly ExecTxResult[]): void {
    txs.forEach((tx, i) => {
      const waiting = this.#waiting.get(toHex(tx))
      if (waiting === undefined) return
      this.#waiting.delete(toHex(tx))
      this.coverage.note(waiting.kind, codeOfResult(results[i]!))
      waiting.onResult?.(results[i]!)
      this.oldTransactions.push(tx)
    })
    for (const { kind } of this.#waiting.values()) this.coverage.note(kind, 'left out')
    this.#waiting.clear()
    this.admitted = 0
    this.driver.mempool = []
    while (this.oldTransactions.length > TRANSACTIONS_REMEMBERED) this.oldTransactions.shift()
  }

  /** All markets. */
  markets(): readonly Market[] {
    const store = this.state.store(MARKETS_STORE)
    const version = marketsVersion(store)
    if (this.#markets?.version !== version) this.#markets = { version, all: [...markets(store)] }
    return this.#markets.all
  }

  /** One market that trades: perpetuals and spot as often as the many others. */
  market(kind?: Market['kind']): Market {
    const wanted = kind ?? this.random.weighted(KINDS).kind
    const open = this.markets().filter((market) => market.kind === wanted && market.status !== 'settling')
    if (open.length === 0) return this.markets()[0]!
    // Most of it happens in a few of them: there is somebody to trade with.
    return this.random.chance(0.9) ? this.#near(open) : this.random.pick(open)
  }

  /** The mark of a market, or what the world pays where the chain has none. */
  markE9(market: Market): bigint {
    if (this.#marks.height !== this.driver.height)
      this.#marks = { height: this.driver.height, known: new Map<bigint, bigint>() }
    let markE9 = this.#marks.known.get(market.id)
    if (markE9 === undefined) {
      markE9 = this.#askMark(market)
      this.#marks.known.set(market.id, markE9)
    }
    return markE9
  }

  /** Cash of a subaccount, micro-cash. */
  cashE6(holder: Holder): bigint {
    const store = this.state.store(CASH_STORE)
    return cashOf(readPool(store), readCash(store, holder).shares)
  }

  /** A balance, base units. */
  balance(holder: Holder, asset: bigint): bigint {
    return readBalance(this.state.store(LEDGER_STORE), holder, asset)
  }

  /** Orders of a subaccount that rest. */
  orders(holder: Holder): readonly Order[] {
    return [...storedOrders(this.state.store(MARKETS_STORE), holder)]
  }

  /** What risk says of a subaccount. */
  portfolio(holder: Holder) {
    const data = QueryPortfolioRequest.encode({ account: addresses.encodeHolder(holder), explain: false })
    const { value } = this.driver.query('/causeway.risk.v1.Query/Portfolio', data.finish())
    return QueryPortfolioResponse.decode(value)
  }

  #near(open: readonly Market[]): Market {
    const sorted = [...open]
      .map((market) => ({ market, distance: this.#distance(market) }))
      .sort((a, b) => a.distance - b.distance || Number(a.market.id - b.market.id))
    return this.random.pick(sorted.slice(0, 6)).market
  }

  #distance({ strikeE9, underlying, expirySeconds }: Market): number {
    const hours = Number(expirySeconds - this.timeSeconds) / 3_600
    const off = strikeE9 === 0n ? 0 : Math.abs(Number(strikeE9) / 1e9 / this.prices.priceOf(underlying) - 1)
    return off * 1_000 + (expirySeconds === 0n ? 0 : hours / 1_000)
  }

  #askMark(market: Market): bigint {
    const { markE9 } = readFigures(this.state.store(MARKETS_STORE), market.id)
    if (market.kind !== 'option' && markE9 > 0n) return markE9
    if (market.kind !== 'option') return this.#world(market)
    const data = QueryMarketRequest.encode({ id: market.id, symbol: '' }).finish()
    const { value } = this.driver.query('/causeway.markets.v1.Query/Market', data)
    const asked = QueryMarketResponse.decode(value).market?.figures?.markE9 ?? 0n
    return asked > 0n ? asked : this.#world(market) / 50n
  }

  #world({ underlying }: Market): bigint {
    return BigInt(Math.round(this.prices.priceOf(underlying) * 100)) * 10_000_000n
  }
}

const KINDS = [
  { kind: 'perpetual', weight: 5 },
  { kind: 'option', weight: 4 },
  { kind: 'future', weight: 2 },
  { kind: 'spot', weight: 2 },
] as const

function feeOf(gasLimit: bigint): string {
  return ((gasLimit * GAS_PRICE_PER_THOUSAND + 999n) / 1_000n).toString()
}
