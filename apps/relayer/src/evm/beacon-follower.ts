import {
  CommitteeChain,
  beaconBlockHeaderRoot,
  createSyncAggregateVerifier,
  blstScheme,
  hasSupermajority,
  initializeLightClientStore,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
} from '@causeway/light-clients'
import type {
  BeaconChain,
  ExecutionPayloadHeader,
  ForkName,
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
} from '@causeway/light-clients'
import { isProtocolError, toHex } from '@causeway/primitives'

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

type Committees = CommitteeChain<BeaconChain>

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
  #committees: Committees | undefined
  #isAnchored: boolean
  #newest: FinalHeader | undefined
  #look: Promise<FinalHeader> | undefined

  constructor(options: BeaconFollowerOptions) {
    this.#options = options
    this.#isAnchored = options.checkpoint !== undefined
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
    if (this.#committees === undefined) await this.newest()
    return this.#need().config
  }

  /**
   * Begins again at a finalised block that a client of this chain trusts, once, where no checkpoint was
   * configured: whom this follower believed first may have made up a chain, and clients judge by theirs.
   * Forgets what is not final on that chain. Where no endpoint has the block any more, all stays as it is.
   */
  async anchor(root: Uint8Array): Promise<void> {
    if (this.#isAnchored) return
    const committees = await this.#options.pool
      .call(async (api) => {
        const started = await this.#start(api, root)
        await this.#accept(api, started, await this.#finalityUpdate(api, started))
        return started
      })
      .catch(() => undefined)
    if (committees === undefined) return
    this.#isAnchored = true
    this.#committees = committees
    for (const [slot, { update }] of this.#headers)
      if (!isFinal(committees, update.value, this.#currentSlot(committees))) this.#headers.delete(slot)
    this.#newest = [...this.#headers.values()].at(-1)
  }

  /**
   * Asks every endpoint for its newest finality update and verifies it; those that are signed, beside what is
   * known of the same slots. Notes how far each endpoint is.
   */
  async compare(): Promise<readonly Versioned<LightClientUpdate>[]> {
    const committees = this.#committees
    if (committees === undefined) return []
    const updates = await this.#options.pool.callAll(async (api) => {
      const update = await this.#finalityUpdate(api)
      await this.#accept(api, committees, update)
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
    const committees = this.#need()
    return await this.#options.pool.call(async (api) => {
      const update = await readCommitteeUpdate(api, period)
      if (committees.knows(update.value.signatureSlot))
        api.judge(() => committees.learn(period, update.value, this.#currentSlot(committees)))
      return update
    })
  }

  /** A bootstrap of a finalised block, proven for its root. */
  async bootstrap(root: Uint8Array): Promise<Versioned<LightClientBootstrap>> {
    const { config } = this.#need()
    return await this.#options.pool.call(async (api) => {
      const found = await readBootstrap(api, root)
      api.judge(() => initializeLightClientStore(config, root, found.value))
      return found
    })
  }

  async #lookUp(): Promise<FinalHeader> {
    const found = await this.#options.pool.call(async (api) => {
      const update = await this.#finalityUpdate(api)
      const header = finalHeader(update)
      if (this.#newest !== undefined && header.slot <= this.#newest.slot) return this.#newest
      const root = this.#options.checkpoint ?? finalRoot(update.value)
      const committees = this.#committees ?? (await this.#start(api, root))
      await this.#accept(api, committees, update)
      // Only now: what one endpoint says of the chain and can't prove must not be held against all others.
      this.#committees ??= committees
      return header
    })
    if (this.#newest === undefined || found.slot > this.#newest.slot) this.#remember(found)
    return this.#newest ?? found
  }

  async #finalityUpdate(
    api: BeaconApi,
    committees = this.#committees,
  ): Promise<Versioned<LightClientUpdate>> {
    const update = await api.get('/v1/beacon/light_client/finality_update', readVersionedUpdate)
    const { finalizedHeader, syncAggregate } = update.value
    const slot = finalizedHeader?.beacon.slot
    if (slot === undefined) throw new RelayError('endpoint', 'later', `${api.url} has nothing final yet`)
    // An honest committee's bad day is nothing against the endpoint; to clients it is useless.
    if (!hasSupermajority(syncAggregate))
      throw new RelayError('endpoint', 'later', `${api.url} serves an update that too few signed`)
    // A slot that has not come yet would make every honest endpoint look late.
    if (committees !== undefined && slot > this.#currentSlot(committees))
      throw nonsense(api.url, `slot ${slot} is final, and has not come yet`)
    this.#options.pool.noteHeight(api, slot)
    return update
  }

  async #start(api: BeaconApi, root: Uint8Array): Promise<Committees> {
    const network = await readNetwork(api)
    if (network.chainId !== this.#options.chainId)
      throw nonsense(api.url, `chain ${network.chainId} instead of ${this.#options.chainId}`)
    const { value } = await readBootstrap(api, root)
    return api.judge(() => new CommitteeChain(network, root, value, this.#verify))
  }

  async #accept(
    api: BeaconApi,
    committees: Committees,
    { value }: Versioned<LightClientUpdate>,
  ): Promise<void> {
    const currentSlot = this.#currentSlot(committees)
    for (;;) {
      const period = committees.wantedPeriod(value.signatureSlot)
      if (period === undefined) break
      const update = await readCommitteeUpdate(api, period)
      api.judge(() => committees.learn(period, update.value, currentSlot))
    }
    api.judge(() => committees.verifyFinal(value, currentSlot))
  }

  #remember(header: FinalHeader): void {
    this.#newest = header
    this.#headers.set(header.slot, header)
    const [oldest] = this.#headers.keys()
    if (this.#headers.size > HEADERS_KEPT && oldest !== undefined) this.#headers.delete(oldest)
  }

  #currentSlot({ config }: Committees): bigint {
    return slotAt(config, BigInt(Math.floor(this.#options.nowMs() / 1000)) + CLOCK_DRIFT_SECONDS)
  }

  #need(): Committees {
    if (this.#committees !== undefined) return this.#committees
    throw new RelayError('endpoint', 'later', 'the beacon chain was not seen yet')
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

async function readCommitteeUpdate(api: BeaconApi, period: bigint): Promise<Versioned<LightClientUpdate>> {
  const path = `/v1/beacon/light_client/updates?start_period=${period}&count=1`
  return await api.get(path, (json) => readVersionedUpdate(Array.isArray(json) ? json[0] : json))
}

function isFinal(committees: Committees, update: LightClientUpdate, currentSlot: bigint): boolean {
  try {
    committees.verifyFinal(update, currentSlot)
    return true
  } catch (error) {
    if (isProtocolError(error)) return false
    throw error
  }
}
