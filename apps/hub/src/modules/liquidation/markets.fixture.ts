// A failing hub on which ether and bitcoin are traded, and ether is collateral as well.
import type { JsonValue } from '@causeway/primitives'
import { ether } from '../../manipulations/arena.fixture.ts'
import { E9, ETH, USD, order, place, tradingGenesis } from '../../testing/trading-hub.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { NAMES, failingHub } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

/** The asset of bitcoin. */
export const BTC = 4n
/** 1.0 of ether. */
export const ONE_ETH = 10n ** 18n

interface Genesis {
  ledger: { assets: object[]; lines: object[]; balances: object[] }
  oracle: { feeds: object[] }
  risk: { weights: object[] }
  markets: { underlyings: JsonValue[] }
  [name: string]: unknown
}

/** What a test wants otherwise. */
export interface MarketsOptions {
  readonly params?: Record<string, JsonValue>
  readonly names?: readonly string[]
  /** Ether of these, base units. */
  readonly ether?: Readonly<Record<string, bigint>>
  /** Other members of the app_state, or what is changed in it. */
  readonly change?: (state: Genesis) => void
}

/** The hub with everybody's stable tokens in cash. */
export function marketsHub({
  params = {},
  names = NAMES,
  ether: held = {},
  change,
}: MarketsOptions = {}): FailingHub {
  const wallets = names.map((name) => new Wallet(name))
  const genesis = JSON.parse(JSON.stringify(tradingGenesis(wallets))) as Genesis
  const { ledger, oracle, risk, markets } = genesis
  const total = Object.values(held).reduce((sum, amount) => sum + amount, 0n)
  ledger.assets.push({ denom: 'btc', decimals: 8, native: false })
  ledger.lines.push({
    client: '07-tendermint-0',
    denom: 'transfer/07-tendermint-0/aeth',
    asset: 'eth',
    escrowed: `${total}`,
  })
  for (const [name, amount] of Object.entries(held)) {
    const { address } = wallets[names.indexOf(name)]!
    ledger.balances.push({ holder: address, denom: 'eth', amount: `${amount}` })
  }
  oracle.feeds.push({ asset: `${BTC}`, symbol: 'BTC' })
  risk.weights.push({ asset: `${ETH}`, initialWeightBps: 8_500, maintenanceWeightBps: 9_000 })
  const grid = { tickE9: '1000000000', lotE9: '1000000' }
  markets.underlyings = [ether(), { ...(ether() as object), asset: `${BTC}`, name: 'BTC', perpetual: grid }]
  genesis['liquidation'] = { params }
  change?.(genesis)
  const world = failingHub({
    names,
    of: { state: genesis as unknown as JsonValue, timeNanoseconds: 1_700_000_000n * E9 },
    prices: new Map([
      [USD, E9],
      [ETH, 3_000n * E9],
      [BTC, 60_000n * E9],
    ]),
  })
  world.blocks(2)
  if (!world.fund(...names)) throw new Error('everything becomes cash')
  return world
}

/** Two trade: above 0 the first buys. */
export function trade(
  { driver, of, market }: FailingHub,
  [buyer, seller]: readonly [string, string],
  {
    symbol,
    sizeE9,
    priceE9,
    subaccount = 0,
  }: { symbol: string; sizeE9: bigint; priceE9: bigint; subaccount?: number },
): void {
  const { id } = market(symbol).market!
  const terms = { market: id, limitE9: priceE9, sizeE9 }
  const codes = [
    place(driver, of(seller), order(of(seller), { ...terms, isBuy: false })),
    place(driver, of(buyer), order(of(buyer), { ...terms, subaccount, isBuy: true })),
  ]
  if (codes.some((code) => code !== '0')) throw new Error(`a trade was refused: ${codes.join()}`)
}
