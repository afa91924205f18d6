import { ssz } from '@lodestar/types'
import { forkAt, periodAt } from '../network.ts'
import type { BeaconNetwork } from '../network.ts'
import type { SyncAggregate, SyncCommittee } from './ssz-types.ts'
import { signingCommittee, syncCommitteeDomain } from './sync-committee.ts'
import type { SigningCommittee } from './sync-committee.ts'

/** The sync committees of a network: each signs during one period. */
export class Committees {
  readonly #network: BeaconNetwork
  readonly #byPeriod = new Map<number, SigningCommittee>()

  constructor(network: BeaconNetwork) {
    this.#network = network
  }

  /** Keys of a period's committee: the same object each time, as long as the period or the next one lasts. */
  of(period: number): SyncCommittee {
    return this.#at(period).value
  }

  /**
   * The signatures that a block at `slot` carries: of its period's committee, over its parent. Spec: altair
   * `process_sync_aggregate`; the fork version is that of the slot before.
   */
  sign(slot: number, parentRoot: Uint8Array): SyncAggregate {
    const { version } = forkAt(this.#network, slot - 1)
    const { genesisValidatorsRoot } = this.#network
    const forkData = ssz.phase0.ForkData.hashTreeRoot({ currentVersion: version, genesisValidatorsRoot })
    const domain = syncCommitteeDomain(forkData)
    const signingRoot = ssz.phase0.SigningData.hashTreeRoot({ objectRoot: parentRoot, domain })
    return this.#at(periodAt(this.#network, slot)).sign(signingRoot)
  }

  #at(period: number): SigningCommittee {
    const known = this.#byPeriod.get(period)
    if (known !== undefined) return known
    const made = signingCommittee(period)
    this.#byPeriod.set(period, made)
    for (const old of this.#byPeriod.keys()) if (old < period - 2) this.#byPeriod.delete(old)
    return made
  }
}
