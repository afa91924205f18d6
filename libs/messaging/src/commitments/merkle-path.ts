import { concatBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'

/**
 * * The path under which a counterparty proves `key`: its merkle prefix with the key appended to the *last*
 * element (`["ibc", ""]` on a Cosmos chain, `[""]` on Ethereum). Throws `ibc/3` for an empty prefix. Spec:
 * ibc-go v10 04-channel/v2 `BuildMerklePath`.
 */
export function merklePath(prefix: readonly Uint8Array[], key: Uint8Array): Uint8Array[] {
  const last = prefix.at(-1)
  if (last === undefined) throw errors.emptyMerklePrefix()
  return [...prefix.slice(0, -1), concatBytes(last, key)]
}
