import {
  beaconBlockHeaderRoot,
  blstScheme,
  createEthereumClient,
  participantCount,
  periodAt,
  type ClientContext,
  type EthereumClient,
  type LightClientUpdate,
  type UpdateKind,
} from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import type { Height } from '@causeway/protocol'
import type { BeaconClient, TrustedStart } from './beacon-client.ts'
import { memoryClientStore } from './client-store.ts'

/**
 * Our Ethereum client, fed from a Beacon API with everything that it serves: each update that is new is
 * verified, and none may be refused.
 */
export class FollowingClient {
  readonly client: EthereumClient = createEthereumClient({ bls: blstScheme })
  readonly store = memoryClientStore()
  readonly verified: Record<UpdateKind, number> = {
    LightClientUpdate: 0,
    LightClientFinalityUpdate: 0,
    LightClientOptimisticUpdate: 0,
  }
  /** Number of the execution block whose state is proven at the latest height. */
  provenBlock = 0n
  readonly #beacon: BeaconClient
  readonly #seen = new Set<string>()
  /** The newest period whose committee is known. */
  #committeePeriod = 0n

  constructor(beacon: BeaconClient) {
    this.#beacon = beacon
  }

  /** Creates the client from what `BeaconClient.trusted` gave. */
  start({ clientState, consensusState, blockNumber }: TrustedStart): Height {
    this.client.initialise(this.store, clientState, consensusState, this.context())
    this.provenBlock = blockNumber
    const height = this.client.latestHeight(this.store)
    this.#committeePeriod = periodAt(this.#beacon.chain, height.revisionHeight)
    return height
  }

  /** Takes what is new: the next committee, once it is settled, then finality, then the head. */
  async step(): Promise<void> {
    const finality = await this.#beacon.newest('finality')
    const period = periodAt(this.#beacon.chain, finality.finalizedHeader!.beacon.slot)
    if (period >= this.#committeePeriod) await this.#learnCommittee(this.#committeePeriod)
    this.#submit('LightClientFinalityUpdate', finality)
    this.#submit('LightClientOptimisticUpdate', await this.#beacon.newest('optimistic'))
  }

  /** The context of now. */
  context(): ClientContext {
    return {
      timeNanoseconds: BigInt(Date.now()) * 1_000_000n,
      height: { revisionNumber: 1n, revisionHeight: 1n },
    }
  }

  async #learnCommittee(period: bigint): Promise<void> {
    const update = await this.#beacon.periodUpdate(period)
    const finalized = update.finalizedHeader?.beacon.slot
    if (finalized === undefined || periodAt(this.#beacon.chain, finalized) !== period) return
    if (this.#submit('LightClientUpdate', update)) this.#committeePeriod = period + 1n
  }

  #submit(kind: UpdateKind, update: LightClientUpdate): boolean {
    // A node serves heads that only few have signed, when its validators are slow.
    const signed = participantCount(update.syncAggregate)
    if (signed * 3 < this.#beacon.chain.syncCommitteeSize * 2) return false
    // Finality may be late in telling the committee of the next period.
    if (periodAt(this.#beacon.chain, update.signatureSlot) > this.#committeePeriod) return false
    const name = `${kind} ${toHex(beaconBlockHeaderRoot(update.attestedHeader.beacon))}`
    if (this.#seen.has(name)) return false
    const message = this.#beacon.header(kind, update)
    this.client.verifyClientMessage(this.store, message, this.context())
    if (this.client.checkForMisbehaviour(this.store, message)) throw new Error(`${name} is misbehaviour`)
    const heights = this.client.updateState(this.store, message, this.context())
    const latest = this.client.latestHeight(this.store).revisionHeight
    if (heights.some(({ revisionHeight }) => revisionHeight === latest)) {
      this.provenBlock = update.finalizedHeader!.execution!.blockNumber
    }
    this.#seen.add(name)
    this.verified[kind] += 1
    return true
  }
}
