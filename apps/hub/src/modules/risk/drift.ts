// What changes in an account although nobody touches it: interest on debts, and funding of perpetuals.
import type { ReadContext } from '../../block/context.ts'
import type { Drift } from './level-bounds.ts'
import type { Columns } from './layout.ts'
import type { RiskPorts, RiskPosition } from './ports.ts'

/** What in an account drifts, as it was when it was put into the book. */
export interface Drifting {
  /** Of cash below 0, without sign, in cash; 0 of cash above. */
  readonly debt: number
  readonly debtIndex: bigint
  /** Perpetuals, three numbers each: place of the market's index, size, and the index then. */
  readonly funding: Float64Array
}

/** Doubles are off by less than this share of all that goes into a drift. */
const ROUNDING_SHARE = 1e-9
const E18 = 1e18

/** Drifts of a book. Indexes of funding are doubles since each one's first: small, and so exact enough. */
export class Drifts {
  readonly #places = new Map<bigint, number>()
  readonly #firstE18: bigint[] = []

  /** What will drift in an account. */
  of<Position extends RiskPosition>(
    context: ReadContext,
    { markets, cash }: RiskPorts<Position>,
    account: { readonly cash: number; readonly perpetuals: Columns<Position>['perpetuals'] },
  ): Drifting {
    const funding = account.perpetuals.flatMap(({ market, sizeE9 }) => {
      const index = markets.figures(context, market).funding?.indexE18
      if (index === undefined) return []
      const place = this.#place(market, index)
      return [place, Number(sizeE9) / 1e9, this.#since(place, index)]
    })
    return {
      debt: account.cash < 0 ? -account.cash : 0,
      debtIndex: cash.debtIndex(context),
      funding: Float64Array.from(funding),
    }
  }

  /** Gives, of a state, what an account has gained since, in cash, between two bounds. */
  at<Position extends RiskPosition>(
    context: ReadContext,
    { markets, cash }: RiskPorts<Position>,
  ): (account: Drifting) => Drift {
    const debtIndexNow = cash.debtIndex(context)
    const now = new Float64Array(this.#firstE18.length).fill(Number.NaN)
    for (const [market, place] of this.#places) {
      const index = markets.figures(context, market).funding?.indexE18
      if (index !== undefined) now[place] = this.#since(place, index)
    }
    return ({ debt, debtIndex, funding }) => {
      let drift = 0
      let gross = 0
      if (debt > 0) {
        drift -= debt * (Number(debtIndexNow - debtIndex) / Number(debtIndex))
        gross += debt
      }
      for (let i = 0; i < funding.length; i += 3) {
        const [size, then] = [funding[i + 1]!, funding[i + 2]!]
        const index = now[funding[i]!]!
        // A market that is gone pays nothing more
        if (Number.isNaN(index)) continue
        drift -= size * (index - then)
        gross += Math.abs(size) * (Math.abs(index) + Math.abs(then))
      }
      const rounding = gross * ROUNDING_SHARE
      return { least: drift - rounding, greatest: drift + rounding }
    }
  }

  #place(market: bigint, indexE18: bigint): number {
    let place = this.#places.get(market)
    if (place === undefined) {
      place = this.#firstE18.push(indexE18) - 1
      this.#places.set(market, place)
    }
    return place
  }

  #since(place: number, indexE18: bigint): number {
    return Number(indexE18 - this.#firstE18[place]!) / E18
  }
}
