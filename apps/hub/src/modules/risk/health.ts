// At which level of health everybody stands, found at the end of every block among all who have positions or
// debts. Bounds tell of most accounts that they stand where they stood; the rest are valued from state, so
// the verdict is that of valuing everybody.
import {
  createBook,
  moveBook,
  moveBounds,
  noMargins,
  putAccount,
  toMicroCashDown,
  toMicroCashUp,
  valueAccount,
} from '@causeway/margin'
import type { Book } from '@causeway/margin'
import { toHex } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { compareHolders } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { portfolioOf, withoutPending } from './account.ts'
import { Drifts } from './drift.ts'
import type { Drifting } from './drift.ts'
import { emitMarginLevel } from './events.ts'
import { levelBounds } from './level-bounds.ts'
import type { MarginedMarket, MarketMemory } from './market-memory.ts'
import type { RiskPorts, RiskPosition } from './ports.ts'
import { isFresh, levelOf } from './standing.ts'
import type { Level } from './standing.ts'
import { RISK_STORE, readLevel, unhealthy, writeLevel } from './state.ts'

/** Watches over all accounts. */
export interface Health {
  /** A subaccount has changed. */
  changed(holder: Holder): void
  endBlock(context: Context): void
}

/** An account of the book, with what in it drifts although nobody touches it. */
interface Watched extends Drifting {
  readonly holder: Holder
}

/** What a node keeps between blocks; it can be thrown away at any time. */
interface Memory {
  readonly book: Book
  readonly watched: Watched[]
  readonly numbers: Map<string, number>
  readonly drifts: Drifts
}

/** The book moves on when a scan values more than this share of it. */
const MOVE_SHARE = 0.05
const VALUED_MIN = 16

/** Makes the watch of one node. */
export function createHealth<Position extends RiskPosition>(
  ports: RiskPorts<Position>,
  markets: Pick<MarketMemory, 'fresh'>,
): Health {
  let memory: Memory | undefined
  // What is pending may go without anybody's doing: the book counts none of it.
  const received = withoutPending(ports)
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
      memory = bringUp(context, received, margined, memory, atHeight)
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
    const memory: Memory = {
      book: createBook(margined.market),
      watched: [],
      numbers: new Map(),
      drifts: new Drifts(),
    }
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
  { book, watched, numbers, drifts }: Memory,
  holder: Holder,
): void {
  const key = keyOf(holder)
  const number = numbers.get(key) ?? book.count
  const portfolio = portfolioOf(context, ports, margined, holder)
  putAccount(book, number, portfolio)
  numbers.set(key, number)
  const { perpetuals } = margined.layout.columns(ports.markets.positions(context, holder))
  const drifting = drifts.of(context, ports, { cash: portfolio.cash, perpetuals })
  watched[number] = { ...drifting, holder }
}

/** Of whom no bound tells that they stand where they stood. */
function candidates<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  { market }: MarginedMarket,
  { book, watched, numbers, drifts }: Memory,
): Holder[] {
  const isCertain = levelBounds(book, market)
  const driftOf = drifts.at(context, ports)
  const found: Holder[] = []
  const levels = new Map<number, Level>()
  for (const [holder, { level }] of unhealthy(context.store(RISK_STORE))) {
    const number = numbers.get(keyOf(holder))
    if (number !== undefined) levels.set(number, level as Level)
    else found.push(holder)
  }
  for (let number = 0; number < book.count; number++) {
    const account = watched[number]!
    const level = levels.get(number) ?? 'healthy'
    // The book counts nothing pending: it may only be better with it.
    const isHigher = level !== 'healthy' && ports.pendingE6(context, account.holder) > 0n
    if (isHigher || !isCertain(number, level, driftOf(account))) found.push(account.holder)
  }
  return found
}

/**
 * Values from state and writes where everybody stands. Whoever depends on a price that isn't fresh stays what
 * he was.
 */
function judge<Position extends RiskPosition>(
  context: Context,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  found: readonly Holder[],
): void {
  const store = context.store(RISK_STORE)
  const { workspace } = margined
  const margins = noMargins()
  // As they lie in stores: the numbers that memory gives differ from node to node.
  for (const holder of [...found].sort(compareHolders)) {
    if (!isFresh(context, ports, margined, holder)) continue
    const portfolio = portfolioOf(context, ports, margined, holder)
    valueAccount(margined.market, portfolio, workspace, margins)
    const { gross } = workspace.totals
    const requirement = margins.value + portfolio.pendingCredit - margins.maintenanceMargin
    const figures = {
      maintenanceE6: toMicroCashDown(margins.maintenanceMargin, gross),
      requirementE6: toMicroCashUp(requirement, gross),
    }
    const level = levelOf(figures)
    const before = (readLevel(store, holder)?.level ?? 'healthy') as Level
    if (level === before) continue
    const { height, timeSeconds } = context
    writeLevel(store, holder, level === 'healthy' ? undefined : { level, height, timeSeconds })
    emitMarginLevel(context, ports.addresses, { holder, level, before, figures })
  }
}

function keyOf({ account, subaccount }: Holder): string {
  return `${toHex(account)}/${subaccount}`
}
