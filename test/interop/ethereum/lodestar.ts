import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireNpmPeer } from './npm-peer.ts'

/** Forks whose light-client data @lodestar/light-client 1.28.1 knows. */
export const LODESTAR_FORKS = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu'] as const
/** Name of one of them. */
export type LodestarFork = (typeof LODESTAR_FORKS)[number]

/** A node of Lodestar's Merkle trees. */
export interface TreeNode {
  readonly root: Uint8Array
}

/** A mutable view of a large object in Lodestar's Merkle trees. */
export interface TreeView {
  readonly node: TreeNode
  commit(): void
  hashTreeRoot(): Uint8Array
  [member: string]: unknown
}

/** One of Lodestar's SSZ types. */
export interface SszType<T = unknown> {
  serialize(value: T): Uint8Array
  deserialize(bytes: Uint8Array): T
  hashTreeRoot(value: T): Uint8Array
  defaultValue(): T
  defaultViewDU(): TreeView
  toViewDU(value: T): TreeView
  getViewDU(node: TreeNode): TreeView
}

/** Lodestar's objects as it writes them: numbers are numbers, except where they exceed 53 bits. */
export interface LodestarBeaconHeader {
  slot: number
  proposerIndex: number
  parentRoot: Uint8Array
  stateRoot: Uint8Array
  bodyRoot: Uint8Array
}
/** A light client header; the last two from Capella on. */
export interface LodestarHeader {
  beacon: LodestarBeaconHeader
  execution?: Record<string, Uint8Array | number | bigint>
  executionBranch?: Uint8Array[]
}
/** A sync committee. */
export interface LodestarCommittee {
  pubkeys: Uint8Array[]
  aggregatePubkey: Uint8Array
}
/** Who of a committee signed. */
export interface LodestarBits {
  readonly bitLen: number
  readonly uint8Array: Uint8Array
  set(index: number, bit: boolean): void
  get(index: number): boolean
  getTrueBitIndexes(): number[]
}
/** An update. */
export interface LodestarUpdate {
  attestedHeader: LodestarHeader
  nextSyncCommittee: LodestarCommittee
  nextSyncCommitteeBranch: Uint8Array[]
  finalizedHeader: LodestarHeader
  finalityBranch: Uint8Array[]
  syncAggregate: { syncCommitteeBits: LodestarBits; syncCommitteeSignature: Uint8Array }
  signatureSlot: number
}
/** A bootstrap. */
export interface LodestarBootstrap {
  header: LodestarHeader
  currentSyncCommittee: LodestarCommittee
  currentSyncCommitteeBranch: Uint8Array[]
}

/** What Lodestar makes of a fork schedule and a genesis. */
export interface LodestarConfig {
  getForkName(slot: number): LodestarFork
  getDomain(stateSlot: number, type: Uint8Array, messageSlot?: number): Uint8Array
}

/** State of Lodestar's light client. */
export interface LodestarStore {
  config: LodestarConfig
  finalizedHeader: LodestarHeader
  optimisticHeader: LodestarHeader
  syncCommittees: Map<number, object>
  bestValidUpdates: Map<number, unknown>
  maxActiveParticipants: Map<number, number>
}
/** Lodestar's light client. */
export interface LodestarClient {
  store: LodestarStore
  onUpdate(currentSlot: number, update: LodestarUpdate): void
  forceUpdate(currentSlot: number): void
}

/** Types of one fork by their names. */
export type ForkTypes = Readonly<Record<string, SszType>> & { readonly BeaconBlockBody: SszType }

/** Light-client types of one fork. */
export interface LightClientTypes {
  readonly LightClientUpdate: SszType<LodestarUpdate>
  readonly LightClientBootstrap: SszType<LodestarBootstrap>
}

/** @lodestar/light-client and what it is made of. */
export interface Lodestar {
  readonly ssz: Readonly<Record<LodestarFork, ForkTypes>> & {
    readonly phase0: Readonly<Record<'Checkpoint' | 'SigningData' | 'ForkData', SszType>> & {
      readonly BeaconBlockHeader: SszType<LodestarBeaconHeader>
    }
    readonly altair: {
      readonly SyncCommittee: SszType<LodestarCommittee>
      readonly SyncAggregate: SszType<LodestarUpdate['syncAggregate']>
    }
  }
  readonly preset: {
    readonly SYNC_COMMITTEE_SIZE: number
    readonly SLOTS_PER_EPOCH: number
    readonly EPOCHS_PER_SYNC_COMMITTEE_PERIOD: number
    readonly DOMAIN_SYNC_COMMITTEE: Uint8Array
  }
  lightClientTypes(fork: LodestarFork): LightClientTypes
  createBeaconConfig(
    chain: Readonly<Record<string, unknown>>,
    genesisValidatorsRoot: Uint8Array,
  ): LodestarConfig
  validateLightClientBootstrap(config: LodestarConfig, root: Uint8Array, bootstrap: LodestarBootstrap): void
  validateLightClientUpdate(
    config: LodestarConfig,
    store: { config: LodestarConfig },
    update: LodestarUpdate,
    committee: object,
  ): void
  deserializeSyncCommittee(committee: LodestarCommittee): object
  createClient(config: LodestarConfig, options: object, bootstrap: LodestarBootstrap): LodestarClient
  /** The branch of a generalised index. */
  branchOf(node: TreeNode, generalizedIndex: number): Uint8Array[]
}

/** Loads it from the cache. Its types are those of one preset, so this is called once a process. */
export async function loadLodestar(preset: 'mainnet' | 'minimal'): Promise<Lodestar> {
  process.env['LODESTAR_PRESET'] = preset
  const modules = join(await requireNpmPeer('light-client-peer'), 'node_modules')
  const load = async (path: string) =>
    (await import(pathToFileURL(join(modules, path)).href)) as Record<string, never>
  const [types, params, config, client] = [
    await load('@lodestar/types/lib/index.js'),
    await load('@lodestar/params/lib/index.js'),
    await load('@lodestar/config/lib/index.js'),
    await load('@lodestar/light-client/lib/spec/index.js'),
  ]
  const update = await load('@lodestar/light-client/lib/spec/validateLightClientUpdate.js')
  const bootstrap = await load('@lodestar/light-client/lib/spec/validateLightClientBootstrap.js')
  const committee = await load('@lodestar/light-client/lib/utils/utils.js')
  const tree = await load('@chainsafe/persistent-merkle-tree/lib/index.js')
  const Client = client['LightclientSpec']! as new (...args: unknown[]) => LodestarClient
  const Tree = tree['Tree']! as new (node: TreeNode) => { getSingleProof(index: bigint): Uint8Array[] }
  const ssz = types['ssz']! as Lodestar['ssz']
  return {
    ssz,
    // Bellatrix has Altair's, and Lodestar keeps them there only.
    lightClientTypes: (fork) => ssz[fork === 'bellatrix' ? 'altair' : fork] as unknown as LightClientTypes,
    preset: params as unknown as Lodestar['preset'],
    createBeaconConfig: config['createBeaconConfig']!,
    validateLightClientUpdate: update['validateLightClientUpdate']!,
    validateLightClientBootstrap: bootstrap['validateLightClientBootstrap']!,
    deserializeSyncCommittee: committee['deserializeSyncCommittee']!,
    createClient: (...args) => new Client(...args),
    branchOf: (node, index) => new Tree(node).getSingleProof(BigInt(index)),
  }
}
