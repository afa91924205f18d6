import type { Portfolio } from '../portfolio/portfolio.ts'
import { keyOf, type Slots } from './slots.ts'

/** Columns that hold the entries of accounts. */
export interface EntryColumns {
  readonly slots: Slots
  readonly key: Uint32Array
  readonly amount: Float64Array
}

/*
 * An account as entries (slot, amount): cash, pending credit; by perpetual size, quote, unsettled; by future
 * size, quote; by option and by asset the amount. What no price moves has slot 0.
 */

/** How many entries an account needs. */
export function entriesOf({ perp, future, option, asset }: Portfolio): number {
  return 2 + 3 * perp.length + 2 * future.length + option.length + asset.length
}

/** Writes an account's entries from place `first` on. */
export function writeEntries(
  { slots, key, amount }: EntryColumns,
  first: number,
  portfolio: Portfolio,
): void {
  const { perp, future, option, asset } = portfolio
  let at = first
  const write = (slot: number, value: number) => {
    key[at] = keyOf(slot, value)
    amount[at++] = value
  }
  write(0, portfolio.cash)
  write(0, portfolio.pendingCredit)
  for (let i = 0; i < perp.length; i++) {
    write(slots.perps + perp[i]!, portfolio.perpSize[i]!)
    write(0, portfolio.perpQuote[i]!)
    write(0, portfolio.perpUnsettled[i]!)
  }
  for (let i = 0; i < future.length; i++) {
    write(slots.futures + future[i]!, portfolio.futureSize[i]!)
    write(0, portfolio.futureQuote[i]!)
  }
  for (let i = 0; i < option.length; i++) write(slots.options + option[i]!, portfolio.optionAmount[i]!)
  for (let i = 0; i < asset.length; i++) write(slots.assets + asset[i]!, portfolio.assetAmount[i]!)
}
