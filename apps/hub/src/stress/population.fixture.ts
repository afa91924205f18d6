// Who lives under stress: pairs of accounts that hold the opposite of each other with the most different
// leverage, makers, bidders and a treasury; as genesis, so that the first block already finds them all.
import { black76 } from '@causeway/margin'
import { be64, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { Overlay } from '@causeway/state-tree'
import type { Market, Position } from '../modules/markets/market.ts'
import { tradeNotionalE6 } from '../modules/markets/pure/grid.ts'
import {
  PREFIX,
  readFigures,
  writeFigures,
  writeMarket,
  writePositions,
  writeUnderlying,
} from '../modules/markets/state.ts'
import { CASH_POOL, INSURANCE_FUND } from '../named-accounts.ts'
import { Actor } from '../simulation/actor.fixture.ts'
import { Random } from '../simulation/random.fixture.ts'
import { addresses } from '../simulation/scene.fixture.ts'
import { ASSETS, GRID, TERMS, UNDERLYINGS, USD, stressMarkets } from './assets.fixture.ts'
import { HOMES } from './homes.fixture.ts'
import type { Homes } from './homes.fixture.ts'

/** How many of each. */
export interface PopulationSize {
  /** An even number. */
  readonly traders: number
  readonly makers: number
  readonly bidders: number
}

const E9 = 1_000_000_000n
const DAY = 86_400n
const ETH = 4n
const SHARE = 10n ** 18n
/** Micro-cash of those who trade with everybody. */
const RICH_E6 = 200_000_000n * 1_000_000n
const INSURANCE_E6 = 5_000_000n * 1_000_000n
const FEES = 10n ** 15n

/** What an account begins with. */
export interface Endowment {
  readonly actor: Actor
  readonly cashE6: bigint
  /** Base units, 18 decimals. */
  readonly ethAmount: bigint
  readonly positions: readonly Position[]
  /** What it holds when it is what it wants to be, and what it has to hold it with; in cash. */
  readonly notional: number
  readonly equity: number
}

/** Everybody. */
export class Population {
  readonly markets: readonly Market[]
  /** Names of markets' underlyings, by market. */
  readonly underlyingOf: ReadonlyMap<bigint, string>
  readonly traders: readonly Endowment[]
  readonly makers: readonly Actor[]
  readonly bidders: readonly Actor[]
  readonly relayer = new Actor('relayer')
  readonly #nowSeconds: bigint

  constructor(seed: number, size: PopulationSize, nowSeconds: bigint) {
    this.#nowSeconds = nowSeconds
    this.markets = stressMarkets(nowSeconds)
    const names = new Map(UNDERLYINGS.map(({ id, name }) => [id, name]))
    this.underlyingOf = new Map(this.markets.map(({ id, underlying }) => [id, names.get(underlying)!]))
    this.traders = Array.from({ length: size.traders / 2 }, (_, pair) => this.#pair(seed, pair)).flat()
    this.makers = named('maker', size.makers)
    this.bidders = named('bidder', size.bidders)
    this.actors.forEach((actor, i) => {
      actor.accountNumber = BigInt(i + 1)
      actor.sessionExpirySeconds = nowSeconds + 80n * DAY
    })
  }

  /** All who sign, in the order of their account numbers. */
  get actors(): readonly Actor[] {
    return [...this.traders.map(({ actor }) => actor), ...this.makers, ...this.bidders, this.relayer]
  }

  /** The `app_state` in which they all are, with what they have locked at home. */
  appState(homes: Homes): JsonValue {
    const { actors } = this
    const rich = [...this.makers, ...this.bidders]
    const cash = [
      ...this.traders.map(({ actor, cashE6 }) => ({ holder: actor.address, cashE6 })),
      ...rich.map(({ address: holder }) => ({ holder, cashE6: RICH_E6 })),
      { holder: addresses.encode(INSURANCE_FUND.account), cashE6: INSURANCE_E6 },
    ]
    const parE6 = cash.reduce((sum, { cashE6 }) => sum + cashE6, 0n)
    const eth = this.traders.filter(({ ethAmount }) => ethAmount > 0n)
    const ethSum = eth.reduce((sum, { ethAmount }) => sum + ethAmount, 0n)
    const escrowed = [parE6 / 2n, parE6 - parE6 / 2n, ethSum]
    const lines = HOMES.map(({ base, asset }, i) => {
      const client = `07-tendermint-${i}`
      return { client, denom: `transfer/${client}/${base}`, asset, escrowed: `${escrowed[i]!}` }
    })
    return {
      accounts: {
        gasPrices: [{ denom: 'ucway', priceE9: '25000000' }],
        accounts: actors.map(({ address }) => ({ address })),
        sessions: actors.map(({ address, session, sessionExpirySeconds }) => ({
          account: address,
          sessionKey: toHex(session.publicKey),
          expiresSeconds: `${sessionExpirySeconds}`,
        })),
      },
      ibc: homes.open(escrowed),
      ledger: {
        zone: 0,
        assets: [
          { denom: 'ucway', decimals: 6, native: true },
          { denom: 'usdz', decimals: 6, native: false },
          ...UNDERLYINGS.map(({ name }) => ({ denom: name.toLowerCase(), decimals: 18, native: false })),
        ],
        lines,
        balances: [
          { holder: addresses.encode(CASH_POOL.account), denom: 'usdz', amount: `${parE6}` },
          ...eth.map(({ actor, ethAmount }) => ({
            holder: actor.address,
            denom: 'eth',
            amount: `${ethAmount}`,
          })),
          ...actors.map(({ address: holder }) => ({ holder, denom: 'ucway', amount: `${FEES}` })),
        ],
      },
      oracle: { feeds: ASSETS.map(({ id, name, price }) => this.#feed(id, name, price)) },
      risk: {
        weights: [
          { asset: `${USD}`, initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
          { asset: `${ETH}`, initialWeightBps: 8_500, maintenanceWeightBps: 9_000 },
        ],
      },
      cash: {
        // There is one token only to convert: it may be the whole pool.
        params: { minPriceE9: '990000000', poolShareBps: '10000', shareFloorE6: `${10n ** 12n}` },
        assets: [{ asset: `${USD}`, parE6: `${parE6}` }],
        accounts: cash.map(({ holder, cashE6 }) => ({ holder, shares: `${cashE6 * SHARE}` })),
      },
      markets: {
        params: {
          ordersMax: '200',
          positionsMax: '200',
          gainLockSeconds: '600',
          automaticListing: '0',
          settledMax: '2000',
        },
        entries: this.#entries(),
      },
    }
  }

  /** What the store of markets begins with. */
  #entries(): JsonValue {
    const store = new Overlay({ get: () => undefined, has: () => false, iterate: () => [] })
    for (const { id: asset, name, tier } of UNDERLYINGS)
      writeUnderlying(store, { ...TERMS, asset, name, tier })
    for (const market of this.markets) writeMarket(store, market)
    store.set(PREFIX.nextMarket, be64(BigInt(this.markets.length + 1)))
    store.set(PREFIX.nextOrder, be64(1n))
    const open = new Map<bigint, bigint>()
    for (const { actor, positions } of this.traders) {
      writePositions(store, { account: actor.id, subaccount: 0 }, positions)
      for (const { market, sizeE9 } of positions)
        if (sizeE9 > 0n) open.set(market, (open.get(market) ?? 0n) + sizeE9)
    }
    for (const [id, openInterestE9] of open)
      writeFigures(store, id, { ...readFigures(store, id), openInterestE9 })
    return [...store.iterate()].map(([key, value]) => ({ key: toHex(key), value: toHex(value) }))
  }

  #feed(id: bigint, name: string, price: number): JsonValue {
    const priceE9 = `${BigInt(Math.round(price * 1e9))}`
    const known = { priceE9, timeSeconds: `${this.#nowSeconds}`, height: '0' }
    return { asset: `${id}`, symbol: name, price: known }
  }

  /** Two accounts, one of which has the opposite of the other in one to six markets. */
  #pair(seed: number, pair: number): readonly [Endowment, Endowment] {
    const random = new Random(seed ^ (pair * 0x9e3779b1))
    const count = random.between(1, 6)
    const notional = 2_000 * 10 ** (random.next() * 2)
    const first = random.below(this.markets.length)
    const held = Array.from({ length: count }, (_, i) => {
      const market = this.markets[(first + i * 7) % this.markets.length]!
      const priceE9 = this.#fairE9(market)
      const lots = Math.max(1, Math.round((notional / count / spotOf(market)) * 10_000))
      const sizeE9 = BigInt(lots) * GRID.lotE9 * (random.chance(0.65) ? 1n : -1n)
      const quoteE6 = -tradeNotionalE6(sizeE9, priceE9)
      return { market, position: { market: market.id, sizeE9, quoteE6, fundingIndexE18: 0n } }
    }).sort((a, b) => (a.market.id < b.market.id ? -1 : 1))
    const opposite = held.map(({ market, position }) => ({
      market,
      position: { ...position, sizeE9: -position.sizeE9, quoteE6: -position.quoteE6 },
    }))
    return [
      this.#endow(`trader ${pair * 2}`, held, notional, random),
      this.#endow(`trader ${pair * 2 + 1}`, opposite, notional, random),
    ]
  }

  /** What makes an account worth its notional over a leverage of 1.3 to 4.5, now and then partly in ETH. */
  #endow(
    name: string,
    held: readonly { readonly market: Market; readonly position: Position }[],
    notional: number,
    random: Random,
  ): Endowment {
    const equityE6 = BigInt(Math.round((notional / (1.3 * 3.5 ** random.next())) * 1e6))
    let optionsE6 = 0n
    for (const { market, position } of held) if (market.kind === 'option') optionsE6 -= position.quoteE6
    const ethE6 = random.chance(0.3) ? equityE6 / 2n : 0n
    const cashE6 = equityE6 - optionsE6 - ethE6
    const ethAmount = (ethE6 * 10n ** 12n) / 3_000n
    const positions = held.map(({ position }) => position)
    return {
      ...{ actor: new Actor(name), cashE6: cashE6 > 1_000_000n ? cashE6 : 1_000_000n, ethAmount, positions },
      ...{ notional, equity: Number(equityE6) / 1e6 },
    }
  }

  /** By the volatility at the money: near enough to begin with; on the grid. */
  #fairE9(market: Market): bigint {
    const spot = spotOf(market)
    if (market.kind !== 'option') return BigInt(Math.round(spot * 100)) * GRID.tickE9
    const { volatility } = UNDERLYINGS.find(({ id }) => id === market.underlying)!
    const years = Number(market.expirySeconds - this.#nowSeconds) / (365 * 86_400)
    const strike = Number(market.strikeE9) / 1e9
    const value = black76(spot, strike, volatility * Math.sqrt(years), 1, market.isCall)
    return BigInt(Math.max(1, Math.round(value * 100))) * GRID.tickE9
  }
}

function spotOf({ underlying }: Market): number {
  return UNDERLYINGS.find(({ id }) => id === underlying)!.price
}

function named(name: string, count: number): Actor[] {
  return Array.from({ length: count }, (_, i) => new Actor(`${name} ${i}`))
}

/** The largest size that a number of lots makes; for orders. */
export function sizeOf(lots: number): bigint {
  return BigInt(Math.max(1, Math.round(lots))) * GRID.lotE9
}

/** A price on the grid, 10⁻⁹. */
export function onGrid(price: number): bigint {
  return BigInt(Math.max(1, Math.round(price * 100))) * GRID.tickE9
}

/** A number as 10⁻⁹. */
export function e9(value: number): bigint {
  return (BigInt(Math.round(value * 1e6)) * E9) / 1_000_000n
}
