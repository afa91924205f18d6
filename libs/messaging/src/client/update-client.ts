import type { MsgUpdateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { requireActiveClient } from './active-client.ts'
import { misbehaviourEvents, updateClientEvents } from './client-events.ts'
import type { LightClientRegistry } from './registry.ts'

/** What an update did: the heights that can be proven against now, or that the client is frozen for ever. */
export type UpdateClientResult =
  | { readonly frozen: false; readonly heights: readonly Height[] }
  | { readonly frozen: true; readonly heights: readonly [] }

/**
 * * Takes a header, or evidence of misbehaviour, from anybody. Verified evidence freezes the client, and so
 * does a verified header that contradicts what is stored. Throws `ibc/1`, `ibc/5`, `ibc/8`, `ibc/60` –
 * `ibc/62`, `ibc/64` and what the light client refuses. Spec: ICS-02, ibc-go v10 `UpdateClient`.
 */
export function updateClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  message: MsgUpdateClient,
): UpdateClientResult {
  // 1. Judge
  const { clientId, clientMessage, signer } = message
  if (clientMessage === undefined) throw errors.missingField({ field: 'client_message' })
  if (signer === '') throw errors.blankSigner()
  const { lightClient, store } = requireActiveClient(context, lightClients, clientId)
  const { clientType, typeUrls } = lightClient
  if (!typeUrls.messages.includes(clientMessage.typeUrl)) {
    throw errors.unknownClientMessage({ clientType, typeUrl: clientMessage.typeUrl.slice(0, 120) })
  }
  // 2. Authenticate
  lightClient.verifyClientMessage(store, clientMessage, context)
  // 3. Write and tell
  if (lightClient.checkForMisbehaviour(store, clientMessage)) {
    lightClient.updateStateOnMisbehaviour(store, clientMessage)
    for (const event of misbehaviourEvents(clientId, clientType)) context.emit(event)
    return { frozen: true, heights: [] }
  }
  const heights = lightClient.updateState(store, clientMessage, context)
  for (const event of updateClientEvents(clientId, clientType, heights)) context.emit(event)
  return { frozen: false, heights }
}
