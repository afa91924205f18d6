import { assert, be64, fromBe64, utf8 } from '@causeway/primitives'
import type { MsgCreateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { NEXT_CLIENT_SEQUENCE_KEY } from '../commitments/store-keys.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { isClientId } from '../identifiers.ts'
import { requireActiveClient } from './active-client.ts'
import { createClientEvents } from './client-events.ts'
import { clientOrigin } from './client-origin.ts'
import { CLIENT_KEYS, openClientStore } from './client-store.ts'
import type { LightClientRegistry } from './registry.ts'

/**
 * Opens a client; anybody may. Its id is `{type}-{N}` from one counter for all types, and only its creator
 * can register its counterparty. The caller has authenticated `message.signer`. Throws `ibc/5`, `ibc/8`,
 * `ibc/61` – `ibc/63` and what the light client refuses. Spec: ICS-02, ibc-go v10 `CreateClient`.
 */
export function createClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  message: MsgCreateClient,
): { clientId: string } {
  // 1. Judge
  const { clientState, consensusState, signer } = message
  if (clientState === undefined) throw errors.missingField({ field: 'client_state' })
  if (consensusState === undefined) throw errors.missingField({ field: 'consensus_state' })
  if (signer === '') throw errors.blankSigner()
  const lightClient = lightClients.byClientState(clientState.typeUrl)
  const expected = lightClient.typeUrls.consensusState
  if (consensusState.typeUrl !== expected) {
    throw errors.wrongConsensusStateType({ expected, actual: consensusState.typeUrl.slice(0, 120) })
  }
  // 2. Write
  const clientId = nextClientId(context, lightClient.clientType)
  const store = openClientStore(context.ibc, clientId)
  assert(store.get(CLIENT_KEYS.clientState) === undefined, `client ${clientId} exists already`)
  lightClient.initialise(store, clientState, consensusState, context)
  requireActiveClient(context, lightClients, clientId)
  store.set(CLIENT_KEYS.creator, utf8(signer))
  store.set(CLIENT_KEYS.origin, clientOrigin(lightClient.latestHeight(store), consensusState))
  // 3. Tell
  const events = createClientEvents(clientId, lightClient.clientType, lightClient.latestHeight(store))
  for (const event of events) context.emit(event)
  return { clientId }
}

function nextClientId<Context extends MessagingContext<Context>>(
  context: Context,
  clientType: string,
): string {
  const bytes = context.ibc.get(NEXT_CLIENT_SEQUENCE_KEY)
  const sequence = bytes === undefined ? 0n : fromBe64(bytes)
  context.ibc.set(NEXT_CLIENT_SEQUENCE_KEY, be64(sequence + 1n))
  const clientId = `${clientType}-${sequence}`
  assert(isClientId(clientId), `${clientId} is no client id`)
  return clientId
}
