// What a client began with. Whoever creates a client chooses its first consensus state, and nothing proves
// it; whatever the client learns later rests on it, also where a forged set led it to true headers.
import { be64, concatBytes, equalBytes, sha256 } from '@causeway/primitives'
import { Any } from '@causeway/protocol/google/protobuf/any'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import { CLIENT_KEYS } from './client-store.ts'
import type { ClientStore } from './light-client.ts'

/** SHA-256 of revision number and height, big-endian, and the `Any` of a consensus state: 32 bytes. */
export function clientOrigin({ revisionNumber, revisionHeight }: Height, consensusState: Any): Uint8Array {
  const state = Any.encode(consensusState).finish()
  return sha256(concatBytes(be64(revisionNumber), be64(revisionHeight), state))
}

/**
 * Whether a client began with a consensus state, at a height. Of a client that was recovered: whether its
 * substitute did.
 */
export function beganWith(store: ClientStore, height: Height, consensusState: Any): boolean {
  const origin = store.get(CLIENT_KEYS.origin)
  return origin !== undefined && equalBytes(origin, clientOrigin(height, consensusState))
}
