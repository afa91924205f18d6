// Which execution block is final, by the sync committees' signatures and not by an endpoint's word.
import {
  beaconBlockHeaderRoot,
  initializeLightClientStore,
  periodAt,
  processLightClientUpdate,
  slotAtTime,
  type BeaconChain,
  type LightClientStore,
  type LightClientUpdate,
  type VerifySyncAggregate,
} from '@causeway/light-clients'
import { isProtocolError } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { BeaconApi } from './beacon-api.ts'

/** The newest block known to be final. */
export type FinalBlock = {
  readonly number: bigint
  readonly hash: Uint8Array
  /** Root of the beacon block that carries it: what a client starts from again. */
  readonly beaconRoot: Uint8Array
}

/** How many periods are caught up with in one call: years. */
const PERIODS_MAX = 2_000

/** A light client of the beacon chain, as the consensus specification has it; it never forces an update. */
export class Finality {
  readonly #verify: VerifySyncAggregate
  readonly #nowMs: () => number
  #known: { chain: BeaconChain; store: LightClientStore } | undefined

  constructor(verify: VerifySyncAggregate, nowMs: () => number) {
    this.#verify = verify
    this.#nowMs = nowMs
  }

  /** The beacon chain; known after the first call of `follow`. */
  get chain(): BeaconChain | undefined {
    return this.#known?.chain
  }

  /**
   * Follows what a node serves as far as it is proven. `trustedRoot` is where it starts; without one the node
   * is believed once. Throws an `EndpointError`, `wrong-finality` for what does not verify.
   */
  async follow(
    api: BeaconApi,
    trustedRoot: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<FinalBlock> {
    try {
      return await this.#advance(api, trustedRoot, signal)
    } catch (error) {
      // Perhaps it was not this node that lied but the one that described the chain: begin with the next.
      if (error instanceof EndpointError && error.isLie) this.#known = undefined
      throw error
    }
  }

  async #advance(
    api: BeaconApi,
    trustedRoot: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<FinalBlock> {
    this.#known ??= await this.#start(api, trustedRoot, signal)
    const { chain } = this.#known
    for (let periods = 0; periods < PERIODS_MAX; periods++) {
      const { store } = this.#known
      const period = periodAt(chain, slotOf(store))
      const isNextKnown = store.nextSyncCommittee !== undefined
      if (isNextKnown && periodAt(chain, this.#now(chain)) <= period) break
      const update = await api.update(isNextKnown ? period + 1n : period, signal)
      if (update === undefined || !this.#apply(update)) break
    }
    const finality = await api.finalityUpdate(signal)
    const finalSlot = finality.finalizedHeader?.beacon.slot ?? 0n
    if (finalSlot > slotOf(this.#known.store)) this.#apply(finality)
    return this.#final()
  }

  async #start(api: BeaconApi, trustedRoot: Uint8Array | undefined, signal: AbortSignal) {
    const chain = await api.chain(signal)
    const root = trustedRoot ?? (await api.finalizedRoot(signal))
    const bootstrap = await api.bootstrap(root, signal)
    return { chain, store: proven(() => initializeLightClientStore(chain, root, bootstrap)) }
  }

  /** Whether the store moved. */
  #apply(update: LightClientUpdate): boolean {
    const { chain, store } = this.#known!
    const next = proven(() => processLightClientUpdate(chain, store, update, this.#now(chain), this.#verify))
    this.#known = { chain, store: next }
    return slotOf(next) > slotOf(store) || next.nextSyncCommittee !== store.nextSyncCommittee
  }

  #now(chain: BeaconChain): bigint {
    return slotAtTime(chain, BigInt(Math.floor(this.#nowMs() / 1000)))
  }

  #final(): FinalBlock {
    const { finalizedHeader } = this.#known!.store
    const { execution, beacon } = finalizedHeader
    if (execution === undefined) throw new EndpointError('malformed', 'the final block is older than Capella')
    return {
      number: execution.blockNumber,
      hash: execution.blockHash,
      beaconRoot: beaconBlockHeaderRoot(beacon),
    }
  }
}

function slotOf({ finalizedHeader }: LightClientStore): bigint {
  return finalizedHeader.beacon.slot
}

function proven<Value>(run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('wrong-finality', error.message, error)
    throw error
  }
}
