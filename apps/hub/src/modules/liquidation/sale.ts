// The bids of a block for one account: who gets how much of it.
import { assert, isProtocolError } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { apportion } from './apportion.ts'
import { emitLapsed, emitSold } from './events.ts'
import { requireFit } from './judge-bid.ts'
import { readParams } from './params.ts'
import type { GroupLoss, LiquidationPorts } from './ports.ts'
import { LIQUIDATION_STORE } from './state.ts'
import type { BidOf } from './state.ts'
import { takeOver } from './take-over.ts'
import type { Taken, Taker } from './take-over.ts'
import { ONE_E9, shareOf } from './terms.ts'
import type { Terms } from './terms.ts'

/** What a block's bids came to. */
export interface Sale {
  readonly taken: readonly Taken[]
  /** Σ price − fee: what is not for sale any more. */
  readonly paidInE6: bigint
  /** The whole account went. */
  readonly isWhole: boolean
}

const NOTHING: Sale = { taken: [], paidInE6: 0n, isWhole: false }

/**
 * Sells to all bids that reach the price and whose bidders hold their initial margin after: pro rata of what
 * each could take over alone, so that splitting a bid gains nothing. Of very many the `bidsMax` largest that
 * fit: neither small ones nor those that come to nothing keep others out. Of an insolvent account no more
 * goes than insurance can pay for.
 */
export function sell(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { terms, bids }: { readonly terms: Terms; readonly bids: readonly BidOf[] },
): Sale {
  const { addresses } = ports
  const lapse = (bidder: Holder, reason: string) => emitLapsed(context, addresses, holder, { bidder, reason })
  let takers: Taker[] = []
  const { bidsMax } = readParams(context.store(LIQUIDATION_STORE))
  for (const { bid, taker } of largestFirst(bids, terms)) {
    const isFull = BigInt(takers.length) >= bidsMax
    const reason = isFull ? 'room' : refusalOf(context, ports, holder, { bid, taker, terms })
    if (reason === undefined) takers.push(taker)
    else lapse(bid.bidder, reason)
  }
  while (takers.length > 0) {
    const tried = attempt(context, ports, holder, { takers: allotted(takers, terms), terms })
    if (tried.sale !== undefined) {
      const { taken } = tried.sale
      for (const each of taken)
        emitSold(context, addresses, holder, { ...each, underlying: terms.underlying })
      for (const { bidder } of takers) if (!isAmong(taken, bidder)) lapse(bidder, 'share')
      return tried.sale
    }
    for (const { bidder, reason } of tried.failed) lapse(bidder, reason)
    takers = takers.filter(({ bidder }) => !isAmong(tried.failed, bidder))
  }
  return NOTHING
}

/** Whether a bid alone would go through now. Nothing of the try stays. Throws `ProtocolError`. */
export function requireTakeable(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { taker, terms }: { readonly taker: Taker; readonly terms: Terms },
): void {
  const curtain = new Curtain()
  try {
    context.nested(() => {
      for (const taken of takeOver(context, ports, holder, { takers: [taker], terms }))
        requireFit(context, ports, taken)
      throw curtain
    })
  } catch (error) {
    if (error !== curtain) throw error
  }
}

/** What a bid could get alone. */
export function wantedOf({ bidder, shareE9 }: BidOf, { shareMaxE9 }: Terms): Taker {
  return { bidder, shareE9: shareE9 < shareMaxE9 ? shareE9 : shareMaxE9 }
}

/** What they want; of equals in the order of bidders. */
function largestFirst(bids: readonly BidOf[], terms: Terms): { bid: BidOf; taker: Taker }[] {
  const wanted = bids.map((bid) => ({ bid, taker: wantedOf(bid, terms) }))
  return wanted.sort((a, b) => Number(b.taker.shareE9 - a.taker.shareE9))
}

/** Ends a try: its overlay is dropped with whatever is thrown. */
class Curtain extends Error {}

