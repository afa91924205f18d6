import {
  decodeLightClientBootstrap,
  decodeLightClientUpdate,
  beaconBlockHeaderRoot,
  forceLightClientUpdate,
  initializeLightClientStore,
  processLightClientUpdate,
  validateUpdateProofs,
  type ChainConfig,
  type LightClientHeader,
  type LightClientStore,
  type LightClientUpdate,
  type SyncCommittee,
  type VerifySyncAggregate,
} from '@causeway/light-clients'
import { isProtocolError, toHex } from '@causeway/primitives'
import type { GeneratedBlock, GeneratedChain } from './generated-chain.ts'
import type {
  LodestarClient,
  LodestarFork,
  LodestarHeader,
  LodestarStore,
  LodestarUpdate,
} from './lodestar.ts'

/** What one client says of an update; the text says why it was refused. */
export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly reason: string }

/** Both clients' verdicts. */
export interface Verdicts {
  readonly ours: Verdict
  readonly theirs: Verdict
}

/** Both stores' verdicts, and in what they differ though both accept. */
export interface StoreVerdicts extends Verdicts {
  readonly differences: string[]
  /** Their head was set to ours: only the counts of the most active participants differ. */
  readonly isHeadAligned: boolean
}

interface ActiveParticipants {
  readonly previous: number
  readonly current: number
}

/** How Lodestar's store treats what was never final. */
export interface LodestarOptions {
  readonly allowForcedUpdates: boolean
  readonly updateHeadersOnForcedUpdate: boolean
}

const ACCEPTED: Verdict = { accepted: true }

/** Our store and Lodestar's, started from one block, fed the same bytes. */
export class TwoClients {
  readonly #chain: GeneratedChain
  readonly #verify: VerifySyncAggregate
  readonly #client: LodestarClient
  readonly #committees = new Map<number, { ours: SyncCommittee; theirs: object }>()
  readonly #settledPeriods = new Set<number>()
  /** The most active participants by the specification, of the store's period and of the one before. */
  #most: ActiveParticipants = { previous: 0, current: 0 }
  store: LightClientStore

  constructor(
    chain: GeneratedChain,
    trusted: GeneratedBlock,
    verify: VerifySyncAggregate,
    options: LodestarOptions = { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false },
  ) {
    this.#chain = chain
    this.#verify = verify
    const { lodestar, lodestarConfig } = chain
    const type = lodestar.lightClientTypes(trusted.fork).LightClientBootstrap
    const bytes = type.serialize(chain.bootstrap(trusted))
    const theirs = type.deserialize(bytes)
    lodestar.validateLightClientBootstrap(lodestarConfig, trusted.root, theirs)
    this.#client = lodestar.createClient(lodestarConfig, options, theirs)
    const ours = decodeLightClientBootstrap(bytes, trusted.fork, this.config)
    this.store = initializeLightClientStore(this.config, trusted.root, ours)
  }

  /** Periods whose next committee an update named that showed the finality of that same period. */
  get settledPeriods(): ReadonlySet<number> {
    return this.#settledPeriods
  }

  /** What our store has finalised. */
  get finalizedSlot(): number {
    return Number(this.store.finalizedHeader.beacon.slot)
  }

  get slotsPerPeriod(): number {
    return this.#chain.slotsPerPeriod
  }

  /** First slot of Electra. */
  get electraSlot(): number {
    const { forks, slotsPerEpoch } = this.config
    const electra = forks.find(({ name }) => name === 'electra')
    return electra === undefined ? Infinity : Number(electra.epoch * slotsPerEpoch)
  }

  get config(): ChainConfig {
    return this.#chain.config
  }

