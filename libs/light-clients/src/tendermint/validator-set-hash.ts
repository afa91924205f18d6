import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { equalBytes, leafHash, merkleRootOfLeafHashes } from '@causeway/primitives'
import { validatorKey } from './keys.ts'
import { WireWriter } from './wire.ts'

const MEMO_ENTRIES = 4

// Field 1, a public key message; in it field 1 (Ed25519) or 2 (secp256k1) with the key.
const ED25519_START = Uint8Array.of(0x0a, 34, 0x0a, 32)
const SECP256K1_START = Uint8Array.of(0x0a, 35, 0x12, 33)

interface Hashed {
  readonly encoded: Uint8Array
  readonly hash: Uint8Array
}

/**
 * The sets hashed last, by all bytes that the hash covers: validators change seldom, headers follow each
 * other. An answer from here is what hashing the same bytes gave.
 */
const memo: (Hashed | undefined)[] = new Array<undefined>(MEMO_ENTRIES).fill(undefined)
let oldest = 0

/**
 * Hash of a set (`validators_hash`): Merkle root over key and power of each, in the set's order. Throws
 * `07-tendermint/47`.
 */
export function hashValidatorSet(set: ValidatorSet): Uint8Array {
  const writer = new WireWriter()
  const ends = set.validators.map((validator) => writeSimpleValidator(writer, validator).size)
  const encoded = writer.finish()
  const known = memo.find((entry) => entry && equalBytes(entry.encoded, encoded))
  if (known) return known.hash.slice()
  const leaves = ends.map((end, i) => leafHash(encoded.subarray(ends[i - 1] ?? 0, end)))
  const hash = merkleRootOfLeafHashes(leaves)
  memo[oldest] = { encoded, hash: hash.slice() }
  oldest = (oldest + 1) % MEMO_ENTRIES
  return hash
}

/**
 * Protobuf bytes of `SimpleValidator`: what a validator set's hash covers of one validator. Throws
 * `07-tendermint/47`.
 */
export function encodeSimpleValidator(validator: Validator): Uint8Array {
  return writeSimpleValidator(new WireWriter(), validator).finish()
}

function writeSimpleValidator(writer: WireWriter, validator: Validator): WireWriter {
  const key = validatorKey(validator.pubKey)
  return writer
    .raw(key.type === 'ed25519' ? ED25519_START : SECP256K1_START)
    .raw(key.bytes)
    .varint(2, validator.votingPower)
}
