import { errors } from '../errors.ts'
import type { MessagingContext } from '../context.ts'
import type { KeyValueReader } from '../store.ts'
import { CLIENT_KEYS, openClientStore, readClientStore } from './client-store.ts'
import type { ClientStore, LightClient, LightClientStatus } from './light-client.ts'
import type { LightClientRegistry } from './registry.ts'

/**
 * What ibc-go's `ClientStatus` query answers: `Unauthorized` for a type that isn't run here, `Unknown` for an
 * id nobody has.
 */
export type ClientStatus = LightClientStatus | 'Unknown' | 'Unauthorized'

/** A client that exists, with its own key space. */
export interface OpenClient {
  readonly lightClient: LightClient
  readonly store: ClientStore
}

/**
 * Finds a client and makes sure that it may be relied on now. Throws `ibc/1`, `ibc/60`, `ibc/61`, `ibc/62`.
 */
export function requireActiveClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  clientId: string,
): OpenClient {
  const client = requireClient(context, lightClients, clientId)
  const status = client.lightClient.status(client.store, context.timeNanoseconds)
  if (status !== 'Active') throw errors.clientNotActive({ clientId, status })
  return client
}

/** Finds a client of any status: nothing may be proven with it. Throws `ibc/1`, `ibc/60`, `ibc/62`. */
export function requireClient<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  clientId: string,
): OpenClient {
  const lightClient = lightClients.byClientId(clientId)
  const store = openClientStore(context.ibc, clientId)
  if (store.get(CLIENT_KEYS.clientState) === undefined) throw errors.clientNotFound({ clientId })
  return { lightClient, store }
}

/** Status of any client id, for queries. Throws `ibc/1` only. */
export function clientStatus(
  reader: KeyValueReader,
  lightClients: LightClientRegistry,
  clientId: string,
  timeNanoseconds: bigint,
): ClientStatus {
  const lightClient = lightClients.find(clientId)
  if (lightClient === undefined) return 'Unauthorized'
  const store = readClientStore(reader, clientId)
  if (store.get(CLIENT_KEYS.clientState) === undefined) return 'Unknown'
  return lightClient.status(store, timeNanoseconds)
}
