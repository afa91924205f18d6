import {
  beaconBlockHeaderRoot,
  createSyncAggregateVerifier,
  blstScheme,
  initializeLightClientStore,
  periodAt,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
  validateUpdateProofs,
} from '@causeway/light-clients'
import type {
  BeaconChain,
  ExecutionPayloadHeader,
  ForkName,
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  SyncCommittee,
} from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { nonsense } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'
import type { BeaconApi } from './beacon-api.ts'
import { readNetwork, slotAt } from './beacon-network.ts'

/** A light-client object with the fork whose types it has. */
export interface Versioned<T> {
  readonly fork: ForkName
  readonly value: T
}

/** A header that the sync committee finalised, with the update that shows it. */
export interface FinalHeader {
  readonly slot: bigint
  readonly execution: ExecutionPayloadHeader
  readonly update: Versioned<LightClientUpdate>
}

/** What a follower is made of. */
export interface BeaconFollowerOptions {
  readonly pool: EndpointPool<BeaconApi>
  readonly chainId: bigint
  /** Root of a finalised block to start from; without it, what the best endpoint says at the first look. */
  readonly checkpoint: Uint8Array | undefined
  readonly nowMs: () => number
}

interface Followed {
  readonly network: BeaconChain
  readonly committees: Map<bigint, SyncCommittee>
  slot: bigint
}

/** Finalised headers that are remembered: what is proven is proven at the newest, or one just before. */
const HEADERS_KEPT = 64
/** Seconds that a node's clock may be ahead of ours. */
const CLOCK_DRIFT_SECONDS = 10n

/**
 * Follows a beacon chain by its light-client endpoints and verifies what they say: committees one after the
 * other from the checkpoint on, and each finality update by its committee's signature. An endpoint that
 * lies is found out here, and asked less.
 */
export class BeaconFollower {
  readonly #options: BeaconFollowerOptions
  readonly #verify = createSyncAggregateVerifier(blstScheme)
  readonly #headers = new Map<bigint, FinalHeader>()
  #followed: Followed | undefined
  #newest: FinalHeader | undefined
  #look: Promise<FinalHeader> | undefined

  constructor(options: BeaconFollowerOptions) {
    this.#options = options
  }

  /** The newest finalised header that any answering endpoint could prove. */
  async newest(): Promise<FinalHeader> {
    this.#look ??= this.#lookUp().finally(() => (this.#look = undefined))
    return await this.#look
  }

  /** A header that `newest` gave a while ago. */
  header(slot: bigint): FinalHeader | undefined {
    return this.#headers.get(slot)
  }

  async network(): Promise<BeaconChain> {
    if (this.#followed === undefined) await this.newest()
    return this.#need().network
  }

  /**
   * Asks every endpoint for its newest finality update and verifies it; those that are signed, beside what is
   * known of the same slots. Notes how far each endpoint is.
   */
  async compare(): Promise<readonly Versioned<LightClientUpdate>[]> {
    if (this.#followed === undefined) return []
    const updates = await this.#options.pool.callAll(async (api) => {
      const update = await this.#finalityUpdate(api)
      await this.#accept(api, update)
      return update
    })
    const known = updates.flatMap(({ value }) => {
      const header = this.#headers.get(value.finalizedHeader?.beacon.slot ?? 0n)
      return header === undefined ? [] : [header.update]
    })
    return [...updates, ...known]
  }

  /**
   * The best update of a period, which names the next period's committee. It is verified where that period's
   * committee is known here; before that, only the client can judge.
   */
  async committeeUpdate(period: bigint): Promise<Versioned<LightClientUpdate>> {
    return await this.#options.pool.call((api) => this.#committeeUpdate(api, period))
  }

