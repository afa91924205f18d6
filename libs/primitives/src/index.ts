export { fromBase58, toBase58 } from './base58.ts'
export { toBech32, fromBech32 } from './bech32.ts'
export {
  EMPTY_BYTES,
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  prefixEnd,
  startsWith,
  toBase64,
  toHex,
  toHexUpper,
  utf8,
} from './bytes.ts'
export { canonicalJson } from './canonical-json.ts'
export type { JsonValue } from './canonical-json.ts'
export { AssertionError, ProtocolError, assert, defineErrors, isProtocolError } from './errors.ts'
export type { ErrorDetail, ErrorRow } from './errors.ts'
export { be16, be32, be64, fromBe16, fromBe64, le64 } from './fixed-width.ts'
export { keccak256, ripemd160, sha512 } from './hashes.ts'
export {
  NANOSECONDS_PER_SECOND,
  U256_MAX,
  U64_MAX,
  mulDivCeil,
  mulDivFloor,
  nanoseconds,
  parseDecimal,
  requireU64,
  seconds,
} from './integers.ts'
export type { Brand, Nanoseconds, Seconds } from './integers.ts'
export { fileFault } from './file-fault.ts'
export {
  innerHash,
  leafHash,
  merkleProofs,
  merkleRoot,
  merkleRootOf,
  merkleRootOfLeafHashes,
} from './merkle.ts'
export type { MerkleProof } from './merkle.ts'
export { shortenPaths } from './merkle-paths.ts'
export {
  LANES,
  LANE_MESSAGE_BYTES_MAX,
  hashLanes,
  laneBlocks,
  laneHashWord,
  laneMemory,
  laneOffset,
  padLane,
} from './sha256/lanes.ts'
export type { LaneMemory } from './sha256/lanes.ts'
export { sha256, sha256Concat, sha256Path, sha256Wrap } from './sha256/sha256.ts'
export type { Wrapping } from './sha256/sha256.ts'
export { networkFault } from './network-fault.ts'
export { SharedSteps, StepPauses, finish } from './steps.ts'
export type { Steps } from './steps.ts'
export { readUvarint, uvarint, zigzagVarint } from './varint.ts'
