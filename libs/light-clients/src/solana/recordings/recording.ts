import type { BlockOpening } from '../alpenglow/block-opening.ts'
import type { Certificate } from '../alpenglow/certificate.ts'
import type { BankFields, HardFork } from '../bank/bank-hash.ts'
import type { Voter } from '../epoch-stakes.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'

/** Consecutive slots of a cluster, and what settled them: the format `bridge-solana-lattice-1`. */
export interface Recording {
  readonly kind: 'tower' | 'alpenglow'
  readonly genesisHash: Uint8Array
  readonly slotsPerEpoch: bigint
  readonly hardForks: readonly HardFork[]
  readonly validatorSets: readonly RecordedSet[]
  /** The first slot's parent. */
  readonly start: {
    readonly slot: bigint
    readonly bankHash: Uint8Array
    readonly accountsLtHash: Uint8Array
  }
  readonly slots: readonly RecordedSlot[]
  readonly votes: readonly RecordedVote[]
  /** Absent without certificates. */
  readonly shredVersion: number | undefined
  readonly blocks: readonly RecordedBlock[]
}

/** Who votes in an epoch, in the order of the ranks. */
export interface RecordedSet {
  readonly epoch: bigint
  readonly totalStake: bigint
  readonly voters: readonly Voter[]
}

/** A slot: its bank hash, what that is made of but for the parent's hash, and what it wrote. */
export interface RecordedSlot extends Omit<BankFields, 'parentBankHash'> {
  readonly slot: bigint
  readonly parentSlot: bigint
  readonly epoch: bigint
  readonly bankHash: Uint8Array
  /** Sum of all lamports, where it was recorded. */
  readonly capitalization: bigint | undefined
  /** In the order of the recording. */
  readonly writes: readonly AccountWrite[]
  /** Wire format. */
  readonly transactions: readonly Uint8Array[]
}

/** A vote transaction and what it is said to say. */
export interface RecordedVote {
  readonly votedSlot: bigint
  readonly landedSlot: bigint | undefined
  readonly bankHash: Uint8Array
  readonly root: bigint | undefined
  readonly blockId: Uint8Array | undefined
  readonly wire: Uint8Array
}

/** A finalised block. */
export interface RecordedBlock {
  readonly slot: bigint
  readonly blockId: Uint8Array
  readonly opening: BlockOpening
  /** Whole, 32 bytes each. */
  readonly fecSetRoots: readonly Uint8Array[]
  /** Whole shreds, from the one with which the footer begins. */
  readonly footerShreds: readonly Uint8Array[]
  /** Siblings of 20 bytes from the shreds' FEC sets to the block id. */
  readonly footerSetProof: readonly Uint8Array[]
  readonly previousSetProof: readonly Uint8Array[]
  readonly notarize: Certificate
  readonly finalize: Certificate | undefined
  /** Whose footer holds the certificate. */
  readonly inFooterOfSlot: bigint | undefined
}
