// The order flow that speed is measured by, and state to go with it: accounts with ten positions each over a
// hundred markets of four underlyings, and signed orders, one a transaction, of session keys. The same for
// the same options.
import { black76, sviFromIntegers, sviVolatility } from '@causeway/margin'
import { be64, sha256, toHex, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { packSigningKey } from '@causeway/protocol'
import { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { AuthInfo, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { Overlay } from '@causeway/state-tree'
import sodium from 'sodium-native'
import { createAddressCodec } from '../identifiers.ts'
import type { Holder } from '../identifiers.ts'
import { writeOrder } from '../modules/markets/state.ts'
import {
  PREFIX,
  readFigures,
  writeFigures,
  writeMarket,
  writePositions,
  writeUnderlying,
} from '../modules/markets/state.ts'
import type { Market, Order, Position } from '../modules/markets/market.ts'
import { tradeNotionalE6 } from '../modules/markets/pure/grid.ts'
import { symbolOf } from '../modules/markets/pure/symbols.ts'
import type { PriceSource, SurfaceSource } from '../modules/oracle/price-source.ts'
import { createSeededSurfaceSource } from '../modules/oracle/seeded-surfaces.ts'
import { CASH_POOL } from '../named-accounts.ts'
import { clientEntries } from './client-entries.fixture.ts'

/** How much of everything. */
export interface OrderFlowOptions {
  /** An even number: every second account holds the opposite of the one before. */
  readonly accounts: number
  /** Positions of an account, at most 100. */
  readonly positions: number
  /** Orders that rest at the start, away from the middle. */
  readonly resting?: number
  /** How many of the accounts, the last ones, have little cash: 500, 1,000 and so on. */
  readonly failing?: number
  /** Around when it runs. */
  readonly nowSeconds: bigint
  readonly chainId?: string
}

/** One who sends orders. */
interface Trader {
  readonly account: Uint8Array
  readonly address: string
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
  nonces: bigint
}

const E9 = 1_000_000_000n
const DAY = 86_400n
const TICK_E9 = 10_000_000n
const LOT_E9 = 100_000_000n
const CASH_E6 = 10_000_000_000_000n
const FAILING_CASH_E6 = 500_000_000n
const USD = 2n
const LINE = 'transfer/07-tendermint-0/uusd'
const GAS_LIMIT = 10_000n
const UNDERLYINGS = [
  { asset: 3n, name: 'BTC', price: 60_000n },
  { asset: 4n, name: 'ETH', price: 3_000n },
  { asset: 5n, name: 'SOL', price: 150n },
  { asset: 6n, name: 'HYPE', price: 40n },
].map(({ price, ...rest }) => ({ ...rest, priceE9: price * E9, volatilityBps: 6_000 }))
const STRIKE_PERCENT = [85n, 90n, 95n, 100n, 105n, 110n]
const addresses = createAddressCodec('cway')

/** State and orders. */
export class OrderFlow {
  readonly markets: readonly Market[]
  readonly priceSource: PriceSource
  readonly surfaceSource: SurfaceSource
  readonly options: OrderFlowOptions
  readonly #traders: readonly Trader[]
  readonly #fairE9: ReadonlyMap<bigint, bigint>
  readonly #random = randomOf(42)

  constructor(options: OrderFlowOptions) {
    this.options = options
    const { nowSeconds, accounts } = options
    const expiries = [nowSeconds + 7n * DAY, nowSeconds + 30n * DAY].map(
      (time) => time - (time % DAY) + 8n * 3_600n,
    )
    this.markets = UNDERLYINGS.flatMap((underlying, i) => marketsOf(underlying, expiries, BigInt(i * 25 + 1)))
    this.surfaceSource = createSeededSurfaceSource(UNDERLYINGS, () => expiries)
    this.priceSource = (_, publishTimeSeconds) => [
      { asset: USD, priceE9: E9, publishTimeSeconds },
      ...UNDERLYINGS.map(({ asset, priceE9 }) => ({ asset, priceE9, publishTimeSeconds })),
    ]
    this.#fairE9 = fairPrices(this.markets, this.surfaceSource, nowSeconds)
    this.#traders = Array.from({ length: accounts }, (_, i) => traderOf(i, nowSeconds))
  }

  /** Members of the app_state; the hub's own token stays as it is in `base`. */
  appState(base: Record<string, JsonValue> = {}): JsonValue {
    const parE6 = this.#traders.reduce((sum, _, i) => sum + this.#cashE6(i), 0n)
    const pool = addresses.encode(CASH_POOL.account)
    return {
      accounts: {
        gasPrices: [{ denom: 'ucway', priceE9: '25000000' }],
        accounts: this.#traders.map(({ address }) => ({ address })),
        sessions: this.#traders.map(({ address, publicKey }) => ({
          account: address,
          sessionKey: toHex(publicKey),
          expiresSeconds: `${this.options.nowSeconds + 80n * DAY}`,
        })),
      },
      ibc: clientEntries(),
      ledger: {
        zone: 0,
        assets: [
          { denom: 'ucway', decimals: 6, native: true },
          { denom: 'usdz', decimals: 6, native: false },
          ...UNDERLYINGS.map(({ name }) => ({ denom: name.toLowerCase(), decimals: 18, native: false })),
        ],
        lines: [{ client: '07-tendermint-0', denom: LINE, asset: 'usdz', escrowed: `${parE6}` }],
        balances: [{ holder: pool, denom: 'usdz', amount: `${parE6}` }],
      },
      oracle: {
        feeds: [{ asset: USD, name: 'USDZ', priceE9: E9 }, ...UNDERLYINGS].map((each) =>
          feedOf(each, this.options.nowSeconds),
        ),
      },
      risk: { weights: [{ asset: `${USD}`, initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }] },
      cash: {
        assets: [{ asset: `${USD}`, parE6: `${parE6}` }],
        accounts: this.#traders.map(({ address }, i) => ({
          holder: address,
          shares: `${this.#cashE6(i) * 10n ** 18n}`,
        })),
      },
      markets: {
        params: {
          ordersMax: '1000',
          positionsMax: '200',
          gainLockSeconds: '600',
          automaticListing: '0',
          settledMax: '2000',
        },
        entries: this.#entries(),
      },
      ...base,
    }
  }

  /** Passes over orders, without signing them. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#draw()
  }

  /** Signed orders for the next block. */
  orders(count: number): Uint8Array[] {
    return Array.from({ length: count }, () => this.#order())
  }

  #order(): Uint8Array {
    const { index, nonce, message } = this.#draw()
    return this.#sign(index, nonce, message)
  }

  #draw(): { index: number; nonce: bigint; message: MsgPlaceOrder } {
    const { below, next } = this.#random
    const index = below(this.#traders.length)
    const trader = this.#traders[index]!
    const market = this.markets[marketIndex(index, below(this.options.positions))]!
    const isBuy = below(2) === 0
    const isMaker = next() < 0.2
    const steps = isMaker ? -1 - below(3) : 4
    const stepE9 = stepOf(this.#fairE9.get(market.id)!)
    const away = BigInt(isBuy ? steps : -steps) * stepE9
    const message = MsgPlaceOrder.fromPartial({
      signer: trader.address,
      market: market.id,
      isBuy,
      sizeE9: BigInt(1 + below(5)) * LOT_E9,
      limitE9: this.#fairE9.get(market.id)! + away,
      type: 1,
      timeInForce: isMaker ? 1 : 2,
    })
    return { index, nonce: trader.nonces++, message }
  }

  #sign(index: number, nonce: bigint, message: MsgPlaceOrder): Uint8Array {
    const trader = this.#traders[index]!
    const { chainId = 'causeway-1' } = this.options
    const value = MsgPlaceOrder.encode(message).finish()
    const messages = [{ typeUrl: '/causeway.markets.v1.MsgPlaceOrder', value }]
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages })).finish()
    const publicKey = packSigningKey({ type: 'session', bytes: trader.publicKey })
    const info = { publicKey, modeInfo: { single: { mode: 1 as const } }, sequence: nonce }
    const authInfoBytes = AuthInfo.encode(
      AuthInfo.fromPartial({ signerInfos: [info], fee: { amount: [], gasLimit: GAS_LIMIT } }),
    ).finish()
    const accountNumber = BigInt(index + 1)
    const document = SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish()
    const signature = Buffer.alloc(sodium.crypto_sign_BYTES)
    sodium.crypto_sign_detached(signature, Buffer.from(document), Buffer.from(trader.secretKey))
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  }

  /** What the store of markets begins with. */
  #entries(): JsonValue {
    const store = new Overlay({ get: () => undefined, has: () => false, iterate: () => [] })
    for (const { asset, name } of UNDERLYINGS) writeUnderlying(store, { ...TERMS, asset, name, tier: 1 })
    for (const market of this.markets) writeMarket(store, market)
    store.set(PREFIX.nextMarket, be64(BigInt(this.markets.length + 1)))
    const openInterestE9 = new Map<bigint, bigint>()
    for (const [i, { account }] of this.#traders.entries()) {
      const positions = this.#positions(i)
      writePositions(store, { account, subaccount: 0 }, positions)
      for (const { market, sizeE9 } of positions)
        if (sizeE9 > 0n) openInterestE9.set(market, (openInterestE9.get(market) ?? 0n) + sizeE9)
    }
    for (const [id, open] of openInterestE9)
      writeFigures(store, id, { ...readFigures(store, id), openInterestE9: open })
    const resting = this.options.resting ?? 0
    for (let i = 0; i < resting; i++) writeOrder(store, this.#resting(i))
    store.set(PREFIX.nextOrder, be64(BigInt(resting + 1)))
    return [...store.iterate()].map(([key, value]) => ({ key: toHex(key), value: toHex(value) }))
  }

  /** What the account of a number holds; beyond those of the flow, too. */
  holding(index: number): {
    readonly holder: Holder
    readonly positions: Position[]
    readonly cashE6: bigint
  } {
    const holder = { account: accountOf(index), subaccount: 0 }
    return { holder, positions: this.#positions(index), cashE6: this.#cashE6(index) }
  }

  #cashE6(index: number): bigint {
    const { accounts, failing = 0 } = this.options
    const order = index - (accounts - failing)
    return order < 0 || index >= accounts ? CASH_E6 : FAILING_CASH_E6 * BigInt(1 + order)
  }

  #positions(index: number): Position[] {
    const pair = index >> 1
    const sign = index % 2 === 0 ? 1n : -1n
    return Array.from({ length: this.options.positions }, (_, j) => {
      const { id } = this.markets[marketIndex(index, j)]!
      const sizeE9 =
        sign * BigInt(10 + ((pair * 7 + j * 3) % 40)) * LOT_E9 * ((pair + j) % 2 === 0 ? 1n : -1n)
      const quoteE6 = -tradeNotionalE6(sizeE9, this.#fairE9.get(id)!)
      return { market: id, sizeE9, quoteE6, fundingIndexE18: 0n }
    }).sort((a, b) => (a.market < b.market ? -1 : 1))
  }

  #resting(i: number): Order {
    const index = i % this.#traders.length
    const market =
      this.markets[marketIndex(index, Math.floor(i / this.#traders.length) % this.options.positions)]!
    const isBuy = i % 2 === 0
    const fairE9 = this.#fairE9.get(market.id)!
    const awayE9 = stepOf(fairE9) * BigInt(20 + (i % 50))
    const lowestE9 = fairE9 > awayE9 ? fairE9 - awayE9 : TICK_E9
    return {
      id: BigInt(i + 1),
      holder: { account: this.#traders[index]!.account, subaccount: 0 },
      market: market.id,
      isBuy,
      sizeE9: LOT_E9,
      remainingE9: LOT_E9,
      limitE9: isBuy ? lowestE9 : fairE9 + awayE9,
      type: 'limit',
      timeInForce: 'gtc',
      expireSeconds: 0n,
      isPostOnly: false,
      isReduceOnly: false,
      trigger: undefined,
      entryHeight: 1n,
      nonce: BigInt(i),
      isQuote: false,
    }
  }
}

/** Pairs of accounts have the same ten markets. */
function marketIndex(account: number, position: number): number {
  return ((account >> 1) * 3 + position * 11) % 100
}

const TERMS = {
  perpetual: { tickE9: TICK_E9, lotE9: LOT_E9 },
  future: { tickE9: TICK_E9, lotE9: LOT_E9 },
  option: { tickE9: TICK_E9, lotE9: LOT_E9 },
  spot: undefined,
  ownerCapE9: 1_000_000n * E9,
  openInterestCapE9: 100_000_000n * E9,
  openNotionalLowerE6: 10n ** 15n,
  openNotionalUpperE6: 10n ** 16n,
}

/** A perpetual, two futures and eleven options at each of two expiries. */
function marketsOf(
  { asset, name, priceE9 }: (typeof UNDERLYINGS)[number],
  expiries: readonly bigint[],
  firstId: bigint,
): Market[] {
  const options = expiries.flatMap((expirySeconds) =>
    STRIKE_PERCENT.flatMap((percent) => {
      const strikeE9 = (priceE9 * percent) / 100n
      const both = [true, false].map((isCall) => ({
        kind: 'option' as const,
        expirySeconds,
        strikeE9,
        isCall,
      }))
      return percent === 85n ? both.slice(1) : both
    }),
  )
  const none = { strikeE9: 0n, isCall: false }
  const futures = expiries.map((expirySeconds) => ({ kind: 'future' as const, expirySeconds, ...none }))
  const all = [{ kind: 'perpetual' as const, expirySeconds: 0n, ...none }, ...futures, ...options]
  const { ownerCapE9, openInterestCapE9, openNotionalLowerE6, openNotionalUpperE6 } = TERMS
  return all.map((terms, i) => ({
    ...terms,
    id: firstId + BigInt(i),
    symbol: symbolOf({ ...terms, underlying: name }),
    underlying: asset,
    tickE9: TICK_E9,
    lotE9: LOT_E9,
    tier: 1,
    status: 'open',
    ...{ ownerCapE9, openInterestCapE9, openNotionalLowerE6, openNotionalUpperE6 },
    statusUntilSeconds: 0n,
  }))
}

/** Fair values, on the grid. */
function fairPrices(
  markets: readonly Market[],
  surfaceSource: SurfaceSource,
  nowSeconds: bigint,
): ReadonlyMap<bigint, bigint> {
  const votes = surfaceSource(0n, nowSeconds)
  return new Map(
    markets.map((market) => {
      const { underlying, kind, expirySeconds, strikeE9, isCall } = market
      const { priceE9 } = UNDERLYINGS.find(({ asset }) => asset === underlying)!
      if (kind !== 'option') return [market.id, priceE9]
      const smile = votes
        .find(({ asset }) => asset === underlying)!
        .smiles.find((each) => each.expirySeconds === expirySeconds)!
      const strike = Number(strikeE9) / 1e9
      const years = Number(expirySeconds - nowSeconds) / (365 * 86_400)
      const total = sviVolatility(sviFromIntegers(smile), strike) * Math.sqrt(years)
      const value = BigInt(Math.round(black76(Number(priceE9) / 1e9, strike, total, 1, isCall) * 1e9))
      const rounded = value - (value % TICK_E9)
      return [market.id, rounded < 20n * TICK_E9 ? 20n * TICK_E9 : rounded]
    }),
  )
}

/** Two hundredths of a percent, on the grid. */
function stepOf(fairE9: bigint): bigint {
  const step = fairE9 / 5_000n
  const rounded = step - (step % TICK_E9)
  return rounded > 0n ? rounded : TICK_E9
}

function feedOf(
  { asset, name, priceE9 }: Pick<(typeof UNDERLYINGS)[number], 'asset' | 'name' | 'priceE9'>,
  nowSeconds: bigint,
): JsonValue {
  const price = { priceE9: `${priceE9}`, timeSeconds: `${nowSeconds}`, height: '0' }
  return { asset: `${asset}`, symbol: name, price }
}

function accountOf(index: number): Uint8Array {
  return sha256(utf8(`flow ${index}`)).slice(0, 20)
}

function traderOf(index: number, nowSeconds: bigint): Trader {
  const account = accountOf(index)
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(sha256(utf8(`flow session ${index}`))))
  return { account, address: addresses.encode(account), publicKey, secretKey, nonces: nowSeconds * 1_000n }
}

/** A small generator of one seed. Source: mulberry32. */
function randomOf(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return { next, below: (count: number) => Math.floor(next() * count) }
}
