import { SecretKey, aggregatePublicKeys } from '@chainsafe/blst'
import { FORK_NAMES, type ChainConfig } from '@causeway/light-clients'
import { fromHex, sha256, utf8 } from '@causeway/primitives'
import type {
  Lodestar,
  LodestarBootstrap,
  LodestarCommittee,
  LodestarConfig,
  LodestarFork,
  LodestarHeader,
  LodestarUpdate,
  TreeView,
} from './lodestar.ts'
import { LODESTAR_FORKS } from './lodestar.ts'
import type { Random } from './random.ts'

const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const EXECUTION_PAYLOAD_GINDEX = 25

/** How an update is to be signed, where that differs from what is right. */
export interface Signing {
  participants: readonly number[]
  period?: number
  domain?: Uint8Array
}

/** A block, with the state after it, as far as light clients see it. */
export interface GeneratedBlock {
  readonly slot: number
  readonly fork: LodestarFork
  readonly root: Uint8Array
  readonly header: LodestarHeader
  readonly state: TreeView
  readonly finalized: GeneratedBlock | undefined
}

/**
 * A chain made of Lodestar's own types: real beacon states and block bodies, and committees that sign. Forks
 * follow one another every few epochs, off the boundaries of periods too.
 */
export class GeneratedChain {
  readonly config: ChainConfig
  readonly lodestarConfig: LodestarConfig
  readonly blocks: GeneratedBlock[] = []
  readonly genesisRoot = sha256(utf8('a chain for two light clients'))
  readonly lodestar: Lodestar
  readonly #random: Random
  readonly #committees = new Map<number, { committee: LodestarCommittee; node: TreeView['node'] }>()

  constructor(lodestar: Lodestar, random: Random, forkEpochs: Readonly<Record<LodestarFork, number>>) {
    this.lodestar = lodestar
    this.#random = random
    const { preset } = lodestar
    this.config = {
      slotsPerEpoch: BigInt(preset.SLOTS_PER_EPOCH),
      epochsPerSyncCommitteePeriod: BigInt(preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD),
      syncCommitteeSize: preset.SYNC_COMMITTEE_SIZE,
      minSyncCommitteeParticipants: 1,
      genesisValidatorsRoot: this.genesisRoot,
      forks: [
        { name: 'phase0', epoch: 0n, version: versionOf('phase0') },
        ...LODESTAR_FORKS.map((name) => ({
          name,
          epoch: BigInt(forkEpochs[name]),
          version: versionOf(name),
        })),
      ],
    }
    const members = LODESTAR_FORKS.flatMap((name) => [
      [`${name.toUpperCase()}_FORK_EPOCH`, forkEpochs[name]],
      [`${name.toUpperCase()}_FORK_VERSION`, versionOf(name)],
    ])
    const chain = { ...Object.fromEntries(members), GENESIS_FORK_VERSION: versionOf('phase0') }
    this.lodestarConfig = lodestar.createBeaconConfig(chain, this.genesisRoot)
  }

  /** Slots of a sync committee period. */
  get slotsPerPeriod(): number {
    return Number(this.config.slotsPerEpoch * this.config.epochsPerSyncCommitteePeriod)
  }

  /** Period of a slot. */
  periodOf(slot: number): number {
    return Math.floor(slot / this.slotsPerPeriod)
  }