  /** Judges what an update proves by itself, with the committee of its signature's period. */
  judgeProofs(bytes: Uint8Array, fork: LodestarFork, currentSlot: number): Verdicts {
    const { lodestar, lodestarConfig } = this.#chain
    const ours = ourVerdict(() => {
      const update = this.#decode(bytes, fork)
      const committee = this.#committee(update.signatureSlot).ours
      validateUpdateProofs(this.config, committee, update, BigInt(currentSlot), this.#verify)
    })
    const theirs = theirVerdict(() => {
      const update = this.read(bytes, fork)
      if (update.signatureSlot > currentSlot) throw new Error('from the future')
      const committee = this.#committee(BigInt(update.signatureSlot)).theirs
      lodestar.validateLightClientUpdate(lodestarConfig, { config: lodestarConfig }, update, committee)
    })
    return { ours, theirs }
  }

  /** Processes an update on copies of both stores; what they come to, where both accept it. */
  tryUpdate(bytes: Uint8Array, fork: LodestarFork, currentSlot: number): StoreVerdicts {
    const before = copyOf(this.#client.store)
    const [kept, most] = [this.store, this.#most]
    const verdicts = this.#process(bytes, fork, currentSlot)
    const differences = verdicts.ours.accepted && verdicts.theirs.accepted ? this.differences() : []
    this.#client.store = before
    this.store = kept
    this.#most = most
    return { ...verdicts, differences }
  }

  /** Processes an update on both stores for good. */
  update(bytes: Uint8Array, fork: LodestarFork, currentSlot: number): Verdicts & { isHeadAligned: boolean } {
    const verdicts = this.#process(bytes, fork, currentSlot)
    if (verdicts.theirs.accepted) this.#noteSettled(this.read(bytes, fork))
    return verdicts
  }

  #noteSettled({
    attestedHeader,
    finalizedHeader,
    nextSyncCommitteeBranch,
    syncAggregate,
  }: LodestarUpdate): void {
    const [attested, finalized] = [attestedHeader, finalizedHeader].map(({ beacon }) =>
      this.#chain.periodOf(beacon.slot),
    )
    const signed = syncAggregate.syncCommitteeBits.getTrueBitIndexes().length
    const isEnough = signed * 3 >= this.config.syncCommitteeSize * 2
    const namesCommittee = nextSyncCommitteeBranch.some((node) => node.some((byte) => byte !== 0))
    const isFinality = finalizedHeader.beacon.slot > 0
    if (isEnough && namesCommittee && isFinality && attested === finalized)
      this.#settledPeriods.add(attested!)
  }

  #process(
    bytes: Uint8Array,
    fork: LodestarFork,
    currentSlot: number,
  ): Verdicts & { isHeadAligned: boolean } {
    const period = this.#finalizedPeriod()
    const theirHead = this.#client.store.optimisticHeader
    const ours = ourVerdict(() => {
      const update = this.#decode(bytes, fork)
      this.store = processLightClientUpdate(
        this.config,
        this.store,
        update,
        BigInt(currentSlot),
        this.#verify,
      )
    })
    const theirs = theirVerdict(() => this.#client.onUpdate(currentSlot, this.read(bytes, fork)))
    if (!ours.accepted) return { ours, theirs, isHeadAligned: false }
    const update = this.read(bytes, fork)
    const before = this.#most
    this.#most = { ...before, current: Math.max(before.current, participantsOf(update)) }
    const isHeadAligned = theirs.accepted && this.#alignHead(update, theirHead)
    this.#rotate(period)
    return { ours, theirs, isHeadAligned }
  }

  /** With the store's period its count begins anew. */
  #rotate(before: number): void {
    if (this.#finalizedPeriod() > before) this.#most = { previous: this.#most.current, current: 0 }
  }

  #finalizedPeriod(): number {
    return this.#chain.periodOf(this.finalizedSlot)
  }

