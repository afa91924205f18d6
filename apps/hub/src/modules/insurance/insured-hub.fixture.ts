// A whole hub on which accounts go bankrupt: wallets by name, all they have in cash, prices that a test sets,
// and acts that run at the end of a block, where liquidation runs.
import { assert, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { QueryPoolResponse } from '@causeway/protocol/causeway/cash/v1/query'
import type { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { createMemoryStorage } from '@causeway/state-tree'
import { joinHub } from '../../app.ts'
import { CosmosApplication } from '../../application.ts'
import type { Context } from '../../block/context.ts'
import { brokenInvariants } from '../../block/inspect.ts'
import type { Trading } from '../../compose-trading.ts'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { ether } from '../../manipulations/arena.fixture.ts'
import { INSURANCE_FUND } from '../../named-accounts.ts'
import { applicationOptions } from '../../node-options.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { testValidators } from '../../testing/validators.fixture.ts'
import {
  E9,
  ETH,
  USD,
  USD_EACH,
  balanceOf,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  portfolio,
  tradingGenesis,
  transferCash,
} from '../../testing/trading-hub.fixture.ts'
import type { TradingHubOptions } from '../../testing/trading-hub.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { nextExpiries } from '../markets/pure/expiries.ts'
import { createSeededSurfaceSource } from '../oracle/seeded-surfaces.ts'

/** What a test wants otherwise. */
export interface InsuredHubOptions extends TradingHubOptions {
  readonly underlying?: Record<string, JsonValue>
  readonly insurance?: JsonValue
  readonly hasSurfaces?: boolean
  /** What of their tokens some keep as tokens. */
  readonly unconverted?: Readonly<Record<string, bigint>>
  /** A second underlying, of a group of its own. */
  readonly hasSol?: boolean
  /** Instead of a new app_state: that of an export, at its time. */
  readonly of?: { readonly state: JsonValue; readonly timeNanoseconds: bigint }
}

const EMPTY = new Uint8Array(0)
const { encode, decodeHolder } = createAddressCodec('cway')

/** A second underlying. */
export const SOL = 4n
/** The common fund's address. */
export const FUND = encode(INSURANCE_FUND.account)

/** Makes the hub, two blocks old, everybody's tokens converted; an imported one before its first block. */
export function insuredHub(names: readonly string[], options: InsuredHubOptions = {}) {
  const { driver, hub, trading, prices, acts, of, state } = started(names, options)
  const act = (name: string, message: Any) => deliver(driver, of(name), message)
  for (const name of options.of === undefined ? names : []) {
    const kept = options.unconverted?.[name] ?? 0n
    assert(act(name, convert(of(name), USD_EACH - kept)) === '0', 'it converts')
  }
  return {
    ...{ driver, hub, trading, prices, of, act },
    ...views(driver, hub, trading, of),
    order: (name: string, terms: Partial<MsgPlaceOrder>) => place(driver, of(name), order(of(name), terms)),
    /** Orders that share a block; who may place none is passed over. */
    orders(list: readonly (readonly [name: string, terms: Partial<MsgPlaceOrder>])[]) {
      for (const [i, [name, terms]] of list.entries()) {
        const sequence = driver.timeNanoseconds / 1_000_000n + BigInt(i)
        driver.submit(of(name).sign([order(of(name), terms)], { gasLimit: 30_000n, fee: [], sequence }))
      }
      driver.block()
    },
    /** Gives cash to a fund. */
    insure(name: string, amountE6: bigint, subaccount = 0) {
      const to = subaccount === 0 ? FUND : `${FUND}/${subaccount}`
      assert(act(name, transferCash(of(name).address, to, amountE6)) === '0', 'anybody may give')
    },
    blocks(count: number, secondsLater = 1n) {
      for (let i = 0; i < count; i++) driver.block(secondsLater)
    },
    /** App hashes of a second node that executes the same blocks; acts are not in them. */
    replay() {
      const second = application(prices, options.hasSurfaces === true).hub
      new Driver(second, testValidators([10n, 10n, 10n, 10n])).initChain(state)
      return driver.requests.map((request) => {
        const { appHash } = second.finalizeBlock(request)
        second.commit()
        return toHex(appHash)
      })
    },
    /** Runs at the end of the next block, after auctions. */
    atEnd<Result>(run: (context: Context) => Result): Result {
      const results: Result[] = []
      acts.push((context) => void results.push(run(context)))
      driver.block()
      assert(results.length === 1, 'an act runs once')
      return results[0]!
    },
  }
}

function started(names: readonly string[], options: InsuredHubOptions) {
  const wallets = names.map((name) => new Wallet(name))
  const prices = new Map([
    [USD, E9],
    [ETH, 3_000n * E9],
  ])
  const { underlying = {}, insurance = {}, genesis = {}, hasSurfaces = false } = options
  const markets = { underlyings: [ether(underlying)] }
  const made = tradingGenesis(wallets, { ...options, genesis: { markets, insurance, ...genesis } })
  const state = options.of?.state ?? (options.hasSol === true ? withSol(made) : made)
  if (options.hasSol === true) prices.set(SOL, 100n * E9)
  const { hub, trading, acts } = application(prices, hasSurfaces)
  const driver = new Driver(hub, testValidators([10n, 10n, 10n, 10n]))
  for (const [i, wallet] of wallets.entries()) wallet.accountNumber = BigInt(i + 1)
  if (options.of !== undefined) driver.timeNanoseconds = options.of.timeNanoseconds
  driver.initChain(state)
  if (options.of === undefined) for (let i = 0; i < 2; i++) driver.block()
  const of = (name: string): Wallet => {
    const found = wallets[names.indexOf(name)]
    assert(found !== undefined, `${name} is no wallet of the test`)
    return found
  }
  return { driver, hub, trading, prices, acts, of, state }
}

/** What a test looks at. */
function views(driver: Driver, hub: CosmosApplication, trading: Trading, of: (name: string) => Wallet) {
  const text = (name: string, subaccount: number) => addressOf(of(name).address, subaccount)
  return {
    holder: (name: string, subaccount = 0): Holder => ({ ...decodeHolder(of(name).address), subaccount }),
    cash: (name: string, subaccount = 0) => cashOf(driver, text(name, subaccount)),
    fund: (subaccount = 0) => cashOf(driver, addressOf(FUND, subaccount)),
    /** Stable tokens of the common fund. */
    tokens: () => balanceOf(driver, FUND, 'usdz'),
    folio: (name: string, subaccount = 0) => portfolio(driver, text(name, subaccount)),
    pool: () => QueryPoolResponse.decode(driver.query('/causeway.cash.v1.Query/Pool', EMPTY).value),
    broken: () => brokenInvariants(hub.chain),
    perpetual: () => perpetual(driver),
    market: (symbol: string) => {
      const context = hub.chain.readLatest()
      const found = [...trading.markets.markets.markets(context)].find((market) => market.symbol === symbol)
      assert(found !== undefined, `${symbol} is listed`)
      return found
    },
    /** Events of one type of the last block. */
    events: (type: string) =>
      driver.responses
        .at(-1)!
        .events.filter((event) => event.type === type)
        .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value]))),
  }
}

