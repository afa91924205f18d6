// Orders at the end of what can be counted: refused, or harmless to whoever has them.
import { describe, expect, it } from 'vitest'
import { MsgAmendOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Any } from '@causeway/protocol'
import type { Wallet } from './testing/wallet.fixture.ts'
import {
  E6,
  E9,
  convert,
  deliver,
  order,
  perpetual,
  place,
  tradingHub,
  transferCash,
} from './testing/trading-hub.fixture.ts'

const LOT_E9 = 100_000_000n
const TICK_E9 = 10_000_000n
/** The greatest multiple of a tick in 64 bits. */
const LIMIT_E9 = ((2n ** 64n - 1n) / TICK_E9) * TICK_E9

function setUp() {
  const world = tradingHub()
  const { driver, maker, taker } = world
  for (const wallet of [maker, taker])
    expect(deliver(driver, wallet, convert(wallet, 10_000n * E6))).toBe('0')
  return { ...world, market: perpetual(driver) }
}

const amend = (wallet: Wallet, orderId: bigint, remainingE9: bigint): Any => ({
  typeUrl: '/causeway.markets.v1.MsgAmendOrder',
  value: MsgAmendOrder.encode(
    MsgAmendOrder.fromPartial({ signer: wallet.address, orderId, remainingE9, limitE9: 3_000n * E9 }),
  ).finish(),
})

describe('an order beyond all bounds', () => {
  it('is refused, whatever it does and however it rests', () => {
    const { driver, maker, market, broken } = setUp()
    const sizeE9 = 2n ** 30n * LOT_E9
    const trigger = { priceE9: 100n * E9, isAbove: false }
    for (const parts of [{}, { isReduceOnly: true }, { trigger }] as object[]) {
      const huge = order(maker, { market, isBuy: false, sizeE9, limitE9: LIMIT_E9, ...parts })
      expect(place(driver, maker, huge)).toBe('markets/6')
    }
    expect(deliver(driver, maker, transferCash(maker.address, `${maker.address}/1`, 1n))).toBe('0')
    expect(broken()).toEqual([])
  })

  it('is not made by amending: what was filled and what would be left are counted together', () => {
    const { driver, maker, taker, market, broken } = setUp()
    const sell = order(maker, { market, isBuy: false, sizeE9: 2n * LOT_E9, limitE9: 3_000n * E9 })
    expect(place(driver, maker, sell)).toBe('0')
    const buy = order(taker, { market, isBuy: true, sizeE9: LOT_E9, limitE9: 3_000n * E9 })
    expect(place(driver, taker, buy)).toBe('0')
    for (const [lots, code] of [
      [2n ** 36n, 'markets/4'],
      [2n ** 35n, 'markets/6'],
      [2n ** 20n, '0'],
    ] as const)
      expect(place(driver, maker, amend(maker, 1n, lots * LOT_E9))).toBe(code)
    expect(broken()).toEqual([])
  })
})
