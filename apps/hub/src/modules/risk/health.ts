// Who is below maintenance, found at the end of every block among all who have positions or debts. A bound
// clears most accounts; the rest are valued from state, so the verdict is that of valuing everybody.
import {
  boundHealth,
  createBook,
  moveBook,
  moveBounds,
  noMargins,
  putAccount,
  toMicroCashDown,
  valueAccount,
} from '@causeway/margin'
import type { Book, Portfolio } from '@causeway/margin'
import { assert, compareBytes, toHex } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { countedAssets, portfolioOf } from './account.ts'
import { emitBelowMaintenance } from './events.ts'
import type { MarginedMarket, MarketMemory } from './market-memory.ts'
import type { RiskPorts, RiskPosition } from './ports.ts'
import { RISK_STORE, belowMaintenance, readBelow, writeBelow } from './state.ts'

/** Watches over all accounts. */
export interface Health {
  /** A subaccount has changed. */
  changed(holder: Holder): void
  endBlock(context: Context): void
}

/** An account of the book, with what in it drifts although nobody touches it. */
interface Watched {
  readonly holder: Holder
  /** Of cash below 0, without sign, in cash; 0 of cash above. */
  readonly debt: number
  readonly debtIndex: bigint
  /** Perpetuals: whose funding, how much, and from which index on. */
  readonly funding: readonly { readonly market: bigint; readonly size: number; readonly indexE18: bigint }[]
}

/** What a node keeps between blocks; it can be thrown away at any time. */
interface Memory {
  readonly book: Book
  readonly watched: Watched[]
  readonly numbers: Map<string, number>
}

/** Cash by which a bound must clear an account: what whole micro-cash and doubles round. */
const SURELY_HEALTHY = 1e-5
/** Doubles of drifts are off by less than this share of them. */
const ROUNDING_SHARE = 1e-9
/** The book moves on when a scan values more than this share of it. */
const MOVE_SHARE = 0.05
const VALUED_MIN = 16

/** Makes the watch of one node. */
export function createHealth<Position extends RiskPosition>(
  ports: RiskPorts<Position>,
  markets: Pick<MarketMemory, 'fresh'>,
): Health {
  let memory: Memory | undefined
  // Since the last block's end, whoever begins the next one with a credit among them
  const touched = new Map<string, Holder>()
  // At a height, by all its executions: one that was not committed has changed the book, too.
  const atHeight = new Map<string, Holder>()
  let height = -1n
  const changed = (holder: Holder): void => {
    touched.set(keyOf(holder), holder)
  }
  return {
    changed,
    endBlock(context) {
      for (const holder of ports.markets.changedHolders(context)) {
        changed(holder)
        ports.owingChanged?.(context, holder.account)
      }
      if (context.height !== height) atHeight.clear()
      height = context.height
      for (const [key, holder] of touched) atHeight.set(key, holder)
      touched.clear()
      const margined = markets.fresh(context)
      memory = bringUp(context, ports, margined, memory, atHeight)
      const found = candidates(context, ports, margined, memory)
      judge(context, ports, margined, found)
      if (found.length > Math.max(VALUED_MIN, memory.book.count * MOVE_SHARE))
        moveBook(memory.book, margined.market)
    },
  }
}

/** The book with all changes in it: made anew where the markets list other instruments than it knows. */
function bringUp<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  before: Memory | undefined,
  touched: ReadonlyMap<string, Holder>,
): Memory {
  if (before === undefined || moveBounds(before.book.market, margined.market) === undefined) {
    const memory: Memory = { book: createBook(margined.market), watched: [], numbers: new Map() }
    for (const holder of ports.markets.holders(context)) put(context, ports, margined, memory, holder)
    for (const holder of ports.cash.debtors(context)) put(context, ports, margined, memory, holder)
    return memory
  }
  for (const [key, holder] of touched)
    if (before.numbers.has(key) || isExposed(context, ports, holder))
      put(context, ports, margined, before, holder)
  return before
}

function isExposed<Position extends RiskPosition>(
  context: Context,
  { markets, cash }: RiskPorts<Position>,
  holder: Holder,
): boolean {
  return cash.isDebtor(context, holder) || markets.positions(context, holder).length > 0
}

