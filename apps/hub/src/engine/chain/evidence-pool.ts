import { DuplicateVoteEvidence } from '@causeway/protocol/tendermint/types/evidence'
import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { VerifySignatures } from '@causeway/light-clients'
import { assert, sha256, toHex } from '@causeway/primitives'
import type { StorageWrite } from '@causeway/state-tree'
import { errors } from '../errors.ts'
import type { BlockStore } from '../store/block-store.ts'
import { evidenceKey } from '../store/keys.ts'
import { evidenceBytesInBlock } from './block.ts'
import type { ChainState } from './chain-state.ts'
import { isExpired, verifyDuplicateVote } from './evidence.ts'

const PENDING_MAX = 1000

/** Evidence of misbehaviour that waits for a block. */
export class EvidencePool {
  private readonly store: BlockStore
  private readonly verifySignatures: VerifySignatures
  private readonly pending = new Map<string, Evidence>()

  constructor(store: BlockStore, verifySignatures: VerifySignatures) {
    this.store = store
    this.verifySignatures = verifySignatures
    for (const evidence of store.pendingEvidence()) this.pending.set(toHex(evidenceHash(evidence)), evidence)
  }

  /** How many pieces wait. */
  get size(): number {
    return this.pending.size
  }

  /**
   * Takes a verified piece; one that is known is taken silently. Gives its hash. Throws `engine/63`, `/64`.
   */
  add(evidence: Evidence, state: ChainState): Uint8Array {
    const duplicate = evidence.duplicateVoteEvidence
    if (!duplicate) throw errors.badEvidence({ reason: 'only duplicate votes are taken' })
    const hash = evidenceHash(evidence)
    const key = toHex(hash)
    if (this.pending.has(key)) return hash
    const height = duplicate.voteA?.height ?? 0n
    const isStored = height > 0n && height <= state.lastHeight
    verifyDuplicateVote(duplicate, {
      state,
      blockTime: isStored ? this.store.meta(height)?.header?.time : undefined,
      validators: isStored ? this.store.validators(height) : undefined,
      verifySignatures: this.verifySignatures,
    })
    if (this.store.hasEvidence(height, hash)) return hash
    if (this.pending.size >= PENDING_MAX) throw errors.evidencePoolFull({ max: PENDING_MAX })
    this.store.savePendingEvidence(height, hash, evidence)
    this.pending.set(key, evidence)
    return hash
  }

  /** Pieces for the next block, oldest first, as many as fit. */
  take(bytesMax: bigint): { evidence: Evidence[]; bytes: bigint } {
    const evidence: Evidence[] = []
    let bytes = 0n
    for (const piece of this.pending.values()) {
      const next = bytes + BigInt(evidenceBytesInBlock(piece))
      if (next > bytesMax) break
      evidence.push(piece)
      bytes = next
    }
    return { evidence, bytes }
  }

  /** The writes that mark a block's evidence as committed; part of that block's own write. */
  writesFor(committed: readonly Evidence[], after: ChainState): StorageWrite[] {
    const expired = [...this.pending.values()].filter((piece) => {
      const { voteA, timestamp } = requireDuplicate(piece)
      return isExpired(after, voteA!.height, timestamp!)
    })
    return [
      ...committed.flatMap((piece) => [
        { key: keyOf('pendingEvidence', piece), value: undefined },
        { key: keyOf('committedEvidence', piece), value: Uint8Array.of(1) },
      ]),
      ...expired.map((piece) => ({ key: keyOf('pendingEvidence', piece), value: undefined })),
    ]
  }

  /** Forgets what a block took, and what is too old, once that block is written. */
  update(committed: readonly Evidence[], after: ChainState): void {
    for (const piece of committed) this.pending.delete(toHex(evidenceHash(piece)))
    for (const [key, piece] of this.pending) {
      const { voteA, timestamp } = requireDuplicate(piece)
      if (isExpired(after, voteA!.height, timestamp!)) this.pending.delete(key)
    }
  }
}

/** Hash of a piece of evidence, without its wrapper. */
export function evidenceHash(evidence: Evidence): Uint8Array {
  return sha256(DuplicateVoteEvidence.encode(requireDuplicate(evidence)).finish())
}

function keyOf(kind: 'pendingEvidence' | 'committedEvidence', evidence: Evidence): Uint8Array {
  return evidenceKey(kind, requireDuplicate(evidence).voteA!.height, evidenceHash(evidence))
}

function requireDuplicate(evidence: Evidence): DuplicateVoteEvidence {
  const duplicate = evidence.duplicateVoteEvidence
  assert(duplicate?.voteA && duplicate.timestamp, 'the pool holds verified duplicate votes only')
  return duplicate
}
