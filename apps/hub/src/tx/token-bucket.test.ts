import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenBucket } from '@causeway/protocol/causeway/accounts/v1/accounts'
import {
  EQUITY_HEIGHTS,
  TOKENS_MAX,
  TOKENS_PER_SECOND,
  isEquityDue,
  millitokensAt,
  takeTokens,
} from './token-bucket.ts'

const NOW = 1_700_000_000_000n

describe('a token bucket', () => {
  it('is full for who has done nothing yet', () => {
    expect(millitokensAt(undefined, NOW)).toBe(TOKENS_MAX * 1_000n)
    let bucket: TokenBucket | undefined
    for (let i = 0; i < Number(TOKENS_MAX); i++) bucket = takeTokens(bucket, 1, NOW)
    expect(bucket).toEqual({ millitokens: 0n, timeMilliseconds: NOW, equityHeight: 0n })
    expect(takeTokens(bucket, 1, NOW)).toBeUndefined()
    expect(takeTokens(undefined, Number(TOKENS_MAX) + 1, NOW)).toBeUndefined()
  })

  it('gets one token every 50 ms, and no more than it holds', () => {
    const empty = { millitokens: 0n, timeMilliseconds: NOW, equityHeight: 3n }
    expect(takeTokens(empty, 1, NOW + 49n)).toBeUndefined()
    expect(takeTokens(empty, 1, NOW + 50n)).toEqual({ ...empty, timeMilliseconds: NOW + 50n })
    expect(millitokensAt(empty, NOW + 1_000n)).toBe(TOKENS_PER_SECOND * 1_000n)
    expect(millitokensAt(empty, NOW + 86_400_000n)).toBe(TOKENS_MAX * 1_000n)
    // Checking runs at the time of the last block, which may lie before.
    expect(millitokensAt(empty, NOW - 1_000n)).toBe(0n)
  })

  it('never gives more than burst and rate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 60 })), { maxLength: 80 }),
        (steps) => {
          let bucket: TokenBucket | undefined
          let time = NOW
          let given = 0n
          for (const [wait, tokens] of steps) {
            time += BigInt(wait)
            const after = takeTokens(bucket, tokens, time)
            if (after === undefined) continue
            given += BigInt(tokens)
            bucket = after
          }
          return given * 1_000n <= TOKENS_MAX * 1_000n + (time - NOW) * TOKENS_PER_SECOND
        },
      ),
    )
  })

  it('has its owner valued every ten blocks', () => {
    const bucket = { millitokens: 0n, timeMilliseconds: NOW, equityHeight: 5n }
    expect(isEquityDue(undefined, 1n)).toBe(true)
    expect(isEquityDue({ ...bucket, equityHeight: 0n }, 1n)).toBe(true)
    expect(isEquityDue(bucket, 5n)).toBe(false)
    expect(isEquityDue(bucket, 4n + EQUITY_HEIGHTS)).toBe(false)
    expect(isEquityDue(bucket, 5n + EQUITY_HEIGHTS)).toBe(true)
  })
})
