// Deleveraging by itself: whatever is drawn, sizes and losses are conserved, and nobody ends below zero.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeAgainst } from './close-against.ts'
import type { Closed, Counterparty } from './close-against.ts'
import { byRank } from './rank.ts'

const LOT = 10n
const counterparty = fc.record({
  rankE6: fc.option(fc.bigInt({ min: -5n, max: 5n }), { nil: undefined }),
  sizeE9: fc.bigInt({ min: 1n, max: 1_000n }).map((lots) => lots * LOT),
  equityE6: fc.bigInt({ min: 0n, max: 1_000_000n }),
})
const queue = fc
  .array(counterparty, { minLength: 1, maxLength: 20 })
  .map((list) => list.sort((a, b) => byRank(a.rankE6, b.rankE6)))
/** A queue, how much of what it holds is closed, and at which loss. */
const closings = fc.tuple(queue, fc.bigInt({ min: 1n, max: 1_000n }), fc.bigInt({ min: 0n, max: 2_000_000n }))

const held = (list: readonly { sizeE9: bigint }[]) => list.reduce((sum, { sizeE9 }) => sum + sizeE9, 0n)
const lost = ({ parts }: Closed) => parts.reduce((sum, { lossE6 }) => sum + lossE6, 0n)
const partOf = (all: bigint, permille: bigint) => {
  const lots = (all / LOT) * permille
  return (lots / 1_000n + 1n) * LOT > all ? all : (lots / 1_000n + 1n) * LOT
}
const close = (list: readonly Counterparty[], permille: bigint, lossE6: bigint) => {
  const sizeE9 = partOf(held(list), permille)
  return { sizeE9, closed: closeAgainst({ sizeE9, lotE9: LOT, lossE6 }, list) }
}
const who = (rankE6: bigint, lots: bigint, equityE6: bigint): Counterparty => ({
  rankE6,
  sizeE9: lots * LOT,
  equityE6,
})

