import type { VerifySyncAggregate } from '../bls/verify-sync-aggregate.ts'
import { errors } from '../errors.ts'
import type {
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  SyncCommittee,
} from './containers.ts'
import { hasSupermajority, participantCount } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { periodAt } from './forks.ts'
import { initializeLightClientStore } from './light-client-store.ts'
import { validateUpdateProofs } from './validate-update.ts'

/**
 * All sync committees from a trusted block on, each named by a finalised state of the period before and
 * signed for by that period's committee. With them, whatever was finalised since can be verified, in any
 * order: for programs that follow a beacon chain and forward what they verified. It forces nothing.
 */
export class CommitteeChain<Config extends ChainConfig = ChainConfig> {
  readonly config: Config
  readonly #verify: VerifySyncAggregate
  readonly #committees = new Map<bigint, SyncCommittee>()
  /** The newest period whose committee is known. */
  #newest: bigint

  /** Throws `ethereum/21`, `/28`: the bootstrap isn't that of the trusted block. */
  constructor(
    config: Config,
    trustedRoot: Uint8Array,
    bootstrap: LightClientBootstrap,
    verify: VerifySyncAggregate,
  ) {
    const store = initializeLightClientStore(config, trustedRoot, bootstrap)
    this.config = config
    this.#verify = verify
    this.#newest = periodAt(config, store.finalizedHeader.beacon.slot)
    this.#committees.set(this.#newest, store.currentSyncCommittee)
  }

  /** The period whose update is needed next for what is signed at this slot; undefined when none is. */
  wantedPeriod(signatureSlot: bigint): bigint | undefined {
    return periodAt(this.config, signatureSlot) > this.#newest ? this.#newest : undefined
  }

  /** Whether the committee that signs at this slot is known. */
  knows(signatureSlot: bigint): boolean {
    return this.#committees.has(periodAt(this.config, signatureSlot))
  }

  /**
   * Learns the committee of the period after `period` from its update; verified even when it is known. Throws
   * `ethereum/11`, `/20`–`/22`, `/25`–`/27`, `/29`.
   */
  learn(period: bigint, update: LightClientUpdate, currentSlot: bigint): void {
    const { attestedHeader, nextSyncCommittee } = update
    const final = this.verifyFinal(update, currentSlot)
    if (nextSyncCommittee === undefined)
      throw errors.wrongNextSyncCommittee({ reason: 'the update names none' })
    const periods = [attestedHeader, final].map(({ beacon }) => periodAt(this.config, beacon.slot))
    // What is only attested may be reorganised away, and its next committee with it.
    if (periods.some((one) => one !== period))
      throw errors.wrongNextSyncCommittee({ reason: `it is not final in period ${period}` })
    if (period !== this.#newest) return
    this.#newest = period + 1n
    this.#committees.set(this.#newest, nextSyncCommittee)
  }

  /**
   * The header that an update finalises, signed by two thirds of its period's committee. Throws
   * `ethereum/11`, `/20`–`/22`, `/25`–`/27`, `/29`.
   */
  verifyFinal(update: LightClientUpdate, currentSlot: bigint): LightClientHeader {
    const { finalizedHeader, signatureSlot, syncAggregate } = update
    if (finalizedHeader === undefined) throw errors.notFinal()
    const period = periodAt(this.config, signatureSlot)
    const committee = this.#committees.get(period)
    if (committee === undefined) throw errors.syncCommitteeUnknown({ period })
    if (!hasSupermajority(syncAggregate)) {
      const needed = Math.ceil((2 * this.config.syncCommitteeSize) / 3)
      throw errors.tooFewParticipants({ participants: participantCount(syncAggregate), needed })
    }
    validateUpdateProofs(this.config, committee, update, currentSlot, this.#verify)
    return finalizedHeader
  }
}
