import { U64_MAX, isProtocolError } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import type { SourcePrice } from './price-source.ts'

const PRICES_MAX = 256

/** Encodes a validator's prices, at most 256, leaving out what can't be a price. */
export function encodeVoteExtension(prices: readonly SourcePrice[]): Uint8Array {
  const usable = prices.filter(({ priceE9 }) => priceE9 > 0n && priceE9 <= U64_MAX).slice(0, PRICES_MAX)
  return VoteExtension.encode({ prices: usable.map((price) => ({ ...price })) }).finish()
}

/** Reads an extension; nothing when it can't be decoded. Content is judged elsewhere. */
export function decodeVoteExtension(bytes: Uint8Array): VoteExtension | undefined {
  try {
    return decodeStrict(VoteExtension, 'causeway.block.v1.VoteExtension', bytes, { refuseNonCritical: true })
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
