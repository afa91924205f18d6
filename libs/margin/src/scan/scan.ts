import { marginErrors } from '../errors.ts'
import { toMicroCashDown, toMicroCashUp } from '../portfolio/ledger-units.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { noMargins, valueAccount } from '../requirement/value-account.ts'
import { createWorkspace } from '../requirement/workspace.ts'
import type { Book } from './book.ts'
import { moveBounds } from './move-bounds.ts'
import { createReader } from './read-entries.ts'
import type { MoveBounds } from './slot-move.ts'

/** What a scan found. */
export interface Scan {
  /** Accounts below the share, ascending. */
  readonly below: readonly AccountBelow[]
  /** How many accounts were valued, and how many the bound spared. */
  readonly valued: number
  readonly skipped: number
}

/** An account that holds less maintenance margin than it should. */
export interface AccountBelow {
  readonly account: number
  readonly maintenanceMarginE6: bigint
  readonly maintenanceRequirementE6: bigint
}

/**
 * Which accounts of a book are below a share of their maintenance requirement at a market, in basis points: 0
 * finds those whose margin is negative. An account is below when
 *
 *     maintenanceMarginE6 · 10,000 < shareBps · maintenanceRequirementE6
 *
 * with both as `evaluatePortfolio` gives them: the verdict is that of valuing every account. Accounts that
 * can't have come that far since the market that the book stands at are not valued. Where the markets list
 * different instruments, or stand under different models, all are. The book stays as it is. Throws
 * `MarginError` 61 when an account holds what the market doesn't list, 3 for a share that isn't a whole
 * number within 0 to 10,000.
 */
export function scan(book: Book, market: RiskMarket, shareBps = 0): Scan {
  if (!(Number.isInteger(shareBps) && shareBps >= 0 && shareBps <= ALL_BPS))
    throw marginErrors.outOfRange({ name: 'share', value: shareBps, min: 0, max: ALL_BPS })
  const bounds = moveBounds(book.market, market, shareBps)
  const read = createReader(book.market, market)
  const [workspace, margins] = [createWorkspace(market), noMargins()]
  const below: AccountBelow[] = []
  let valued = 0
  for (let account = 0; account < book.count; account++) {
    if (bounds && boundHealth(book, bounds, account) >= SURELY_HEALTHY) continue
    valued++
    const portfolio = read(book, book.first[account]!, book.entries[account]!)
    valueAccount(market, portfolio, workspace, margins)
    const { maintenanceMargin, value } = margins
    const { gross } = workspace.totals
    const requirement = value + portfolio.pendingCredit - maintenanceMargin
    const maintenanceMarginE6 = toMicroCashDown(maintenanceMargin, gross)
    const maintenanceRequirementE6 = toMicroCashUp(requirement, gross)
    if (maintenanceMarginE6 * BigInt(ALL_BPS) < BigInt(shareBps) * maintenanceRequirementE6)
      below.push({ account, maintenanceMarginE6, maintenanceRequirementE6 })
  }
  return { below, valued, skipped: book.count - valued }
}

const ALL_BPS = 10_000

/**
 * A bound of this much cash leaves no doubt: whole micro-cash take 10⁻⁶ from the margin and lay as much on
 * the requirement. What they take in proportion to gross is in the bound already.
 */
const SURELY_HEALTHY = 4e-6

/**
 * A lower bound of maintenance margin − share·requirement, in cash, of an account at `bounds.to`. Throws
 * `RangeError` for bounds that don't begin at the market where the book stands.
 */
export function boundHealth(book: Book, bounds: MoveBounds, account: number): number {
  if (bounds.from !== book.market) throw new RangeError('the book stands at another market')
  return healthOf(book, bounds, account) + gained(book, bounds, account)
}

/**
 * An upper bound of the same at `bounds.from`: what the account has where the book stands, less what it gains
 * at least by a move back. Throws `RangeError` for bounds that don't end at the market where the book stands.
 */
export function boundHealthAbove(book: Book, bounds: MoveBounds, account: number): number {
  if (bounds.to !== book.market) throw new RangeError('the book stands at another market')
  return healthOf(book, bounds, account) - gained(book, bounds, account)
}

/** Where the book stands. */
function healthOf({ maintenanceMargin, worth }: Book, { weight }: MoveBounds, account: number): number {
  const margin = maintenanceMargin[account]!
  return margin + (weight - 1) * (margin - worth[account]!)
}

/** At least, by a move. */
function gained(book: Book, { sensitivity }: MoveBounds, account: number): number {
  const { key, amount } = book
  const first = book.first[account]!
  const end = first + book.entries[account]!
  let sum = 0
  for (let at = first; at < end; at++) sum += amount[at]! * sensitivity[key[at]!]!
  return sum
}
