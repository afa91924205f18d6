import { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { Block } from '@causeway/protocol/tendermint/types/block'
import { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { BlockMeta, Commit, ExtendedCommit } from '@causeway/protocol/tendermint/types/types'
import { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { incrementProposerPriority } from '@causeway/light-clients'
import { assert, be64, equalBytes, fromBe64, fromUtf8, prefixEnd, utf8 } from '@causeway/primitives'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import { decodeParams, decodeState, encodeState } from '../chain/state-record.ts'
import { nextHeight } from '../chain/chain-state.ts'
import type { ChainState } from '../chain/chain-state.ts'
import type { FullConsensusParams } from '../chain/consensus-params.ts'
import type { MadeBlock } from '../chain/block.ts'
import { errors } from '../errors.ts'
import {
  BASE_KEY,
  EXTENDED_COMMIT_KEY,
  GENESIS_KEY,
  PENDING_KEY,
  STATE_KEY,
  blockHashKey,
  evidenceKey,
  firstKey,
  heightKey,
} from './keys.ts'
import type { HeightRecord } from './keys.ts'

/** A block that was proposed and perhaps signed before the process ended. */
export interface PendingBlock {
  readonly height: bigint
  readonly round: number
  /** Time of the local validators' votes. */
  readonly voteTimeNanoseconds: bigint
}

/** What one committed block adds to the store. */
export interface CommittedBlock {
  readonly made: MadeBlock
  readonly extendedCommit: ExtendedCommit
  readonly commit: Commit
  readonly response: ResponseFinalizeBlock
  readonly before: ChainState
  readonly after: ChainState
  readonly evidence: readonly StorageWrite[]
}

/** Sets are stored when they change and each so many heights; in between, priorities are computed. */
const VALIDATORS_CHECKPOINT = 64n

/**
 * Blocks, commits, results, validator sets and parameters by height. A height exists when the chain state
 * says so: the block of the height after may be stored already (`pending`), and is no one's business but the
 * producer's.
 */
export class BlockStore {
  private readonly storage: Storage
  private baseHeight: bigint

  constructor(storage: Storage) {
    this.storage = storage
    const base = storage.get(BASE_KEY)
    this.baseHeight = base ? fromBe64(base) : 0n
  }

  /** Lowest height whose block is kept; 0 while there is none. */
  get base(): bigint {
    return this.baseHeight
  }

  /** The stored chain state. Throws `engine/21`. */
  loadState(): ChainState | undefined {
    const bytes = this.get(STATE_KEY)
    return bytes && decodeState(bytes)
  }

  /** Writes the state before the first block, and the genesis that it comes from. */
  saveGenesis(state: ChainState, genesisHash: Uint8Array): void {
    const height = nextHeight(state)
    this.storage.write([
      { key: GENESIS_KEY, value: genesisHash },
      { key: STATE_KEY, value: encodeState(state) },
      { key: heightKey('validators', height), value: ValidatorSet.encode(state.validators).finish() },
      {
        key: heightKey('validators', height + 1n),
        value: ValidatorSet.encode(state.nextValidators).finish(),
      },
      { key: heightKey('params', height), value: ConsensusParams.encode(state.params).finish() },
    ])
  }

  /** Refuses to go on with a chain of another genesis. Throws `engine/20`. */
  requireGenesis(genesisHash: Uint8Array): void {
    const stored = this.get(GENESIS_KEY)
    if (stored && !equalBytes(stored, genesisHash)) throw errors.otherGenesis()
  }

  /** Keeps a proposed block before anybody signs it. */
  savePending(made: MadeBlock, round: number, voteTimeNanoseconds: bigint): void {
    const { header, bytes, blockId } = made
    const meta: BlockMeta = {
      blockId,
      blockSize: BigInt(bytes.length),
      header,
      numTxs: BigInt(made.txHashes.length),
    }
    const pending = { height: String(header.height), round, voteTime: String(voteTimeNanoseconds) }
    this.storage.write([
      { key: heightKey('block', header.height), value: bytes },
      { key: heightKey('meta', header.height), value: BlockMeta.encode(meta).finish() },
      { key: PENDING_KEY, value: utf8(JSON.stringify(pending)) },
    ])
  }

  /** The block that was kept by `savePending` and isn't committed. Throws `engine/21`. */
  loadPending(): PendingBlock | undefined {
    const bytes = this.get(PENDING_KEY)
    if (!bytes) return undefined
    try {
      const json = JSON.parse(fromUtf8(bytes)) as { height: string; round: number; voteTime: string }
      return { height: BigInt(json.height), round: json.round, voteTimeNanoseconds: BigInt(json.voteTime) }
    } catch {
      throw errors.badRecord({ what: 'pending block' })
    }
  }

  /** Makes a block part of the chain: commit, results and the state after it, all or nothing. */
  saveCommitted(committed: CommittedBlock): void {
    const { made, after, before, response } = committed
    const { height } = made.header
    const writes: StorageWrite[] = [
      { key: STATE_KEY, value: encodeState(after) },
      { key: heightKey('commit', height), value: Commit.encode(committed.commit).finish() },
      { key: heightKey('results', height), value: ResponseFinalizeBlock.encode(response).finish() },
      { key: blockHashKey(made.blockId.hash), value: be64(height) },
      { key: EXTENDED_COMMIT_KEY, value: ExtendedCommit.encode(committed.extendedCommit).finish() },
      { key: PENDING_KEY, value: undefined },
      ...committed.evidence,
    ]
    const setHeight = height + 2n
    if (after.nextValidatorsHash !== before.nextValidatorsHash || setHeight % VALIDATORS_CHECKPOINT === 0n) {
      const value = ValidatorSet.encode(after.nextValidators).finish()
      writes.push({ key: heightKey('validators', setHeight), value })
    }
    if (after.params !== before.params) {
      writes.push({
        key: heightKey('params', height + 1n),
        value: ConsensusParams.encode(after.params).finish(),
      })
    }
    if (this.baseHeight === 0n) writes.push({ key: BASE_KEY, value: be64(height) })
    this.storage.write(writes)
    if (this.baseHeight === 0n) this.baseHeight = height
  }

  /** The stored bytes of a block. */
  blockBytes(height: bigint): Uint8Array | undefined {
    return this.get(heightKey('block', height))
  }

  /** A block. */
  block(height: bigint): Block | undefined {
    const bytes = this.blockBytes(height)
    return bytes && Block.decode(bytes)
  }

  /** A block's id, header and size. */
  meta(height: bigint): BlockMeta | undefined {
    const bytes = this.get(heightKey('meta', height))
    return bytes && BlockMeta.decode(bytes)
  }

  /** Height of the block with this hash. */
  heightOf(hash: Uint8Array): bigint | undefined {
    const bytes = hash.length === 32 ? this.get(blockHashKey(hash)) : undefined
    return bytes && fromBe64(bytes)
  }

  /** The commit of a block: more than 2/3 of its validators' precommits. */
  commit(height: bigint): Commit | undefined {
    const bytes = this.get(heightKey('commit', height))
    return bytes && Commit.decode(bytes)
  }

  /** The commit of the last block with its vote extensions. */
  lastExtendedCommit(): ExtendedCommit | undefined {
    const bytes = this.get(EXTENDED_COMMIT_KEY)
    return bytes && ExtendedCommit.decode(bytes)
  }

  /** The application's answer to a block, encoded. */
  resultBytes(height: bigint): Uint8Array | undefined {
    return this.get(heightKey('results', height))
  }

  /** The application's answer to a block. */
  results(height: bigint): ResponseFinalizeBlock | undefined {
    const bytes = this.resultBytes(height)
    return bytes && ResponseFinalizeBlock.decode(bytes)
  }

  /** The validators that sign the block of a height. */
  validators(height: bigint): ValidatorSet | undefined {
    const record = this.recordUpTo('validators', height)
    if (!record) return undefined
    const set = ValidatorSet.decode(record.value)
    const rounds = Number(height - record.height)
    return rounds === 0 ? set : incrementProposerPriority(set, rounds)
  }

  /** The parameters that rule the block of a height. */
  params(height: bigint): FullConsensusParams | undefined {
    const record = this.recordUpTo('params', height)
    return record && decodeParams(record.value)
  }

  /** Whether a piece of evidence is in a block already. */
  hasEvidence(height: bigint, hash: Uint8Array): boolean {
    return this.get(evidenceKey('committedEvidence', height, hash)) !== undefined
  }

  /** Keeps a piece of evidence until a block takes it. */
  savePendingEvidence(height: bigint, hash: Uint8Array, evidence: Evidence): void {
    const value = Evidence.encode(evidence).finish()
    this.storage.write([{ key: evidenceKey('pendingEvidence', height, hash), value }])
  }

  /** Evidence that no block took before the process ended. */
  pendingEvidence(): Evidence[] {
    const start = firstKey('pendingEvidence')
    return this.storage.range(start, prefixEnd(start)).map(([, value]) => Evidence.decode(value))
  }

  /** Drops blocks below `height`, at most `countMax` at once; what proves later blocks stays. */
  prune(height: bigint, countMax: number): number {
    const first = this.baseHeight
    if (first === 0n || height <= first) return 0
    const end = height < first + BigInt(countMax) ? height : first + BigInt(countMax)
    const writes: StorageWrite[] = [{ key: BASE_KEY, value: be64(end) }]
    for (let at = first; at < end; at++) {
      const hash = this.meta(at)?.blockId?.hash
      if (hash) writes.push({ key: blockHashKey(hash), value: undefined })
      for (const record of ['block', 'meta', 'commit', 'results'] as const) {
        writes.push({ key: heightKey(record, at), value: undefined })
      }
    }
    this.storage.write(writes)
    this.baseHeight = end
    return Number(end - first)
  }

  close(): void {
    this.storage.close()
  }

  /** A plain Uint8Array, whatever the storage gives: decoded messages share its bytes. */
  private get(key: Uint8Array): Uint8Array | undefined {
    const bytes = this.storage.get(key)
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private recordUpTo(
    record: HeightRecord,
    height: bigint,
  ): { height: bigint; value: Uint8Array } | undefined {
    assert(height >= 0n, 'heights are not negative')
    const found = this.storage.range(firstKey(record), heightKey(record, height + 1n), {
      reverse: true,
      limit: 1,
    })[0]
    return found && { height: fromBe64(found[0], 1), value: found[1] }
  }
}
