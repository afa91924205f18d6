import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import { accountArbitrary, MARKET } from '../portfolio/market.fixture.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { afterBid } from './liquidate-fraction.ts'
import {
  auctionDiscount,
  auctionPrice,
  bufferMargin,
  HUB_AUCTION_CURVE,
  HUB_BUFFER_SHARE,
  insolventPrice,
  maximumFraction,
  startFee,
  type AuctionState,
} from './liquidation.ts'

const pm2 = readRiskModel('pm2')
const state = (markToMarket: number, maintenanceMargin: number, paidIn = 0): AuctionState => ({
  markToMarket,
  maintenanceMargin,
  paidIn,
})

describe('auction curve', () => {
  it('falls from 0.98 to 0.8 in 60 s, then to 0 in 540 s, and stays', () => {
    const at = (seconds: number) => auctionDiscount(HUB_AUCTION_CURVE, seconds)
    expect([at(-5), at(0), at(30)].map((d) => d.toFixed(12))).toEqual([
      '0.980000000000',
      '0.980000000000',
      '0.890000000000',
    ])
    expect(at(60)).toBe(0.8)
    expect(at(330)).toBeCloseTo(0.4, 12)
    expect(at(600)).toBe(0)
    expect(at(1e9)).toBe(0)
    for (let t = 1; t < 700; t++) expect(at(t)).toBeLessThanOrEqual(at(t - 1))
  })

  it('an insolvent account costs from its value down by a quarter of the requirement', () => {
    const broke = state(-100, -300)
    const at = (seconds: number) => insolventPrice(broke, HUB_AUCTION_CURVE, seconds)
    expect(at(0)).toBe(-100)
    expect(at(60)).toBe(-125)
    expect(at(120)).toBe(-150)
    expect(at(1_000)).toBe(-150)
    // The published curve goes all the way to the maintenance margin in 600 s
    const published = { ...HUB_AUCTION_CURVE, insolventSeconds: 600, insolventShare: 1 }
    expect(insolventPrice(broke, published, 600)).toBe(-300)
    expect(insolventPrice(state(5, -300), published, 0)).toBe(0)
    expect(() => insolventPrice(state(0, 10), published, 0)).toThrow(/maintenanceMargin/)
  })

  it('NaN is refused', () => {
    expect(() => auctionDiscount(HUB_AUCTION_CURVE, Number.NaN)).toThrow(/finite/)
    expect(() => bufferMargin(state(1, Number.NaN), 0.2)).toThrow(/finite/)
    expect(() => maximumFraction(state(Number.NaN, -1), 0.2, 1)).toThrow(/finite/)
    expect(() => maximumFraction(state(1, -1, Number.POSITIVE_INFINITY), 0.2, 0.5)).toThrow(/finite/)
  })

  it('nor does a number that is none come out', () => {
    const refused = (attempt: () => unknown) => expect(attempt).toThrow(MarginError)
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      refused(() => auctionPrice(state(bad, 0), 0.5))
      refused(() => auctionPrice(state(1, 0, bad), 0.5))
      refused(() => auctionPrice(state(1, 0), bad))
      refused(() => bufferMargin(state(bad, 0), 0.2))
      refused(() => bufferMargin(state(1, 0), bad))
      refused(() => maximumFraction(state(1, -1), 0.2, bad))
      refused(() => insolventPrice(state(bad, bad), HUB_AUCTION_CURVE, 60))
      refused(() =>
        insolventPrice(state(-1, -2), { ...HUB_AUCTION_CURVE, insolventShare: Math.abs(bad) }, 60),
      )
      refused(() => startFee(state(1, -1), 0.2, bad))
      refused(() => afterBid({ cash: bad }, { fraction: 0.5, cash: 0, paidIn: 0 }))
      refused(() => afterBid({ cash: 0 }, { fraction: bad, cash: 0, paidIn: 0 }))
      const account = { cash: 0, collateral: [{ asset: 'USDT', amount: bad }] }
      refused(() => afterBid(account, { fraction: 0.5, cash: 0, paidIn: 0 }))
    }
    refused(() => bufferMargin(state(-1e308, 1e308), 0.2))
    refused(() => auctionPrice(state(1e308, 0, -1e308), 0.5))
    refused(() => maximumFraction(state(0, -1, -1), 0, 0))
    refused(() => maximumFraction(state(1e308, -1e308), 0, 1))
    refused(() => insolventPrice(state(-1, -2), { ...HUB_AUCTION_CURVE, insolventSeconds: 0 }, 0))
    refused(() => auctionDiscount({ ...HUB_AUCTION_CURVE, slowSeconds: 0 }, 60))
  })
})

