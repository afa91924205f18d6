import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import { ethOption, MARKET } from '../portfolio/market.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { placeOrders, sumOrders, withOrders, type OpenOrder } from './open-orders.ts'

const held = ethOption(2, 3_000, true, 5)
const other = ethOption(2, 2_900, false, 0)
const market = createRiskMarket(readRiskModel('pm2'), MARKET, [held, other])
const perp = (underlying: string, size: number): OpenOrder => ({
  instrument: { kind: 'perp', underlying },
  size,
  limit: 1,
  fee: 0,
})
const option = ({ amount: _, ...terms }: typeof held, size: number): OpenOrder => ({
  instrument: { kind: 'option', ...terms },
  size,
  limit: 1,
  fee: 0,
})
const orders = placeOrders(market, [
  perp('ETH', 3),
  perp('ETH', -1),
  perp('BTC', 0.5),
  perp('ETH', 4),
  option(held, -2),
  option(other, 7),
  { instrument: { kind: 'future', underlying: 'ETH', expirySeconds: 604_800 }, size: -6, limit: 1, fee: 0 },
])

describe('open orders', () => {
  it('are found in the market', () => {
    expect(orders.map(({ index }) => index)).toEqual([1, 1, 0, 1, 1, 0, 7])
  })

  it('add up by instrument, buys and sells apart', () => {
    expect([...sumOrders(orders).perp]).toEqual([
      [1, { buys: 7, sells: 1 }],
      [0, { buys: 0.5, sells: 0 }],
    ])
    expect([...sumOrders(orders).option]).toEqual([
      [1, { buys: 0, sells: 2 }],
      [0, { buys: 7, sells: 0 }],
    ])
    expect([...sumOrders(orders).future]).toEqual([[7, { buys: 0, sells: 6 }]])
  })

  it('change a portfolio, in the order of the market', () => {
    const portfolio = createPortfolio(market, {
      cash: 9,
      perps: [{ underlying: 'ETH', size: -2, quote: 5 }],
      options: [held],
      collateral: [{ asset: 'USDT', amount: 1 }],
    })
    const changed = withOrders(portfolio, sumOrders(orders), (size, buys, sells) =>
      Math.max(Math.abs(size + buys), Math.abs(size - sells)),
    )
    expect([...changed.perp]).toEqual([0, 1])
    expect([...changed.perpSize]).toEqual([0.5, 5])
    expect([...changed.perpQuote]).toEqual([0, 0])
    expect([...changed.future]).toEqual([7])
    expect([...changed.futureSize]).toEqual([6])
    expect([...changed.option]).toEqual([0, 1])
    expect([...changed.optionAmount]).toEqual([7, 5])
    expect([changed.cash, changed.assetAmount]).toEqual([9, portfolio.assetAmount])
    const sold = withOrders(portfolio, sumOrders(orders), (size, _, sells) => size - sells)
    expect([...sold.perpSize, ...sold.futureSize, ...sold.optionAmount]).toEqual([0, -3, -6, 0, 3])
  })

  it('no orders change nothing', () => {
    const portfolio = createPortfolio(market, { cash: 0, options: [held] })
    const { optionAmount, option: index } = withOrders(portfolio, sumOrders([]), (size) => size)
    expect([[...index], [...optionAmount]]).toEqual([[...portfolio.option], [...portfolio.optionAmount]])
  })
})