function refusalOf(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { bid, taker, terms }: { readonly bid: BidOf; readonly taker: Taker; readonly terms: Terms },
): string | undefined {
  if (bid.underlying !== terms.underlying) return 'goods'
  if (shareOf(terms.priceE6, bid.shareE9) > bid.maxPriceE6) return 'price'
  if (taker.shareE9 === 0n) return 'healthy'
  try {
    requireTakeable(context, ports, holder, { taker, terms })
    return undefined
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

/** Each what it wants, or its part of what is sold at most. */
function allotted(takers: readonly Taker[], { shareMaxE9 }: Terms): Taker[] {
  const wanted = takers.map(({ shareE9 }) => shareE9)
  const sum = wanted.reduce((total, each) => total + each, 0n)
  if (sum <= shareMaxE9) return [...takers]
  const parts = apportion(shareMaxE9, wanted)
  return takers.map(({ bidder }, i) => ({ bidder, shareE9: parts[i]! })).filter(({ shareE9 }) => shareE9 > 0n)
}

function isAmong(list: readonly { readonly bidder: Holder }[], bidder: Holder): boolean {
  return list.some((each) => sameHolder(each.bidder, bidder))
}

interface Attempt {
  readonly sale?: Sale
  readonly failed: readonly { readonly bidder: Holder; readonly reason: string }[]
}

/** Sells, unless a bidder can't bear its part: then nothing is changed. */
function attempt(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { takers, terms }: { readonly takers: readonly Taker[]; readonly terms: Terms },
): Attempt {
  const failed: { bidder: Holder; reason: string }[] = []
  const curtain = new Curtain()
  try {
    const sale = context.nested(() => {
      const shares = ports.insurance.shares(context, holder)
      const insured = withInsurance(context, ports, holder, { takers, terms, shares })
      if (insured.length === 0) {
        for (const { bidder } of takers) failed.push({ bidder, reason: 'insurance' })
        throw curtain
      }
      const taken = takeOver(context, ports, holder, { takers: insured, terms })
      for (const each of taken) {
        try {
          requireFit(context, ports, each)
        } catch (error) {
          if (!isProtocolError(error)) throw error
          failed.push({ bidder: each.bidder, reason: `${error.codespace}/${error.code}` })
        }
      }
      if (failed.length > 0) throw curtain
      return settled(context, ports, holder, { taken, terms, shares })
    })
    return { sale, failed }
  } catch (error) {
    if (error !== curtain) throw error
    return { failed }
  }
}

/** Of an insolvent account: as much of the shares as insurance has paid for. */
function withInsurance(
  context: Context,
  { insurance }: LiquidationPorts,
  holder: Holder,
  {
    takers,
    terms,
    shares,
  }: {
    readonly takers: readonly Taker[]
    readonly terms: Terms
    readonly shares: readonly GroupLoss[]
  },
): readonly Taker[] {
  if (!terms.isInsolvent) return takers
  const needE6 = takers.reduce((sum, { shareE9 }) => sum - shareOf(terms.priceE6, shareE9), 0n)
  const paidE6 = insurance.pay(context, holder, needE6, 'liquidation', shares)
  assert(paidE6 >= 0n && paidE6 <= needE6, 'insurance pays at most what was asked for')
  if (paidE6 === needE6) return takers
  const scaled = takers.map(({ bidder, shareE9 }) => ({ bidder, shareE9: (shareE9 * paidE6) / needE6 }))
  return scaled.filter(({ shareE9 }) => shareE9 > 0n)
}

/** Fees, and what rounding has left of an account that is gone. */
function settled(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  {
    taken,
    terms,
    shares,
  }: { readonly taken: readonly Taken[]; readonly terms: Terms; readonly shares: readonly GroupLoss[] },
): Sale {
  const sum = (of: (each: Taken) => bigint) => taken.reduce((total, each) => total + of(each), 0n)
  const feeE6 = sum(({ feeE6: fee }) => fee)
  if (feeE6 > 0n) ports.insurance.receive(context, holder, feeE6, 'liquidation', shares)
  const isWhole = terms.underlying === 0n && sum(({ shareE9 }) => shareE9) === ONE_E9
  const lacksE6 = -ports.cash.balanceE6(context, holder)
  // A micro-unit or two a leg, of an account that has nothing else any more.
  if (isWhole && terms.isInsolvent && lacksE6 > 0n)
    ports.insurance.pay(context, holder, lacksE6, 'liquidation', shares)
  const isSlice = terms.underlying !== 0n
  const paidInE6 = isSlice || terms.isInsolvent ? 0n : sum(({ priceE6 }) => priceE6) - feeE6
  return { taken, paidInE6, isWhole }
}
