import { CounterpartyInfo } from '@causeway/protocol/ibc/core/client/v2/counterparty'
import { errors } from '../errors.ts'
import { clientPrefix } from '../commitments/store-keys.ts'
import type { KeyValueReader } from '../store.ts'
import { CLIENT_KEYS } from './client-store.ts'
import { concatBytes } from '@causeway/primitives'

/** Who stands at the other end of a client, or nothing when nobody was registered. */
export function findCounterparty(reader: KeyValueReader, clientId: string): CounterpartyInfo | undefined {
  const bytes = reader.get(concatBytes(clientPrefix(clientId), CLIENT_KEYS.counterparty))
  return bytes === undefined ? undefined : CounterpartyInfo.decode(bytes)
}

/**
 * * The first rule of every packet: the client that the packet names at the other end is the one that was
 * registered for ours. Without it anyone opens a client on a peer chain, names ours as its counterparty, and
 * drains an escrow with proofs that verify. Throws `ibc/80`, `ibc/81`.
 */
export function requireCounterparty(
  reader: KeyValueReader,
  localClient: string,
  namedClient: string,
): CounterpartyInfo {
  const counterparty = findCounterparty(reader, localClient)
  if (counterparty === undefined) throw errors.counterpartyNotFound({ clientId: localClient })
  if (counterparty.clientId !== namedClient) {
    throw errors.wrongCounterparty({
      clientId: localClient,
      registered: counterparty.clientId,
      named: namedClient,
    })
  }
  return counterparty
}
