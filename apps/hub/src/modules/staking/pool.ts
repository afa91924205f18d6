// A pool of tokens that is divided into shares: what bonds to a validator, or leaves it at one height. A
// slash takes from the pool, so it meets every share alike, and costs the same whatever their number. All
// rounding is against whoever claims.
import { assert, mulDivCeil, mulDivFloor } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Tokens, and the shares that they are divided into. */
export interface Pool {
  readonly tokens: bigint
  readonly shares: bigint
}

const BASIS_POINTS = 10_000n

/** Adds tokens; gives the new pool and the shares that they bought. Throws `staking/35`, `staking/30`. */
export function deposit({ tokens, shares }: Pool, amount: bigint): { pool: Pool; bought: bigint } {
  assert(amount > 0n, 'only positive amounts are deposited')
  if (shares > 0n && tokens === 0n) throw errors.noStakeLeft()
  const bought = shares === 0n ? amount : mulDivFloor(amount, shares, tokens)
  if (bought === 0n) throw errors.tooLittle({ min: mulDivCeil(tokens, 1n, shares) })
  return { pool: { tokens: tokens + amount, shares: shares + bought }, bought }
}

/** What shares of a pool are worth, rounded down. */
export function worth({ tokens, shares }: Pool, held: bigint): bigint {
  assert(held <= shares, 'nobody holds more shares than there are')
  return held === 0n ? 0n : mulDivFloor(held, tokens, shares)
}

/**
 * Takes an amount out for whoever holds shares; gives the new pool and the shares that are left. Whoever
 * takes all gives up all shares. Throws `staking/33`.
 */
export function withdraw(pool: Pool, held: bigint, amount: bigint): { pool: Pool; left: bigint } {
  const have = worth(pool, held)
  if (amount > have) throw errors.exceedsDelegation({ have })
  const burnt = amount === have ? held : mulDivCeil(amount, pool.shares, pool.tokens)
  assert(burnt <= held, 'an amount below the worth costs no more than the shares')
  return { pool: { tokens: pool.tokens - amount, shares: pool.shares - burnt }, left: held - burnt }
}

/** Takes a part away, rounded up. */
export function slashed(pool: Pool, basisPoints: bigint): { pool: Pool; taken: bigint } {
  assert(basisPoints <= BASIS_POINTS, 'at most all is slashed')
  const taken = mulDivCeil(pool.tokens, basisPoints, BASIS_POINTS)
  return { pool: { ...pool, tokens: pool.tokens - taken }, taken }
}
