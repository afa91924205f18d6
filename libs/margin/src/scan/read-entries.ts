import { marginErrors } from '../errors.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { EntryColumns } from './entries.ts'
import { slotMap, slotName, slotsOf } from './slots.ts'

/** Reads the account whose entries begin at `first`. The portfolio holds until the next one is read. */
export type EntryReader = (columns: EntryColumns, first: number, entries: number) => Portfolio

/**
 * A reader of entries that were written over the market `from`, as portfolios over `to`. It allocates nothing
 * for accounts of up to 64 positions of a kind. Throws `MarginError` 61 for a position that `to` doesn't
 * list.
 */
export function createReader(from: RiskMarket, to: RiskMarket): EntryReader {
  const [source, target] = [slotsOf(from), slotsOf(to)]
  const map = slotMap(from, to)
  const kinds = {
    perps: { end: source.futures, base: target.perps, ofLength: columnsByLength(3) },
    futures: { end: source.options, base: target.futures, ofLength: columnsByLength(2) },
    options: { end: source.assets, base: target.options, ofLength: columnsByLength(1) },
    assets: { end: source.count, base: target.assets, ofLength: columnsByLength(1) },
  }
  const indexOf = (key: number, base: number) => {
    const slot = map[key >>> 1]!
    if (slot < 0) throw marginErrors.unknownInstrument({ instrument: slotName(from, key >>> 1) })
    return slot - base
  }
  return ({ key, amount }, first, entries) => {
    let at = first + 2
    const read = ({ end, base, ofLength }: Kind): PositionColumns => {
      const { width } = ofLength(0)
      let count = 0
      while (at + count * width < first + entries && key[at + count * width]! >>> 1 < end) count++
      const columns = ofLength(count)
      for (let i = 0; i < count; i++) {
        columns.index[i] = indexOf(key[at]!, base)
        for (let c = 0; c < width; c++) columns.amounts[c]![i] = amount[at++]!
      }
      return columns
    }
    const [perps, futures, options, assets] = [
      read(kinds.perps),
      read(kinds.futures),
      read(kinds.options),
      read(kinds.assets),
    ]
    return {
      ...{ cash: amount[first]!, pendingCredit: amount[first + 1]! },
      ...{ perp: perps.index, perpSize: perps.amounts[0]! },
      ...{ perpQuote: perps.amounts[1]!, perpUnsettled: perps.amounts[2]! },
      ...{ future: futures.index, futureSize: futures.amounts[0]!, futureQuote: futures.amounts[1]! },
      ...{ option: options.index, optionAmount: options.amounts[0]! },
      ...{ asset: assets.index, assetAmount: assets.amounts[0]! },
    }
  }
}

interface Kind {
  /** Slot after the last one of this kind, and the first one's in the target. */
  readonly end: number
  readonly base: number
  readonly ofLength: (length: number) => PositionColumns
}

/** Positions of a kind: index, and `width` amounts each. */
interface PositionColumns {
  readonly width: number
  readonly index: Int32Array
  readonly amounts: readonly Float64Array[]
}

/** Longer columns are made anew each time. */
const KEPT_LENGTH_MAX = 64

function columnsByLength(width: number): (length: number) => PositionColumns {
  const kept: PositionColumns[] = []
  const make = (length: number): PositionColumns => ({
    width,
    index: new Int32Array(length),
    amounts: Array.from({ length: width }, () => new Float64Array(length)),
  })
  return (length) => (length > KEPT_LENGTH_MAX ? make(length) : (kept[length] ??= make(length)))
}
