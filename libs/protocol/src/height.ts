import type { Height } from './generated/ibc/core/client/v1/client.ts'

/** An IBC height: the revision is the number at the end of a chain id, 0 when there is none. */
export function heightOf(revisionNumber: bigint, revisionHeight: bigint): Height {
  return { revisionNumber, revisionHeight }
}