function addressOf(address: string, subaccount: number): string {
  return subaccount === 0 ? address : `${address}/${subaccount}`
}

/** A hub on which accounts go bankrupt. */
export type InsuredHub = ReturnType<typeof insuredHub>

/** Jumps the price of ETH; in the block in which the chain takes it over, an account is resolved. */
export function gapAndResolve(world: InsuredHub, name: string, priceE9: bigint, subaccount = 0): boolean {
  world.prices.set(ETH, priceE9)
  for (let i = 0; i < 8; i++)
    if (world.atEnd((context) => world.trading.insurance.resolve(context, world.holder(name, subaccount))))
      return true
  return false
}

function withSol(state: JsonValue): JsonValue {
  const { ledger, oracle, markets, ...rest } = state as unknown as {
    ledger: { assets: object[] }
    oracle: { feeds: object[] }
    markets: { underlyings: object[] }
  }
  const sol = { ...(ether() as object), asset: `${SOL}`, name: 'SOL', tier: 2 }
  return {
    ...rest,
    ledger: { ...ledger, assets: [...ledger.assets, { denom: 'sol', decimals: 9, native: false }] },
    oracle: { ...oracle, feeds: [...oracle.feeds, { asset: `${SOL}`, symbol: 'SOL' }] },
    markets: { ...markets, underlyings: [...markets.underlyings, sol] },
  } as unknown as JsonValue
}

function application(prices: ReadonlyMap<bigint, bigint>, hasSurfaces: boolean) {
  const acts: ((context: Context) => void)[] = []
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
  const vols = [{ asset: ETH, priceE9: 3_000n * E9, volatilityBps: 6_000 }]
  const surfaceSource = createSeededSurfaceSource(vols, (now) => nextExpiries(now))
  const options = hubOptions(createMemoryStorage(), {
    priceSource,
    ...(hasSurfaces && { surfaceSource }),
  })
  const parts = applicationOptions(options)
  const { composition, trading } = joinHub({ ...options, ...parts })
  const before = composition.modules.findIndex(({ name }) => name === 'risk')
  const modules = composition.modules.toSpliced(before, 0, actor(acts))
  return { hub: new CosmosApplication({ ...composition, modules }, parts), trading, acts }
}

function actor(acts: ((context: Context) => void)[]) {
  return {
    name: 'actor',
    messages: [],
    queries: [],
    endBlock(context: Context) {
      for (const act of acts.splice(0)) act(context)
    },
  }
}
