/*
 * Containers of the light-client sync protocol, Altair to Heze, in one shape for all forks: what a fork lacks
 * is `undefined`. SSZ default values stand for "absent" in the specification; here they are `undefined`, and
 * a branch of zeros is an empty list. Spec: consensus-specs, specs/*\/light-client/sync-protocol.md.
 */

/** Nodes beside a path in a Merkle tree, from the leaf upwards, 32 bytes each. Empty: absent. */
export type MerkleBranch = readonly Uint8Array[]

/** What a beacon block's root commits to. */
export interface BeaconBlockHeader {
  readonly slot: bigint
  readonly proposerIndex: bigint
  readonly parentRoot: Uint8Array
  readonly stateRoot: Uint8Array
  readonly bodyRoot: Uint8Array
}

/** Header of an execution payload, Capella and later; `blobGasUsed`, `excessBlobGas` are 0 before Deneb. */
export interface ExecutionPayloadHeader {
  readonly parentHash: Uint8Array
  /** 20 bytes. */
  readonly feeRecipient: Uint8Array
  readonly stateRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  /** 256 bytes. */
  readonly logsBloom: Uint8Array
  readonly prevRandao: Uint8Array
  readonly blockNumber: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** At most 32 bytes. */
  readonly extraData: Uint8Array
  /** A 256-bit number. */
  readonly baseFeePerGas: bigint
  readonly blockHash: Uint8Array
  readonly transactionsRoot: Uint8Array
  readonly withdrawalsRoot: Uint8Array
  readonly blobGasUsed: bigint
  readonly excessBlobGas: bigint
}

/**
 * Whether a payload header is the default value, which stands for "absent": a header from before Capella has
 * it when a later fork's type holds it.
 */
export function isDefaultExecution(execution: ExecutionPayloadHeader): boolean {
  return (
    Object.values(execution).every((value: Uint8Array | bigint) =>
      typeof value === 'bigint' ? value === 0n : value.every((byte) => byte === 0),
    ) && execution.extraData.length === 0
  )
}

/** A beacon header with what it proves of the execution layer. */
export interface LightClientHeader {
  readonly beacon: BeaconBlockHeader
  /** Capella to Fulu. */
  readonly execution: ExecutionPayloadHeader | undefined
  /** Gloas and later, instead of `execution`. */
  readonly executionBlockHash: Uint8Array | undefined
  readonly executionBranch: MerkleBranch
}

/** Keys of one period's sync committee. */
export interface SyncCommittee {
  /** One 48-byte compressed key after the other, in committee order. */
  readonly pubkeys: Uint8Array
  readonly aggregatePubkey: Uint8Array
}

/** Who of a committee signed, and the aggregate of what they signed. */
export interface SyncAggregate {
  /** Bit i of byte ⌊i/8⌋, low bits first: whether member i signed. */
  readonly syncCommitteeBits: Uint8Array
  /** 96 bytes. */
  readonly syncCommitteeSignature: Uint8Array
}

/** From where a light client starts. */
export interface LightClientBootstrap {
  readonly header: LightClientHeader
  readonly currentSyncCommittee: SyncCommittee
  readonly currentSyncCommitteeBranch: MerkleBranch
}

/**
 * An update. A finality update is one without next committee, an optimistic update one without finality as
 * well.
 */
export interface LightClientUpdate {
  readonly attestedHeader: LightClientHeader
  readonly nextSyncCommittee: SyncCommittee | undefined
  readonly nextSyncCommitteeBranch: MerkleBranch
  readonly finalizedHeader: LightClientHeader | undefined
  readonly finalityBranch: MerkleBranch
  readonly syncAggregate: SyncAggregate
  readonly signatureSlot: bigint
}

/** Number of members that signed. */
export function participantCount({ syncCommitteeBits }: SyncAggregate): number {
  let count = 0
  for (const byte of syncCommitteeBits) for (let bits = byte; bits !== 0; bits &= bits - 1) count++
  return count
}

/** Whether two thirds of the committee signed, as finality asks for. */
export function hasSupermajority(aggregate: SyncAggregate): boolean {
  return 3 * participantCount(aggregate) >= 2 * 8 * aggregate.syncCommitteeBits.length
}

/** Whether member `index` signed. */
export function isParticipant({ syncCommitteeBits }: SyncAggregate, index: number): boolean {
  return (((syncCommitteeBits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
}

/** Whether the update names a next committee. Spec: altair `is_sync_committee_update`. */
export function isSyncCommitteeUpdate(update: LightClientUpdate): boolean {
  return update.nextSyncCommitteeBranch.length > 0
}

/** Whether the update finalises a header. Spec: altair `is_finality_update`. */
export function isFinalityUpdate(update: LightClientUpdate): boolean {
  return update.finalityBranch.length > 0
}
