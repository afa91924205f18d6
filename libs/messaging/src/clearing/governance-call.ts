import { concatBytes } from '@causeway/primitives'
import { WORD, tail, word } from '../abi/abi-words.ts'

/** A message of the hub's governance to a contract elsewhere. */
export interface GovernanceCall {
  /** 32 bytes: an EVM address left-padded, a Solana key whole. */
  readonly target: Uint8Array
  readonly data: Uint8Array
}

/** Writes (bytes32 target, bytes data). */
export function encodeGovernanceCall({ target, data }: GovernanceCall): Uint8Array {
  return concatBytes(target, word(BigInt(2 * WORD)), tail(data))
}
