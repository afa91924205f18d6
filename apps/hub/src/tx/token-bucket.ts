// What an account may do for free: trade transactions, as long as tokens last. Consensus, not admission: a
// proposer could otherwise fill blocks with free orders of its own.
import type { TokenBucket } from '@causeway/protocol/causeway/accounts/v1/accounts'

/** Tokens that come back in a second. */
export const TOKENS_PER_SECOND = 20n
/** Tokens of an account that has done nothing for a while. */
export const TOKENS_MAX = 200n
/** What an account must be worth to trade for free, in micro-cash. */
export const FREE_EQUITY_E6_MIN = 100_000_000n
/** Blocks for which an account that was worth enough is taken to be so. */
export const EQUITY_HEIGHTS = 10n

const MILLI = 1_000n

/** What the bucket holds at a time, in thousandths of a token; one token comes back in 50 ms. */
export function millitokensAt(bucket: TokenBucket | undefined, nowMilliseconds: bigint): bigint {
  if (bucket === undefined) return TOKENS_MAX * MILLI
  const elapsed = nowMilliseconds > bucket.timeMilliseconds ? nowMilliseconds - bucket.timeMilliseconds : 0n
  const held = bucket.millitokens + elapsed * TOKENS_PER_SECOND
  return held > TOKENS_MAX * MILLI ? TOKENS_MAX * MILLI : held
}

/** The bucket after taking tokens; nothing when there are too few. */
export function takeTokens(
  bucket: TokenBucket | undefined,
  tokens: number,
  nowMilliseconds: bigint,
): TokenBucket | undefined {
  const left = millitokensAt(bucket, nowMilliseconds) - BigInt(tokens) * MILLI
  if (left < 0n) return undefined
  return { millitokens: left, timeMilliseconds: nowMilliseconds, equityHeight: bucket?.equityHeight ?? 0n }
}

/** Whether what the account is worth has to be looked at again. */
export function isEquityDue(bucket: TokenBucket | undefined, height: bigint): boolean {
  const last = bucket?.equityHeight ?? 0n
  return last === 0n || last + EQUITY_HEIGHTS <= height
}
