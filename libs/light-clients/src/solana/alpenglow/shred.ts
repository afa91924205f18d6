import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'
import { PROOF_NODE_BYTES, shredLeaf, shredProofRoot } from './shred-tree.ts'

/** A data shred that proves its place in its FEC set. */
export interface DataShred {
  readonly slot: bigint
  /** Position in the block. */
  readonly index: number
  readonly version: number
  /** Position of its FEC set among those of the block. */
  readonly fecSet: number
  /** Root of its FEC set, 32 bytes, as the shred itself gives it. */
  readonly fecSetRoot: Uint8Array
  /** Whether a component of the block ends with it. */
  readonly endsComponent: boolean
  readonly data: Uint8Array
}

const SHRED_BYTES = 1_203
const SIGNATURE_BYTES = 64
const HEADERS_BYTES = 88
const ROOT_BYTES = 32
const CHAINED_DATA = 0x90
const CHAINED_RESIGNED_DATA = 0xb0
const DATA_COMPLETE = 0x40
const SHREDS_PER_SET = 32

/**
 * Decodes a whole data shred. Throws `solana/33`. Spec: agave `ledger/src/shred/merkle.rs`; a FEC set has 32
 * data shreds.
 */
export function decodeDataShred(which: string, bytes: Uint8Array): DataShred {
  const refuse = (reason: string) => errors.badShred({ which, reason })
  if (bytes.length !== SHRED_BYTES) throw refuse(`${bytes.length} bytes`)
  const reader = new ByteReader(bytes.subarray(SIGNATURE_BYTES), refuse)
  const variant = reader.u8()
  const isResigned = (variant & 0xf0) === CHAINED_RESIGNED_DATA
  if (!isResigned && (variant & 0xf0) !== CHAINED_DATA) throw refuse('no chained data shred')
  const proofLength = variant & 0x0f
  const [slot, index, version, setIndex] = [reader.u64(), reader.u32(), reader.u16(), reader.u32()]
  reader.take(2)
  const [flags, size] = [reader.u8(), reader.u16()]
  const proofAt = SHRED_BYTES - (isResigned ? SIGNATURE_BYTES : 0) - proofLength * PROOF_NODE_BYTES
  if (size < HEADERS_BYTES || size > proofAt - ROOT_BYTES) throw refuse(`${size} bytes of it are data`)
  const place = index - setIndex
  if (setIndex % SHREDS_PER_SET !== 0 || place < 0 || place >= SHREDS_PER_SET)
    throw refuse('outside its FEC set')
  const siblings = Array.from({ length: proofLength }, (_, i) =>
    bytes.subarray(proofAt + i * PROOF_NODE_BYTES, proofAt + (i + 1) * PROOF_NODE_BYTES),
  )
  const fecSetRoot = shredProofRoot(place, shredLeaf(bytes.subarray(SIGNATURE_BYTES, proofAt)), siblings)
  if (!fecSetRoot) throw refuse('its proof is too short')
  const fecSet = setIndex / SHREDS_PER_SET
  const endsComponent = (flags & DATA_COMPLETE) !== 0
  const data = bytes.subarray(HEADERS_BYTES, size)
  return { slot, index, version, fecSet, fecSetRoot, endsComponent, data }
}
