// What liquidation asks of margin: what a sale's goods are worth, what has to go, and in which order.
import {
  amountFromBaseUnits,
  cashFromE6,
  closingTrades,
  createWhatIf,
  evaluatePortfolio,
  noMargins,
  sizeFromE9,
  toMicroCashDown,
  valueAccount,
} from '@causeway/margin'
import type { Portfolio, Trade } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { bounded, countedAssets, instrumentOf } from './account.ts'
import type { MarginedMarket } from './market-memory.ts'
import type { HeldAsset, RiskPorts, RiskPosition } from './ports.ts'
import { isFresh } from './standing.ts'

/** Parts of positions, and of what covers requirements. */
export interface Goods {
  /** Ascending by market. */
  readonly positions: readonly RiskPosition[]
  /** Each asset once, with a weight. */
  readonly collateral: readonly Pick<HeldAsset, 'asset' | 'decimals' | 'amount'>[]
}

/** A signed size that closes a part of a position. */
export interface ClosingSize {
  readonly market: bigint
  readonly sizeE9: bigint
}

/** What a slice is sold to restore. */
export interface SliceTerms {
  readonly underlying: bigint
  /** What selling all of it at marks takes beside: the discount and the fee. */
  readonly costE6: bigint
  /** Of what value and maintenance margin are apart; 10⁻⁹. */
  readonly bufferE9: bigint
}

/** What liquidation asks of margin. All at this block's marks; throws what `figures` throws. */
export interface SaleFigures {
  /** Assets whose prices a subaccount's margin depends on; without collateral that `isFresh` passes over. */
  dependencies(context: ReadContext, holder: Holder): readonly bigint[]
  /** What of its balances covers requirements. */
  collateral(context: ReadContext, holder: Holder): readonly HeldAsset[]
  /** Goods at their marks, micro-cash, less what is still owed for positions (their quotes); rounded down. */
  worthE6(context: ReadContext, goods: Goods): bigint
  /** The closing set of least notional that restores maintenance margin; all where none does. */
  closing(context: ReadContext, holder: Holder): readonly ClosingSize[]
  /** Each underlying's part in the worst loss, 10⁻⁹, the greatest first. */
  lossShares(
    context: ReadContext,
    holder: Holder,
  ): readonly { readonly underlying: bigint; readonly shareE9: bigint }[]
  /** Σ |size| · index, micro-cash. */
  notionalE6(context: ReadContext, holder: Holder): bigint
  /** The least share of an underlying's positions, 10⁻⁹, whose sale brings the buffer to 0; at most 1. */
  restoringShareE9(context: ReadContext, holder: Holder, terms: SliceTerms): bigint
}

interface Parts<Position extends RiskPosition> {
  readonly ports: RiskPorts<Position>
  inMarket(context: ReadContext, holder: Holder): { margined: MarginedMarket; portfolio: Portfolio }
  market(context: ReadContext): MarginedMarket
}

const E9 = 1e9
const ONE_E9 = 1_000_000_000n
const NOTIONAL_UNIT = 10n ** 12n
/** Halvings until a share is known to 10⁻⁹. */
const HALVINGS = 30

/** Makes them. */
export function createSaleFigures<Position extends RiskPosition>(parts: Parts<Position>): SaleFigures {
  const { ports, inMarket } = parts
  const underlyingOf = (context: ReadContext, market: bigint) =>
    ports.markets.market(context, market)!.underlying
  return {
    dependencies(context, holder) {
      const traded = ports.markets
        .positions(context, holder)
        .map(({ market }) => underlyingOf(context, market))
      const margined = parts.market(context)
      const counted = countedAssets(context, ports, margined, holder).map(({ asset }) => asset)
      const priced = counted.filter((asset) => ports.price(context, asset).state === 'fresh')
      const isPassedOver = priced.length < counted.length && isFresh(context, ports, margined, holder)
      const held = isPassedOver ? priced : counted
      return [...new Set([...held, ...traded])]
    },
    collateral: (context, holder) => countedAssets(context, ports, parts.market(context), holder),
    worthE6: (context, goods) => worthE6(parts.market(context), goods),
    closing: (context, holder) => closing(context, parts, holder),
    lossShares: (context, holder) => lossShares(context, parts, holder),
    notionalE6(context, holder) {
      const notional = (position: RiskPosition) =>
        (abs(position.sizeE9) * ports.price(context, underlyingOf(context, position.market)).priceE9) /
        NOTIONAL_UNIT
      return ports.markets.positions(context, holder).reduce((sum, each) => sum + notional(each), 0n)
    },
    restoringShareE9(context, holder, { underlying, costE6, bufferE9 }) {
      const { margined, portfolio } = inMarket(context, holder)
      const { after } = createWhatIf(margined.market, portfolio)
      const positions = ports.markets
        .positions(context, holder)
        .filter(({ market }) => underlyingOf(context, market) === underlying)
      const buffer = Number(bufferE9) / E9
      const isRestored = (share: number) => {
        const trades = positions.map(({ market, sizeE9 }) => ({
          instrument: instrumentOf(margined.terms.get(market)!),
          size: -sizeFromE9(sizeE9) * share,
        }))
        const cash: Trade = { instrument: { kind: 'cash' }, size: -cashFromE6(costE6) * share }
        const { maintenanceMargin, value } = after([...trades, cash])
        return maintenanceMargin + buffer * (maintenanceMargin - value) >= 0
      }
      return leastShareE9(isRestored)
    },
  }
}

