import { CLIENT_STATE_TYPE_URL, ETHEREUM_CLIENT_STATE_TYPE_URL } from '@causeway/light-clients'
import { CLIENT_KEYS, IBC_STORE_NAME, clientStatus, clientTypeOf, readClientStore } from '@causeway/messaging'
import type { LightClientRegistry } from '@causeway/messaging'
import { toHex } from '@causeway/primitives'
import { ClientState as EthereumState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { Any } from '@causeway/protocol/google/protobuf/any'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ReadContext } from '../../block/context.ts'

/** What a client follows. */
export interface FollowedChain {
  /** `07-tendermint` or `ethereum`. */
  readonly clientType: string
  /** The chain id; of an EVM chain `eip155:N` (CAIP-2). */
  readonly chainId: string
  /** The IBC contract there, 0x and lower-case hex; empty where the chain itself is the IBC core. */
  readonly contract: string
}

/** A client whose counterparty its creator has just registered: it can carry packets from now on. */
export interface OpenedClient extends FollowedChain {
  readonly clientId: string
  /** The account that created it. */
  readonly creator: Uint8Array
}

/** Is told of each client that is opened. */
export type ClientOpened<Context> = (context: Context, client: OpenedClient) => void

/** What an Active client follows; nothing for any other client. */
export function followedChain(
  context: ReadContext,
  lightClients: LightClientRegistry,
  clientId: string,
): FollowedChain | undefined {
  const store = context.store(IBC_STORE_NAME)
  if (clientStatus(store, lightClients, clientId, context.timeNanoseconds) !== 'Active') return undefined
  const { typeUrl, value } = Any.decode(readClientStore(store, clientId).get(CLIENT_KEYS.clientState)!)
  const clientType = clientTypeOf(clientId)
  if (typeUrl === CLIENT_STATE_TYPE_URL) {
    return { clientType, chainId: ClientState.decode(value).chainId, contract: '' }
  }
  if (typeUrl !== ETHEREUM_CLIENT_STATE_TYPE_URL) return undefined
  const { chainId, ibcContractAddress } = EthereumState.decode(value)
  return { clientType, chainId: `eip155:${chainId}`, contract: `0x${toHex(ibcContractAddress)}` }
}
