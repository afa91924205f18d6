import type { RiskModel } from '../model/risk-model.ts'
import { doubleFromE18 } from '../formats/exact-number.ts'
import { columnOf } from './column.ts'
import { confidencePenalty } from './confidence-penalty.ts'
import type { AssetSnapshot, MarketSnapshot } from './market-snapshot.ts'
import { lesser, underlyingIndex, type UnderlyingTable } from './underlying-table.ts'

/** Collateral assets, ascending by name. */
export interface AssetTable {
  readonly names: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Value of 1.0 in cash. */
  readonly value: Float64Array
  /**
   * What 1.0 requires in cash: the part of its value that doesn't count; initial with maintenance included.
   */
  readonly maintenanceCharge: Float64Array
  readonly initialCharge: Float64Array
  /** Underlying whose spot the asset belongs to; −1 for none. */
  readonly underlying: Int32Array
  readonly cancelsRisk: Uint8Array
  /** What low confidence costs initially for 1.0, alone and [1] when a perpetual is held. */
  readonly penalty: readonly [Float64Array, Float64Array]
}

/** The table of a snapshot's assets under a model. */
export function assetTable(
  model: RiskModel,
  snapshot: MarketSnapshot,
  underlyings: UnderlyingTable,
): AssetTable {
  const rows = [...snapshot.assets].sort((a, b) => (a.name < b.name ? -1 : 1))
  const column = (of: (row: AssetSnapshot, index: number) => number) => columnOf(rows, of)
  const stablePrice = doubleFromE18(snapshot.stablePrice)
  const underlying = Int32Array.from(rows, (row) =>
    row.underlying === undefined ? -1 : underlyingIndex(underlyings, row.underlying),
  )
  const sharesPerp = model.kind === 'scenario' && model.contingencies.collateralSharesPerpConfidence
  const penalty = (of: UnderlyingTable['spotConfidence']) =>
    column(
      (row, index) =>
        confidencePenalty(model, 'collateral', lesser(row.confidence, of[underlying[index]!])) *
        haircutBase(model, row.price, stablePrice),
    )
  const charge = (haircutOf: (row: AssetSnapshot) => number) =>
    column((row) => haircutCharge(model, row.price, stablePrice, haircutOf(row)))
  return {
    names: rows.map(({ name }) => name),
    indexOf: new Map(rows.map(({ name }, index) => [name, index])),
    value: column(({ price }) => price / stablePrice),
    maintenanceCharge: charge(({ maintenanceHaircut }) => maintenanceHaircut),
    initialCharge: charge(({ maintenanceHaircut, initialHaircut }) => maintenanceHaircut + initialHaircut),
    underlying,
    cancelsRisk: Uint8Array.from(rows, (row) => (row.cancelsRisk === true ? 1 : 0)),
    penalty: [
      penalty(underlyings.spotConfidence),
      penalty(sharesPerp ? underlyings.linearConfidence : underlyings.spotConfidence),
    ],
  }
}

/** What shares of an asset's worth are taken of: its value, or its price in the prices' own currency. */
function haircutBase(model: RiskModel, price: number, stablePrice: number): number {
  const takesPrice =
    model.kind === 'standard' ||
    (model.kind === 'scenario' && model.contingencies.collateralBasis === 'price')
  return takesPrice ? price : price / stablePrice
}

/**
 * The standard model counts a share of the price, whatever its value in cash; the others leave a share out.
 */
function haircutCharge(model: RiskModel, price: number, stablePrice: number, haircut: number): number {
  if (model.kind === 'standard') return price / stablePrice - price * (1 - haircut)
  return haircutBase(model, price, stablePrice) * haircut
}
