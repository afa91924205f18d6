import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import type { LightClientUpdate, SyncCommittee } from '../consensus/containers.ts'
import { isSyncCommitteeUpdate } from '../consensus/containers.ts'
import { periodAt } from '../consensus/forks.ts'
import { validateLightClientUpdate, validateUpdateProofs } from '../consensus/validate-update.ts'
import type { TrustedState } from '../consensus/validate-update.ts'
import { errors } from '../errors.ts'
import { chainConfigOf, currentSlotOf, nanosecondsOf, slotTimeNanoseconds } from './client-state.ts'
import { hasCommittee, readConsensusState } from './client-storage.ts'
import type { Committees } from './committees.ts'
import { consensusStateOf } from './consensus-state.ts'

/** Judges updates by what a client has stored. */
export interface UpdateVerifier {
  /**
   * Throws unless the update is valid, and news or what is stored already. Throws `ethereum/11`, `/13`,
   * `/15`, `/16`, `/20`–`/27`.
   */
  verifyUpdate(
    store: ClientStore,
    client: ClientState,
    update: LightClientUpdate,
    context: ClientContext,
  ): void
  /** Throws unless each update is valid by itself. Throws `ethereum/9`, `/11`, `/15`, `/20`–`/27`. */
  verifyMisbehaviour(
    store: ClientStore,
    client: ClientState,
    updates: readonly LightClientUpdate[],
    context: ClientContext,
  ): void
}

/** A verifier over the committees that clients store. */
export function createUpdateVerifier(committees: Committees): UpdateVerifier {
  const { verifySyncAggregate } = committees
  const requireCommittee = (store: ClientStore, period: bigint): SyncCommittee => {
    const committee = committees.load(store, period)
    if (!committee) throw errors.syncCommitteeUnknown({ period })
    return committee
  }
  const verifyByItself: UpdateVerifier['verifyUpdate'] = (store, client, update, context) => {
    const config = chainConfigOf(client)
    requireRecent(client, update, context.timeNanoseconds)
    const committee = requireCommittee(store, periodAt(config, update.signatureSlot))
    const currentSlot = currentSlotOf(client, context.timeNanoseconds)
    validateUpdateProofs(config, committee, update, currentSlot, verifySyncAggregate)
  }
  return {
    verifyUpdate(store, client, update, context) {
      const config = chainConfigOf(client)
      const next = update.nextSyncCommittee
      context.charge?.('blsAggregate', 1)
      if (next) context.charge?.('blsKey', config.syncCommitteeSize)
      if (isOldNews(store, client, update)) {
        verifyByItself(store, client, update, context)
      } else {
        const trusted = trustedState(store, client, update)
        const currentSlot = currentSlotOf(client, context.timeNanoseconds)
        validateLightClientUpdate(config, trusted, update, currentSlot, verifySyncAggregate)
      }
      // What could not be stored is not accepted either.
      if (update.finalizedHeader) consensusStateOf(update.finalizedHeader)
      if (next) committees.stored(next)
    },
    verifyMisbehaviour(store, client, updates, context) {
      for (const update of updates) {
        context.charge?.('blsAggregate', 1)
        verifyByItself(store, client, update, context)
      }
    },
  }

  /** A committee is long: the next one is read only for an update that it has a part in. */
  function trustedState(store: ClientStore, client: ClientState, update: LightClientUpdate): TrustedState {
    const config = chainConfigOf(client)
    const period = periodAt(config, client.latestSlot)
    const needsNext = isSyncCommitteeUpdate(update) || periodAt(config, update.signatureSlot) !== period
    return {
      finalizedSlot: client.latestSlot,
      currentSyncCommittee: requireCommittee(store, period),
      nextSyncCommittee: needsNext ? committees.load(store, period + 1n) : undefined,
    }
  }
}

/**
 * Whether an update says of a slot that is stored what can't be news: nothing changes when it says the same,
 * and the client freezes when it says another thing. Spec: ICS-02, duplicate updates.
 */
function isOldNews(store: ClientStore, client: ClientState, update: LightClientUpdate): boolean {
  const { attestedHeader, finalizedHeader } = update
  if (!finalizedHeader || attestedHeader.beacon.slot > client.latestSlot) return false
  const config = chainConfigOf(client)
  const period = periodAt(config, client.latestSlot)
  const learnsCommittee =
    isSyncCommitteeUpdate(update) &&
    periodAt(config, attestedHeader.beacon.slot) === period &&
    !hasCommittee(store, period + 1n)
  return !learnsCommittee && readConsensusState(store, finalizedHeader.beacon.slot) !== undefined
}

/** A committee's keys may be stolen or sold long after they mattered: old signatures freeze nothing. */
function requireRecent(client: ClientState, update: LightClientUpdate, nowNanoseconds: bigint): void {
  const slot = update.signatureSlot
  const expires = slotTimeNanoseconds(client, slot) + nanosecondsOf(client.trustingPeriod)
  if (expires <= nowNanoseconds) throw errors.tooOld({ slot })
}
