// Marks and funding of perpetuals and futures: after the auctions of a block, for the next.
import { emitFunding } from './events.ts'
import type { Market, MarketFigures } from './market.ts'
import { accrueFunding, premiumE18, startFunding } from './pure/funding.ts'
import { IMPACT_BLOCKS, impactMidE9, impactPriceE9, nextBasis, perpetualMarkE9 } from './pure/marks.ts'
import type { ImpactPrices } from './pure/marks.ts'
import type { FundingState } from './pure/types.ts'
import { isLinear } from './trading-accounts.ts'
import type { BlockRun } from './run.ts'

/** What a book says counts for so long at most, as an index does: what was between two marks nobody saw. */
const SEEN_NANOSECONDS_MAX = 10_000_000_000n
/** A premium counts for a minute after its block at most: nobody could trade on it meanwhile. */
const PREMIUM_NANOSECONDS_MAX = 60_000_000_000n

/** All perpetuals and futures that trade. */
export function linearMarkets(run: BlockRun): Market[] {
  return [...run.markets.values()].filter((market) => isLinear(market) && market.status !== 'settling')
}

/** Moves funding indexes to the block's time, with what the book has said since the block before. */
export function accrue(run: BlockRun, linear: readonly Market[]): void {
  const { context, accounts } = run
  for (const market of linear) {
    if (market.kind !== 'perpetual') continue
    const { funding, indexE9, timeNanoseconds } = accounts.figures(market.id)
    if (funding === undefined || indexE9 === 0n) continue
    const now = context.timeNanoseconds
    // The premium stays what it was until the books of this block are known, unless the chain stood still.
    const seen = timeNanoseconds + PREMIUM_NANOSECONDS_MAX
    const moved =
      now <= seen
        ? accrueFunding(funding, timeNanoseconds, now, indexE9, funding.premiumE18)
        : accrueFunding(accrueFunding(funding, timeNanoseconds, seen, indexE9, 0n), seen, now, indexE9, 0n)
    // Where nobody can leave a position, nobody pays for it.
    const next = market.status === 'paused' ? { ...moved, index: funding.index } : moved
    accounts.setFigures(market.id, { funding: next, timeNanoseconds: now })
    if (next.hour !== funding.hour) emitFunding(context, market.id, accounts.figures(market.id))
  }
}

/** Sets marks by the index and the books as they are after the auctions. */
export function mark(run: BlockRun, linear: readonly Market[]): void {
  for (const market of linear) {
    const before = run.accounts.figures(market.id)
    const referenceE9 = reference(run, market)
    if (referenceE9 === undefined) {
      // The premium of the last fresh index is not that of the time without one.
      const { funding } = before
      if (funding !== undefined && funding.premiumE18 !== 0n)
        run.accounts.setFigures(market.id, { funding: { ...funding, premiumE18: 0n } })
      continue
    }
    run.accounts.setFigures(market.id, figuresAfter(run, market, before, referenceE9))
  }
}

/** What a mark stays near: the index; of a future the forward. Nothing unless it is fresh: the mark stays. */
function reference(run: BlockRun, market: Market): bigint | undefined {
  const { prices } = run.ports
  const { priceE9, state } = prices.index(run.context, market.underlying)
  if (state !== 'fresh' || priceE9 === 0n) return undefined
  return market.kind === 'perpetual' ? priceE9 : prices.fairE9(run.context, market)
}

function figuresAfter(
  run: BlockRun,
  market: Market,
  before: MarketFigures,
  referenceE9: bigint,
): Partial<MarketFigures> {
  const { timeNanoseconds } = run.context
  const impact = impactPrices(run, market)
  const midE9 = impactMidE9(impact)
  const since = before.markTimeNanoseconds
  const elapsed = since === 0n ? 0n : timeNanoseconds - since
  const isLong = midE9 !== undefined && elapsed > SEEN_NANOSECONDS_MAX
  const seen = isLong ? SEEN_NANOSECONDS_MAX : elapsed
  const basis = nextBasis({ basisE18: before.basisE18 }, referenceE9, midE9, seen)
  const funding =
    market.kind === 'perpetual' ? fundingAfter(run, before, premiumE18(impact, referenceE9)) : undefined
  return {
    indexE9: referenceE9,
    markE9: perpetualMarkE9(referenceE9, basis, midE9, market.tier),
    basisE18: basis.basisE18,
    funding,
    timeNanoseconds,
    markTimeNanoseconds: timeNanoseconds,
  }
}

function fundingAfter({ context }: BlockRun, before: MarketFigures, premium: bigint): FundingState {
  const funding = before.funding ?? startFunding(context.timeNanoseconds)
  return { ...funding, premiumE18: premium }
}

/** Nothing where orders that open can't fill: what then stands there is nobody's price. */
function impactPrices(run: BlockRun, market: Market): ImpactPrices {
  if (market.status !== 'open') return { bidE9: undefined, askE9: undefined }
  const book = run.books.book(market)
  const until = run.context.height - IMPACT_BLOCKS
  return {
    bidE9: impactPriceE9(book.depth(true, until, run.unheard), true),
    askE9: impactPriceE9(book.depth(false, until, run.unheard), false),
  }
}
