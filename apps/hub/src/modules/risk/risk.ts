// Margin as the rest of the chain asks for it: what may leave, what may be opened, who is below maintenance.
import { accountValue, evaluatePortfolio, isMarginError, toMicroCashDown } from '@causeway/margin'
import type { Portfolio, Requirement } from '@causeway/margin'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { countedAssets, ownUnderlying, portfolioOf, withoutPending } from './account.ts'
import { valueOf } from './collateral.ts'
import type { ValuedAsset } from './collateral.ts'
import { errors } from './errors.ts'
import { createHealth } from './health.ts'
import { createMarketMemory } from './market-memory.ts'
import type { MarginedMarket } from './market-memory.ts'
import { covers, initialMarginE6 } from './orders.ts'
import type {
  HeldAsset,
  RestingOrder,
  RiskMarketTerms,
  RiskOrder,
  RiskOrderSum,
  RiskPorts,
  RiskPosition,
} from './ports.ts'
import { isTold, requireFresh, staleAsset, staleOf, termsOf } from './freshness.ts'
import type { Parts } from './freshness.ts'
import { createFairPrices } from './fair-prices.ts'
import type { FairPrices } from './fair-prices.ts'
import { createSaleFigures } from './sale-figures.ts'
import type { SaleFigures } from './sale-figures.ts'
import { figuresOf, isFresh } from './standing.ts'
import type { Figures, Level } from './standing.ts'
import { RISK_STORE, isIsolated, readLevel, readWeight, unhealthy, weights } from './state.ts'

/** `reduceOnly`: nothing that adds risk, nothing that takes cover away. */
export type RiskMode = 'free' | 'reduceOnly'

/** What other parts of the chain ask about risk. Margins are signed micro-cash; not negative is healthy. */
export interface Risk extends FairPrices, SaleFigures {
  /** One amount, valued. */
  value(context: ReadContext, held: HeldAsset): ValuedAsset
  /** What of a subaccount covers initial requirements, cash too, micro-cash; only at fresh prices. */
  coverageE6(context: ReadContext, holder: Holder): bigint
  /** Cash, collateral before haircuts and positions at their marks, micro-cash; rounded down. */
  equityE6(context: ReadContext, holder: Holder): bigint
  /** Whether a subaccount has nothing to keep covered: no debt, position or order. */
  owesNothing(context: ReadContext, holder: Holder): boolean
  /**
   * Refuses what has just left a subaccount when its initial requirement, orders counted, is no longer
   * covered without gains that may not leave yet, or when that can't be known. A subaccount that owes
   * nothing and has those as cash may take out everything else, whatever the oracle does. Throws `risk/1`
   * or `risk/2`.
   */
  checkWithdrawal(context: Context, holder: Holder): void
  /**
   * The same for a fee that was just paid in an asset. One that covers nothing may always pay: whoever waits
   * for a price or owes margin can still act.
   */
  checkFee(context: Context, holder: Holder, asset: bigint): void
  /**
   * Whether all that a market is priced by is fresh: the index, and where it expires the surface with that
   * expiry in it. What is bought without could not be liquidated.
   */
  isTold(context: ReadContext, market: Pick<RiskMarketTerms, 'underlying' | 'expirySeconds'>): boolean
  /** Throws `risk/2` unless every price that a subaccount depends on is fresh. */
  requireFresh(context: ReadContext, holder: Holder): void
  /** Throws `risk/1`, `risk/2`: after a trade that no auction made, or a transfer. */
  requireInitial(context: ReadContext, holder: Holder): void
  /**
   * The least initial margin that any fills of these orders leave; of none: as it is. Throws `risk/3`,
   * `risk/4`.
   */
  initialMarginE6(context: ReadContext, holder: Holder, orders: readonly RiskOrder[]): bigint
  /**
   * Whether that margin of orders that these are sums of is surely not below 0; false says nothing. Throws
   * `risk/3`, `risk/4`.
   */
  covers(context: ReadContext, holder: Holder, sums: readonly RiskOrderSum[]): boolean
  margins(
    context: ReadContext,
    holder: Holder,
  ): { readonly initialE6: bigint; readonly maintenanceE6: bigint }
  /** A subaccount valued whole, at what is known now: also at prices that aren't fresh. Throws `risk/7`. */
  figures(context: ReadContext, holder: Holder): Figures
  /** From here on the figures of a running block go by the marks that its auctions have set. */
  refresh(context: ReadContext): void
  /** Whether every price is fresh that positions and collateral of a subaccount depend on. */
  isFresh(context: ReadContext, holder: Holder): boolean
  /** Whether an amount of an asset would be collateral of a subaccount. */
  counts(context: ReadContext, holder: Holder, held: HeldAsset): boolean
  /** As the end of the last block found it. */
  level(context: ReadContext, holder: Holder): Level
  /** All subaccounts at a level other than `healthy`, and since when; ascending by holder. */
  atLevel(
    context: ReadContext,
    level: Exclude<Level, 'healthy'>,
  ): Iterable<readonly [Holder, { readonly height: bigint; readonly timeSeconds: bigint }]>
  /** As the end of the last block found it: it can open nothing. */
  isBelowMaintenance(context: ReadContext, holder: Holder): boolean
  /** Of an underlying, or of all that a holder depends on. */
  mode(context: ReadContext, of: bigint | Holder): RiskMode
  /** A subaccount has changed in the running block. */
  changed(holder: Holder): void
  beginBlock(context: Context): void
  endBlock(context: Context): void
  /** The market of a context, and a subaccount in it: for queries. */
  evaluate(context: ReadContext, holder: Holder): Evaluated
}