describe('fMax', () => {
  it('is 0 while the buffer margin is not negative, 1 when nothing is left to save', () => {
    expect(maximumFraction(state(100, 50), HUB_BUFFER_SHARE, 0.9)).toBe(0)
    expect(maximumFraction(state(-1, -50), HUB_BUFFER_SHARE, 0.9)).toBe(1)
    expect(maximumFraction(state(0, -50), HUB_BUFFER_SHARE, 0.9)).toBe(1)
  })

  it('selling fMax brings the buffer margin to 0, whatever was paid in before', () => {
    const amounts = fc.integer({ min: 1, max: 1_000_000 })
    fc.assert(
      fc.property(amounts, amounts, fc.nat({ max: 100 }), fc.nat({ max: 600 }), (value, short, paid, t) => {
        // R of cash is safe: it adds to value and margin alike and is not sold
        const paidIn = (value * paid) / 200
        const before = state(value, -short, paidIn)
        const d = auctionDiscount(HUB_AUCTION_CURVE, t)
        const f = maximumFraction(before, HUB_BUFFER_SHARE, d)
        expect(f).toBeGreaterThanOrEqual(0)
        expect(f).toBeLessThanOrEqual(1)
        const bid = auctionPrice(before, d) * f
        const left = (amount: number) => (amount - paidIn) * (1 - f) + paidIn + bid
        const after = state(left(value), left(-short), paidIn + bid)
        expect(bufferMargin(after, HUB_BUFFER_SHARE)).toBeGreaterThanOrEqual(-1e-9 * (value + short))
        if (f < 1) expect(bufferMargin(after, HUB_BUFFER_SHARE)).toBeLessThanOrEqual(1e-9 * (value + short))
      }),
    )
  })

  it('the later, the larger', () => {
    const before = state(100, -20)
    const fractions = [0, 30, 60, 300, 600].map((t) =>
      maximumFraction(before, HUB_BUFFER_SHARE, auctionDiscount(HUB_AUCTION_CURVE, t)),
    )
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions)
  })

  it('the starting fee is a share of what is sold at no discount', () => {
    expect(startFee(state(100, -20), 0.2, 0.02)).toBeCloseTo((0.02 * 100 * 44) / 144, 12)
    expect(startFee(state(-5, -20), 0.2, 0.02)).toBe(0)
  })
})

describe('afterBid', () => {
  it('leaves the margins that the arithmetic says', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.integer({ min: 1, max: 100 }), (account, percent) => {
        const before = evaluate(pm2, MARKET, account)
        const bid = { fraction: percent / 100, cash: 1_000, paidIn: 0 }
        const after = evaluate(pm2, MARKET, afterBid(account, bid))
        const slack = 1e-11 * before.gross + 1e-9
        const left = (margin: number) => margin * (1 - bid.fraction) + bid.cash
        expect(Math.abs(after.maintenanceMargin - left(before.maintenanceMargin))).toBeLessThanOrEqual(slack)
        expect(Math.abs(after.value - left(before.value))).toBeLessThanOrEqual(slack)
      }),
      { numRuns: 40 },
    )
  })

  it('does not sell cash that bids have paid in', () => {
    const account = { cash: 150 }
    expect(afterBid(account, { fraction: 0.5, cash: 10, paidIn: 50 }).cash).toBe(110)
  })
})
