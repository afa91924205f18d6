import { describe, expect, it } from 'vitest'
import { models, randomCase } from '../explain/random-case.fixture.ts'
import { isMarginError } from '../errors.ts'
import { ethOption, MARKET } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { sviVolatility } from '../pricing/svi.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { movedSnapshot } from './moved-snapshot.ts'

const eth = ({ underlyings }: MarketSnapshot) => underlyings.find(({ name }) => name === 'ETH')!

describe('a moved market', () => {
  it('of no move is the same', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { model, snapshot, account } = randomCase(seed)
      const same = movedSnapshot(snapshot, { spots: { ETH: 1 }, vol: 1 })
      expect(same).toEqual(snapshot)
      expect(evaluate(model, same, account)).toEqual(evaluate(model, snapshot, account))
    }
  })

  it('has spot, perpetual and the variable forward moved in proportion, of that underlying alone', () => {
    const moved = movedSnapshot(MARKET, { spots: { ETH: 1.1 } })
    const [before, after] = [eth(MARKET), eth(moved)]
    expect(after.spot).toBeCloseTo(3_300, 9)
    expect(after.perp!.price).toBeCloseTo(before.perp!.price * 1.1, 9)
    for (const [i, expiry] of after.expiries.entries()) {
      expect(expiry.forwardFixed).toBe(before.expiries[i]!.forwardFixed)
      expect(expiry.forwardVariable).toBeCloseTo(before.expiries[i]!.forwardVariable * 1.1, 9)
      expect(expiry.rate).toBe(before.expiries[i]!.rate)
    }
    expect(after.expiries[0]!.forwardFixed).toBeGreaterThan(0)
    expect(moved.underlyings[0]).toBe(MARKET.underlyings[0])
    expect([moved.timeSeconds, moved.stablePrice]).toEqual([MARKET.timeSeconds, MARKET.stablePrice])
  })

  it('keeps each strike its volatility, times the move’s', () => {
    for (const vol of [1, 0.5, 1.3, 4]) {
      const after = eth(movedSnapshot(MARKET, { spots: { ETH: 0.8 }, vol }))
      for (const [i, { surface }] of eth(MARKET).expiries.entries())
        for (const strike of [100, 1_500, 3_000, 9_000])
          expect(sviVolatility(after.expiries[i]!.surface!, strike)).toBeCloseTo(
            sviVolatility(surface!, strike) * vol,
            12,
          )
    }
  })

  it('scales the volatilities of single options too', () => {
    const markVols = [{ strike: 3_000, isCall: true, volatility: 0.6 }]
    const only = (expiries: ReturnType<typeof eth>['expiries']) =>
      expiries.map((each) => ({ ...each, markVols }))
    const marked = { ...MARKET, underlyings: [{ ...eth(MARKET), expiries: only(eth(MARKET).expiries) }] }
    const moved = movedSnapshot(marked, { spots: {}, vol: 1.5 })
    expect(eth(moved).expiries[2]!.markVols![0]).toEqual({
      strike: 3_000,
      isCall: true,
      volatility: 0.6 * 1.5,
    })
    const { volatility } = createRiskMarket(models[0]!, moved, [ethOption(2, 3_000, true, 1)]).options
    expect(volatility[0]).toBeCloseTo(0.9, 12)
  })

  it('moves the price of collateral that cancels risk in what moves, and of no other', () => {
    const [usdt, weth] = MARKET.assets
    const assets = [
      usdt!,
      weth!,
      { ...weth!, name: 'STETH', cancelsRisk: false },
      { ...weth!, name: 'B', underlying: 'BTC' },
    ]
    const moved = movedSnapshot({ ...MARKET, assets }, { spots: { ETH: 2 } })
    expect(moved.assets.map(({ price }) => price)).toEqual([0.999, 6_000, 3_000, 3_000])
  })

  it('stays within the largest price there is; a move to nowhere is refused when it is valued', () => {
    expect(eth(movedSnapshot(MARKET, { spots: { ETH: 1e30 } })).spot).toBe(1e12)
    for (const move of [{ spots: { ETH: -1 } }, { spots: { ETH: Number.NaN } }, { spots: {}, vol: 0 }]) {
      try {
        evaluate(models[0]!, movedSnapshot(MARKET, move), {
          cash: 0,
          options: [ethOption(2, 3_000, true, 1)],
        })
        expect.unreachable()
      } catch (error) {
        expect(isMarginError(error)).toBe(true)
      }
    }
  })
})
