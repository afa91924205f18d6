// A liquidator as simple as can be, to compare with: sells an account whole, at the next block’s price less
// a slippage, once it is worth less than a fixed share of what it holds. It sells to the same makers: what is
// beyond their quotes of a block goes as much worse as it is more. Its losses are what nobody covers.
// SIMULATED.
import type { Market } from '../modules/markets/market.ts'
import type { Tier } from '../modules/markets/pure/types.ts'
import { UNDERLYINGS } from './assets.fixture.ts'
import { DEPTH } from './traders.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import { fairOf } from './fair.fixture.ts'

/** An account as it stood when a scenario began. */
export interface NaiveAccount {
  readonly cash: number
  readonly eth: number
  readonly positions: readonly { readonly market: Market; readonly size: number; readonly quote: number }[]
}

/** Equity, as a share of gross notional, below which it sells. */
const KEPT_SHARE = 0.05
const SLIPPAGE: Readonly<Record<Tier, number>> = { 1: 0.005, 2: 0.01, 3: 0.03 }

/** No sale costs more than this share of its notional. */
const SLIPPAGE_MOST = 0.25

interface Standing {
  readonly account: NaiveAccount
  isDue: boolean
}

/** Cash that a naive liquidator would have lost over these blocks, with how many accounts it sold. */
export function naiveLoss(
  accounts: readonly NaiveAccount[],
  blocks: readonly PlannedBlock[],
  options: { readonly startSeconds: bigint; readonly makers: number },
): { readonly badDebt: number; readonly sold: number } {
  let alive: Standing[] = accounts.map((account) => ({ account, isDue: false }))
  let [badDebt, sold, now] = [0, 0, options.startSeconds]
  for (const planned of blocks) {
    now += planned.seconds
    if (planned.isSilent) continue
    const fair = memoized((market) => fairOf(market, planned, now))
    const due = alive.filter(({ isDue }) => isDue)
    const shares = slippages(
      due.map(({ account }) => account),
      planned,
      options.makers,
    )
    for (const { account } of due) {
      const cost = [...notionals(account, planned)].reduce(
        (sum, [id, each]) => sum + each * shares.get(id)!,
        0,
      )
      badDebt += Math.max(0, cost - equityOf(account, planned, fair))
    }
    sold += due.length
    alive = alive.filter(({ isDue }) => !isDue)
    for (const each of alive) {
      const gross = [...notionals(each.account, planned).values()].reduce((sum, one) => sum + one, 0)
      each.isDue = gross > 0 && equityOf(each.account, planned, fair) < KEPT_SHARE * gross
    }
  }
  return { badDebt, sold }
}

/** Share of its notional that selling each underlying costs, when all of these are sold at once. */
function slippages(
  accounts: readonly NaiveAccount[],
  planned: PlannedBlock,
  makers: number,
): ReadonlyMap<bigint, number> {
  const all = new Map<bigint, number>()
  for (const account of accounts)
    for (const [id, notional] of notionals(account, planned)) all.set(id, (all.get(id) ?? 0) + notional)
  return new Map(
    [...all].map(([id, notional]) => {
      const { tier } = UNDERLYINGS.find((underlying) => underlying.id === id)!
      const over = Math.max(1, notional / (DEPTH[tier] * makers))
      return [id, Math.min(SLIPPAGE_MOST, SLIPPAGE[tier] * over)]
    }),
  )
}

/** Σ |size| × spot by underlying. */
function notionals({ positions }: NaiveAccount, { prices }: PlannedBlock): ReadonlyMap<bigint, number> {
  const found = new Map<bigint, number>()
  for (const { market, size } of positions) {
    const { id, name } = UNDERLYINGS.find((underlying) => underlying.id === market.underlying)!
    found.set(id, (found.get(id) ?? 0) + Math.abs(size) * prices[name]!)
  }
  return found
}

function equityOf(account: NaiveAccount, { prices }: PlannedBlock, fair: (market: Market) => number): number {
  return account.positions.reduce(
    (sum, { market, size, quote }) => sum + size * fair(market) + (market.kind === 'option' ? 0 : quote),
    account.cash + account.eth * prices['ETH']!,
  )
}

function memoized(value: (market: Market) => number): (market: Market) => number {
  const known = new Map<bigint, number>()
  return (market) => {
    const found = known.get(market.id) ?? value(market)
    known.set(market.id, found)
    return found
  }
}