describe('closing against a queue', () => {
  it('takes the first first, and only as much as it must', () => {
    const list = [who(9n, 3n, 1_000n), who(5n, 3n, 1_000n), who(1n, 3n, 1_000n)]
    expect(closeAgainst({ sizeE9: 4n * LOT, lotE9: LOT, lossE6: 400n }, list)).toEqual({
      parts: [
        { index: 0, sizeE9: 30n, lossE6: 300n },
        { index: 1, sizeE9: 10n, lossE6: 100n },
      ],
      leftE6: 0n,
    })
  })

  it('shares among equal ranks by size', () => {
    const list = [who(9n, 6n, 1_000n), who(9n, 2n, 1_000n), who(9n, 1n, 1_000n)]
    const { parts } = closeAgainst({ sizeE9: 4n * LOT, lotE9: LOT, lossE6: 0n }, list)
    expect(parts.map(({ sizeE9 }) => sizeE9)).toEqual([30n, 10n])
  })

  it('closes whom the price would leave below zero only as far as it doesn’t; the next one follows', () => {
    const list = [who(9n, 4n, 250n), who(5n, 4n, 1_000n)]
    expect(closeAgainst({ sizeE9: 4n * LOT, lotE9: LOT, lossE6: 400n }, list)).toEqual({
      parts: [
        { index: 0, sizeE9: 20n, lossE6: 200n },
        { index: 1, sizeE9: 20n, lossE6: 200n },
      ],
      leftE6: 0n,
    })
  })

  it('closes the rest at the mark when nobody can bear more, and leaves what it would have cost', () => {
    const list = [who(9n, 4n, 250n), who(5n, 4n, 0n)]
    expect(closeAgainst({ sizeE9: 6n * LOT, lotE9: LOT, lossE6: 600n }, list)).toEqual({
      parts: [
        { index: 0, sizeE9: 40n, lossE6: 200n },
        { index: 1, sizeE9: 20n, lossE6: 0n },
      ],
      leftE6: 400n,
    })
  })

  it('closes the whole, and every unit of the loss is somebody’s or left', () => {
    fc.assert(
      fc.property(closings, ([list, permille, lossE6]) => {
        const { sizeE9, closed } = close(list, permille, lossE6)
        expect(held(closed.parts)).toBe(sizeE9)
        expect(lost(closed) + closed.leftE6).toBe(lossE6)
        expect(closed.leftE6 >= 0n).toBe(true)
        for (const part of closed.parts) {
          expect(part.sizeE9 % LOT).toBe(0n)
          expect(part.sizeE9 <= list[part.index]!.sizeE9).toBe(true)
        }
      }),
    )
  })

  it('leaves nobody below zero, and takes from nobody more than the price says', () => {
    fc.assert(
      fc.property(closings, ([list, permille, lossE6]) => {
        const { sizeE9, closed } = close(list, permille, lossE6)
        for (const part of closed.parts) {
          expect(part.lossE6 <= list[part.index]!.equityE6).toBe(true)
          expect((part.lossE6 - 1n) * sizeE9 < lossE6 * part.sizeE9).toBe(true)
        }
      }),
    )
  })

  it('spares a lower rank while a higher one can still bear a lot', () => {
    fc.assert(
      fc.property(closings, ([list, permille, lossE6]) => {
        const { sizeE9, closed } = close(list, permille, lossE6)
        const lossOf = new Map(closed.parts.map((part) => [part.index, part]))
        const lastBearing = closed.parts.filter(({ lossE6: loss }) => loss > 0n).at(-1)
        for (const [i, each] of list.entries()) {
          if (lastBearing === undefined || byRank(each.rankE6, list[lastBearing.index]!.rankE6) >= 0) continue
          const taken = lossOf.get(i)?.sizeE9 ?? 0n
          const bears = (each.equityE6 * sizeE9) / lossE6
          expect(taken === each.sizeE9 || taken + LOT > bears).toBe(true)
        }
      }),
    )
  })

  it('leaves a loss only when nobody can bear another lot', () => {
    fc.assert(
      fc.property(closings, ([list, permille, lossE6]) => {
        const { sizeE9, closed } = close(list, permille, lossE6)
        const most = list.reduce((sum, each) => {
          const bears = lossE6 === 0n ? each.sizeE9 : (each.equityE6 * sizeE9) / lossE6
          const lots = (bears < each.sizeE9 ? bears : each.sizeE9) / LOT
          return sum + lots * LOT
        }, 0n)
        if (most >= sizeE9) expect(closed.leftE6).toBe(0n)
      }),
    )
  })

  it('in any order of those of equal rank takes the same, but for a lot', () => {
    fc.assert(
      fc.property(closings, ([list, permille, lossE6]) => {
        const turned = [...list].reverse().sort((a, b) => byRank(a.rankE6, b.rankE6))
        const { closed } = close(list, permille, lossE6)
        const other = close(turned, permille, lossE6).closed
        const [a, b] = [
          list.map((_, i) => closed.parts.find(({ index }) => index === i)?.sizeE9 ?? 0n),
          list.map((each) => {
            const index = turned.indexOf(each)
            return other.parts.find((part) => part.index === index)?.sizeE9 ?? 0n
          }),
        ]
        // One lot at the price, one at the mark
        for (const [i, size] of a.entries()) {
          const off = size - b[i]!
          expect(off >= -2n * LOT && off <= 2n * LOT).toBe(true)
        }
      }),
    )
  })

  it('takes as much from an account as from the equal parts that it could be split into', () => {
    fc.assert(
      fc.property(closings, fc.integer({ min: 2, max: 5 }), ([drawn, permille, lossE6], parts) => {
        const n = BigInt(parts)
        const whole = drawn.map((each) => ({
          ...each,
          sizeE9: each.sizeE9 * n,
          equityE6: each.equityE6 * n,
        }))
        const first = drawn[0]!
        const split = [...Array.from({ length: parts }, () => first), ...whole.slice(1)]
        const a = close(whole, permille, lossE6)
        const b = close(split, permille, lossE6)
        expect(b.sizeE9).toBe(a.sizeE9)
        const takenA = held(a.closed.parts.filter(({ index }) => index === 0))
        const takenB = held(b.closed.parts.filter(({ index }) => index < parts))
        const lossA = lost({ ...a.closed, parts: a.closed.parts.filter(({ index }) => index === 0) })
        const lossB = lost({ ...b.closed, parts: b.closed.parts.filter(({ index }) => index < parts) })
        // Each part is rounded to whole lots by itself
        const lots = (n + 1n) * LOT
        expect(takenB - takenA <= 2n * lots && takenA - takenB <= 2n * lots).toBe(true)
        const unit = (lossE6 * lots) / a.sizeE9 + n + 1n
        expect(lossB - lossA <= 2n * unit && lossA - lossB <= 2n * unit).toBe(true)
      }),
    )
  })
})
