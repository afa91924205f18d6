// A whole hub for scenarios: wallets by name, each with 20,000 USDZ, on ETH's perpetual, futures and, where a
// scenario wants them, options; prices and volatilities that it sets.
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { packSigningKey } from '@causeway/protocol'
import { QueryMarketRequest, QueryMarketResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { MsgExecuteRfq } from '@causeway/protocol/causeway/markets/v1/tx'
import type { MsgPlaceOrder, RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { brokenInvariants } from '../block/inspect.ts'
import type { SurfaceSource } from '../modules/oracle/price-source.ts'
import { createSeededSurfaceSource } from '../modules/oracle/seeded-surfaces.ts'
import { quoteText } from '../modules/markets/quote-text.ts'
import { nextExpiries } from '../modules/markets/pure/expiries.ts'
import { testHub } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import {
  E9,
  ETH,
  USD,
  USD_EACH,
  convert,
  deliver,
  order,
  place,
  portfolio,
  tradingGenesis,
} from '../testing/trading-hub.fixture.ts'
import type { TradingHubOptions } from '../testing/trading-hub.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import { aminoWallet } from '../testing/wallets.fixture.ts'

const GRID = { tickE9: '10000000', lotE9: '100000000' }

/** What is listed of ETH but for what differs. */
export const ether = (more: Record<string, JsonValue> = {}): JsonValue => ({
  asset: ETH.toString(),
  name: 'ETH',
  tier: 1,
  perpetual: GRID,
  ownerCapE9: `${1_000_000n * E9}`,
  openInterestCapE9: `${10_000_000n * E9}`,
  openNotionalLowerE6: `${10n ** 15n}`,
  openNotionalUpperE6: `${10n ** 16n}`,
  ...more,
})

/** What a scenario wants otherwise. */
export interface ArenaOptions extends TradingHubOptions {
  readonly underlying?: Record<string, JsonValue>
  /** Volatilities are voted for as well: what options are priced with, and futures. */
  readonly hasSurfaces?: boolean
  /** What becomes of the voted surfaces before they are voted. */
  readonly surfaces?: (votes: ReturnType<SurfaceSource>) => ReturnType<SurfaceSource>
  /** Of the first so many expiries only: the rest would be listed, too. */
  readonly expiries?: number
  /** Instead of a new app_state: that of an export, at its time. */
  readonly of?: { readonly state: JsonValue; readonly timeNanoseconds: bigint }
  readonly prices?: Map<bigint, bigint>
}

/** The hub after two blocks: with prices; an imported one before its first. */
export function arena(names: readonly string[], options: ArenaOptions = {}) {
  const wallets = names.map((name) => new Wallet(name))
  const prices =
    options.prices ??
    new Map([
      [USD, E9],
      [ETH, 3_000n * E9],
    ])
  const genesis = { markets: { underlyings: [ether(options.underlying)] }, ...options.genesis }
  const state = options.of?.state ?? tradingGenesis(wallets, { ...options, genesis })
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
  const vols = [{ asset: ETH, priceE9: 3_000n * E9, volatilityBps: 6_000 }]
  const seeded = createSeededSurfaceSource(vols, (now) => nextExpiries(now).slice(0, options.expiries))
  const { surfaces = (votes) => votes } = options
  const surfaceSource: SurfaceSource = (...block) => surfaces(seeded(...block))
  const sources = { priceSource, ...(options.hasSurfaces === true && { surfaceSource }) }
  const { driver, hub } = testHub(wallets, sources, state, options.of?.timeNanoseconds)
  if (options.of === undefined) for (let i = 0; i < 2; i++) driver.block()
  const of = (name: string): Wallet => {
    const found = wallets[names.indexOf(name)]
    assert(found !== undefined, `${name} is no wallet of the scenario`)
    return found
  }
  const market = (symbol: string) => {
    const data = QueryMarketRequest.encode({ id: 0n, symbol }).finish()
    const { market: found } = QueryMarketResponse.decode(
      driver.query('/causeway.markets.v1.Query/Market', data).value,
    )
    assert(found !== undefined, `${symbol} is listed`)
    return found
  }
  return {
    driver,
    hub,
    prices,
    /** The app_state that it began with. */
    state,
    of,
    market,
    broken: () => brokenInvariants(hub.chain),
    act: (name: string, message: Any, secondsLater = 1n) => deliver(driver, of(name), message, secondsLater),
    /** Everything becomes cash. */
    fund: (...who: string[]) =>
      who.map((name) => deliver(driver, of(name), convert(of(name), USD_EACH))).every((code) => code === '0'),
    /** A trade message: by a nonce, for free. */
    trade: (name: string, message: Any) => place(driver, of(name), message),
    order: (name: string, terms: Partial<MsgPlaceOrder>) => place(driver, of(name), order(of(name), terms)),
    blocks(count: number, secondsLater = 1n) {
      for (let i = 0; i < count; i++) driver.block(secondsLater)
    },
  }
}

/** A hub of a scenario. */
export type Arena = ReturnType<typeof arena>

/** One leg in the taker's terms: whole units at a whole price; below nothing it sells. */
export type Leg = readonly [symbol: string, size: number, price: number]

let lastQuote = 0n

/** The taker takes a quote that the maker's wallet has signed; the code. */
export async function takeQuote(
  { driver, market, of }: Arena,
  { taker, maker, legs }: { readonly taker: string; readonly maker: string; readonly legs: readonly Leg[] },
): Promise<string> {
  const by = await aminoWallet(maker)
  const quote: RfqQuote = {
    maker: by.address,
    makerSubaccount: 0,
    taker: '',
    legs: legs.map(([symbol, size, price]) => ({
      market: market(symbol).market!.id,
      isBuy: size > 0,
      sizeE9: BigInt(Math.round(Math.abs(size) * 1e9)),
      priceE9: BigInt(Math.round(price * 1e9)),
    })),
    nonce: (lastQuote += 1n),
    expireSeconds: driver.timeSeconds + 60n,
  }
  const message = MsgExecuteRfq.fromPartial({
    signer: of(taker).address,
    quote,
    makerPublicKey: packSigningKey(by.key),
    makerSignMode: by.mode,
    makerSignature: await by.signText(quoteText('causeway-1', quote)),
  })
  const value = MsgExecuteRfq.encode(message).finish()
  const act = { typeUrl: '/causeway.markets.v1.MsgExecuteRfq', value }
  const sequence = driver.timeNanoseconds / 1_000_000n
  const checked = codeOf(
    driver.submit(of(taker).sign([act], { gasLimit: 30_000n * BigInt(5 + legs.length), fee: [], sequence })),
  )
  return checked === '0' ? codeOf(driver.block().txResults.at(-1)) : checked
}

/** What all of these have, worth and cash together, micro-cash. */
export function worthE6({ driver, of }: Arena, ...names: readonly string[]): bigint {
  return names.reduce((sum, name) => sum + BigInt(portfolio(driver, of(name).address).equityE6), 0n)
}
