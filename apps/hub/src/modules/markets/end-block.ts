// The end of a block, top to bottom. Spec: docs/markets.md.
import { equalBytes } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Books } from './books.ts'
import { observe } from './history.ts'
import { listByRule } from './listing.ts'
import { cancelDue, followOrders } from './cancel-after.ts'
import type { MarketsPorts } from './ports.ts'
import { dropUsedQuotes } from './used-quotes.ts'
import { MARKETS_STORE, clearTransient } from './state.ts'
import { endPauses } from './status.ts'
import { holdAuctions } from './auctions.ts'
import { tellBooks } from './deltas.ts'
import { dropCleared } from './cleared-trades.ts'
import { forgetEnded, settleExpiries } from './expiries.ts'
import { accrue, linearMarkets, mark } from './figures.ts'
import { settleHourly } from './hourly.ts'
import { enterNew, enterTriggered, expireOrders, follow } from './intake.ts'
import { checkMargins } from './margin-check.ts'
import { protect } from './protect.ts'
import { followQuotes } from './quoted-volatility.ts'
import { BlockRun } from './run.ts'

/** Everything that markets do at the end of a block; the books follow. */
export function endBlock(
  context: Context,
  ports: MarketsPorts,
  memory: { readonly books: Books; readonly previousAppHash: Uint8Array },
): void {
  // 1. What transactions have left, and whose time is over
  cancelDue(context, ports)
  const run = new BlockRun(context, ports, memory)
  endPauses(context, run.markets.values())
  run.refreshMarkets()
  follow(run)
  expireOrders(run)
  // 2. Expiries, funding, the hourly settlement
  observe(context, ports)
  settleExpiries(run)
  run.refreshMarkets()
  accrue(run, linearMarkets(run))
  settleHourly(run)
  run.flush('settlement')
  forgetEnded(run)
  run.refreshMarkets()
  // 3. Orders in, margin, auctions
  enterTriggered(run)
  enterNew(run)
  for (const [id, book] of run.books.inOrder()) if (book.isCrossed) run.active.add(id)
  checkMargins(run)
  holdAuctions(run)
  protect(run)
  // 4. Marks and listings for the next block
  mark(run, linearMarkets(run))
  followQuotes(run)
  tellBooks(run)
  run.flush('trade')
  listByRule(context, ports)
  dropUsedQuotes(context)
  dropCleared(context)
  clearTransient(context.store(MARKETS_STORE))
  const ordering = run.books.ordering
  followOrders(context, ordering)
  let last: Uint8Array | undefined
  for (const { account } of ordering) {
    // Ascending by account, then subaccount: an account is told of once.
    if (last === undefined || !equalBytes(last, account)) ports.owingChanged?.(context, account)
    last = account
  }
}
