import { toHex } from '@causeway/primitives'
import type { Context } from '../block/context.ts'

/** Tells what has become of a recorded transaction; the hash as CometBFT writes hashes. */
export function emitInclusion(
  context: Context,
  hash: Uint8Array,
  change: 'recorded' | 'included' | 'unreadable' | 'expired',
): void {
  context.emit('causeway.block.v1.inclusion', { hash: toHex(hash).toUpperCase(), change })
}

/** Tells that a block lacked what it had to contain. */
export function emitMissed(
  context: Context,
  { proposer, hash }: { readonly proposer: Uint8Array; readonly hash: Uint8Array },
): void {
  const [address, missing] = [proposer, hash].map((bytes) => toHex(bytes).toUpperCase()) as [string, string]
  context.emit('causeway.block.v1.missed', { proposer: address, hash: missing })
}
