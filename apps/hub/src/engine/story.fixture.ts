import { utf8 } from '@causeway/primitives'

const START = 1_767_323_045_000_000_000n
const SECOND = 1_000_000_000n

/** Time by the height of a chain: a node that was interrupted makes the blocks of one that was not. */
export function clockOf(height: () => bigint): () => bigint {
  return () => START + height() * SECOND
}

/** The transactions of a height. */
export function transactionsOf(height: bigint): Uint8Array[] {
  return [0, 1, 2].map((i) => utf8(`k${height}-${i}=${height}`))
}
