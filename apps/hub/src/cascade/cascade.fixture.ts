// A market that falls by two fifths, and accounts that fail with it one after the other: what a node starts
// from, and what its validators vote for.
import type { JsonValue } from '@causeway/primitives'
import type { HubApplicationOptions } from '../app.ts'
import { createAddressCodec } from '../identifiers.ts'
import { CASH_POOL } from '../named-accounts.ts'
import { OrderFlow } from '../testing/order-flow.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'

/** Who takes positions over. */
export const BIDDERS = ['cascade bidder 1', 'cascade bidder 2', 'cascade bidder 3'] as const

const CASH_EACH_E6 = 20_000_000_000_000n
const [FALL_FROM, FALL_BLOCKS, FALL_PERCENT] = [10n, 150n, 40n]
const USD = 2n

/** The state at genesis: forty accounts of six positions, half of them with little cash, and the bidders. */
export function cascadeGenesis(nowSeconds: bigint): JsonValue {
  const wallets = BIDDERS.map((name) => new Wallet(name))
  const addedE6 = CASH_EACH_E6 * BigInt(wallets.length)
  const state = flowOf(nowSeconds).appState() as unknown as FlowState
  const { ledger, cash } = state
  const pool = createAddressCodec('cway').encode(CASH_POOL.account)
  const tokens = wallets.map(({ address }) => ({
    ...{ holder: address, denom: 'ucway' },
    amount: '1000000000000',
  }))
  const balances = ledger.balances.map((balance) =>
    balance.holder === pool ? { ...balance, amount: plus(balance.amount, addedE6) } : balance,
  )
  const lines = ledger.lines.map((line) => ({ ...line, escrowed: plus(line.escrowed, addedE6) }))
  return {
    ...state,
    ledger: { ...ledger, lines, balances: [...balances, ...tokens] },
    cash: {
      assets: cash.assets.map((asset) => ({ ...asset, parE6: plus(asset.parE6, addedE6) })),
      accounts: [
        ...cash.accounts,
        ...wallets.map(({ address }) => ({ holder: address, shares: `${CASH_EACH_E6 * 10n ** 18n}` })),
      ],
    },
  } as unknown as JsonValue
}

/** What validators vote for: the same at a height, however often a node was started. */
export function cascadeSources(
  nowSeconds: bigint,
): Pick<HubApplicationOptions, 'priceSource' | 'surfaceSource'> {
  const { priceSource, surfaceSource } = flowOf(nowSeconds)
  return {
    surfaceSource,
    priceSource: (height, timeSeconds) =>
      priceSource(height, timeSeconds).map((price) =>
        price.asset === USD ? price : { ...price, priceE9: fallen(price.priceE9, height) },
      ),
  }
}

interface FlowState {
  readonly ledger: {
    readonly balances: readonly { readonly holder: string; readonly amount: string }[]
    readonly lines: readonly { readonly escrowed: string }[]
  }
  readonly cash: {
    readonly assets: readonly { readonly parE6: string }[]
    readonly accounts: readonly object[]
  }
}

function flowOf(nowSeconds: bigint): OrderFlow {
  return new OrderFlow({ accounts: 40, failing: 20, positions: 6, resting: 80, nowSeconds })
}

function fallen(priceE9: bigint, height: bigint): bigint {
  const since = height < FALL_FROM ? 0n : height - FALL_FROM
  const blocks = since < FALL_BLOCKS ? since : FALL_BLOCKS
  return priceE9 - (priceE9 * FALL_PERCENT * blocks) / (100n * FALL_BLOCKS)
}

function plus(amount: string, addedE6: bigint): string {
  return `${BigInt(amount) + addedE6}`
}