function put<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  { book, watched, numbers }: Memory,
  holder: Holder,
): void {
  const key = keyOf(holder)
  const number = numbers.get(key) ?? book.count
  const portfolio = portfolioOf(context, ports, margined, holder)
  // What is pending may go without anybody's doing: the book counts none of it.
  putAccount(book, number, { ...portfolio, pendingCredit: 0 })
  numbers.set(key, number)
  watched[number] = {
    holder,
    debt: portfolio.cash < 0 ? -portfolio.cash : 0,
    debtIndex: ports.cash.debtIndex(context),
    funding: margined.layout
      .columns(ports.markets.positions(context, holder))
      .perpetuals.flatMap(({ market, sizeE9 }) => {
        const { funding } = ports.markets.figures(context, market)
        if (funding === undefined) return []
        return [{ market, size: Number(sizeE9) / 1e9, indexE18: funding.indexE18 }]
      }),
  }
}

/** Whom the bound doesn't clear, and who was below. */
function candidates<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  { market }: MarginedMarket,
  { book, watched }: Memory,
): Holder[] {
  const bounds = moveBounds(book.market, market)
  assert(bounds !== undefined, 'the book lists what the market lists')
  const debtIndex = ports.cash.debtIndex(context)
  const known = new Map<bigint, bigint | undefined>()
  const fundingIndex = (market: bigint) => {
    if (!known.has(market)) known.set(market, ports.markets.figures(context, market).funding?.indexE18)
    return known.get(market)
  }
  const found: Holder[] = []
  for (let number = 0; number < book.count; number++) {
    const account = watched[number]!
    const drift = driftOf(account, debtIndex, fundingIndex)
    if (boundHealth(book, bounds, number) + drift < SURELY_HEALTHY) found.push(account.holder)
  }
  for (const [holder] of belowMaintenance(context.store(RISK_STORE)))
    if (!found.some((other) => sameHolder(other, holder))) found.push(holder)
  return found
}

/** What interest and funding have taken from an account since it was put, in cash; a lower bound. */
function driftOf(
  { debt, debtIndex, funding }: Watched,
  debtIndexNow: bigint,
  fundingIndex: (market: bigint) => bigint | undefined,
): number {
  let drift = 0
  let gross = 0
  if (debt > 0) {
    const growth = Number(debtIndexNow - debtIndex) / Number(debtIndex)
    drift -= debt * growth
    gross += debt
  }
  for (const { market, size, indexE18 } of funding) {
    const now = fundingIndex(market) ?? indexE18
    const change = size * (Number(now - indexE18) / 1e18)
    drift -= change
    gross += Math.abs(change)
  }
  return drift - gross * ROUNDING_SHARE
}

/**
 * Values from state and writes who is below. Whoever depends on a price that isn't fresh stays what he was.
 */
/** Ascending, as they lie in stores: the numbers that memory gives differ from node to node. */
function byHolder(a: Holder, b: Holder): number {
  return compareBytes(a.account, b.account) || a.subaccount - b.subaccount
}

function judge<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  found: readonly Holder[],
): void {
  const store = context.store(RISK_STORE)
  const { workspace } = margined
  const margins = noMargins()
  for (const holder of [...found].sort(byHolder)) {
    if (!isFresh(context, ports, margined, holder)) continue
    const portfolio: Portfolio = portfolioOf(context, ports, margined, holder)
    valueAccount(margined.market, portfolio, workspace, margins)
    const marginE6 = toMicroCashDown(margins.maintenanceMargin, workspace.totals.gross)
    const before = readBelow(store, holder)
    const isBelow = marginE6 < 0n
    if (isBelow === (before !== undefined)) continue
    const { height, timeSeconds } = context
    writeBelow(store, holder, isBelow ? { height, timeSeconds } : undefined)
    emitBelowMaintenance(context, ports.addresses, { holder, marginE6 })
  }
}

function isFresh<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  holder: Holder,
): boolean {
  const fresh = (asset: bigint) => ports.price(context, asset).state === 'fresh'
  return (
    countedAssets(context, ports, margined, holder).every(({ asset }) => fresh(asset)) &&
    ports.markets
      .positions(context, holder)
      .every(({ market }) => fresh(margined.terms.get(market)!.underlying))
  )
}

function keyOf({ account, subaccount }: Holder): string {
  return `${toHex(account)}/${subaccount}`
}
