import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closingSizesE9 } from './reduce-only.ts'

const reduce = (remainingE9: bigint) => ({ remainingE9, isReduceOnly: true })
const plain = (remainingE9: bigint) => ({ remainingE9, isReduceOnly: false })

describe('reduce-only orders', () => {
  it.each([
    ['one that fits', 10n, [reduce(4n)], [4n]],
    ['one that is too large', 10n, [reduce(40n)], [10n]],
    ['of a short position', -10n, [reduce(40n)], [10n]],
    ['several, the oldest first', 10n, [reduce(4n), reduce(5n), reduce(6n), reduce(7n)], [4n, 5n, 1n, 0n]],
    ['beside others that could fill', 10n, [reduce(8n), plain(7n)], [3n, 7n]],
    ['beside more than the position', 10n, [reduce(8n), plain(70n)], [0n, 70n]],
    ['without a position', 0n, [reduce(8n), plain(7n)], [0n, 7n]],
    ['none', 10n, [], []],
  ])('%s', (_, position, orders, sizes) => {
    expect(closingSizesE9(position, orders)).toEqual(sizes)
  })

  it('never turn a position, however much of anything fills', () => {
    const orders = fc.array(
      fc.record({
        remainingE9: fc.bigInt(1n, 50n),
        isReduceOnly: fc.boolean(),
        filledPercent: fc.bigInt(0n, 100n),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(fc.bigInt(0n, 200n), orders, (position, some) => {
        const sizes = closingSizesE9(position, some)
        let left = position
        // The others fill first: the worst case for those that may only reduce.
        for (const isReduceOnly of [false, true])
          some.forEach((order, i) => {
            if (order.isReduceOnly !== isReduceOnly) return
            const filled = (sizes[i]! * order.filledPercent) / 100n
            if (isReduceOnly && filled > 0n) expect(filled <= left).toBe(true)
            left -= filled
            expect(sizes[i]! <= order.remainingE9).toBe(true)
          })
      }),
    )
  })

  it('have something left', () => {
    expect(() => closingSizesE9(1n, [reduce(0n)])).toThrow('left')
  })
})