  /**
   * Whether an update's participants were enough by one store's count of the most active and not by the
   * other's: Lodestar counts by the period of the signature, the specification by that of the store. Their
   * head is then set to what our count makes of it, so that whatever follows is compared as strictly.
   */
  #alignHead(update: LodestarUpdate, headBefore: LodestarHeader): boolean {
    const { store } = this.#client
    const participants = participantsOf(update)
    const ourCount = Math.max(this.#most.previous, this.#most.current)
    const period = this.#chain.periodOf(update.signatureSlot)
    const theirCount = Math.max(...[period - 1, period].map((of) => store.maxActiveParticipants.get(of) ?? 0))
    const isEnough = (count: number) => participants > Math.floor(count / 2)
    if (isEnough(ourCount) === isEnough(theirCount)) return false
    if (update.attestedHeader.beacon.slot <= headBefore.beacon.slot) return false
    store.optimisticHeader = isEnough(ourCount) ? update.attestedHeader : headBefore
    return true
  }

  /** Applies the best update seen, though nothing was final for long, to both stores. */
  force(currentSlot: number): void {
    const period = this.#finalizedPeriod()
    this.store = forceLightClientUpdate(this.config, this.store, BigInt(currentSlot))
    this.#client.forceUpdate(currentSlot)
    this.#rotate(period)
  }

  /** An update in Lodestar's form. */
  read(bytes: Uint8Array, fork: LodestarFork): LodestarUpdate {
    return this.#chain.lodestar.lightClientTypes(fork).LightClientUpdate.deserialize(bytes.slice())
  }

  /** In what the stores differ, finalised and optimistic head; and ours from the specification's counts. */
  differences(): string[] {
    const theirs = this.#client.store
    const { BeaconBlockHeader } = this.#chain.lodestar.ssz.phase0
    const pairs: [string, LightClientHeader, LodestarStore['finalizedHeader']][] = [
      ['finalised', this.store.finalizedHeader, theirs.finalizedHeader],
      ['optimistic', this.store.optimisticHeader, theirs.optimisticHeader],
    ]
    const { previousMaxActiveParticipants: previous, currentMaxActiveParticipants: current } = this.store
    const isCount = previous === this.#most.previous && current === this.#most.current
    const counts = isCount ? [] : [`participants ${previous} and ${current}`]
    const heads = pairs.flatMap(([name, our, their]) => {
      const isSame =
        toHex(beaconBlockHeaderRoot(our.beacon)) === toHex(BeaconBlockHeader.hashTreeRoot(their.beacon))
      return isSame ? [] : [`${name} slot ${our.beacon.slot}, theirs ${their.beacon.slot}`]
    })
    return [...heads, ...counts]
  }

  #decode(bytes: Uint8Array, fork: LodestarFork): LightClientUpdate {
    return decodeLightClientUpdate('LightClientUpdate', bytes, fork, this.config)
  }

  #committee(signatureSlot: bigint): { ours: SyncCommittee; theirs: object } {
    const period = this.#chain.periodOf(Number(signatureSlot))
    const known = this.#committees.get(period)
    if (known) return known
    const { lodestar } = this.#chain
    const committee = this.#chain.committee(period)
    const bytes = lodestar.ssz.altair.SyncCommittee.serialize(committee)
    const made = {
      ours: { pubkeys: bytes.subarray(0, -48), aggregatePubkey: bytes.subarray(-48) },
      theirs: lodestar.deserializeSyncCommittee(committee),
    }
    this.#committees.set(period, made)
    return made
  }
}

function participantsOf({ syncAggregate }: LodestarUpdate): number {
  return syncAggregate.syncCommitteeBits.getTrueBitIndexes().length
}

/** Our refusals are typed; anything else that we throw is a bug, and passed on. */
function ourVerdict(attempt: () => void): Verdict {
  try {
    attempt()
    return ACCEPTED
  } catch (error) {
    if (isProtocolError(error)) return { accepted: false, reason: `${error.codespace}/${error.code}` }
    throw error
  }
}

function theirVerdict(attempt: () => void): Verdict {
  try {
    attempt()
    return ACCEPTED
  } catch (error) {
    return { accepted: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function copyOf(store: LodestarStore): LodestarStore {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(store) as object), store) as LodestarStore
  copy.syncCommittees = new Map(store.syncCommittees)
  copy.bestValidUpdates = new Map(store.bestValidUpdates)
  copy.maxActiveParticipants = new Map(store.maxActiveParticipants)
  return copy
}
