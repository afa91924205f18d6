import { assert } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { clientTypeOf, isClientId } from '../identifiers.ts'
import type { LightClient } from './light-client.ts'

/** The light clients that a chain runs, found by the type URL of a client state or by a client id. */
export interface LightClientRegistry {
  /** Throws `ibc/62`. */
  byClientState(typeUrl: string): LightClient
  /** Throws `ibc/1`, `ibc/62`. */
  byClientId(clientId: string): LightClient
  /** The same, or nothing. Throws `ibc/1`. */
  find(clientId: string): LightClient | undefined
}

/** Makes the registry. A type that names no valid client ids or is listed twice is a bug. */
export function createLightClientRegistry(lightClients: readonly LightClient[]): LightClientRegistry {
  const byType = new Map<string, LightClient>()
  const byTypeUrl = new Map<string, LightClient>()
  for (const lightClient of lightClients) {
    const { clientType, typeUrls } = lightClient
    assert(isClientId(`${clientType}-${2n ** 64n - 1n}`), `${clientType} makes no valid client ids`)
    assert(!byType.has(clientType), `${clientType} is registered twice`)
    assert(!byTypeUrl.has(typeUrls.clientState), `${typeUrls.clientState} is registered twice`)
    byType.set(clientType, lightClient)
    byTypeUrl.set(typeUrls.clientState, lightClient)
  }
  return {
    byClientState: (typeUrl) => byTypeUrl.get(typeUrl) ?? unknown(typeUrl),
    find: (clientId) => byType.get(clientTypeOf(clientId)),
    byClientId: (clientId) => byType.get(clientTypeOf(clientId)) ?? unknown(clientTypeOf(clientId)),
  }
}

function unknown(type: string): never {
  throw errors.unknownClientType({ type: type.slice(0, 120) })
}
