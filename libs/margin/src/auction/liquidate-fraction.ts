import type { Account } from '../portfolio/account.ts'

/** What a bid takes over, what it pays, and what earlier bids have paid in (R), which stays untouched. */
export interface Bid {
  readonly fraction: number
  /** Below 0 when an insolvent account pays the bidder. */
  readonly cash: number
  readonly paidIn: number
}

/** The account after a bid: every position, collateral and what was not paid in shrink by its fraction. */
export function afterBid(account: Account, { fraction, cash, paidIn }: Bid): Account {
  const left = 1 - fraction
  return {
    ...account,
    cash: (account.cash - paidIn) * left + paidIn + cash,
    perps: (account.perps ?? []).map((perp) => ({
      ...perp,
      size: perp.size * left,
      quote: perp.quote * left,
      unsettled: (perp.unsettled ?? 0) * left,
    })),
    futures: (account.futures ?? []).map((future) => ({
      ...future,
      size: future.size * left,
      quote: future.quote * left,
    })),
    options: (account.options ?? []).map((option) => ({ ...option, amount: option.amount * left })),
    collateral: (account.collateral ?? []).map((item) => ({ ...item, amount: item.amount * left })),
  }
}