  /** A bootstrap of a finalised block, proven for its root. */
  async bootstrap(root: Uint8Array): Promise<Versioned<LightClientBootstrap>> {
    const { network } = this.#need()
    return await this.#options.pool.call(async (api) => {
      const found = await readBootstrap(api, root)
      api.judge(() => initializeLightClientStore(network, root, found.value))
      return found
    })
  }

  async #lookUp(): Promise<FinalHeader> {
    const found = await this.#options.pool.call(async (api) => {
      const update = await this.#finalityUpdate(api)
      const header = finalHeader(update)
      this.#followed ??= await this.#start(api, update.value)
      const known = this.#headers.get(header.slot)
      if (known !== undefined) return known
      if (header.slot > this.#followed.slot || this.#newest === undefined) await this.#accept(api, update)
      return header
    })
    if (this.#newest === undefined || found.slot > this.#newest.slot) this.#remember(found)
    return this.#newest ?? found
  }

  async #finalityUpdate(api: BeaconApi): Promise<Versioned<LightClientUpdate>> {
    const update = await api.get('/v1/beacon/light_client/finality_update', readVersionedUpdate)
    const slot = update.value.finalizedHeader?.beacon.slot
    if (slot === undefined) throw new RelayError('endpoint', 'later', `${api.url} has nothing final yet`)
    // A slot that has not come yet would make every honest endpoint look late.
    if (this.#followed !== undefined && slot > this.#currentSlot(this.#followed.network))
      throw nonsense(api.url, `slot ${slot} is final, and has not come yet`)
    this.#options.pool.noteHeight(api, slot)
    return update
  }

  async #start(api: BeaconApi, update: LightClientUpdate): Promise<Followed> {
    const network = await readNetwork(api)
    if (network.chainId !== this.#options.chainId)
      throw nonsense(api.url, `chain ${network.chainId} instead of ${this.#options.chainId}`)
    const root = this.#options.checkpoint ?? finalRoot(update)
    const { value } = await readBootstrap(api, root)
    const store = api.judge(() => initializeLightClientStore(network, root, value))
    const { slot } = store.finalizedHeader.beacon
    const committees = new Map([[periodAt(network, slot), store.currentSyncCommittee]])
    return { network, committees, slot }
  }

  async #accept(api: BeaconApi, update: Versioned<LightClientUpdate>): Promise<void> {
    const followed = this.#need()
    const config = followed.network
    const period = periodAt(config, update.value.signatureSlot)
    await this.#learnCommittees(api, period)
    const committee = followed.committees.get(period)
    if (committee === undefined) throw nonsense(api.url, `a signature of period ${period}, which is past`)
    api.judge(() =>
      validateUpdateProofs(
        config,
        committee,
        update.value,
        this.#currentSlot(followed.network),
        this.#verify,
      ),
    )
    requireTwoThirds(api, update.value, config.syncCommitteeSize)
  }

  async #learnCommittees(api: BeaconApi, period: bigint): Promise<void> {
    const { committees } = this.#need()
    for (;;) {
      const last = [...committees.keys()].reduce((a, b) => (a > b ? a : b))
      if (last >= period) return
      const { value } = await this.#committeeUpdate(api, last)
      if (value.nextSyncCommittee === undefined) throw nonsense(api.url, 'an update without a committee')
      committees.set(last + 1n, value.nextSyncCommittee)
    }
  }

  async #committeeUpdate(api: BeaconApi, period: bigint): Promise<Versioned<LightClientUpdate>> {
    const { network, committees } = this.#need()
    const path = `/v1/beacon/light_client/updates?start_period=${period}&count=1`
    const update = await api.get(path, (json) => readVersionedUpdate(Array.isArray(json) ? json[0] : json))
    const { attestedHeader, signatureSlot, nextSyncCommittee } = update.value
    if (periodAt(network, attestedHeader.beacon.slot) !== period || nextSyncCommittee === undefined)
      throw nonsense(api.url, `no update of period ${period}`)
    const committee = committees.get(periodAt(network, signatureSlot))
    if (committee === undefined) return update
    api.judge(() =>
      validateUpdateProofs(network, committee, update.value, this.#currentSlot(network), this.#verify),
    )
    requireTwoThirds(api, update.value, network.syncCommitteeSize)
    return update
  }

  #remember(header: FinalHeader): void {
    const followed = this.#need()
    this.#newest = header
    followed.slot = header.slot
    this.#headers.set(header.slot, header)
    const [oldest] = this.#headers.keys()
    if (this.#headers.size > HEADERS_KEPT && oldest !== undefined) this.#headers.delete(oldest)
  }

  #currentSlot(network: BeaconChain): bigint {
    return slotAt(network, BigInt(Math.floor(this.#options.nowMs() / 1000)) + CLOCK_DRIFT_SECONDS)
  }

  #need(): Followed {
    if (this.#followed === undefined)
      throw new RelayError('endpoint', 'later', 'the beacon chain was not seen yet')
    return this.#followed
  }
}

/** Root of the block that an update finalises. */
export function finalRoot({ finalizedHeader }: LightClientUpdate): Uint8Array {
  if (finalizedHeader === undefined)
    throw new RelayError('endpoint', 'later', 'an update that finalises nothing')
  return beaconBlockHeaderRoot(finalizedHeader.beacon)
}

/** The execution payload header that a header proves; Capella to Fulu have one. */
export function requireExecution(header: LightClientHeader): ExecutionPayloadHeader {
  if (header.execution !== undefined) return header.execution
  const text = 'headers of this fork hold no execution payload header: nothing can be proven under them'
  throw new RelayError('config', 'later', text)
}

function finalHeader(update: Versioned<LightClientUpdate>): FinalHeader {
  const { finalizedHeader } = update.value
  if (finalizedHeader === undefined)
    throw new RelayError('endpoint', 'later', 'an update that finalises nothing')
  return { slot: finalizedHeader.beacon.slot, execution: requireExecution(finalizedHeader), update }
}

function readVersionedUpdate(json: unknown): Versioned<LightClientUpdate> {
  const { fork, data } = readVersioned(json)
  return { fork, value: readUpdateJson(data) }
}

async function readBootstrap(api: BeaconApi, root: Uint8Array): Promise<Versioned<LightClientBootstrap>> {
  return await api.get(`/v1/beacon/light_client/bootstrap/0x${toHex(root)}`, (json) => {
    const { fork, data } = readVersioned(json)
    return { fork, value: readBootstrapJson(data) }
  })
}

/** What clients ask of every update: with less, it is an honest committee's bad day, and useless. */
function requireTwoThirds(api: BeaconApi, update: LightClientUpdate, committeeSize: number): void {
  let signed = 0
  for (const byte of update.syncAggregate.syncCommitteeBits)
    for (let bits = byte; bits !== 0; bits &= bits - 1) signed += 1
  if (3 * signed >= 2 * committeeSize) return
  throw new RelayError('endpoint', 'later', `${api.url} serves an update that only ${signed} signed`)
}
