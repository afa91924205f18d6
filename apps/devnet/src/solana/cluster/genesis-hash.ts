import { sha256, utf8 } from '@causeway/primitives'

/** Not Solana's own: of the seed alone, so that it is known before the cluster is there. 32 bytes. */
export function clusterGenesisHash(seed: string): Uint8Array {
  return sha256(utf8(`causeway local cluster/${seed}`))
}
