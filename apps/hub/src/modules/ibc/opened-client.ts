import {
  CLIENT_STATE_TYPE_URL,
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  SOLANA_CLIENT_STATE_TYPE_URL,
  programAddress,
} from '@causeway/light-clients'
import {
  CLIENT_KEYS,
  IBC_STORE_NAME,
  clientStatus,
  clientTypeOf,
  findCounterparty,
  readClientStore,
} from '@causeway/messaging'
import type { LightClientRegistry } from '@causeway/messaging'
import { equalBytes, toBase58, toHex, utf8 } from '@causeway/primitives'
import { ClientState as EthereumState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { ClientState as SolanaState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { Any } from '@causeway/protocol/google/protobuf/any'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ReadContext } from '../../block/context.ts'

/** What a client follows. */
export interface FollowedChain {
  /** `07-tendermint`, `ethereum` or `solana`. */
  readonly clientType: string
  /**
   * The chain id; of an EVM chain `eip155:N`, of Solana `solana:` and 32 characters of its genesis hash
   * (CAIP-2).
   */
  readonly chainId: string
  /** The IBC contract or program, as its chain writes it; empty where the chain itself is the core. */
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

/** Characters of a base58 genesis hash in a chain id. Spec: CAIP-30. */
const GENESIS_CHARACTERS = 32
/** Of the seeds of a root account. */
const ROOTS_SEED = utf8('roots')

/**
 * What an Active client follows; nothing for any other client, and nothing for one of Solana that does not
 * look at its counterparty's root account.
 */
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
  if (typeUrl === SOLANA_CLIENT_STATE_TYPE_URL) {
    const counterparty = findCounterparty(store, clientId)?.clientId
    return counterparty === undefined ? undefined : followedCluster(SolanaState.decode(value), counterparty)
  }
  if (typeUrl !== ETHEREUM_CLIENT_STATE_TYPE_URL) return undefined
  const { chainId, ibcContractAddress } = EthereumState.decode(value)
  return { clientType, chainId: `eip155:${chainId}`, contract: `0x${toHex(ibcContractAddress)}` }
}

/** Of another root account no packet could ever be proven: roots are tagged with their client. */
function followedCluster(
  { genesisHash, ibcProgram, rootAccount }: SolanaState,
  counterparty: string,
): FollowedChain | undefined {
  if (!equalBytes(rootAccount, programAddress(ibcProgram, [ROOTS_SEED, utf8(counterparty)]))) return undefined
  const chainId = `solana:${toBase58(genesisHash).slice(0, GENESIS_CHARACTERS)}`
  return { clientType: 'solana', chainId, contract: toBase58(ibcProgram) }
}
