import { CLIENT_STATE_TYPE_URL } from '@causeway/light-clients'
import { CLIENT_KEYS, IBC_STORE_NAME, clientStatus, readClientStore } from '@causeway/messaging'
import type { LightClientRegistry } from '@causeway/messaging'
import { Any } from '@causeway/protocol/google/protobuf/any'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ReadContext } from '../../block/context.ts'

/** A client whose counterparty its creator has just registered: it can carry packets from now on. */
export interface OpenedClient {
  readonly clientId: string
  /** The account that created it. */
  readonly creator: Uint8Array
  /** The chain that it follows. */
  readonly chainId: string
}

/** Is told of each client that is opened. */
export type ClientOpened<Context> = (context: Context, client: OpenedClient) => void

/** Chain id of an Active 07-tendermint client; nothing for any other client. */
export function followedChain(
  context: ReadContext,
  lightClients: LightClientRegistry,
  clientId: string,
): string | undefined {
  const store = context.store(IBC_STORE_NAME)
  if (clientStatus(store, lightClients, clientId, context.timeNanoseconds) !== 'Active') return undefined
  const state = Any.decode(readClientStore(store, clientId).get(CLIENT_KEYS.clientState)!)
  return state.typeUrl === CLIENT_STATE_TYPE_URL ? ClientState.decode(state.value).chainId : undefined
}
