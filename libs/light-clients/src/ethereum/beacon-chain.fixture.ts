import { SecretKey, aggregatePublicKeys } from '@chainsafe/blst'
import { be64, concatBytes, fromHex, sha256, sha256Concat, utf8 } from '@causeway/primitives'
import { createSyncAggregateVerifier } from './bls/verify-sync-aggregate.ts'
import { blstScheme } from './bls/blst-scheme.ts'
import type {
  BeaconBlockHeader,
  ExecutionPayloadHeader,
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  MerkleBranch,
  SyncAggregate,
  SyncCommittee,
} from './consensus/containers.ts'
import type { ChainConfig, Fork, ForkName } from './consensus/forks.ts'
import {
  FORK_NAMES,
  PRESETS,
  executionBlockHashIndex,
  forkAt,
  generalizedIndices,
  isForkFrom,
  periodAt,
} from './consensus/forks.ts'
import {
  beaconBlockHeaderRoot,
  executionPayloadHeaderRoot,
  syncCommitteeRoot,
  syncCommitteeSigningRoot,
} from './consensus/hash-tree-root.ts'

/*
 * A beacon chain that exists only as far as a light client sees it: each state and block body is a sparse
 * Merkle tree with the few leaves that are proven, all else is filler. Committees really sign.
 */

const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

/** Native verification, shared by tests. */
export const verifyNatively = createSyncAggregateVerifier(blstScheme)

/** The minimal preset with the given forks, the first from genesis, each next one at its epoch. */
export function chainConfig(
  forks: readonly (readonly [ForkName, bigint])[] = [['electra', 0n]],
): ChainConfig {
  const schedule = forks.map(([name, epoch]): Fork => ({
    name,
    epoch,
    version: Uint8Array.of(FORK_NAMES.indexOf(name), 0, 0, 1),
  }))
  return { ...PRESETS.minimal, genesisValidatorsRoot: sha256(utf8('genesis')), forks: schedule }
}

/** What an update is to be like; slots that are left out follow from the attested one. */
export interface UpdateWish {
  attestedSlot: bigint
  finalizedSlot?: bigint | undefined
  signatureSlot?: bigint
  withNextCommittee?: boolean
  participants?: number
  /** Another history: all roots differ. */
  branchOfHistory?: string
  /** Signs for another fork version, another network or with another period's keys. */
  signedVersion?: Uint8Array
  signedGenesisRoot?: Uint8Array
  signingPeriod?: bigint
  nextCommittee?: SyncCommittee
  stateRoot?: Uint8Array
  finalizedStateRoot?: Uint8Array
}

/** Makes what full nodes serve. */
export class BeaconChain {
  readonly config: ChainConfig
  constructor(config: ChainConfig = chainConfig()) {
    this.config = config
  }

  /** The header of a slot's block, proven as its fork proves it. */
  header(slot: bigint, history = '', stateRoot?: Uint8Array, leaves: Leaves = new Map()): LightClientHeader {
    const fork = forkAt(this.config, slot).name
    const payload = executionHeader(slot, history, fork, stateRoot)
    const { bodyRoot, ...execution } = executionPart(fork, payload)
    const beacon: BeaconBlockHeader = {
      slot,
      proposerIndex: slot % 7n,
      parentRoot: filler(`parent ${slot} ${history}`),
      stateRoot: sparseRoot(leaves, `state ${slot} ${history}`),
      bodyRoot,
    }
    return { beacon, ...execution }
  }

  bootstrap(slot: bigint, history = '', stateRoot?: Uint8Array): LightClientBootstrap {
    const committee = syncCommittee(this.config, periodAt(this.config, slot))
    const index = generalizedIndices(forkAt(this.config, slot).name).currentSyncCommittee
    const leaves = new Map([[index, syncCommitteeRoot(committee)]])
    return {
      header: this.header(slot, history, stateRoot, leaves),
      currentSyncCommittee: committee,
      currentSyncCommitteeBranch: sparseBranch(leaves, index, `state ${slot} ${history}`),
    }
  }

  update(wish: UpdateWish): LightClientUpdate {
    const { attestedSlot, finalizedSlot, branchOfHistory: history = '' } = wish
    const signatureSlot = wish.signatureSlot ?? attestedSlot + 1n
    const indices = generalizedIndices(forkAt(this.config, attestedSlot).name)
    const leaves: Leaves = new Map()
    const next =
      wish.nextCommittee ?? syncCommittee(this.config, periodAt(this.config, attestedSlot) + 1n, history)
    if (wish.withNextCommittee) leaves.set(indices.nextSyncCommittee, syncCommitteeRoot(next))
    const finalizedHeader =
      finalizedSlot === undefined ? undefined : this.header(finalizedSlot, history, wish.finalizedStateRoot)
    if (finalizedHeader) leaves.set(indices.finalizedRoot, beaconBlockHeaderRoot(finalizedHeader.beacon))
    const seed = `state ${attestedSlot} ${history}`
    const attestedHeader = this.header(attestedSlot, history, wish.stateRoot, leaves)
    return {
      attestedHeader,
      nextSyncCommittee: wish.withNextCommittee ? next : undefined,
      nextSyncCommitteeBranch: wish.withNextCommittee
        ? sparseBranch(leaves, indices.nextSyncCommittee, seed)
        : [],
      finalizedHeader,
      finalityBranch: finalizedHeader ? sparseBranch(leaves, indices.finalizedRoot, seed) : [],
      syncAggregate: this.sign(attestedHeader.beacon, signatureSlot, wish),
      signatureSlot,
    }
  }

