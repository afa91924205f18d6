import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { deposit, slashed, withdraw, worth } from './pool.ts'
import type { Pool } from './pool.ts'

const EMPTY: Pool = { tokens: 0n, shares: 0n }

type Step =
  | { readonly kind: 'deposit'; readonly who: number; readonly amount: bigint }
  | { readonly kind: 'withdraw'; readonly who: number; readonly part: bigint }
  | { readonly kind: 'slash'; readonly basisPoints: bigint }

const who = fc.nat(4)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('deposit' as const), who, amount: fc.bigInt(1n, 10n ** 24n) }),
  fc.record({ kind: fc.constant('withdraw' as const), who, part: fc.bigInt(1n, 10_000n) }),
  fc.record({ kind: fc.constant('slash' as const), basisPoints: fc.bigInt(0n, 10_000n) }),
)

/** Runs steps; gives the pool, the holders' shares, what they put in and got, and what was slashed. */
function play(steps: readonly Step[]) {
  let pool = EMPTY
  let [paid, got, taken] = [0n, 0n, 0n]
  const held = [0n, 0n, 0n, 0n, 0n]
  for (const item of steps) {
    if (item.kind === 'slash') {
      const result = slashed(pool, item.basisPoints)
      pool = result.pool
      taken += result.taken
    } else if (item.kind === 'deposit') {
      const refused = refusal(() => {
        const result = deposit(pool, item.amount)
        pool = result.pool
        held[item.who]! += result.bought
        paid += item.amount
      })
      expect(['nothing', 'staking/30', 'staking/35']).toContain(refused)
    } else {
      const amount = (worth(pool, held[item.who]!) * item.part) / 10_000n
      if (amount === 0n) continue
      const result = withdraw(pool, held[item.who]!, amount)
      pool = result.pool
      held[item.who] = result.left
      got += amount
    }
  }
  return { pool, held, paid, got, taken }
}

describe('a pool', () => {
  it('conserves tokens, and never owes more than it has', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { pool, held, paid, got, taken } = play(steps)
        expect(pool.tokens + got + taken).toBe(paid)
        expect(held.reduce((sum, shares) => sum + shares, 0n)).toBe(pool.shares)
        const owed = held.reduce((sum, shares) => sum + worth(pool, shares), 0n)
        expect(owed <= pool.tokens).toBe(true)
        // Rounding costs less than a base unit a holder.
        expect(pool.tokens - owed < 5n).toBe(true)
        expect(pool.shares === 0n && pool.tokens > 0n).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('gives nobody more than was put in, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.bigInt(1n, 10n ** 20n), (steps, amount) => {
        const { pool } = play(steps)
        if (pool.shares > 0n && pool.tokens === 0n) return
        if (refusal(() => deposit(pool, amount)) !== 'nothing') return
        const { pool: after, bought } = deposit(pool, amount)
        expect(worth(after, bought) <= amount).toBe(true)
      }),
    )
  })

  it('slashes every share alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(1n, 10n ** 18n), { minLength: 1, maxLength: 6 }),
        fc.bigInt(0n, 10_000n),
        (amounts, basisPoints) => {
          let pool = EMPTY
          const held = amounts.map((amount) => {
            const result = deposit(pool, amount)
            pool = result.pool
            return result.bought
          })
          const { pool: after, taken } = slashed(pool, basisPoints)
          const total = amounts.reduce((sum, amount) => sum + amount, 0n)
          expect(taken).toBe((total * basisPoints + 9_999n) / 10_000n)
          for (const [i, shares] of held.entries()) {
            const fair = (amounts[i]! * (10_000n - basisPoints)) / 10_000n
            expect(worth(after, shares) <= fair).toBe(true)
            expect(fair - worth(after, shares) <= 1n).toBe(true)
          }
        },
      ),
    )
  })

  it('gives all to whoever leaves last, and no more than is there', () => {
    const { pool, bought } = deposit(EMPTY, 10n)
    const { pool: cut } = slashed(pool, 3_333n)
    expect(cut.tokens).toBe(6n)
    const { pool: empty, left } = withdraw(cut, bought, 6n)
    expect([empty, left]).toEqual([EMPTY, 0n])
    expect(refusal(() => withdraw(cut, bought, 7n))).toBe('staking/33')
  })

  it('takes nothing in once all of it was slashed', () => {
    const { pool } = slashed(deposit(EMPTY, 10n).pool, 10_000n)
    expect(pool).toEqual({ tokens: 0n, shares: 10n })
    expect(refusal(() => deposit(pool, 5n))).toBe('staking/35')
    expect(withdraw(pool, 10n, 0n)).toEqual({ pool: EMPTY, left: 0n })
  })

  it('asks for a deposit that buys a share', () => {
    expect(refusal(() => deposit({ tokens: 10n, shares: 3n }, 3n))).toBe('staking/30')
    expect(deposit({ tokens: 10n, shares: 3n }, 4n).bought).toBe(1n)
  })
})
