// What bounds are sure of is what a valuation finds, for every level, account and move.
import {
  createBook,
  createPortfolio,
  createRiskMarket,
  evaluatePortfolio,
  putAccount,
  readRiskModel,
} from '@causeway/margin'
import type { Account, MarketSnapshot } from '@causeway/margin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelBounds } from './level-bounds.ts'
import { LEVELS, levelOf } from './standing.ts'

const ONE = 10n ** 18n
const MODEL = readRiskModel('pm2')

/** ETH alone, with a perpetual and as collateral. */
const snapshotAt = (price: number): MarketSnapshot => ({
  timeSeconds: 1_700_000_000,
  stablePrice: ONE,
  underlyings: [
    {
      ...{ name: 'ETH', spot: price, spotConfidence: ONE, expiries: [] },
      perp: { price, confidence: ONE },
    },
  ],
  assets: [
    {
      ...{ name: 'ETH', price, underlying: 'ETH', maintenanceHaircut: 0.05, initialHaircut: 0.05 },
      ...{ confidence: ONE, cancelsRisk: false },
    },
  ],
})

const levelAt = (snapshot: MarketSnapshot, account: Account) => {
  const market = createRiskMarket(MODEL, snapshot, [])
  const { maintenanceMarginE6, maintenanceRequirementE6 } = evaluatePortfolio(
    market,
    createPortfolio(market, account),
  )
  return levelOf({ maintenanceE6: maintenanceMarginE6, requirementE6: maintenanceRequirementE6 })
}

describe('levels', () => {
  it('begin at half, a quarter and nothing of the requirement', () => {
    const level = (maintenanceE6: bigint) => levelOf({ maintenanceE6, requirementE6: 1_000n })
    expect([500n, 499n, 250n, 249n, 0n, -1n].map(level)).toEqual([
      'healthy',
      'warned',
      'warned',
      'called',
      'called',
      'below',
    ])
    expect(levelOf({ maintenanceE6: 0n, requirementE6: 0n })).toBe('healthy')
  })
})

describe('bounds of levels', () => {
  const between = (min: number, max: number) =>
    fc.integer({ min: 0, max: 1_000_000 }).map((part) => min + ((max - min) * part) / 1_000_000)
  const account = fc.record({
    share: between(0.6, 1.9),
    size: between(-2, 2),
    held: between(0, 0.03),
  })

  // The perpetual's maintenance takes 17.4 % of the notional
  const REQUIRED = 522

  it('are sure of a level only where a valuation finds it, and often are', () => {
    const sure = { healthy: 0, warned: 0, called: 0, below: 0 }
    let unsure = 0
    fc.assert(
      fc.property(
        fc.array(account, { minLength: 1, maxLength: 12 }),
        between(2_950, 3_050),
        between(-5, 5),
        (drawn, later, drifted) => {
          const [from, to] = [snapshotAt(3_000), snapshotAt(later)]
          const book = createBook(createRiskMarket(MODEL, from, []))
          const accounts = drawn.map(({ share, size, held }): Account => ({
            cash: share * REQUIRED * Math.abs(size),
            perps: [{ underlying: 'ETH', size, quote: -3_000 * size }],
            collateral: [{ asset: 'ETH', amount: held }],
          }))
          accounts.forEach((each, index) => putAccount(book, index, createPortfolio(book.market, each)))
          const isCertain = levelBounds(book, createRiskMarket(MODEL, to, []))
          const drift = { least: drifted - 1e-7, greatest: drifted + 1e-7 }
          accounts.forEach((each, index) => {
            const found = levelAt(to, { ...each, cash: each.cash + drifted })
            for (const level of LEVELS) {
              if (!isCertain(index, level, drift)) continue
              expect(found).toBe(level)
              sure[level]++
            }
            if (!isCertain(index, found, drift)) unsure++
          })
        },
      ),
      { numRuns: 400 },
    )
    process.stdout.write(`levels by bound: sure of ${JSON.stringify(sure)}, unsure of ${unsure}\n`)
    for (const count of Object.values(sure)) expect(count).toBeGreaterThan(10)
  })
})