/** A subaccount in its market. */
export interface Evaluated {
  readonly margined: MarginedMarket
  readonly portfolio: Portfolio
  readonly requirement: Requirement
  readonly orders: readonly RiskOrder[]
  /** Initial margin with the orders that rest. */
  readonly initialWithOrdersE6: bigint
}

/** The most that filling an order costs, in basis points of its notional: perpetuals' taker fee. */
const FEE_BPS_MAX = 5n
const BASIS_POINTS = 10_000n
const NOTIONAL_UNIT = 10n ** 12n

/** Makes risk over its ports. */
export function createRisk<Position extends RiskPosition>(ports: RiskPorts<Position>): Risk {
  const memory = createMarketMemory(ports)
  const health = createHealth(ports, memory)
  const parts: Parts<Position> = { ports, memory }
  // What is pending is nobody's yet: where it doesn't count, it isn't looked for.
  const received: Parts<Position> = { ports: withoutPending(ports), memory }
  const sales = createSaleFigures({
    ports,
    inMarket: (context, holder) => inMarket(context, parts, holder),
    market: (context) => memory.at(context),
  })
  return {
    ...createFairPrices(memory, ports),
    ...sales,
    value: (context, held) => valueOf(context, ports, held),
    coverageE6: (context, holder) => coverageE6(context, ports, holder),
    equityE6(context, holder) {
      return counted(() => {
        const { margined, portfolio } = inMarket(context, received, holder)
        return toMicroCashDown(accountValue(margined.market, portfolio, margined.workspace), 0)
      })
    },
    owesNothing: (context, holder) => owesNothing(context, ports, holder),
    checkWithdrawal: (context, holder) => counted(() => checkWithdrawal(context, parts, holder)),
    checkFee(context, holder, asset) {
      if (readWeight(context.store(RISK_STORE), asset) === undefined) return
      counted(() => checkWithdrawal(context, parts, holder))
    },
    isTold: (context, market) => isTold(context, parts, market),
    requireFresh: (context, holder) => requireFresh(context, parts, holder),
    requireInitial: (context, holder) => counted(() => requireInitial(context, parts, holder)),
    initialMarginE6: (context, holder, orders) => counted(() => marginWith(context, parts, holder, orders)),
    covers: (context, holder, sums) =>
      counted(() => {
        const { margined, portfolio } = withOrders(context, parts, holder, sums)
        return covers(margined, portfolio, sums)
      }),
    margins: (context, holder) => counted(() => marginsOf(context, parts, holder)),
    figures: (context, holder) =>
      counted(() => {
        const { margined, portfolio } = inMarket(context, parts, holder)
        return figuresOf(margined, portfolio)
      }),
    refresh: (context) => void memory.renew(context),
    isFresh: (context, holder) => isFresh(context, ports, inMarket(context, parts, holder).margined, holder),
    counts: (context, holder, held) => wouldCount(context, parts, holder, held),
    level: levelNow,
    *atLevel(context, level) {
      for (const [holder, record] of unhealthy(context.store(RISK_STORE)))
        if (record.level === level) yield [holder, record]
    },
    isBelowMaintenance: (context, holder) => levelNow(context, holder) === 'below',
    mode(context, of) {
      const asset = typeof of === 'bigint' ? staleOf(context, ports, [of]) : staleAsset(context, parts, of)
      return asset === undefined ? 'free' : 'reduceOnly'
    },
    changed: health.changed,
    beginBlock(context) {
      memory.begin(context)
    },
    endBlock(context) {
      memory.end()
      health.endBlock(context)
    },
    evaluate: (context, holder) => counted(() => evaluate(context, parts, holder)),
  }
}

function wouldCount<Position extends RiskPosition>(
  context: ReadContext,
  { ports, memory }: Parts<Position>,
  holder: Holder,
  held: HeldAsset,
): boolean {
  const balance: RiskPorts['balance'] = (_, __, asset) => (asset === held.asset ? held : undefined)
  return countedAssets(context, { ...ports, balance }, memory.at(context), holder).length > 0
}

function levelNow(context: ReadContext, holder: Holder): Level {
  return (readLevel(context.store(RISK_STORE), holder)?.level ?? 'healthy') as Level
}