  /** Adds a block whose state has another one finalised. */
  extend(slot: number, finalized: GeneratedBlock | undefined): GeneratedBlock {
    const fork = this.lodestarConfig.getForkName(slot)
    const types = this.lodestar.ssz[fork]
    const state = types['BeaconState']!.defaultViewDU()
    const period = this.periodOf(slot)
    const { SyncCommittee } = this.lodestar.ssz.altair
    state['slot'] = slot
    state['genesisValidatorsRoot'] = this.genesisRoot
    state['currentSyncCommittee'] = SyncCommittee.getViewDU(this.#committee(period).node)
    state['nextSyncCommittee'] = SyncCommittee.getViewDU(this.#committee(period + 1).node)
    if (finalized) {
      const epoch = Math.floor(finalized.slot / Number(this.config.slotsPerEpoch))
      state['finalizedCheckpoint'] = this.lodestar.ssz.phase0.Checkpoint.toViewDU({
        epoch,
        root: finalized.root,
      })
    }
    state.commit()
    const { bodyRoot, ...execution } = this.#body(fork, slot)
    const beacon = {
      slot,
      proposerIndex: this.#random.below(100),
      parentRoot: this.blocks.at(-1)?.root ?? new Uint8Array(32),
      stateRoot: state.hashTreeRoot(),
      bodyRoot,
    }
    const root = this.lodestar.ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)
    const block = { slot, fork, root, header: { beacon, ...execution }, state, finalized }
    this.blocks.push(block)
    return block
  }

  /** The bootstrap of a block. */
  bootstrap(block: GeneratedBlock): LodestarBootstrap {
    return {
      header: block.header,
      currentSyncCommittee: this.committee(this.periodOf(block.slot)),
      currentSyncCommitteeBranch: this.lodestar.branchOf(block.state.node, indicesOf(block.fork).current),
    }
  }

  /** The update about a block that a full node serves. */
  update(block: GeneratedBlock, signatureSlot: number, signing: Signing): LodestarUpdate {
    const indices = indicesOf(block.fork)
    const type = this.lodestar.lightClientTypes(block.fork).LightClientUpdate
    const none = type.defaultValue()
    const unsigned: LodestarUpdate = {
      ...none,
      attestedHeader: block.header,
      nextSyncCommittee: this.committee(this.periodOf(block.slot) + 1),
      nextSyncCommitteeBranch: this.lodestar.branchOf(block.state.node, indices.next),
      finalizedHeader: block.finalized
        ? { ...none.finalizedHeader, ...block.finalized.header }
        : none.finalizedHeader,
      finalityBranch: this.lodestar.branchOf(block.state.node, indices.finalized),
      signatureSlot,
    }
    // Through the wire form: values of an earlier fork get the fields that this fork's types have.
    const update = type.deserialize(type.serialize(this.#upgraded(unsigned, none)))
    return this.sign(update, signing)
  }

  /** The same update signed anew. */
  sign(update: LodestarUpdate, signing: Signing): LodestarUpdate {
    const { ssz } = this.lodestar
    const aggregate = ssz.altair.SyncAggregate.defaultValue()
    const period = signing.period ?? this.periodOf(update.signatureSlot)
    let sum = 0n
    for (const index of signing.participants) {
      aggregate.syncCommitteeBits.set(index, true)
      sum = (sum + memberScalar(period, index)) % GROUP_ORDER
    }
    const objectRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(update.attestedHeader.beacon)
    const domain = signing.domain ?? this.domain(update.signatureSlot)
    const root = ssz.phase0.SigningData.hashTreeRoot({ objectRoot, domain })
    if (sum !== 0n) aggregate.syncCommitteeSignature = secretKey(sum).sign(root).toBytes()
    return { ...update, syncAggregate: aggregate }
  }

  /** What the committee of a slot signs with: the fork version of the slot before. */
  domain(signatureSlot: number): Uint8Array {
    const { DOMAIN_SYNC_COMMITTEE } = this.lodestar.preset
    return this.lodestarConfig.getDomain(Math.max(signatureSlot - 1, 0), DOMAIN_SYNC_COMMITTEE)
  }

  /** The committee of a period. */
  committee(period: number): LodestarCommittee {
    return this.#committee(period).committee
  }

  #committee(period: number) {
    const known = this.#committees.get(period)
    if (known) return known
    const keys = Array.from({ length: this.config.syncCommitteeSize }, (_, i) =>
      secretKey(memberScalar(period, i)).toPublicKey(),
    )
    const committee = {
      pubkeys: keys.map((key) => key.toBytes()),
      aggregatePubkey: aggregatePublicKeys(keys).toBytes(),
    }
    const view = this.lodestar.ssz.altair.SyncCommittee.toViewDU(committee)
    const made = { committee, node: view.node }
    this.#committees.set(period, made)
    return made
  }

  #body(fork: LodestarFork, slot: number): Omit<LodestarHeader, 'beacon'> & { bodyRoot: Uint8Array } {
    const { BeaconBlockBody } = this.lodestar.ssz[fork]
    const body = BeaconBlockBody.defaultValue() as Record<string, unknown>
    body['graffiti'] = this.#random.bytes(32)
    const isAfterMerge = !['altair', 'bellatrix'].includes(fork)
    const payload = body['executionPayload'] as Record<string, unknown> | undefined
    if (payload) Object.assign(payload, this.#payload(slot))
    const view = BeaconBlockBody.toViewDU(body)
    const bodyRoot = view.hashTreeRoot()
    if (!isAfterMerge) return { bodyRoot }
    const { transactions, withdrawals, ...fields } = payload!
    const rootOf = (type: string, of: LodestarFork, list: unknown) =>
      this.lodestar.ssz[of][type]!.hashTreeRoot(list)
    return {
      bodyRoot,
      execution: {
        ...(fields as Record<string, Uint8Array>),
        transactionsRoot: rootOf('Transactions', 'bellatrix', transactions),
        withdrawalsRoot: rootOf('Withdrawals', 'capella', withdrawals),
      },
      executionBranch: this.lodestar.branchOf(view.node, EXECUTION_PAYLOAD_GINDEX),
    }
  }

  #payload(slot: number): Record<string, unknown> {
    const random = this.#random
    return {
      parentHash: random.bytes(32),
      feeRecipient: random.bytes(20),
      stateRoot: random.bytes(32),
      receiptsRoot: random.bytes(32),
      logsBloom: random.bytes(256),
      prevRandao: random.bytes(32),
      blockNumber: slot + 7,
      gasLimit: 30_000_000 + random.below(1000),
      gasUsed: random.below(30_000_000),
      timestamp: 1_600_000_000 + 12 * slot,
      extraData: random.bytes(random.below(33)),
      baseFeePerGas: BigInt(random.below(2 ** 31)) ** 7n,
      blockHash: random.bytes(32),
    }
  }

  /** A finalised header of an earlier fork, given this fork's fields at their default values. */
  #upgraded(update: LodestarUpdate, none: LodestarUpdate): LodestarUpdate {
    const { finalizedHeader: header } = update
    if (!none.finalizedHeader.execution) return { ...update, finalizedHeader: { beacon: header.beacon } }
    const execution = { ...none.finalizedHeader.execution, ...header.execution }
    return { ...update, finalizedHeader: { ...header, execution } }
  }
}

/** Generalised indices in a fork's state. */
export function indicesOf(fork: LodestarFork): { finalized: number; current: number; next: number } {
  const isLate = fork === 'electra' || fork === 'fulu'
  return isLate ? { finalized: 169, current: 86, next: 87 } : { finalized: 105, current: 54, next: 55 }
}

/** The version of a fork on generated chains. */
export function versionOf(fork: string): Uint8Array {
  return Uint8Array.of(
    FORK_NAMES.findIndex((name) => name === fork),
    0,
    0,
    9,
  )
}

function memberScalar(period: number, index: number): bigint {
  return BigInt(index + 1) + BigInt(period) * 10_000n
}

function secretKey(scalar: bigint): SecretKey {
  return SecretKey.fromBytes(fromHex(scalar.toString(16).padStart(64, '0')))
}
