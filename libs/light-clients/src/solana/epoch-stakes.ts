// The validator set of one epoch, in the layout in which the recorder program keeps it in its account; see
// docs/solana-light-client.md. The client stores the same bytes and reads them in place.
import { compareBytes, equalBytes, le64, concatBytes, utf8 } from '@causeway/primitives'
import { KEY_BYTES } from './addresses.ts'
import { ByteReader } from './byte-reader.ts'
import { errors } from './errors.ts'

/** One voter of an epoch. */
export interface Voter {
  readonly voteAccount: Uint8Array
  /** Identity of the validator. */
  readonly node: Uint8Array
  /** Who signs vote transactions in this epoch. */
  readonly authorizedVoter: Uint8Array
  /** Compressed G1, 48 bytes; absent: it has none. */
  readonly blsKey: Uint8Array | undefined
  /** Lamports. */
  readonly stake: bigint
}

/** The voters of an epoch, as far as they were recorded. */
export interface EpochStakes {
  readonly epoch: bigint
  /** Stake of all voters, recorded or not: what shares are counted of. */
  readonly totalStake: bigint
  /** Stake of those that are recorded. */
  readonly recordedStake: bigint
  /** Ascending by vote account. */
  readonly voters: readonly Voter[]
  /** Without the account's spare room. */
  readonly bytes: Uint8Array
}

const MAGIC = utf8('cwystake')
const VERSION = 1
const HEADER_BYTES = 40
const ENTRY_BYTES = 152
const BLS_KEY_BYTES = 48
const NO_BLS_KEY = new Uint8Array(BLS_KEY_BYTES)
/** Twice what mainnet has ever had. */
const VOTERS_MAX = 8_192

/** Largest set that is read, in bytes. */
export const EPOCH_STAKES_BYTES_MAX = HEADER_BYTES + VOTERS_MAX * ENTRY_BYTES

/**
 * Reads a recorded set; what follows the last voter is room to grow. Throws `solana/44` unless voters ascend,
 * each has stake, and all together have no more than there is.
 */
export function readEpochStakes(data: Uint8Array): EpochStakes {
  const refuse = (reason: string) => errors.badEpochStakes({ reason })
  const reader = new ByteReader(data, refuse)
  if (!equalBytes(reader.take(8), MAGIC) || reader.u8() !== VERSION) throw refuse('another layout')
  if (reader.take(7).some((byte) => byte !== 0)) throw refuse('reserved bytes')
  const [epoch, totalStake, count, reserved] = [reader.u64(), reader.u64(), reader.u32(), reader.u32()]
  if (reserved !== 0) throw refuse('reserved bytes')
  if (count > VOTERS_MAX) throw refuse(`${count} voters`)
  const voters: Voter[] = []
  let recordedStake = 0n
  for (let i = 0; i < count; i++) {
    const voter = readVoter(reader)
    const previous = voters.at(-1)
    if (previous && compareBytes(previous.voteAccount, voter.voteAccount) >= 0)
      throw refuse('voters must ascend')
    if (voter.stake === 0n) throw refuse('a voter without stake')
    recordedStake += voter.stake
    voters.push(voter)
  }
  if (recordedStake > totalStake) throw refuse('more stake than there is')
  return { epoch, totalStake, recordedStake, voters, bytes: data.subarray(0, reader.offset) }
}

/** A set in its layout; voters in any order. */
export function encodeEpochStakes(epoch: bigint, totalStake: bigint, voters: readonly Voter[]): Uint8Array {
  const ascending = [...voters].sort((a, b) => compareBytes(a.voteAccount, b.voteAccount))
  return concatBytes(
    MAGIC,
    Uint8Array.of(VERSION, 0, 0, 0, 0, 0, 0, 0),
    le64(epoch),
    le64(totalStake),
    le64(BigInt(voters.length)),
    ...ascending.flatMap(({ voteAccount, node, authorizedVoter, blsKey, stake }) => [
      voteAccount,
      node,
      authorizedVoter,
      blsKey ?? NO_BLS_KEY,
      le64(stake),
    ]),
  )
}

/** Index of a vote account in the set, or −1. */
export function voterIndex({ voters }: EpochStakes, voteAccount: Uint8Array): number {
  let [low, high] = [0, voters.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const order = compareBytes(voters[middle]!.voteAccount, voteAccount)
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function readVoter(reader: ByteReader): Voter {
  const [voteAccount, node, authorizedVoter] = [
    reader.take(KEY_BYTES),
    reader.take(KEY_BYTES),
    reader.take(KEY_BYTES),
  ]
  const blsKey = reader.take(BLS_KEY_BYTES)
  const hasKey = blsKey.some((byte) => byte !== 0)
  return { voteAccount, node, authorizedVoter, blsKey: hasKey ? blsKey : undefined, stake: reader.u64() }
}
