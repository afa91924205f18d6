import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import type { VerifySyncAggregate } from '../bls/verify-sync-aggregate.ts'
import type { LightClientUpdate, SyncCommittee } from '../consensus/containers.ts'
import { isSyncCommitteeUpdate } from '../consensus/containers.ts'
import { periodAt } from '../consensus/forks.ts'
import { validateLightClientUpdate, validateUpdateProofs } from '../consensus/validate-update.ts'
import { errors } from '../errors.ts'
import { chainConfigOf, currentSlotOf, nanosecondsOf, slotTimeNanoseconds } from './client-state.ts'
import type { LoadCommittee } from './committees.ts'
import { consensusStateOf } from './consensus-state.ts'

/** Judges updates by what a client has stored. */
export interface UpdateVerifier {
  /** Throws unless the update is valid and news. Throws `ethereum/11`, `/13`, `/20`–`/27`. */
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

/** A verifier over an implementation of BLS and the committees that a client stores. */
export function createUpdateVerifier(
  verifySyncAggregate: VerifySyncAggregate,
  loadCommittee: LoadCommittee,
): UpdateVerifier {
  const requireCommittee = (store: ClientStore, period: bigint): SyncCommittee => {
    const committee = loadCommittee(store, period)
    if (!committee) throw errors.syncCommitteeUnknown({ period })
    return committee
  }
  return {
    verifyUpdate(store, client, update, context) {
      const config = chainConfigOf(client)
      const period = periodAt(config, client.latestSlot)
      const trusted = {
        finalizedSlot: client.latestSlot,
        currentSyncCommittee: requireCommittee(store, period),
        nextSyncCommittee: loadCommittee(store, period + 1n),
      }
      chargeFor(config.syncCommitteeSize, update, context)
      const currentSlot = currentSlotOf(client, context.timeNanoseconds)
      validateLightClientUpdate(config, trusted, update, currentSlot, verifySyncAggregate)
      // What could not be stored is not accepted either.
      if (update.finalizedHeader) consensusStateOf(update.finalizedHeader)
    },
    verifyMisbehaviour(store, client, updates, context) {
      const config = chainConfigOf(client)
      const currentSlot = currentSlotOf(client, context.timeNanoseconds)
      for (const update of updates) {
        requireRecent(client, update, context.timeNanoseconds)
        const committee = requireCommittee(store, periodAt(config, update.signatureSlot))
        chargeFor(config.syncCommitteeSize, update, context)
        validateUpdateProofs(config, committee, update, currentSlot, verifySyncAggregate)
      }
    },
  }
}

/** A committee's keys may be stolen or sold long after they mattered: old signatures freeze nothing. */
function requireRecent(client: ClientState, update: LightClientUpdate, nowNanoseconds: bigint): void {
  const slot = update.signatureSlot
  const expires = slotTimeNanoseconds(client, slot) + nanosecondsOf(client.trustingPeriod)
  if (expires <= nowNanoseconds) throw errors.tooOld({ slot })
}

/** The keys of a committee are decoded once, when it first signs; who brings it pays for that. */
function chargeFor(committeeSize: number, update: LightClientUpdate, { charge }: ClientContext): void {
  charge?.('blsAggregate', 1)
  if (isSyncCommitteeUpdate(update)) charge?.('blsKey', committeeSize)
}
