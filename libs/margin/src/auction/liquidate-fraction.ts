import { finite } from '../errors.ts'
import type { Account } from '../portfolio/account.ts'

/** What a bid takes over, what it pays, and what earlier bids have paid in (R), which stays untouched. */
export interface Bid {
  readonly fraction: number
  /** Below 0 when an insolvent account pays the bidder. */
  readonly cash: number
  readonly paidIn: number
}

/**
 * The account after a bid: every position, collateral and what was not paid in shrink by its fraction. Throws
 * `MarginError` 1.
 */
export function afterBid(account: Account, { fraction, cash, paidIn }: Bid): Account {
  const left = 1 - fraction
  const shrunk = (name: string, amount: number) => finite(name, amount * left)
  return {
    ...account,
    cash: finite('cash', (account.cash - paidIn) * left + paidIn + cash),
    perps: (account.perps ?? []).map((perp) => ({
      ...perp,
      size: shrunk('size', perp.size),
      quote: shrunk('quote', perp.quote),
      unsettled: shrunk('unsettled', perp.unsettled ?? 0),
    })),
    futures: (account.futures ?? []).map((future) => ({
      ...future,
      size: shrunk('size', future.size),
      quote: shrunk('quote', future.quote),
    })),
    options: (account.options ?? []).map((option) => ({
      ...option,
      amount: shrunk('amount', option.amount),
    })),
    collateral: (account.collateral ?? []).map((item) => ({
      ...item,
      amount: shrunk('amount', item.amount),
    })),
  }
}
