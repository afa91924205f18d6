// Dust and rounding loops: what one rounding gives is taken ten thousand times. Each step here is rounded
// against whoever repeats it, or costs more than it can give.
import { describe, expect, it } from 'vitest'
import { apportion } from '../modules/liquidation/apportion.ts'
import { FAILING, SECOND, longFailing } from '../modules/liquidation/failing.fixture.ts'
import { ONE_E9, shareOf, shareOfUp } from '../modules/liquidation/terms.ts'
import { EMPTY_POOL, cashOf, sharesOf } from '../modules/cash/pool.ts'
import { E6, E9, convert, transferCash } from '../testing/trading-hub.fixture.ts'
import { arena, worthE6 } from './arena.fixture.ts'

const STEPS = 10_000n
/** What a transaction pays at least: 5,000 gas at 0.025 of the hub's own unit. */
const FEE_UCWAY = 125n

describe('ten thousand steps', () => {
  it('of dust bids earn a micro-unit each beyond their share: less than each of them pays', () => {
    const earnedE6 = 1_234_567_891n
    for (const shareE9 of [1n, 99_999n, 100_000n]) {
      let sum = 0n
      for (let i = 0n; i < STEPS; i++) sum += shareOfUp(earnedE6, shareE9)
      const beyond = sum - shareOf(earnedE6, shareE9 * STEPS)
      expect(beyond).toBeGreaterThanOrEqual(0n)
      expect(beyond).toBeLessThanOrEqual(STEPS)
      expect(beyond).toBeLessThan(STEPS * FEE_UCWAY)
    }
  })

  it('of shares leave nothing and make nothing: what is given is what there was', () => {
    let left = 7_777_777n
    let given = 0n
    for (let i = 0n; i < STEPS; i++) {
      const part = (left * 1_000_000n) / ONE_E9
      given += apportion(part, [1n, 2n, 3n + i]).reduce((sum, each) => sum + each, 0n)
      left -= part
    }
    expect(given + left).toBe(7_777_777n)
  })

  it('of cash in and out of an account at an index of many digits make none', () => {
    const pool = {
      ...EMPTY_POOL,
      creditIndex: 1_234_567_890_123_456_789n,
      debtIndex: 1_345_678_901_234_567_891n,
    }
    let cash = 5n
    for (let i = 0n; i < STEPS; i++) {
      const step = i % 7n
      const after = cashOf(pool, sharesOf(pool, cash - step))
      cash = cashOf(pool, sharesOf(pool, after + step))
    }
    expect(cash).toBe(5n)
  })
})

describe('steps on a whole hub', () => {
  it('of conversions and transfers of single units, and of lots there and back, only cost', () => {
    const [MINE, ALSO_MINE] = ['loops one', 'loops two']
    const world = arena([MINE, ALSO_MINE])
    expect(world.fund(ALSO_MINE)).toBe(true)
    const { of } = world
    expect(world.act(MINE, convert(of(MINE), 10_000n * E6))).toBe('0')
    const before = worthE6(world, MINE, ALSO_MINE)
    const market = world.market('ETH-PERP').market!.id
    for (let i = 0; i < 12; i++) {
      expect(world.act(MINE, convert(of(MINE), 1n))).toBe('0')
      expect(world.act(ALSO_MINE, transferCash(of(ALSO_MINE).address, of(MINE).address, 1n))).toBe('0')
      const lot = { market, sizeE9: E9 / 10n, limitE9: 3_000n * E9 + BigInt(i % 3) * 10_000_000n }
      expect(world.order(MINE, { ...lot, isBuy: i % 2 === 0 })).toBe('0')
      expect(world.order(ALSO_MINE, { ...lot, isBuy: i % 2 !== 0 })).toBe('0')
    }
    // 12 × 300 of notional at 0.07 % and rounding
    const lostE6 = before - worthE6(world, MINE, ALSO_MINE)
    expect(lostE6).toBeGreaterThanOrEqual((12n * 300n * E6 * 7n) / 10_000n)
    expect(world.broken()).toEqual([])
  })

  it('of bids for a billionth gain nothing: one lot at its mark, and a micro-unit', () => {
    const world = longFailing({ params: { closingBlocks: '0' } })
    world.fall(2_780)
    world.blocksUntil(() => world.stage() === 'auction')
    for (let i = 0; i < 8; i++) {
      const before = world.worth(SECOND)
      expect(world.bids([SECOND, { shareE9: 1n }])).toEqual(['0'])
      expect(world.worth(SECOND) - before).toBeLessThanOrEqual(2n)
    }
    expect(world.sizeOf(FAILING)).toBe(`${30n * E9 - (8n * E9) / 10n}`)
    expect(world.broken()).toEqual([])
  })
})
