import { expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import { ethOption, expiryOf, MARKET, underlyingOf } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { isComparable } from './is-comparable.ts'

const model = readRiskModel('pm2')
const options = [ethOption(2, 2_900, true, 1), ethOption(2, 3_200, false, 1)]
const market = createRiskMarket(model, MARKET, options)
const [btc, eth] = [underlyingOf('BTC'), underlyingOf('ETH')]
const { perp: _, ...ethWithoutPerp } = eth

it('is the case when only numbers moved, whatever the order in which they came', () => {
  const moved: MarketSnapshot = {
    ...MARKET,
    timeSeconds: 5_000,
    underlyings: [{ ...eth, spot: 1 }, btc],
    assets: [...MARKET.assets].reverse(),
  }
  expect(isComparable(market, createRiskMarket(model, moved, [...options].reverse()))).toBe(true)
})

const others: Readonly<Record<string, MarketSnapshot>> = {
  'an underlying less': { ...MARKET, underlyings: [eth] },
  'an underlying under another name': { ...MARKET, underlyings: [{ ...btc, name: 'BTD' }, eth] },
  'a perpetual less': { ...MARKET, underlyings: [btc, ethWithoutPerp] },
  'an expiry more': {
    ...MARKET,
    underlyings: [btc, { ...eth, expiries: [...eth.expiries, expiryOf(3_000, 300)] }],
  },
  'an expiry at another time': {
    ...MARKET,
    underlyings: [{ ...btc, expiries: [...btc.expiries.slice(1), expiryOf(60_000, 300)] }, eth],
  },
  'an asset less': { ...MARKET, assets: MARKET.assets.slice(1) },
  'an asset of another name': {
    ...MARKET,
    assets: MARKET.assets.map((each, i) => ({ ...each, name: `${i}` })),
  },
  'an asset that cancels no risk any more': {
    ...MARKET,
    assets: MARKET.assets.map((each) => ({ ...each, cancelsRisk: false })),
  },
  'an asset of another underlying': {
    ...MARKET,
    assets: MARKET.assets.map((each) => ({ ...each, underlying: 'BTC' })),
  },
}

it.each(Object.entries(others))('is not with %s', (_name, snapshot) => {
  const other = createRiskMarket(model, snapshot, options)
  expect(isComparable(market, other)).toBe(false)
  expect(isComparable(other, market)).toBe(false)
})

it.each([
  ['an option less', options.slice(1)],
  ['another strike', [options[0]!, ethOption(2, 3_300, false, 1)]],
  ['a call for a put', [options[0]!, ethOption(2, 3_200, true, 1)]],
  ['another expiry', [options[0]!, ethOption(3, 3_200, false, 1)]],
])('is not with %s', (_name, list) => {
  expect(isComparable(market, createRiskMarket(model, MARKET, list))).toBe(false)
})

it('is not under another model, be it of the same parameters', () => {
  expect(isComparable(market, createRiskMarket(readRiskModel('pm2'), MARKET, options))).toBe(false)
  expect(isComparable(market, createRiskMarket(readRiskModel('pm1'), MARKET, options))).toBe(false)
})
