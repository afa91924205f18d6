import { assert } from '@causeway/primitives'

/** Forks in their order; their names are the consensus specification's. */
export const FORK_NAMES = [
  'phase0',
  'altair',
  'bellatrix',
  'capella',
  'deneb',
  'electra',
  'fulu',
  'gloas',
  'heze',
] as const

/** Name of a fork. */
export type ForkName = (typeof FORK_NAMES)[number]

/** From which epoch a fork holds, and the 4-byte version that its signatures bind. */
export interface Fork {
  readonly name: ForkName
  readonly epoch: bigint
  readonly version: Uint8Array
}

/** What distinguishes one beacon chain from another, as far as a light client goes. */
export interface ChainConfig {
  readonly slotsPerEpoch: bigint
  readonly epochsPerSyncCommitteePeriod: bigint
  /** A multiple of 8. */
  readonly syncCommitteeSize: number
  readonly minSyncCommitteeParticipants: number
  readonly genesisValidatorsRoot: Uint8Array
  /** Ascending by epoch; the first begins at epoch 0. */
  readonly forks: readonly Fork[]
}

/** Sizes that are fixed per network flavour. */
export type Preset = Pick<
  ChainConfig,
  'slotsPerEpoch' | 'epochsPerSyncCommitteePeriod' | 'syncCommitteeSize' | 'minSyncCommitteeParticipants'
>

/** Spec: presets/mainnet and presets/minimal. */
export const PRESETS: Readonly<Record<'mainnet' | 'minimal', Preset>> = {
  mainnet: {
    slotsPerEpoch: 32n,
    epochsPerSyncCommitteePeriod: 256n,
    syncCommitteeSize: 512,
    minSyncCommitteeParticipants: 1,
  },
  minimal: {
    slotsPerEpoch: 8n,
    epochsPerSyncCommitteePeriod: 8n,
    syncCommitteeSize: 32,
    minSyncCommitteeParticipants: 1,
  },
}

/** Generalised indices that light clients prove, which move with forks. */
export interface GeneralizedIndices {
  readonly finalizedRoot: number
  readonly currentSyncCommittee: number
  readonly nextSyncCommittee: number
}

/** Index of the execution payload in a block body, Capella to Fulu. */
export const EXECUTION_PAYLOAD_GINDEX = 25

const ALTAIR_INDICES = { finalizedRoot: 105, currentSyncCommittee: 54, nextSyncCommittee: 55 }
const ELECTRA_INDICES = { finalizedRoot: 169, currentSyncCommittee: 86, nextSyncCommittee: 87 }
const GLOAS_INDICES = { finalizedRoot: 735, currentSyncCommittee: 2945, nextSyncCommittee: 2946 }

/** Epoch of a slot. */
export function epochAt(config: ChainConfig, slot: bigint): bigint {
  return slot / config.slotsPerEpoch
}

/** Sync committee period of a slot. */
export function periodAt(config: ChainConfig, slot: bigint): bigint {
  return epochAt(config, slot) / config.epochsPerSyncCommitteePeriod
}

/** The fork that holds at a slot. */
export function forkAt(config: ChainConfig, slot: bigint): Fork {
  const epoch = epochAt(config, slot)
  const fork = config.forks.findLast((candidate) => candidate.epoch <= epoch)
  assert(fork, 'the first fork begins at epoch 0')
  return fork
}

/** Whether `fork` holds at a slot, or one after it. */
export function isFrom(config: ChainConfig, slot: bigint, fork: ForkName): boolean {
  return isForkFrom(forkAt(config, slot).name, fork)
}

/** Whether a fork is `earliest` or later. */
export function isForkFrom(fork: ForkName, earliest: ForkName): boolean {
  return FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(earliest)
}

/**
 * Generalised indices in a beacon state of a fork. Spec: altair, electra and gloas sync-protocol.md,
 * constants.
 */
export function generalizedIndices(fork: ForkName): GeneralizedIndices {
  if (isForkFrom(fork, 'gloas')) return GLOAS_INDICES
  return isForkFrom(fork, 'electra') ? ELECTRA_INDICES : ALTAIR_INDICES
}

/** Index of the execution block hash in a block body of a fork. Spec: gloas sync-protocol.md, constants. */
export function executionBlockHashIndex(fork: ForkName): number {
  if (isForkFrom(fork, 'gloas')) return 2856
  return isForkFrom(fork, 'deneb') ? 812 : 412
}

/** Depth of a generalised index: the length of its branch. */
export function depthOf(generalizedIndex: number): number {
  return 31 - Math.clz32(generalizedIndex)
}