function inMarket<Position extends RiskPosition>(
  context: ReadContext,
  { ports, memory }: Parts<Position>,
  holder: Holder,
): { margined: MarginedMarket; portfolio: Portfolio } {
  const known = memory.at(context)
  const isNew = ports.markets.positions(context, holder).some(({ market }) => !known.terms.has(market))
  const margined = isNew ? memory.renew(context) : known
  return { margined, portfolio: portfolioOf(context, ports, margined, holder) }
}

/** What libs/margin can't count, because it is beyond all bounds, is refused and never stops the chain. */
function counted<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (isMarginError(error)) throw errors.beyondCount({ reason: error.message })
    throw error
  }
}

function checkWithdrawal<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
): void {
  const { cash } = parts.ports
  if (owesNothing(context, parts.ports, holder, cash.unlockedE6(context, holder))) return
  // A gain that may not leave yet sets nothing else free, even where it has paid a debt since.
  requireInitial(context, parts, holder, cash.lockedE6(context, holder))
}

function marginsOf<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
) {
  const { margined, portfolio } = inMarket(context, parts, holder)
  const { initialMarginE6: initialE6, maintenanceMarginE6 } = evaluatePortfolio(
    margined.market,
    portfolio,
    margined.workspace,
  )
  return { initialE6, maintenanceE6: maintenanceMarginE6 }
}

function evaluate<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
): Evaluated {
  const { margined, portfolio } = inMarket(context, parts, holder)
  const requirement = evaluatePortfolio(margined.market, portfolio)
  const orders = restingOrders(context, parts.ports, parts.ports.markets.orders(context, holder))
  const initialWithOrdersE6 = initialMarginE6(margined, portfolio, orders)
  return { margined, portfolio, requirement, orders, initialWithOrdersE6 }
}

function marginWith<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
  orders: readonly RiskOrder[],
): bigint {
  const { margined, portfolio } = withOrders(context, parts, holder, orders)
  return initialMarginE6(margined, portfolio, orders)
}

/** A subaccount in a market that has all that these orders are for. */
function withOrders<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
  orders: readonly RiskOrder[],
): { margined: MarginedMarket; portfolio: Portfolio } {
  const { ports, memory } = parts
  requireOneUnderlying(context, ports, holder, orders)
  if (orders.some(({ market }) => !memory.at(context).terms.has(market.id))) memory.renew(context)
  const found = inMarket(context, parts, holder)
  for (const { market } of orders)
    if (!found.margined.terms.has(market.id)) throw errors.notMargined({ market: market.id })
  return found
}

function requireOneUnderlying<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  holder: Holder,
  orders: readonly RiskOrder[],
): void {
  const first = orders[0]?.market.underlying
  if (first === undefined || !isIsolated(context.store(RISK_STORE), holder)) return
  const held = ownUnderlying(context, ports, holder) ?? first
  for (const { market } of orders)
    if (market.underlying !== held) throw errors.otherUnderlying({ held, other: market.underlying })
}

function requireInitial<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
  lockedE6 = 0n,
): void {
  // Read once: a transaction pays for each
  const resting = parts.ports.markets.orders(context, holder)
  requireFresh(context, parts, holder, resting)
  const all = marginWith(context, parts, holder, restingOrders(context, parts.ports, resting))
  const margin = all - lockedE6
  if (margin < 0n) throw errors.insufficientMargin({ subaccount: holder.subaccount, missingE6: -margin })
}

function owesNothing<Position extends RiskPosition>(
  context: ReadContext,
  { cash, markets }: RiskPorts<Position>,
  holder: Holder,
  cashE6 = cash.balanceE6(context, holder),
): boolean {
  return (
    cashE6 >= 0n &&
    markets.positions(context, holder).length === 0 &&
    markets.orders(context, holder).length === 0
  )
}

/** Orders that rest, at the most that filling them costs. */
function restingOrders<Position extends RiskPosition>(
  context: ReadContext,
  { markets }: RiskPorts<Position>,
  resting: readonly RestingOrder[],
): RiskOrder[] {
  const terms = new Map<bigint, RiskMarketTerms | undefined>()
  for (const { market } of resting)
    if (!terms.has(market)) terms.set(market, termsOf(context, { markets }, market))
  return resting.flatMap(({ market: id, isBuy, remainingE9, limitE9 }) => {
    const market = terms.get(id)
    if (market === undefined) return []
    const feeE6 = (remainingE9 * limitE9 * FEE_BPS_MAX) / (NOTIONAL_UNIT * BASIS_POINTS) + 1n
    return [{ market, sizeE9: isBuy ? remainingE9 : -remainingE9, limitE9, feeE6 }]
  })
}

function coverageE6<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  holder: Holder,
): bigint {
  const cash = ports.cash.balanceE6(context, holder)
  let sum = cash > 0n ? cash : 0n
  for (const { asset } of weights(context.store(RISK_STORE))) {
    const held = ports.balance(context, holder, asset)
    const valued = held && valueOf(context, ports, held)
    if (valued?.priceState === 'fresh') sum += valued.initialValueE6
  }
  return sum
}
