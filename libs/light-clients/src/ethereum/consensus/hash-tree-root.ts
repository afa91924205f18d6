import { assert, equalBytes, sha256Concat } from '@causeway/primitives'
import type { BeaconBlockHeader, ExecutionPayloadHeader, SyncCommittee } from './containers.ts'
import type { ForkName } from './forks.ts'
import { isForkFrom } from './forks.ts'
import { hashPairs } from './hash-pairs.ts'
import { ZERO_ROOT } from './merkle-branch.ts'

/*
 * hash_tree_root of the few fixed containers that a light client meets, without a general SSZ library: a
 * container is its fields' roots, padded to a power of two. Spec: consensus-specs ssz/simple-serialize.md.
 */

const KEY_BYTES = 48
const PADDED_KEY_BYTES = 64

const zeroRoots: Uint8Array[] = [ZERO_ROOT]

/** Root of a beacon block header, which is the block's root. */
export function beaconBlockHeaderRoot(header: BeaconBlockHeader): Uint8Array {
  const { slot, proposerIndex, parentRoot, stateRoot, bodyRoot } = header
  return merkleize([uintChunk(slot), uintChunk(proposerIndex), parentRoot, stateRoot, bodyRoot], 3)
}

/** Root of an execution payload header of a fork: Deneb added two fields. */
export function executionPayloadHeaderRoot(header: ExecutionPayloadHeader, fork: ForkName): Uint8Array {
  const chunks = [
    header.parentHash,
    padded(header.feeRecipient),
    header.stateRoot,
    header.receiptsRoot,
    merkleize(chunksOf(header.logsBloom), 3),
    header.prevRandao,
    uintChunk(header.blockNumber),
    uintChunk(header.gasLimit),
    uintChunk(header.gasUsed),
    uintChunk(header.timestamp),
    sha256Concat(padded(header.extraData), uintChunk(BigInt(header.extraData.length))),
    uintChunk(header.baseFeePerGas),
    header.blockHash,
    header.transactionsRoot,
    header.withdrawalsRoot,
  ]
  if (!isForkFrom(fork, 'deneb')) return merkleize(chunks, 4)
  return merkleize([...chunks, uintChunk(header.blobGasUsed), uintChunk(header.excessBlobGas)], 5)
}

/** Root of a sync committee. */
export function syncCommitteeRoot({ pubkeys, aggregatePubkey }: SyncCommittee): Uint8Array {
  const size = pubkeys.length / KEY_BYTES
  assert(size > 0 && Number.isInteger(Math.log2(size)), 'a committee has a power of two of keys')
  const paddedKeys = new Uint8Array(size * PADDED_KEY_BYTES)
  for (let i = 0; i < size; i++) {
    paddedKeys.set(pubkeys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES), i * PADDED_KEY_BYTES)
  }
  let level = hashPairs(paddedKeys)
  while (level.length > 32) level = hashPairs(level)
  return sha256Concat(
    level,
    sha256Concat(aggregatePubkey.subarray(0, 32), padded(aggregatePubkey.subarray(32))),
  )
}

/** What a sync committee signs. Spec: phase0 `compute_signing_root`, `compute_domain`. */
export function syncCommitteeSigningRoot(
  header: BeaconBlockHeader,
  forkVersion: Uint8Array,
  genesisValidatorsRoot: Uint8Array,
): Uint8Array {
  const forkDataRoot = sha256Concat(padded(forkVersion), genesisValidatorsRoot)
  const domain = new Uint8Array(32)
  domain.set(DOMAIN_SYNC_COMMITTEE)
  domain.set(forkDataRoot.subarray(0, 28), 4)
  return sha256Concat(beaconBlockHeaderRoot(header), domain)
}

const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0)

/** Whether two committees are the same. */
export function equalCommittees(a: SyncCommittee, b: SyncCommittee): boolean {
  return equalBytes(a.pubkeys, b.pubkeys) && equalBytes(a.aggregatePubkey, b.aggregatePubkey)
}

/** Root of chunks, padded with zero chunks to 2^depth of them. */
function merkleize(chunks: readonly Uint8Array[], depth: number): Uint8Array {
  let level = chunks
  for (let height = 0; height < depth; height++) {
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) {
      above.push(sha256Concat(level[i]!, level[i + 1] ?? zeroRoot(height)))
    }
    level = above
  }
  return level[0]!
}

function zeroRoot(height: number): Uint8Array {
  for (let below = zeroRoots.length - 1; below < height; below++) {
    zeroRoots.push(sha256Concat(zeroRoots[below]!, zeroRoots[below]!))
  }
  return zeroRoots[height]!
}

/** A number of at most 256 bits, little-endian, in one chunk. */
function uintChunk(value: bigint): Uint8Array {
  const chunk = new Uint8Array(32)
  for (let i = 0, rest = value; rest !== 0n; i++, rest >>= 8n) chunk[i] = Number(rest & 0xffn)
  return chunk
}

function padded(bytes: Uint8Array): Uint8Array {
  assert(bytes.length <= 32, 'a chunk has 32 bytes')
  const chunk = new Uint8Array(32)
  chunk.set(bytes)
  return chunk
}

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32))
}