  private sign(header: BeaconBlockHeader, signatureSlot: bigint, wish: UpdateWish): SyncAggregate {
    const size = this.config.syncCommitteeSize
    const count = wish.participants ?? size
    const version = wish.signedVersion ?? forkAt(this.config, signatureSlot - 1n).version
    const genesisRoot = wish.signedGenesisRoot ?? this.config.genesisValidatorsRoot
    const root = syncCommitteeSigningRoot(header, version, genesisRoot)
    const period = wish.signingPeriod ?? periodAt(this.config, signatureSlot)
    const bits = new Uint8Array(size / 8)
    let sum = 0n
    for (let i = 0; i < count; i++) {
      bits[i >> 3]! |= 1 << (i & 7)
      sum = (sum + memberScalar(period, i)) % GROUP_ORDER
    }
    // The aggregate of their signatures is the signature with the sum of their keys.
    return { syncCommitteeBits: bits, syncCommitteeSignature: secretKey(sum).sign(root).toBytes() }
  }
}

const committees = new Map<string, SyncCommittee>()

/** The committee of a period: the same object each time. Another history has other members. */
export function syncCommittee(config: ChainConfig, period: bigint, history = ''): SyncCommittee {
  const name = `${config.syncCommitteeSize} ${period} ${history}`
  const known = committees.get(name)
  if (known) return known
  const offset = history === '' ? 0 : 500
  const keys = Array.from({ length: config.syncCommitteeSize }, (_, i) =>
    secretKey(memberScalar(period, i + offset)).toPublicKey(),
  )
  const committee = {
    pubkeys: concatBytes(...keys.map((key) => key.toBytes())),
    aggregatePubkey: aggregatePublicKeys(keys).toBytes(),
  }
  committees.set(name, committee)
  return committee
}

/** Leaves of a sparse tree by their generalised index. */
export type Leaves = Map<number, Uint8Array>

/** Root of a tree that holds leaves at some indices and filler elsewhere. */
export function sparseRoot(leaves: Leaves, seed: string, at = 1): Uint8Array {
  const leaf = leaves.get(at)
  if (leaf) return leaf
  const isAbove = [...leaves.keys()].some((index) => isBelow(index, at))
  if (!isAbove) return filler(`${seed} node ${at}`)
  return sha256Concat(sparseRoot(leaves, seed, 2 * at), sparseRoot(leaves, seed, 2 * at + 1))
}

/** The branch of one of its indices. */
export function sparseBranch(leaves: Leaves, index: number, seed: string): MerkleBranch {
  const branch: Uint8Array[] = []
  for (let at = index; at > 1; at >>= 1) branch.push(sparseRoot(leaves, seed, at ^ 1))
  return branch
}

function isBelow(index: number, ancestor: number): boolean {
  for (let at = index; at > ancestor; at >>= 1) if (at >> 1 === ancestor) return true
  return false
}

function executionPart(
  fork: ForkName,
  payload: ExecutionPayloadHeader,
): Omit<LightClientHeader, 'beacon'> & { bodyRoot: Uint8Array } {
  const seed = `body ${payload.blockNumber}`
  if (!isForkFrom(fork, 'capella')) {
    return {
      execution: undefined,
      executionBlockHash: undefined,
      executionBranch: [],
      bodyRoot: filler(seed),
    }
  }
  const isHash = isForkFrom(fork, 'gloas')
  const index = isHash ? executionBlockHashIndex(fork) : 25
  const leaves: Leaves = new Map([
    [index, isHash ? payload.blockHash : executionPayloadHeaderRoot(payload, fork)],
  ])
  return {
    execution: isHash ? undefined : payload,
    executionBlockHash: isHash ? payload.blockHash : undefined,
    executionBranch: sparseBranch(leaves, index, seed),
    bodyRoot: sparseRoot(leaves, seed),
  }
}

/** A payload header with something in every field. */
export function executionHeader(
  slot: bigint,
  history: string,
  fork: ForkName,
  stateRoot = filler(`execution state ${slot} ${history}`),
): ExecutionPayloadHeader {
  const hash = (what: string) => filler(`${what} ${slot} ${history}`)
  const hasBlobs = isForkFrom(fork, 'deneb')
  return {
    parentHash: hash('parent'),
    feeRecipient: hash('fee').subarray(0, 20),
    stateRoot,
    receiptsRoot: hash('receipts'),
    logsBloom: concatBytes(...Array.from({ length: 8 }, (_, i) => hash(`bloom ${i}`))),
    prevRandao: hash('randao'),
    blockNumber: slot + 1000n,
    gasLimit: 30_000_000n,
    gasUsed: 21_000n,
    timestamp: GENESIS_TIME + slot * SECONDS_PER_SLOT,
    extraData: utf8('extra'),
    baseFeePerGas: 10n ** 12n + slot,
    blockHash: hash('block'),
    transactionsRoot: hash('transactions'),
    withdrawalsRoot: hash('withdrawals'),
    blobGasUsed: hasBlobs ? 131_072n : 0n,
    excessBlobGas: hasBlobs ? 7n : 0n,
  }
}

/** Seconds since 1970 of the test chains' slot 0. */
export const GENESIS_TIME = 1_700_000_000n
/** Length of their slots. */
export const SECONDS_PER_SLOT = 6n

function memberScalar(period: bigint, index: number): bigint {
  return BigInt(index + 1) + period * 10_000n
}

function secretKey(scalar: bigint): SecretKey {
  return SecretKey.fromBytes(fromHex(scalar.toString(16).padStart(64, '0')))
}

function filler(text: string): Uint8Array {
  return sha256Concat(utf8(text), be64(0n))
}
