import type { ForkName } from './beacon/ssz-types.ts'

/** From which epoch a fork holds, and the 4-byte version that signatures bind. */
export interface BeaconFork {
  readonly name: ForkName
  readonly epoch: number
  readonly version: Uint8Array
}

/** What distinguishes one beacon chain from another. */
export interface BeaconNetwork {
  /** EIP-155 id of the execution layer. */
  readonly chainId: number
  /** Seconds since 1970 of slot 0, which is the time of execution block 0. */
  readonly genesisTimeSeconds: number
  readonly genesisValidatorsRoot: Uint8Array
  readonly secondsPerSlot: number
  readonly slotsPerEpoch: number
  readonly epochsPerSyncCommitteePeriod: number
  /** A block is final in the states of blocks this many slots later, and of all after them. */
  readonly finalitySlots: number
  /** Ascending by epoch; the first begins at epoch 0. */
  readonly forks: readonly BeaconFork[]
}

/** What may be chosen when a network is made; the rest follows. */
export type NetworkOptions = Partial<
  Pick<
    BeaconNetwork,
    'chainId' | 'secondsPerSlot' | 'slotsPerEpoch' | 'epochsPerSyncCommitteePeriod' | 'finalitySlots'
  >
> & {
  /** Epoch at which Electra ends and Fulu begins; 0: Fulu from genesis, Infinity: never. */
  readonly fuluEpoch?: number
}

/** Electra's and Fulu's versions on the devnet; no public network has these. */
export const FORK_VERSIONS = {
  electra: Uint8Array.of(0x05, 0x64, 0x65, 0x76),
  fulu: Uint8Array.of(0x06, 0x64, 0x65, 0x76),
} as const

const GENESIS_VALIDATORS_ROOT = new Uint8Array(32).fill(0x64)

/** A network that begins at a time, in seconds since 1970. Periods are short, so that committees rotate. */
export function beaconNetwork(genesisTimeSeconds: number, options: NetworkOptions = {}): BeaconNetwork {
  const { fuluEpoch = 0, ...sizes } = options
  const fulu: BeaconFork = { name: 'fulu', epoch: fuluEpoch, version: FORK_VERSIONS.fulu }
  const electra: BeaconFork = { name: 'electra', epoch: 0, version: FORK_VERSIONS.electra }
  return {
    chainId: 31_337,
    genesisTimeSeconds,
    genesisValidatorsRoot: GENESIS_VALIDATORS_ROOT,
    secondsPerSlot: 1,
    slotsPerEpoch: 8,
    epochsPerSyncCommitteePeriod: 32,
    finalitySlots: 4,
    forks: Number.isFinite(fuluEpoch) ? [electra, fulu] : [electra],
    ...sizes,
  }
}

/** Epoch of a slot. */
export function epochAt({ slotsPerEpoch }: BeaconNetwork, slot: number): number {
  return Math.floor(slot / slotsPerEpoch)
}

/** Sync committee period of a slot. */
export function periodAt(network: BeaconNetwork, slot: number): number {
  return Math.floor(epochAt(network, slot) / network.epochsPerSyncCommitteePeriod)
}

/** The fork that holds at a slot. */
export function forkAt(network: BeaconNetwork, slot: number): BeaconFork {
  const epoch = epochAt(network, slot)
  const fork = network.forks.findLast((candidate) => candidate.epoch <= epoch)
  if (fork === undefined) throw new Error('the first fork must begin at epoch 0')
  return fork
}

/** When a slot begins, in seconds since 1970. */
export function slotTimeSeconds({ genesisTimeSeconds, secondsPerSlot }: BeaconNetwork, slot: number): number {
  return genesisTimeSeconds + slot * secondsPerSlot
}

/** The slot that is current at a time; negative before genesis. */
export function slotAtTime({ genesisTimeSeconds, secondsPerSlot }: BeaconNetwork, seconds: number): number {
  return Math.floor((seconds - genesisTimeSeconds) / secondsPerSlot)
}
