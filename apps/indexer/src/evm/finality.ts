// Which execution block is final, by the sync committees' signatures and not by an endpoint's word.
import {
  CommitteeChain,
  beaconBlockHeaderRoot,
  hasSupermajority,
  slotAtTime,
  type BeaconChain,
  type LightClientHeader,
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

type Committees = CommitteeChain<BeaconChain>

/** Follows what the sync committees finalise, from a trusted block on. */
export class Finality {
  readonly #verify: VerifySyncAggregate
  readonly #nowMs: () => number
  #known: { committees: Committees; final: LightClientHeader } | undefined

  constructor(verify: VerifySyncAggregate, nowMs: () => number) {
    this.#verify = verify
    this.#nowMs = nowMs
  }

  /** The beacon chain; known after the first call of `follow`. */
  get chain(): BeaconChain | undefined {
    return this.#known?.committees.config
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
      return toBlock(await this.#advance(api, trustedRoot, signal))
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
  ): Promise<LightClientHeader> {
    const update = await api.finalityUpdate(signal)
    // An honest committee's bad day: the next slot's may do.
    if (!hasSupermajority(update.syncAggregate))
      throw new EndpointError('behind', `too few signed at slot ${update.signatureSlot}`)
    const committees = this.#known?.committees ?? (await this.#start(api, trustedRoot, signal))
    const now = slotAtTime(committees.config, BigInt(Math.floor(this.#nowMs() / 1000)))
    for (;;) {
      const period = committees.wantedPeriod(update.signatureSlot)
      if (period === undefined) break
      const named = await api.update(period, signal)
      if (named === undefined) throw new EndpointError('behind', `no committee after period ${period}`)
      proven(() => committees.learn(period, named, now))
    }
    if (!committees.knows(update.signatureSlot))
      throw new EndpointError('behind', `its newest update was signed at slot ${update.signatureSlot}`)
    const final = proven(() => committees.verifyFinal(update, now))
    if (this.#known === undefined || final.beacon.slot > this.#known.final.beacon.slot)
      this.#known = { committees, final }
    return this.#known.final
  }

  async #start(
    api: BeaconApi,
    trustedRoot: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<Committees> {
    const chain = await api.chain(signal)
    const root = trustedRoot ?? (await api.finalizedRoot(signal))
    const bootstrap = await api.bootstrap(root, signal)
    return proven(() => new CommitteeChain(chain, root, bootstrap, this.#verify))
  }
}

function toBlock({ execution, beacon }: LightClientHeader): FinalBlock {
  if (execution === undefined) throw new EndpointError('malformed', 'the final block is older than Capella')
  return {
    number: execution.blockNumber,
    hash: execution.blockHash,
    beaconRoot: beaconBlockHeaderRoot(beacon),
  }
}

function proven<Value>(run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('wrong-finality', error.message, error)
    throw error
  }
}
