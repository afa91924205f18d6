// Surfaces fall silent, or leave an expiry out: nobody opens what nobody could be liquidated for, and nothing
// small that has no surface keeps a whole account from being liquidated.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { describe, expect, it } from 'vitest'
import { E6, E9, redeem } from '../testing/trading-hub.fixture.ts'
import { arena, takeQuote } from './arena.fixture.ts'

const LONG_MS = 300_000
const GRID = { tickE9: '10000000', lotE9: '100000000' }
const NAMES = ['untold taker', 'untold maker', 'untold other'] as const
const [TAKER, MAKER] = NAMES
const OPTION = 'ETH-20231124-3000-C'
const HOUR_BLOCKS = 120

describe('an hour without surfaces', () => {
  it(
    'opens no option, by order or quote, and lets no cash of its holders go',
    { timeout: LONG_MS },
    async () => {
      let isSilent = false
      const world = arena(NAMES, {
        ...{ hasSurfaces: true, expiries: 4, underlying: { option: GRID, future: GRID } },
        surfaces: (votes) => (isSilent ? [] : votes),
      })
      const quote = { taker: TAKER, maker: MAKER, legs: [[OPTION, 2, 90]] as [string, number, number][] }
      const payOut = () => world.act(TAKER, redeem(world.of(TAKER), 1_000n * E6))
      world.fund(...NAMES)
      world.blocks(5)
      expect(await takeQuote(world, quote)).toBe('0')
      expect(payOut()).toBe('0')
      isSilent = true
      for (let i = 0; i < HOUR_BLOCKS; i++) world.driver.block(30n)
      expect(await takeQuote(world, quote)).toBe('markets/3')
      const order = { market: world.market(OPTION).market!.id, sizeE9: E9, limitE9: 90n * E9 }
      expect(world.order(TAKER, { ...order, isBuy: true })).toBe('markets/3')
      expect(world.order(MAKER, { ...order, isBuy: true, reduceOnly: true })).toBe('0')
      expect(payOut()).toBe('risk/2')
      // What has no expiry goes by the index alone.
      const perpetual = {
        market: world.market('ETH-PERP').market!.id,
        sizeE9: E9 / 10n,
        limitE9: 3_000n * E9,
      }
      expect(world.order('untold other', { ...perpetual, isBuy: true })).toBe('0')
      isSilent = false
      world.blocks(5)
      expect(payOut()).toBe('0')
    },
  )
})

describe('a future of an expiry that no surface tells', () => {
  it.each([undefined, 'ETH-20231115', 'ETH-20240927'])(
    'shields nothing from liquidation: %s beside a perpetual',
    { timeout: LONG_MS },
    (shield) => {
      const world = arena(NAMES, { hasSurfaces: true, expiries: 4, underlying: { future: GRID } })
      world.fund(...NAMES)
      world.blocks(5)
      const trade = (symbol: string, sizeE9: bigint) => {
        const order = { market: world.market(symbol).market!.id, sizeE9, limitE9: 3_000n * E9 }
        expect(world.order(MAKER, { ...order, isBuy: false })).toBe('0')
        expect(world.order(TAKER, { ...order, isBuy: true })).toBe('0')
      }
      trade('ETH-PERP', 20n * E9)
      if (shield !== undefined) trade(shield, E9 / 10n)
      world.blocks(2)
      let price = 3_000n
      for (let i = 0; i < 6; i++) {
        price = (price * 955n) / 1_000n
        world.prices.set(3n, price * E9)
        world.blocks(1)
      }
      world.blocks(60, 5n)
      const told = world.driver.responses.flatMap(({ events, txResults }): Event[] => [
        ...events,
        ...txResults.flatMap((result) => result.events),
      ])
      expect(told.some(({ type }) => type === 'causeway.liquidation.v1.stage')).toBe(true)
    },
  )
})
