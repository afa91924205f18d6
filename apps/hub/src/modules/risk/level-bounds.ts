// Which accounts of a book certainly stand where they stood, without being valued: the health bound of
// libs/margin from both sides. A move from here to there lowers health by no more than its bound says; the
// move back bounds by how much it rises.
import { boundHealth, boundHealthAbove, moveBounds } from '@causeway/margin'
import type { Book, MoveBounds, RiskMarket } from '@causeway/margin'
import { assert } from '@causeway/primitives'
import type { Level } from './standing.ts'

/** Tells whether an account stands at a level for certain; what drifts in it, between two bounds, in cash. */
export type IsCertain = (account: number, level: Level, drift: Drift) => boolean

/** What an account has gained since it was put into the book, in cash: at least and at most. */
export interface Drift {
  readonly least: number
  readonly greatest: number
}

/** Cash by which a bound must clear an account: what whole micro-cash and doubles round. */
const SURE = 1e-5

/** Bounds at one share of the requirement. */
interface Sides {
  readonly lower: () => MoveBounds
  readonly upper: () => MoveBounds
}

/** Makes the check of a book at a market that lists the same; works out only what is asked for. */
export function levelBounds(book: Book, market: RiskMarket): IsCertain {
  const [none, quarter, half] = [0, 2_500, 5_000].map((shareBps) => ({
    lower: once(() => boundsOf(book.market, market, shareBps)),
    // Of the move back
    upper: once(() => boundsOf(market, book.market, shareBps)),
  })) as [Sides, Sides, Sides]
  const isAbove = (account: number, { lower }: Sides, { least }: Drift) =>
    boundHealth(book, lower(), account) + least >= SURE
  const isUnder = (account: number, { upper }: Sides, { greatest }: Drift) =>
    boundHealthAbove(book, upper(), account) + greatest <= -SURE
  return (account, level, drift) => {
    switch (level) {
      // A quarter lies between the two
      case 'healthy':
        return isAbove(account, half, drift) && isAbove(account, none, drift)
      case 'warned':
        return (
          isUnder(account, half, drift) && isAbove(account, quarter, drift) && isAbove(account, none, drift)
        )
      case 'called':
        return isUnder(account, quarter, drift) && isAbove(account, none, drift)
      case 'below':
        return isUnder(account, none, drift)
    }
  }
}

function boundsOf(from: RiskMarket, to: RiskMarket, shareBps: number): MoveBounds {
  const bounds = moveBounds(from, to, shareBps)
  assert(bounds !== undefined, 'the book lists what the market lists')
  return bounds
}

function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= make())
}
