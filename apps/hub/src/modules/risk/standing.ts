// Where a subaccount stands: its figures, and the level of health that they make.
import { evaluatePortfolio, noMargins, toMicroCashDown, valueAccount } from '@causeway/margin'
import type { Portfolio } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { countedAssets, portfolioOf } from './account.ts'
import { valueOf } from './collateral.ts'
import type { MarginedMarket } from './market-memory.ts'
import type { RiskPorts, RiskPosition } from './ports.ts'
import { expiryName } from './snapshot.ts'

/**
 * Health by maintenance margin: `warned` below 50 % of the maintenance requirement, `called` below 25 %,
 * `below` less than none.
 */
export type Level = (typeof LEVELS)[number]
/** From best to worst. */
export const LEVELS = ['healthy', 'warned', 'called', 'below'] as const

/** What makes a level, in micro-cash. */
export interface MarginFigures {
  /** Signed: not negative is healthy. What pending deposits count is part of it; rounded down. */
  readonly maintenanceE6: bigint
  /** What maintenance requires; rounded up. */
  readonly requirementE6: bigint
}

/** A subaccount valued whole, in micro-cash. */
export interface Figures extends MarginFigures {
  /** Cash, collateral before haircuts and positions at their marks; rounded down. */
  readonly valueE6: bigint
  /** Signed; without orders. */
  readonly initialE6: bigint
}

/** Values a subaccount whole. */
export function figuresOf({ market, workspace }: MarginedMarket, portfolio: Portfolio): Figures {
  const requirement = evaluatePortfolio(market, portfolio, workspace)
  return {
    valueE6: toMicroCashDown(requirement.value, 0),
    maintenanceE6: requirement.maintenanceMarginE6,
    initialE6: requirement.initialMarginE6,
    requirementE6: requirement.maintenanceRequirementE6,
  }
}

/** The level that figures make. */
export function levelOf({ maintenanceE6, requirementE6 }: MarginFigures): Level {
  if (maintenanceE6 < 0n) return 'below'
  if (4n * maintenanceE6 < requirementE6) return 'called'
  return 2n * maintenanceE6 < requirementE6 ? 'warned' : 'healthy'
}

/**
 * Whether every price that what a subaccount has depends on is fresh, of options and futures their expiry's
 * surface, too. Orders don't count: nobody escapes a verdict by resting one in a market without a price; nor
 * by collateral without a price, where the subaccount is below maintenance even if it were worth twice as
 * much as known last.
 */
export function isFresh<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  holder: Holder,
): boolean {
  if (!arePositionsPriced(context, ports, margined, holder)) return false
  let unpricedE6 = 0n
  let isUnpriced = false
  for (const held of countedAssets(context, ports, margined, holder)) {
    if (ports.price(context, held.asset).state === 'fresh') continue
    isUnpriced = true
    unpricedE6 += valueOf(context, ports, held).valueE6
  }
  if (!isUnpriced) return true
  const margins = noMargins()
  const { market, workspace } = margined
  valueAccount(market, portfolioOf(context, ports, margined, holder), workspace, margins)
  return toMicroCashDown(margins.maintenanceMargin, workspace.totals.gross) + unpricedE6 < 0n
}

function arePositionsPriced<Position extends RiskPosition>(
  context: ReadContext,
  { markets, price }: RiskPorts<Position>,
  { terms, unpricedExpiries }: MarginedMarket,
  holder: Holder,
): boolean {
  return markets.positions(context, holder).every(({ market }) => {
    const { underlying, expirySeconds } = terms.get(market)!
    if (price(context, underlying).state !== 'fresh') return false
    return expirySeconds === 0n || !unpricedExpiries.has(expiryName(underlying, expirySeconds))
  })
}
