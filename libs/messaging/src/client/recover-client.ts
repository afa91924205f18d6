import { assert } from '@causeway/primitives'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { clientTypeOf } from '../identifiers.ts'
import { requireActiveClient, requireClient } from './active-client.ts'
import { recoverClientEvents } from './client-events.ts'
import { CLIENT_KEYS } from './client-store.ts'
import type { LightClientRegistry } from './registry.ts'

/** Which client is to go on from where which other is. */
export interface Recovery {
  readonly clientId: string
  /** An Active client of the same chain, which anybody may have created. */
  readonly substituteClientId: string
  /** Whether it is only tried: then what the client has learnt is left, as the state is dropped anyway. */
  readonly isRehearsal?: boolean
}

/**
 * Gives a client that is Frozen or Expired the state of an Active one; its id, counterparty, packets and
 * lines stay. Only governance may: it decides which of two chains that contradict each other is the right
 * one. Throws `ibc/1`, `ibc/60` – `ibc/62`, `ibc/69` – `ibc/71` and what the light client refuses. Spec:
 * ibc-go v10 02-client `RecoverClient`.
 *
 * DIFFERS FROM SPEC: consensus states that the client had are deleted. ibc-go keeps them: after
 * misbehaviour a forged one would be proven against and built upon again. A client that is Frozen may go
 * back, as the height that it was led to may be forged.
 */
export function recoverClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  { clientId, substituteClientId: substituteId, isRehearsal = false }: Recovery,
): void {
  // 1. Judge
  const { lightClient, store } = requireClient(context, lightClients, clientId)
  const status = lightClient.status(store, context.timeNanoseconds)
  if (status === 'Active') throw errors.clientIsActive({ clientId })
  const substitute = requireActiveClient(context, lightClients, substituteId)
  const isSameType = clientTypeOf(clientId) === clientTypeOf(substituteId)
  if (!isSameType || !lightClient.recover || !lightClient.forgetStates)
    throw errors.otherClientType({ clientId, substituteId })
  const [before, after] = [lightClient.latestHeight(store), lightClient.latestHeight(substitute.store)]
  const isAhead =
    after.revisionNumber === before.revisionNumber
      ? after.revisionHeight > before.revisionHeight
      : after.revisionNumber > before.revisionNumber
  if (status === 'Expired' && !isAhead) throw errors.substituteBehind({ substituteId })
  // 2. Write
  if (!isRehearsal) lightClient.forgetStates(store)
  lightClient.recover(store, substitute.store, context)
  const origin = substitute.store.get(CLIENT_KEYS.origin)
  assert(origin !== undefined, `client ${substituteId} began somewhere`)
  store.set(CLIENT_KEYS.origin, origin)
  // 3. Tell
  for (const event of recoverClientEvents(clientId, lightClient.clientType, substituteId)) context.emit(event)
}

/**
 * Deletes what a client that is Frozen or Expired has learnt, at most so many states, so that a recovery has
 * little left to delete. True when nothing is left, or there is nothing to do.
 */
export function forgetDeadClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  clientId: string,
  max: number,
): boolean {
  const { lightClient, store } = requireClient(context, lightClients, clientId)
  const isDead = lightClient.status(store, context.timeNanoseconds) !== 'Active'
  return !isDead || lightClient.forgetStates?.(store, max) !== false
}
