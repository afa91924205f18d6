// A crowd that fails at once, on a hub in this process: accounts written at genesis, a price that falls, and
// bidders who take what is for sale.
import { fromNanoseconds } from '@causeway/light-clients'
import {
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import type { Context } from '../block/context.ts'
import type { Module } from '../block/module.ts'
import { createAddressCodec } from '../identifiers.ts'
import type { Holder } from '../identifiers.ts'
import { SHARE_SCALE, INDEX_ONE } from '../modules/cash/pool.ts'
import { CASH_STORE, readPool, writeCash, writePool } from '../modules/cash/state.ts'
import {
  MARKETS_STORE,
  marketIdOf,
  readFigures,
  writeFigures,
  writePositions,
} from '../modules/markets/state.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from './driver.fixture.ts'
import { hubOptions } from './hub.fixture.ts'
import { message } from './messages.fixture.ts'
import { E6, E9, ETH, USD, tradingGenesis } from './trading-hub.fixture.ts'
import { commitOf, testValidators } from './validators.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

/** How large a cascade is. */
export interface CascadeOptions {
  readonly accounts: number
  readonly bidders: number
  /** Members of liquidation's parameters. */
  readonly params?: Record<string, string>
  /** How many hold the other side; absent: one. */
  readonly others?: number
}

/** One block of it. */
export interface CascadeBlock {
  readonly milliseconds: number
  readonly response: ResponseFinalizeBlock
}

const NONE = new Uint8Array(0)
const BYTES = 22_000_000n
const PRICE_E9 = 3_000n * E9
/** Of what they hold: initial margin asks for less, and a fall of 8 % leaves less than maintenance. */
const CASH_PERCENT = 23n
/** Numbers of those who hold the other side count from here. */
const OTHERS = 1_000_000
/** What a bid takes. */
const GAS = { gasLimit: 200_000n, fee: [{ denom: 'ucway', amount: '5000' }] }
const addresses = createAddressCodec('cway')

/** A hub on which so many accounts are long ether with little cash, and one is short all of it. */
export class CascadeRun {
  readonly application: CosmosApplication
  #priceE9 = PRICE_E9
  readonly #driver: Driver
  readonly #bidders: readonly Wallet[]

  constructor({ accounts, bidders, params = {}, others = 1 }: CascadeOptions) {
    this.#bidders = Array.from({ length: bidders }, (_, i) => new Wallet(`bidder ${i}`))
    for (const [i, wallet] of this.#bidders.entries()) wallet.accountNumber = BigInt(i + 1)
    const hub = hubOptions(createMemoryStorage(), {
      mempoolTransactionsMax: 50_000,
      keepVersions: 100n,
      priceSource: (_, publishTimeSeconds) => [
        { asset: USD, priceE9: E9, publishTimeSeconds },
        { asset: ETH, priceE9: this.#priceE9, publishTimeSeconds },
      ],
    })
    const parts = applicationOptions(hub)
    const composed = hubComposition({ ...hub, ...parts })
    const crowd = crowdModule({ accounts, others }, this.#bidders)
    this.application = new CosmosApplication({ ...composed, modules: [...composed.modules, crowd] }, parts)
    this.#driver = new Driver(this.application, testValidators([10n]))
    const oracle = { feeds: [feedOf(USD, 'USDZ', E9), feedOf(ETH, 'ETH', PRICE_E9)] }
    this.#driver.initChain(tradingGenesis(this.#bidders, { genesis: { liquidation: { params }, oracle } }))
    for (let i = 0; i < 6; i++) this.block()
  }

  /** The price moves by at most 5 % a block. */
  priced(priceE9: bigint): this {
    this.#priceE9 = priceE9
    return this
  }

  /** A block with a bid for the whole of each of these accounts; a bidder each in turn. */
  block(accounts: readonly string[] = []): CascadeBlock {
    const driver = this.#driver
    driver.mempool = []
    accounts.forEach((account, i) => {
      const wallet = this.#bidders[i % this.#bidders.length]!
      const bid: MsgBid = {
        ...{ bidder: wallet.address, account, underlying: 0n, shareE9: E9, maxPriceE6: `${10n ** 15n}` },
      }
      const tx = wallet.sign([message('causeway.liquidation.v1.MsgBid', bid)], GAS)
      if (driver.submit(tx).code !== 0) wallet.sequence--
    })
    const height = driver.height + 1n
    const timeNanoseconds = driver.timeNanoseconds + E9
    const time = fromNanoseconds(timeNanoseconds)
    const common = { misbehavior: [], nextValidatorsHash: NONE, proposerAddress: NONE, height, time }
    const { mempool, lastCommit: localLastCommit } = driver
    const { txs } = this.application.prepareProposal({
      ...common,
      ...{ maxTxBytes: BYTES, txs: mempool, localLastCommit },
    })
    const request = { ...common, txs, decidedLastCommit: commitOf(localLastCommit), hash: NONE }
    const vote = driver.vote(request)
    const before = milliseconds()
    const response = this.application.finalizeBlock(request)
    this.application.commit()
    const after = milliseconds()
    Object.assign(driver, { height, timeNanoseconds, lastCommit: vote })
    return { milliseconds: after - before, response }
  }

  /** Accounts whose auctions are open, ascending, as the last block left them; `after` those that it sold. */
  forSale(most: number, after?: CascadeBlock): string[] {
    const sold = new Set(after === undefined ? [] : soldIn(after.response))
    const request = QueryLiquidationsRequest.encode({ after: '', limit: 1_000 }).finish()
    const { value } = this.#driver.query('/causeway.liquidation.v1.Query/Liquidations', request)
    return QueryLiquidationsResponse.decode(value)
      .liquidations.filter(
        ({ account, liquidation }) => liquidation!.stage === 'auction' && !sold.has(account),
      )
      .slice(0, most)
      .map(({ account }) => account)
  }
}

/** Accounts that a block has sold something of. */
export function soldIn({ events }: ResponseFinalizeBlock): string[] {
  return events
    .filter(({ type }) => type === 'causeway.liquidation.v1.sold')
    .map(({ attributes }) => attributes.find(({ key }) => key === 'account')!.value)
}

/** CPU time of this thread. */
function milliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Who holds what at genesis: the crowd, the other side, bidders with cash. */
function crowdModule(
  { accounts, others }: Required<Pick<CascadeOptions, 'accounts' | 'others'>>,
  bidders: readonly Wallet[],
): Module {
  return {
    name: 'crowd',
    messages: [],
    queries: [],
    initGenesis(context) {
      const markets = context.store(MARKETS_STORE)
      const market = marketIdOf(markets, 'ETH-PERP')!
      const hold = (holder: Holder, sizeE9: bigint) =>
        writePositions(markets, holder, [
          { market, sizeE9, quoteE6: (-sizeE9 * PRICE_E9) / 10n ** 12n, fundingIndexE18: 0n },
        ])
      const openE9 = Array.from({ length: others }, () => 0n)
      for (let i = 0; i < accounts; i++) {
        const sizeE9 = E9 + BigInt(i % 20) * (E9 / 10n)
        openE9[i % others]! += sizeE9
        hold(holderOf(i + 1), sizeE9)
        give(context, holderOf(i + 1), (sizeE9 * PRICE_E9 * CASH_PERCENT) / 100n / 10n ** 12n)
      }
      for (const [i, each] of openE9.entries()) {
        const other = holderOf(i === 0 ? 0 : OTHERS + i)
        hold(other, -each)
        give(context, other, (each * PRICE_E9) / 10n ** 12n)
      }
      for (const { address } of bidders) give(context, addresses.decodeHolder(address), 100_000_000n * E6)
      writeFigures(markets, market, { ...readFigures(markets, market), openInterestE9: sum(openE9) })
    },
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, each) => all + each, 0n)
}

function feedOf(asset: bigint, symbol: string, priceE9: bigint) {
  return {
    asset: `${asset}`,
    symbol,
    price: { priceE9: `${priceE9}`, timeSeconds: '1700000000', height: '0' },
  }
}

function holderOf(i: number): Holder {
  const account = new Uint8Array(20).fill(0x77)
  new DataView(account.buffer).setUint32(0, (i * 2_654_435_761) >>> 0)
  return { account, subaccount: 0 }
}

function give(context: Context, holder: Holder, amountE6: bigint): void {
  const cash = context.store(CASH_STORE)
  const shares = (amountE6 * SHARE_SCALE) / INDEX_ONE
  writeCash(cash, holder, { shares, locks: [] })
  const pool = readPool(cash)
  writePool(cash, { ...pool, creditShares: pool.creditShares + shares, parE6: pool.parE6 + amountE6 })
}
