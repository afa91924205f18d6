import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLiquidatorConfig } from '../config/load-config.ts'
import { supposed } from './fit-share.ts'
import type { Offer, OfferedPosition } from './offer.ts'
import { planBid } from './plan-bid.ts'
import { ONE_E9, takenE9, valueShare } from './value.ts'

const E6 = 1_000_000n
const E9 = ONE_E9
const config = checkLiquidatorConfig({
  value: { linearCostBps: 10, safetyBps: 20, profitMin: 1, optionCostBps: 500, optionNotionalCostBps: 20 },
  limits: { notionalPerBid: 30_000, notionalHeld: 100_000, notionalMin: 100 },
})
const long: OfferedPosition = {
  ...{ market: 'ETH-PERP', underlying: '3', isOption: false },
  ...{ sizeE9: 20n * E9, lotE9: E9 / 10n, markE9: 2_400n * E9, indexE9: 2_400n * E9 },
}
const put: OfferedPosition = {
  ...{ market: 'ETH-20270101-2400-P', underlying: '3', isOption: true },
  ...{ sizeE9: -5n * E9, lotE9: E9 / 10n, markE9: 100n * E9, indexE9: 2_400n * E9 },
}
const offer: Offer = {
  ...{ account: 'cway1', subaccount: 0, underlying: '0', isInsolvent: false, positions: [long], height: 7n },
  ...{ shareMaxE9: E9 / 2n, priceE6: 7_000n * E6, worthE6: 8_000n * E6 },
  ...{ collateralE6: 0n, collateralCountedE6: 0n },
}

describe('the value of a share', () => {
  it('is its worth less what closing costs and what must be left', () => {
    const { notionalE6, costE6, worthE6, priceE6, priceMaxE6 } = valueShare(offer, E9, config.value)
    expect([notionalE6, costE6, worthE6, priceE6]).toEqual(
      [48_000n, 48n, 8_000n, 7_000n].map((each) => each * E6),
    )
    expect(priceMaxE6).toBe((8_000n - 48n - 96n - 1n) * E6)
  })

  it('counts options by premium, at least by their underlying, and collateral', () => {
    const option = { ...offer, positions: [put], collateralE6: 1_000n * E6 }
    // 5 % of 500, more than 0.2 % of 12,000; 1 % of collateral.
    expect(valueShare(option, E9, config.value).costE6).toBe((25n + 10n) * E6)
    const cheap = { ...offer, positions: [{ ...put, markE9: E9 }] }
    expect(valueShare(cheap, E9, config.value).costE6).toBe(24n * E6)
  })

  it('counts whole lots upwards: a thousandth of 20 is a lot of 0.1', () => {
    expect(takenE9(long, E9 / 1_000n)).toBe(E9 / 10n)
    expect(takenE9({ ...long, sizeE9: -20n * E9 }, E9 / 3n)).toBe(67n * (E9 / 10n))
    expect(valueShare(offer, E9 / 1_000n, config.value).notionalE6).toBe(240n * E6)
  })
})

describe('a bid', () => {
  const plan = (more: Partial<Offer> = {}, heldE6 = 0n) => planBid({ ...offer, ...more }, config, heldE6)

  it('is for the largest share that is sold and fits, then smaller ones', () => {
    const shares = plan()
    expect(Array.isArray(shares)).toBe(true)
    const sizes = (shares as Exclude<typeof shares, string>).map(({ shareE9 }) => shareE9)
    expect(sizes[0]).toBe(E9 / 2n)
    expect([...sizes].sort((a, b) => (a > b ? -1 : 1))).toEqual(sizes)
  })

  it('takes no more notional than a bid may, and than is left to hold', () => {
    for (const [held, most] of [
      [0n, 30_000n],
      [90_000n, 10_000n],
    ] as const) {
      const shares = plan({ shareMaxE9: E9 }, held * E6)
      expect(shares).not.toBeTypeOf('string')
      for (const { notionalE6 } of shares as Exclude<typeof shares, string>)
        expect(notionalE6 <= most * E6).toBe(true)
    }
    expect(plan({}, 100_000n * E6)).toBe('room')
  })

  it('waits while the price is above what it is worth, and leaves crumbs alone', () => {
    expect(plan({ priceE6: 7_900n * E6 })).toBe('dear')
    expect(plan({ shareMaxE9: 0n })).toBe('nothing')
    const crumb = { ...long, sizeE9: E9 / 100n, lotE9: E9 / 1_000n }
    expect(plan({ positions: [crumb], worthE6: E6, priceE6: 0n })).toBe('small')
  })

  it('takes an account that is worth nothing for being paid', () => {
    const shares = plan({ isInsolvent: true, worthE6: -500n * E6, priceE6: -900n * E6 })
    expect(shares).not.toBeTypeOf('string')
    for (const { priceMaxE6 } of shares as Exclude<typeof shares, string>) expect(priceMaxE6 < 0n).toBe(true)
    expect(plan({ isInsolvent: true, worthE6: -500n * E6, priceE6: -510n * E6 })).toBe('dear')
  })

  it('never pays more than worth less costs, whatever is asked', () => {
    const amount = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n })
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.bigInt({ min: 0n, max: E9 }),
        fc.bigInt({ min: 0n, max: 10n ** 11n }),
        (worthE6, priceE6, shareMaxE9, heldE6) => {
          const shares = planBid({ ...offer, worthE6, priceE6, shareMaxE9 }, config, heldE6)
          if (typeof shares === 'string') return
          for (const share of shares) {
            expect(share.shareE9 > 0n && share.shareE9 <= shareMaxE9).toBe(true)
            expect(share.priceE6 <= share.priceMaxE6).toBe(true)
            expect(share.priceMaxE6 + share.costE6 < share.worthE6).toBe(true)
            expect(share.notionalE6 + heldE6 <= config.limits.notionalHeld).toBe(true)
          }
        },
      ),
    )
  })
})

describe('what margin is asked for', () => {
  it('is the positions at their marks, and cash that is earned at the worst price', () => {
    const share = valueShare(offer, E9 / 2n, config.value)
    expect(supposed(offer, share)).toEqual([
      { market: 'ETH-PERP', side: 'buy', size: '10', price: '2400' },
      { cash: '73' }, // 4,000 of worth for 3,927 at most
    ])
  })

  it('takes a short the other way, and collateral for what counts of it', () => {
    const more = { positions: [put], collateralE6: 1_000n * E6, collateralCountedE6: 800n * E6 }
    const [trade, cash] = supposed({ ...offer, ...more }, valueShare({ ...offer, ...more }, E9, config.value))
    expect(trade).toMatchObject({ side: 'sell', size: '5', price: '100' })
    // Cost 35, 24 and 1 are to be left, 200 don't count.
    expect(cash).toEqual({ cash: '-140' })
  })
})