/** By halving: 1 where nothing less does. */
function leastShareE9(isEnough: (share: number) => boolean): bigint {
  let [low, high] = [0n, ONE_E9]
  for (let i = 0; i < HALVINGS && high - low > 1n; i++) {
    const middle = (low + high) / 2n
    if (isEnough(Number(middle) / E9)) high = middle
    else low = middle
  }
  return high
}

function worthE6(margined: MarginedMarket, { positions, collateral }: Goods): bigint {
  const { market, layout, workspace } = margined
  const { perpetuals, ...columns } = layout.columns(positions)
  const rows = collateral
    .map(({ asset, amount, decimals }) => ({
      index: market.assets.indexOf.get(asset.toString())!,
      amount: bounded(amountFromBaseUnits(amount, decimals)),
    }))
    .sort((a, b) => a.index - b.index)
  const portfolio: Portfolio = {
    cash: 0,
    pendingCredit: 0,
    ...columns,
    perpUnsettled: new Float64Array(perpetuals.length),
    asset: Int32Array.from(rows, ({ index }) => index),
    assetAmount: Float64Array.from(rows, ({ amount }) => amount),
  }
  const margins = noMargins()
  valueAccount(market, portfolio, workspace, margins)
  return toMicroCashDown(margins.value, 0)
}

function closing<Position extends RiskPosition>(
  context: ReadContext,
  { ports, inMarket }: Parts<Position>,
  holder: Holder,
): ClosingSize[] {
  const { margined, portfolio } = inMarket(context, holder)
  const { trades } = closingTrades(margined.market, portfolio)
  const byInstrument = new Map<string, ClosingSize>()
  for (const { market: id, sizeE9 } of ports.markets.positions(context, holder)) {
    const name = JSON.stringify(instrumentOf(margined.terms.get(id)!))
    byInstrument.set(name, { market: id, sizeE9 })
  }
  return trades.flatMap(({ instrument, size }) => {
    const held = byInstrument.get(JSON.stringify(instrument))
    if (held === undefined) return []
    const closedE9 = BigInt(Math.ceil(Math.abs(size) * E9))
    const most = abs(held.sizeE9)
    const sizeE9 = closedE9 < most ? closedE9 : most
    return [{ market: held.market, sizeE9: held.sizeE9 > 0n ? -sizeE9 : sizeE9 }]
  })
}

function lossShares<Position extends RiskPosition>(
  context: ReadContext,
  { inMarket }: Parts<Position>,
  holder: Holder,
): { readonly underlying: bigint; readonly shareE9: bigint }[] {
  const { margined, portfolio } = inMarket(context, holder)
  const { underlyings } = evaluatePortfolio(margined.market, portfolio, margined.workspace)
  const losses = underlyings.map(({ name, worst }) => ({
    underlying: BigInt(name),
    loss: Math.max(0, -worst),
  }))
  const sum = losses.reduce((total, { loss }) => total + loss, 0)
  return losses
    .filter(({ loss }) => loss > 0)
    .map(({ underlying, loss }) => ({ underlying, shareE9: BigInt(Math.floor((loss / sum) * E9)) }))
    .sort((a, b) =>
      a.shareE9 === b.shareE9 ? (a.underlying < b.underlying ? -1 : 1) : a.shareE9 > b.shareE9 ? -1 : 1,
    )
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
