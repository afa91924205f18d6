import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  entryPriceE9,
  foldPosition,
  NO_POSITION,
  unrealisedE6,
  type HeldPosition,
  type PositionEvent,
} from './fold-position.ts'

const E9 = 1_000_000_000n
const E6 = 1_000_000n

const fill = (side: string, size: number, price: number, feeE6 = 0n, height = 1n): PositionEvent => ({
  kind: 'fill',
  height,
  side,
  sizeE9: BigInt(size * 10) * (E9 / 10n),
  notionalE6: (BigInt(size * 10) * BigInt(price) * E6) / 10n,
  feeE6,
})
const after = (...events: PositionEvent[]): HeldPosition => events.reduce(foldPosition, NO_POSITION)

describe('a position', () => {
  it('is entered at the average of what opened it', () => {
    const held = after(fill('buy', 1, 3_000), fill('buy', 3, 3_400))
    expect(held.sizeE9).toBe(4n * E9)
    expect(entryPriceE9(held)).toBe(3_300n * E9)
    expect(unrealisedE6(held, 3_500n * E9)).toBe(800n * E6)
    expect(held.realisedE6).toBe(0n)
  })

  it('realises what a part of it made, and keeps the entry of the rest', () => {
    const held = after(fill('buy', 4, 3_000, 5n), fill('sell', 1, 3_100, 7n))
    expect(held).toMatchObject({ sizeE9: 3n * E9, realisedE6: 100n * E6, feeE6: 12n })
    expect(entryPriceE9(held)).toBe(3_000n * E9)
  })

  it('of a seller makes what the price falls', () => {
    const held = after(fill('sell', 2, 3_000), fill('buy', 1, 2_900))
    expect(held).toMatchObject({ sizeE9: -E9, realisedE6: 100n * E6 })
    expect(unrealisedE6(held, 2_800n * E9)).toBe(200n * E6)
  })

  it('that turns round is closed whole and opened anew', () => {
    const held = after(fill('buy', 1, 3_000, 0n, 5n), fill('sell', 3, 3_200, 0n, 9n))
    expect(held).toMatchObject({ sizeE9: -2n * E9, realisedE6: 200n * E6, openedHeight: 9n })
    expect(entryPriceE9(held)).toBe(3_200n * E9)
    expect(held).toMatchObject({ boughtE9: E9, soldE9: 3n * E9 })
  })

  it('that is over has no entry price, and starts anew', () => {
    const over = after(fill('buy', 1, 3_000, 0n, 5n), fill('sell', 1, 2_900, 0n, 6n))
    expect(over).toMatchObject({ sizeE9: 0n, entryNotionalE6: 0n, realisedE6: -100n * E6, openedHeight: 5n })
    expect(entryPriceE9(over)).toBeUndefined()
    expect(foldPosition(over, fill('buy', 1, 1, 0n, 8n)).openedHeight).toBe(8n)
  })

  it('ends with its market at what it is worth', () => {
    const settled = (sizeE9: bigint, valueE6: bigint): PositionEvent => ({
      ...{ kind: 'settlement', height: 9n, sizeE9, valueE6, feeE6: 3n },
    })
    const long = after(fill('buy', 2, 120), settled(2n * E9, 500n * E6))
    expect(long).toMatchObject({ sizeE9: 0n, realisedE6: 260n * E6, feeE6: 3n, entryNotionalE6: 0n })
    const short = after(fill('sell', 2, 120), settled(-2n * E9, -500n * E6))
    expect(short).toMatchObject({ sizeE9: 0n, realisedE6: -260n * E6 })
  })
})

describe('any history', () => {
  const anyFill = fc.record({
    side: fc.constantFrom('buy', 'sell'),
    size: fc.integer({ min: 1, max: 50 }),
    price: fc.integer({ min: 1, max: 5_000 }),
  })

  it('makes in all what was sold for less what was bought for, to the last unit', () => {
    const run = fc.property(
      fc.array(anyFill, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5_000 }),
      (fills, mark) => {
        const held = after(...fills.map(({ side, size, price }) => fill(side, size / 10, price)))
        const flow = fills.reduce((sum, { side, size, price }) => {
          const notional = (BigInt(size) * BigInt(price) * E6) / 10n
          return side === 'buy' ? sum - notional : sum + notional
        }, 0n)
        const worth = (held.sizeE9 * BigInt(mark) * E9) / 10n ** 12n
        expect(held.realisedE6 + unrealisedE6(held, BigInt(mark) * E9)).toBe(flow + worth)
        expect(held.sizeE9).toBe(held.boughtE9 - held.soldE9)
        expect(held.entryNotionalE6 >= 0n).toBe(true)
        expect(held.sizeE9 === 0n ? held.entryNotionalE6 : 0n).toBe(0n)
      },
    )
    fc.assert(run)
  })

  it('is the same however it is cut', () => {
    const run = fc.property(fc.array(anyFill, { maxLength: 30 }), fc.nat(30), (fills, cut) => {
      const events = fills.map(({ side, size, price }) => fill(side, size / 10, price))
      const first = events.slice(0, cut).reduce(foldPosition, NO_POSITION)
      expect(events.slice(cut).reduce(foldPosition, first)).toEqual(after(...events))
    })
    fc.assert(run)
  })
})
