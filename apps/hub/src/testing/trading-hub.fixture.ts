// A hub on which two wallets trade: collateral that becomes cash, ETH's markets, prices that a test sets.
import { assert, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { QueryCashRequest, QueryCashResponse } from '@causeway/protocol/causeway/cash/v1/query'
import { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../app.ts'
import { brokenInvariants } from '../block/inspect.ts'
import { Driver } from './driver.fixture.ts'
import { clientEntries } from './client-entries.fixture.ts'
import { hubGenesis, hubOptions, testHub } from './hub.fixture.ts'
import { message } from './messages.fixture.ts'
import { codeOf } from './refusal.fixture.ts'
import { testValidators } from './validators.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

/** 1.0 of cash. */
export const E6 = 1_000_000n
/** 1.0 of a price or a size. */
export const E9 = 1_000_000_000n
/** Assets: a stable token, and an underlying. */
export const [USD, ETH] = [2n, 3n]
/** The line of the stable token over the first client. */
export const LINE = 'transfer/07-tendermint-0/uusd'
/** What each wallet has of it. */
export const USD_EACH = 20_000n * E6

/** What a test wants otherwise. */
export interface TradingHubOptions {
  /** Limits of the line. */
  readonly limits?: object
  /** Price 10⁻⁹ cash a unit of gas that `cash` pays, beside the hub's token. */
  readonly cashGasPriceE9?: bigint
  /** A client each, of so long a trusting period; default one. */
  readonly trustingSeconds?: readonly bigint[]
  /** Lines beside the first. */
  readonly lines?: readonly object[]
  /** Members of the app_state in place of these. */
  readonly genesis?: Record<string, JsonValue>
}

/** The app_state of the hub. */
export function tradingGenesis(wallets: readonly Wallet[], options: TradingHubOptions = {}): JsonValue {
  const base = hubGenesis(wallets) as { ledger: { balances: object[] } }
  const usd = wallets.map(({ address }) => ({ holder: address, denom: 'usdz', amount: `${USD_EACH}` }))
  const { limits = {}, cashGasPriceE9, trustingSeconds, lines = [], genesis = {} } = options
  const inCash = cashGasPriceE9 === undefined ? [] : [{ denom: 'cash', priceE9: cashGasPriceE9.toString() }]
  const escrowed = lines.reduce(
    (left, line) => left - BigInt((line as { escrowed?: string }).escrowed ?? 0),
    USD_EACH * BigInt(wallets.length),
  )
  return hubGenesis(wallets, {
    accounts: { gasPrices: [{ denom: 'ucway', priceE9: '25000000' }, ...inCash] },
    ibc: clientEntries(trustingSeconds === undefined ? {} : { trustingSeconds }),
    ledger: {
      zone: 0,
      assets: [
        { denom: 'ucway', decimals: 6, native: true },
        { denom: 'usdz', decimals: 6, native: false },
        { denom: 'eth', decimals: 18, native: false },
      ],
      lines: [
        { client: '07-tendermint-0', denom: LINE, asset: 'usdz', escrowed: `${escrowed}`, ...limits },
        ...lines,
      ],
      balances: [...base.ledger.balances, ...usd],
    } as never,
    oracle: { feeds: [feed(USD, 'USDZ'), feed(ETH, 'ETH')] },
    cash: { assets: [{ asset: USD.toString() }] },
    markets: { underlyings: [ETHER] },
    ...genesis,
  })
}

const feed = (asset: bigint, symbol: string) => ({ asset: asset.toString(), symbol })
const ETHER = {
  asset: ETH.toString(),
  name: 'ETH',
  tier: 1,
  perpetual: { tickE9: '10000000', lotE9: '100000000' },
  ownerCapE9: `${1_000_000n * E9}`,
  openInterestCapE9: `${10_000_000n * E9}`,
  openNotionalLowerE6: `${10n ** 15n}`,
  openNotionalUpperE6: `${10n ** 16n}`,
}

/** The hub two blocks later: with prices. */
export function tradingHub(options: TradingHubOptions = {}) {
  const wallets = [new Wallet('maker'), new Wallet('taker')] as const
  return start(wallets, tradingGenesis(wallets, options))
}

/** A hub of this app_state, on which the same wallets trade; what they have done before is in it. */
export function tradingHubOf(appState: JsonValue, timeNanoseconds: bigint, prices: Map<bigint, bigint>) {
  const wallets = [new Wallet('maker'), new Wallet('taker')] as const
  return start(wallets, appState, { timeNanoseconds, prices })
}

function start(
  wallets: readonly [Wallet, Wallet],
  genesis: JsonValue,
  later?: { timeNanoseconds: bigint; prices: Map<bigint, bigint> },
) {
  const prices =
    later?.prices ??
    new Map([
      [USD, E9],
      [ETH, 3_000n * E9],
    ])
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
  const { driver, hub } = testHub(wallets, { priceSource }, genesis, later?.timeNanoseconds)
  const replay = () => {
    const second = createHubApplication(hubOptions(createMemoryStorage(), { priceSource }))
    const follower = new Driver(second, testValidators([10n, 10n, 10n, 10n]))
    follower.initChain(genesis)
    return driver.requests.map((request) => {
      const { appHash } = second.finalizeBlock(request)
      second.commit()
      return toHex(appHash)
    })
  }
  if (later === undefined) for (let i = 0; i < 2; i++) driver.block()
  const broken = () => brokenInvariants(hub.chain)
  return { driver, hub, prices, replay, broken, maker: wallets[0], taker: wallets[1] }
}

/** A hub with two traders. */
export type TradingHub = ReturnType<typeof tradingHub>

/** Converts a balance. */
export const convert = ({ address: holder }: Wallet, amount: bigint): Any =>
  message('causeway.cash.v1.MsgConvert', { holder, denom: 'usdz', amount: amount.toString() })

/** Redeems cash over a line. */
export const redeem = ({ address: holder }: Wallet, amountE6: bigint, line = LINE): Any =>
  message('causeway.cash.v1.MsgRedeem', {
    holder,
    line,
    amountE6: amountE6.toString(),
    receiver: 'zone1somebody',
  })

/** Moves cash between subaccounts. */
export const transferCash = (from: string, to: string, amountE6: bigint): Any =>
  message('causeway.cash.v1.MsgTransferCash', { from, to, amountE6: amountE6.toString() })

/** An order of 2 at 3,000, good till cancelled, but for what differs. */
export const order = (wallet: Wallet, more: Partial<MsgPlaceOrder>): Any => ({
  typeUrl: '/causeway.markets.v1.MsgPlaceOrder',
  value: MsgPlaceOrder.encode(
    MsgPlaceOrder.fromPartial({
      signer: wallet.address,
      limitE9: 3_000n * E9,
      sizeE9: 2n * E9,
      type: 1,
      timeInForce: 1,
      ...more,
    }),
  ).finish(),
})

/** Delivers one transaction in a block of its own; its code, or that of CheckTx. */
export function deliver(driver: Driver, wallet: Wallet, act: Any, secondsLater = 1n): string {
  const tx = wallet.sign([act], { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] })
  const checked = codeOf(driver.submit(tx))
  if (checked !== '0') {
    wallet.sequence--
    return checked
  }
  return codeOf(driver.block(secondsLater).txResults.at(-1))
}

/** The same of an order: free, by a nonce instead of the sequence. */
export function place(driver: Driver, wallet: Wallet, act: Any): string {
  const sequence = driver.timeNanoseconds / 1_000_000n
  const checked = codeOf(driver.submit(wallet.sign([act], { gasLimit: 30_000n, fee: [], sequence })))
  return checked === '0' ? codeOf(driver.block().txResults.at(-1)) : checked
}

/** What risk says of an account. */
export const portfolio = (driver: Driver, account: string, explain = false) =>
  QueryPortfolioResponse.decode(
    driver.query(
      '/causeway.risk.v1.Query/Portfolio',
      QueryPortfolioRequest.encode({ account, explain }).finish(),
    ).value,
  )

/** Cash of a subaccount, micro-cash. */
export const cashOf = (driver: Driver, holder: string): bigint =>
  BigInt(
    QueryCashResponse.decode(
      driver.query('/causeway.cash.v1.Query/Cash', QueryCashRequest.encode({ holder }).finish()).value,
    ).balanceE6,
  )

/** A balance of a subaccount, base units. */
export const balanceOf = (driver: Driver, address: string, denom: string): bigint =>
  BigInt(
    QueryBalanceResponse.decode(
      driver.query(
        '/cosmos.bank.v1beta1.Query/Balance',
        QueryBalanceRequest.encode({ address, denom }).finish(),
      ).value,
    ).balance!.amount,
  )

/** Id of the market ETH-PERP. */
export function perpetual(driver: Driver): bigint {
  const data = QueryMarketsRequest.encode(QueryMarketsRequest.fromPartial({})).finish()
  const { value } = driver.query('/causeway.markets.v1.Query/Markets', data)
  const { markets } = QueryMarketsResponse.decode(value)
  return markets.find(({ market }) => market!.symbol === 'ETH-PERP')!.market!.id
}

/** Both convert all, and two ETH change hands at 3,000: the maker is short, the taker long. */
export function trade({ driver, maker, taker }: TradingHub): bigint {
  const market = perpetual(driver)
  const codes = [
    ...[maker, taker].map((wallet) => deliver(driver, wallet, convert(wallet, USD_EACH))),
    place(driver, maker, order(maker, { market, isBuy: false })),
    place(driver, taker, order(taker, { market, isBuy: true })),
  ]
  assert(
    codes.every((code) => code === '0'),
    `a trade was refused: ${codes.join()}`,
  )
  return market
}
